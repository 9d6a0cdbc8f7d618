//! Acts and answers in words.

use alloy::primitives::Address;
use consilium_bindings::Consent as abi;

use super::act::Act;
use super::names::Names;
use crate::config::moment::Moment;

/// What the address of a role begins with: `ROLE`, then zeros, then the role.
const ROLE: [u8; 19] = *b"ROLE\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// How many roles there are. Another address of this form is an account.
const ROLES: u8 = 32;

/// An account or the role that an address stands for.
pub(super) fn account(address: Address) -> String {
    match address.split_last() {
        Some((role, first)) if *first == ROLE && *role < ROLES => format!("everybody with role {role}"),
        _ => address.to_string(),
    }
}

/// What an act does.
pub(super) fn act(act: &Act, names: &Names) -> String {
    match act {
        Act::Grant(call) => format!("{} {}", call.grantor, provision(&call.provision, names)),
        Act::Amend(call) => format!(
            "{} replaces provision {} for {}: it {}",
            call.grantor,
            call.number,
            account(call.provision.grantee),
            provision(&call.provision, names)
        ),
        Act::Revoke(call) => {
            format!("{} revokes provision {} for {}", call.grantor, call.number, account(call.grantee))
        }
        Act::RevokeGrantee(call) => format!("{} revokes all provisions for {}", call.grantor, account(call.grantee)),
        Act::RevokeAll(call) => format!("{} revokes all provisions for everybody", call.grantor),
        Act::SetRepresentative(call) if call.until.is_zero() => {
            format!("{} no longer acts for {}", call.representative, call.grantor)
        }
        Act::SetRepresentative(call) => format!(
            "{} may act for {} until {}: for {}, for {}",
            call.representative,
            call.grantor,
            Moment(call.until.to()),
            names.classes_in_words(call.classes),
            names.purposes_in_words(call.purposes)
        ),
        Act::SetRecovery(call) if call.recoverer.is_zero() => {
            format!("nobody may move the consents of {} to a new key", call.grantor)
        }
        Act::SetRecovery(call) => {
            format!("{} may move the consents of {} to a new key", call.recoverer, call.grantor)
        }
        Act::StartRecovery(call) => {
            format!("the consents of {} move to the key {} after the policy's delay", call.grantor, call.newKey)
        }
        Act::VetoRecovery(call) => format!("{} stops the recovery that is under way", call.grantor),
    }
}

fn provision(provision: &abi::Provision, names: &Names) -> String {
    let verb = if provision.deny { "denies" } else { "permits" };
    let mut words = format!(
        "{verb} {} to see {}, for {}",
        account(provision.grantee),
        names.classes_in_words(provision.classes),
        names.purposes_in_words(provision.purposes)
    );
    if !provision.notBefore.is_zero() {
        words += &format!(", from {}", Moment(provision.notBefore.to()));
    }
    match provision.expiry.to::<u64>() {
        0 => words += ", until it is revoked",
        end => words += &format!(", until {}", Moment(end)),
    }
    if !provision.document.is_zero() {
        words += &format!(", as in the document {}", provision.document);
    }
    words
}

#[cfg(test)]
mod tests {
    use alloy::primitives::aliases::U48;
    use alloy::primitives::{B256, U256};

    use super::*;

    #[test]
    fn a_grant_is_told_in_full() {
        let mut grantee = Address::ZERO;
        grantee[..4].copy_from_slice(b"ROLE");
        grantee[19] = 3;
        let provision = abi::Provision {
            grantee,
            classes: U256::from(0x100),
            purposes: 1,
            deny: false,
            notBefore: U48::from(1_800_000_000_u64),
            expiry: U48::ZERO,
            document: B256::repeat_byte(5),
        };
        let grantor = Address::repeat_byte(0x11);
        let names = Names::standard();
        let told = act(&Act::Grant(abi::grantCall { grantor, provision: provision.clone() }), &names);
        let expected = format!(
            "{grantor} permits everybody with role 3 to see LABORATORY (8), for TREAT (0), from 2027-01-15T08:00:00Z, \
             until it is revoked, as in the document {}",
            B256::repeat_byte(5)
        );
        assert_eq!(told, expected);
        let denied = abi::Provision { deny: true, classes: U256::MAX, purposes: u64::MAX, ..provision };
        let told = act(&Act::Grant(abi::grantCall { grantor, provision: denied }), &names);
        assert!(told.contains("denies everybody with role 3 to see data of every class, for every purpose"), "{told}");
    }

    #[test]
    fn only_the_contracts_roles_are_told_as_roles() {
        let of = |number: u8| {
            let mut bytes = [0; 20];
            bytes[..19].copy_from_slice(&ROLE);
            bytes[19] = number;
            Address::new(bytes)
        };
        assert_eq!(account(of(0)), "everybody with role 0");
        assert_eq!(account(of(31)), "everybody with role 31");
        for number in [32, 33, 255] {
            assert_eq!(account(of(number)), of(number).to_string());
        }
        let mut other = of(3);
        other[10] = 1;
        assert_eq!(account(other), other.to_string());
    }
}
