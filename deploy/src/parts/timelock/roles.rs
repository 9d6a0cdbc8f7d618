//! The timelock's roles, and who holds them from its events alone.
//!
//! The timelock's code is proven to be ours, and ours emits an event for each change of a role. So the events since
//! its creation, played back, give the exact holders: nobody can hold a role and be missing from the list.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, b256};
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use consilium_bindings::Timelock;
use eyre::{Result, WrapErr, bail};

use crate::part::Scene;

/// A role of the timelock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Grants and revokes every role, itself included.
    Admin,
    /// Schedules operations.
    Proposer,
    /// Cancels what is scheduled.
    Canceller,
    /// Executes what has waited.
    Executor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Proposer, Self::Canceller, Self::Executor];

    /// Its id, as OpenZeppelin's AccessControl and TimelockController have it: keccak-256 of the name, zero for the
    /// admin.
    pub const fn id(self) -> B256 {
        match self {
            Self::Admin => B256::ZERO,
            Self::Proposer => b256!("0xb09aa5aeb3702cfd50b6b62bc4532604938f21248a27a1d5ca736082b6819cc1"),
            Self::Canceller => b256!("0xfd643c72710c63c0180259aba6b2d05451e3591a24e58b62239378085726f783"),
            Self::Executor => b256!("0xd8aa0f3194971a2a116679f7c2090f6939c8d4e01a2a8d7e41d55e5351469e63"),
        }
    }

    /// Its name in the timelock's ABI.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "DEFAULT_ADMIN_ROLE",
            Self::Proposer => "PROPOSER_ROLE",
            Self::Canceller => "CANCELLER_ROLE",
            Self::Executor => "EXECUTOR_ROLE",
        }
    }
}

/// Holders by role id. A role that nobody holds is not in it.
pub(super) type Holders = BTreeMap<B256, BTreeSet<Address>>;

/// Plays back what the timelock's roles went through, and counts what that was since the founding: a role that somebody
/// had for a while may have left anything behind.
pub(super) async fn held(scene: &Scene<'_>, timelock: Address) -> Result<(Holders, usize)> {
    let signatures = vec![
        Timelock::RoleGranted::SIGNATURE_HASH,
        Timelock::RoleRevoked::SIGNATURE_HASH,
        Timelock::RoleAdminChanged::SIGNATURE_HASH,
    ];
    let filter = Filter::new().address(timelock).event_signature(signatures);
    let logs = scene.events(&filter).await?;
    Ok((replay(&logs)?, scene.since(&logs)))
}

/// Plays back events in their order.
fn replay(logs: &[Log]) -> Result<Holders> {
    let mut holders = Holders::new();
    for log in logs {
        match log.topic0() {
            Some(&Timelock::RoleGranted::SIGNATURE_HASH) => {
                let event = log.log_decode::<Timelock::RoleGranted>().wrap_err("a malformed RoleGranted")?.inner;
                holders.entry(event.role).or_default().insert(event.account);
            }
            Some(&Timelock::RoleRevoked::SIGNATURE_HASH) => {
                let event = log.log_decode::<Timelock::RoleRevoked>().wrap_err("a malformed RoleRevoked")?.inner;
                holders.entry(event.role).or_default().remove(&event.account);
            }
            other => bail!("an unexpected event of the timelock, {other:?}: a role has got another admin"),
        }
    }
    holders.retain(|_, accounts| !accounts.is_empty());
    Ok(holders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(event: impl SolEvent) -> Log {
        let inner = alloy::primitives::Log { address: Address::ZERO, data: event.encode_log_data() };
        Log { inner, ..Default::default() }
    }

    fn granted(role: u8, account: u8) -> Log {
        let (role, account) = (B256::repeat_byte(role), Address::repeat_byte(account));
        log(Timelock::RoleGranted { role, account, sender: Address::ZERO })
    }

    fn revoked(role: u8, account: u8) -> Log {
        let (role, account) = (B256::repeat_byte(role), Address::repeat_byte(account));
        log(Timelock::RoleRevoked { role, account, sender: Address::ZERO })
    }

    #[test]
    fn grants_and_revocations_are_played_back_in_order() {
        let holders = replay(&[
            granted(1, 1),
            granted(1, 2),
            revoked(1, 1),
            granted(2, 3),
            revoked(2, 3),
            granted(2, 4),
            granted(3, 5),
            revoked(3, 5),
        ])
        .expect("known events");
        let expected = [(1, 2), (2, 4)]
            .map(|(role, account)| (B256::repeat_byte(role), BTreeSet::from([Address::repeat_byte(account)])));
        assert_eq!(holders, Holders::from(expected));
        let again = replay(&[granted(1, 1), revoked(1, 1), granted(1, 1)]).expect("known events");
        assert_eq!(again[&B256::repeat_byte(1)], BTreeSet::from([Address::repeat_byte(1)]));
    }

    #[test]
    fn another_admin_of_a_role_is_refused() {
        let changed = log(Timelock::RoleAdminChanged {
            role: B256::ZERO,
            previousAdminRole: B256::ZERO,
            newAdminRole: B256::repeat_byte(1),
        });
        assert!(replay(&[granted(1, 1), changed]).unwrap_err().to_string().contains("another admin"));
    }

    #[test]
    fn roles_are_the_hashes_of_their_names() {
        for role in [Role::Proposer, Role::Canceller, Role::Executor] {
            assert_eq!(role.id(), alloy::primitives::keccak256(role.name()));
        }
    }
}
