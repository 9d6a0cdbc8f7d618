//! Who can do what in the timelock: its roles, from all its events.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256};
use alloy::rpc::types::Filter;
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Timelock as abi;
use eyre::Result;

use super::{NAME, Role};
use crate::explain::explain_call;
use crate::parts::governor;
use crate::permissions::{Party, Permissions, Power, View, event};

impl Role {
    /// What its holders may call.
    fn functions(self) -> &'static [&'static str] {
        match self {
            Self::Admin => &[abi::grantRoleCall::SIGNATURE, abi::revokeRoleCall::SIGNATURE],
            Self::Proposer => &[abi::scheduleCall::SIGNATURE, abi::scheduleBatchCall::SIGNATURE],
            Self::Canceller => &[abi::cancelCall::SIGNATURE],
            Self::Executor => &[abi::executeCall::SIGNATURE, abi::executeBatchCall::SIGNATURE],
        }
    }
}

/// Adds a power for each holder of each role, and the timelock's own.
pub(super) async fn add(permissions: &mut Permissions, view: &View<'_>) -> Result<()> {
    let (own, at) = (view.address(NAME), view.at());
    let timelock = abi::new(own, view.chain().provider());
    let min_delay = super::Timelock::min_delay(view, own).await?;
    let held = holders(view).await?;
    let this = Party::Contract(NAME);
    let of = |role: Role| held.get(&role.id()).into_iter().flatten().map(|account| holder(view, *account));
    let cancellers: Vec<Party> = of(Role::Canceller).collect();
    for role in [Role::Proposer, Role::Executor, Role::Canceller, Role::Admin] {
        for holder in of(role) {
            // What the timelock does itself has waited in it, and could be cancelled.
            let is_itself = holder == this;
            let waits = role == Role::Executor || is_itself;
            let power = Power::new(this.clone(), role.functions(), holder, role.name());
            let power = power.after(if waits { min_delay } else { 0 });
            let power = if is_itself { power.by_vote() } else { power };
            if role == Role::Proposer && power.holder != Party::Contract(governor::NAME) {
                permissions.notes.push(format!(
                    "{} schedules in the timelock without a vote: where a row says \"a vote\", {} waits for the delay \
                     alone, and nobody but the timelock's cancellers can stop it",
                    power.holder, power.holder
                ));
            }
            permissions.add(if role == Role::Canceller { power } else { power.stopped_by(cancellers.clone()) });
        }
    }
    for (role, accounts) in &held {
        if Role::ALL.iter().all(|known| known.id() != *role) {
            for account in accounts {
                let power = Power::new(this.clone(), ["nothing in the timelock"], holder(view, *account), "");
                permissions.add(Power { by: format!("role {role}"), ..power });
            }
        }
        let admin = timelock.getRoleAdmin(*role).block(at).call().await.map_err(explain_call)?;
        if admin != Role::Admin.id() {
            permissions.notes.push(format!("in the timelock, holders of {admin} grant and revoke {role}"));
        }
    }
    let own = Power::new(this.clone(), [abi::updateDelayCall::SIGNATURE], this, "itself");
    permissions.add(own.by_vote().after(min_delay).stopped_by(cancellers));
    Ok(())
}

/// The zero address stands for everybody.
fn holder(view: &View<'_>, account: Address) -> Party {
    if account.is_zero() { Party::Whoever("anyone") } else { view.holder(account) }
}

/// The accounts that hold roles. Events say whom to ask about, and the timelock says whether they do.
async fn holders(view: &View<'_>) -> Result<BTreeMap<B256, BTreeSet<Address>>> {
    let timelock = abi::new(view.address(NAME), view.chain().provider());
    let filter = Filter::new().event_signature(abi::RoleGranted::SIGNATURE_HASH);
    // The constructor makes the timelock its own admin before all else.
    let is_first = |log: &_| event::<abi::RoleGranted>(log).is_some_and(|granted| granted.role == Role::Admin.id());
    let mut held = BTreeMap::<B256, BTreeSet<Address>>::new();
    let granted = view.history(filter, NAME, is_first).await?;
    let granted: BTreeSet<(B256, Address)> =
        granted.iter().filter_map(event::<abi::RoleGranted>).map(|granted| (granted.role, granted.account)).collect();
    for (role, account) in granted {
        if timelock.hasRole(role, account).block(view.at()).call().await.map_err(explain_call)? {
            held.entry(role).or_default().insert(account);
        }
    }
    Ok(held)
}
