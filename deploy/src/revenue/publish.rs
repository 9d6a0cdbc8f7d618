//! Publishes an epoch, or says what to propose where the DAO itself publishes.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, Bytes, FixedBytes};
use alloy::sol_types::SolCall;
use consilium_bindings::{AccessManager, RevenueSplitter as abi};
use eyre::{Result, WrapErr, bail, ensure};
use serde_json::{Value, json};

use super::epoch::Epoch;
use super::node::Splitter;
use crate::chain::Sender;
use crate::config::moment::Moment;
use crate::contract::Sent;
use crate::explain::explain_call;

/// The role of the manager's admins: who else may call a function that has no office.
const ADMIN_ROLE: u64 = 0;

/// An epoch that was published, or what to propose.
#[derive(Clone, Debug)]
pub enum Published {
    /// It has this number, and can be claimed from then on.
    Sent {
        /// Its number.
        number: u32,
        /// From when.
        claimable_from: u64,
        /// The transaction.
        sent: Sent,
    },
    /// Nothing was sent: the DAO publishes.
    Propose(Proposal),
}

/// The call that a proposal makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The splitter.
    pub target: Address,
    /// The call.
    pub calldata: Bytes,
    /// A text that says what it does.
    pub description: String,
}

impl Proposal {
    /// For programs: the arguments of `propose`.
    pub fn json(&self) -> Value {
        let Self { target, calldata, description } = self;
        json!({ "targets": [target], "values": ["0"], "calldatas": [calldata], "description": description })
    }
}

fn call(epoch: &Epoch, deadline: u64) -> Result<abi::publishEpochCall> {
    ensure!(deadline >> 40 == 0, "the deadline is too far away: give an earlier one");
    let deadline = U48::from(deadline);
    let (token, total, root, manifest) = (epoch.token(), epoch.total(), epoch.root(), epoch.manifest());
    Ok(abi::publishEpochCall { token, total, root, manifest, deadline })
}

/// What to propose, where a vote publishes.
///
/// # Errors
/// If the epoch's files contradict each other, or the deadline is no time of the contract's.
pub fn proposal(splitter: &Splitter, epoch: &Epoch, deadline: u64) -> Result<Proposal> {
    epoch.check()?;
    let description = format!(
        "Publish an epoch of {} for {} payees, with the root {} and the manifest {}, to be claimed until {}",
        super::amount(epoch.total(), epoch.token()),
        epoch.count(),
        epoch.root(),
        epoch.manifest(),
        Moment(deadline)
    );
    Ok(Proposal { target: splitter.address(), calldata: call(epoch, deadline)?.abi_encode().into(), description })
}

/// Publishes an epoch as the sender, or says what to propose where only the DAO publishes.
///
/// # Errors
/// If the epoch's files contradict each other, the sender may not publish and others may, the splitter refuses it, in
/// words, or the node does not answer.
pub async fn publish(splitter: &Splitter, sender: &Sender, epoch: &Epoch, deadline: u64) -> Result<Published> {
    epoch.check()?;
    let pool = splitter.pool(epoch.token()).await?;
    let total = epoch.total();
    ensure!(
        total <= pool,
        "the epoch promises {total}, and the splitter's pool has {pool}: build a smaller one, or wait for revenue"
    );
    let call = call(epoch, deadline)?;
    let at = splitter.read(abi::authorityCall {}).await?;
    let manager = AccessManager::new(at, sender.chain().provider());
    let (account, selector) = (sender.account(), FixedBytes(abi::publishEpochCall::SELECTOR));
    let may = manager.canCall(account, splitter.address(), selector).call().await.map_err(explain_call);
    let may = may.wrap_err_with(|| format!("the authority {at} of the splitter does not answer"))?;
    if !may.immediate {
        if may.delay != 0 {
            bail!(
                "{account} publishes {} seconds after it announces the call: send `schedule` to the access manager \
                 {at} first, with the call that --propose prints",
                may.delay
            );
        }
        let role = manager.getTargetFunctionRole(splitter.address(), selector).call().await.map_err(explain_call);
        let role = role.wrap_err_with(|| format!("the authority {at} of the splitter does not answer"))?;
        ensure!(
            role == ADMIN_ROLE,
            "{account} may not publish epochs: let a member of role {role} of the access manager {at} do it"
        );
        return Ok(Published::Propose(proposal(splitter, epoch, deadline)?));
    }
    let receipt = splitter.send(sender, call).await?;
    let event: abi::EpochPublished = splitter.event(&receipt)?;
    let claimable_from = event.claimableFrom.to();
    Ok(Published::Sent { number: event.number, claimable_from, sent: Sent::of(&receipt) })
}
