//! Who can do what by the mandates: the authority, and each holder until its end.

use std::collections::BTreeSet;

use alloy::primitives::Address;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Mandate as abi;
use eyre::Result;

use super::NAME;
use crate::config::moment::Moment;
use crate::explain::explain_call;
use crate::permissions::{Party, Permissions, Power, View, event};

/// What the authority decides about, function by function.
pub(super) const RESTRICTED: [&str; 5] = [
    abi::grantMandateCall::SIGNATURE,
    abi::endMandateCall::SIGNATURE,
    abi::setAllowanceCall::SIGNATURE,
    abi::recoverCall::SIGNATURE,
    abi::upgradeToAndCallCall::SIGNATURE,
];

/// Adds the powers of the authority and of those with an allowance.
pub(super) async fn add(permissions: &mut Permissions, view: &View<'_>) -> Result<()> {
    let this = Party::Contract(NAME);
    let authority = self::authority(view).await?;
    let by = "authority: lets those with the function's role call it, without a role its admins";
    permissions.add(Power::new(this.clone(), RESTRICTED, view.holder(authority), by));
    permissions.add(Power::new(this.clone(), [abi::setAuthorityCall::SIGNATURE], view.holder(authority), "authority"));

    let filter =
        Filter::new().event_signature(vec![abi::AuthorityUpdated::SIGNATURE_HASH, abi::AllowanceSet::SIGNATURE_HASH]);
    let is_first = |log: &Log| event::<abi::AuthorityUpdated>(log).is_some();
    let logs = view.history(filter, NAME, is_first).await?;
    let set = logs.iter().filter_map(event::<abi::AllowanceSet>).map(|log| (log.holder, log.token));
    let mandate = abi::new(view.address(NAME), view.chain().provider());
    let mut spenders = BTreeSet::new();
    for (holder, token) in set.collect::<BTreeSet<_>>() {
        // None where the mandate has ended.
        let found = mandate.allowance(holder, token).block(view.at()).call().await.map_err(explain_call)?;
        if !found.limit.is_zero() {
            spenders.insert(holder);
        }
    }
    for holder in spenders {
        let terms = mandate.mandate(holder).block(view.at()).call().await.map_err(explain_call)?;
        let overdue = mandate.isOverdue(holder).block(view.at()).call().await.map_err(explain_call)?;
        let by = if overdue {
            "mandate: not before its report, which is overdue"
        } else {
            "mandate: at most its allowances, from the contract's own balance"
        };
        let power = Power::new(this.clone(), [abi::spendCall::SIGNATURE], view.holder(holder), by);
        permissions.add(Power { until: Some(Moment(terms.until.to())), ..power });
    }
    Ok(())
}

/// The access manager that it obeys.
pub(super) async fn authority(view: &View<'_>) -> Result<Address> {
    let mandate = abi::new(view.address(NAME), view.chain().provider());
    mandate.authority().block(view.at()).call().await.map_err(explain_call)
}
