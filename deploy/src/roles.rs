//! Who holds the timelock's roles, from its events alone.
//!
//! The timelock's code is proven to be ours, and ours emits an event for each change of a role. So the events since
//! its creation, played back, give the exact holders: nobody can hold a role and be missing from the list.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256};
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use consilium_bindings::Timelock;
use eyre::{Result, WrapErr, bail};

use crate::chain::Chain;
use crate::logs;

/// Holders by role id. A role that nobody holds is not in it.
pub(crate) type Holders = BTreeMap<B256, BTreeSet<Address>>;

/// Plays back what the timelock's roles went through since `created`.
pub(crate) async fn holders(chain: &Chain, timelock: Address, created: u64) -> Result<Holders> {
    let signatures = vec![
        Timelock::RoleGranted::SIGNATURE_HASH,
        Timelock::RoleRevoked::SIGNATURE_HASH,
        Timelock::RoleAdminChanged::SIGNATURE_HASH,
    ];
    let filter = Filter::new().address(timelock).event_signature(signatures);
    replay(&logs::collect(chain, &filter, created, chain.head().await?).await?)
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
}
