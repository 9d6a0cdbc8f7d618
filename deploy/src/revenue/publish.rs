//! Publishes an epoch, or says what to propose where the DAO itself publishes.

use consilium_bindings::RevenueSplitter as abi;
use eyre::{Result, ensure};

use super::epoch::Epoch;
use super::node::Splitter;
use crate::chain::Sender;
use crate::config::moment::Moment;
use crate::contract::Sent;
use crate::restricted::{Asked, Restricted, Time};

/// The state of an epoch that was disabled: its list may be published again.
const DISABLED: u8 = 2;

/// An epoch that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its number.
    pub number: u32,
    /// From when on it can be claimed.
    pub claimable_from: u64,
    /// Until when: what was announced, where it was announced.
    pub deadline: u64,
    /// The transaction.
    pub sent: Sent,
}

/// Publishes an epoch as the sender; or announces that, where the sender has a delay, and publishes after it. Where only
/// the DAO publishes, or without a sender, it is what to propose.
///
/// # Errors
/// If the epoch's files contradict each other, the sender may not publish and others may, the splitter refuses it, in
/// words, or the node does not answer.
pub async fn publish(
    splitter: &Splitter,
    sender: Option<&Sender>,
    epoch: &Epoch,
    deadline: Time,
) -> Result<Restricted<Published>> {
    epoch.check()?;
    let (token, total, root, manifest) = (epoch.token(), epoch.total(), epoch.root(), epoch.manifest());
    for number in (1..=splitter.read(abi::epochCountCall {}).await?).rev() {
        let found = splitter.read(abi::epochCall { number }).await?;
        ensure!(
            (found.root, found.manifest) != (root, manifest) || found.state == DISABLED,
            "this list was published as epoch {number}: there is nothing to do"
        );
    }
    if sender.is_some() {
        let pool = splitter.pool(token).await?;
        ensure!(
            total <= pool,
            "the epoch promises {total}, and the splitter's pool has {pool}: build a smaller one, or wait for revenue"
        );
    }
    let call = abi::publishEpochCall { token, total, root, manifest, deadline: deadline.word("the deadline")? };
    let description = format!(
        "Publish an epoch of {} for {} payees, with the root {root} and the manifest {manifest}, to be claimed until {}",
        super::amount(total, token),
        epoch.count(),
        Moment(deadline.at)
    );
    let own = call.clone();
    let is_same = |other: &abi::publishEpochCall| {
        *other == abi::publishEpochCall { deadline: deadline.or(other.deadline), ..own.clone() }
    };
    let window = splitter.read(abi::windowCall {}).await?;
    let before = Some((deadline.at.saturating_sub(window.into()), "the deadline"));
    let asked = Asked { contract: splitter, call, what: "publish epochs", description, before };
    asked.make(sender, is_same).await?.map(|receipt| {
        let event: abi::EpochPublished = splitter.event(&receipt)?;
        Ok(Published {
            number: event.number,
            claimable_from: event.claimableFrom.to(),
            deadline: event.deadline.to(),
            sent: Sent::of(&receipt),
        })
    })
}
