//! The contract's errors in words: what is wrong, and what to do.

use consilium_bindings::Consent::ConsentErrors as E;

use super::words::account;
use crate::config::moment::Moment;
use crate::part;
use crate::signing::words as signing;

/// What a revert of the contract says.
pub(super) fn in_words(data: &[u8]) -> String {
    part::in_words(data, words)
}

fn words(error: &E) -> Option<String> {
    Some(match error {
        E::ConsentUnauthorized(error) => format!(
            "{} may not do this for {}: let its key sign, a representative for all of it, or its recoverer",
            error.account, error.grantor
        ),
        E::ConsentInvalidProvision(_) => {
            "the provision makes no sense: name a grantee other than the grantor, a class, a purpose, and an end \
             after its beginning and after now"
                .to_owned()
        }
        E::ConsentNoSuchProvision(error) => format!(
            "{} has no provision {} for {} in force: it was never given, or was revoked, so correct the number",
            error.grantor,
            error.number,
            account(error.grantee)
        ),
        E::ConsentTooManyProvisions(error) => format!(
            "{} has as many provisions for {}, or names as many roles, as there can be: revoke or amend one",
            error.grantor,
            account(error.grantee)
        ),
        E::ConsentAppointedRepresentative(error) => {
            format!("the DAO appointed the representative {}, and only the DAO can change it", error.representative)
        }
        E::ConsentInvalidKey(_) => "the new key is the zero address: name another key".to_owned(),
        E::ConsentNoRecovery(error) => {
            format!("no recovery of {} is under way: there is nothing to stop", error.grantor)
        }
        E::ConsentRecoveryNotReady(error) => {
            format!("the recovery can be finished from {} on", Moment(error.readyAt.to()))
        }
        E::ConsentExpiredSignature(error) => signing::expired(error.deadline.to()),
        E::ConsentWrongRelayer(error) => signing::wrong_relayer(error.relayer),
        E::ConsentInvalidAct(_) => {
            "it is not an act that can be signed: take one of `consilium consent sign`".to_owned()
        }
        E::ConsentInvalidSignature(error) => signing::not_signed(error.signer),
        E::InvalidAccountNonce(error) => signing::wrong_nonce(error.account, error.currentNonce),
        E::AccessManagedUnauthorized(error) => {
            format!("the access manager does not let {} do this", error.caller)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::aliases::U48;
    use alloy::primitives::{Address, U256};
    use alloy::sol_types::SolError;
    use consilium_bindings::Consent as abi;

    use super::*;

    #[test]
    fn errors_are_told_in_words_with_their_names() {
        let error = abi::ConsentExpiredSignature { deadline: U48::from(1_800_000_000_u64) };
        assert_eq!(
            in_words(&error.abi_encode()),
            "the signature was good until 2027-01-15T08:00:00Z: let it be signed again (ConsentExpiredSignature)"
        );
        let current = U256::from(7_u128 << 64 | 2);
        let error = abi::InvalidAccountNonce { account: Address::ZERO, currentNonce: current };
        assert!(in_words(&error.abi_encode()).contains("under this key is 2: "));
        let error = abi::ConsentInvalidCode { table: 9, number: 1 };
        assert_eq!(in_words(&error.abi_encode()), "ConsentInvalidCode { table: 9, number: 1 }");
        assert_eq!(in_words(&[]), "it reverted without a reason, as when gas runs out");
        assert_eq!(in_words(&[1, 2, 3, 4]), "it reverted with 0x01020304");
        assert!(in_words(&[1; 10_000]).len() < 300);
    }
}
