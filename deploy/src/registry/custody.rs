//! Hands a pointer over to another custodian, in two steps: one offers it, and the other accepts.

use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry as abi;
use eyre::{Result, ensure};

use super::node::Registry;
use crate::chain::Sender;
use crate::contract::Sent;

/// Offers a pointer of the sender to another custodian, in place of an earlier offer.
///
/// # Errors
/// If the registry refuses it, in words, or the node does not answer.
pub async fn offer(registry: &Registry, sender: &Sender, id: B256, to: Address) -> Result<Sent> {
    let own = sender.account();
    ensure!(to != own, "{own} has the pointer: name another custodian by --to");
    ensure!(!to.is_zero(), "the zero address is nobody's: `consilium registry withdraw` takes an offer back");
    offered(registry, sender, id, to).await
}

/// Takes an offer of the sender's back; to whom it was.
///
/// # Errors
/// If there is none, or as [`offer`].
pub async fn withdraw(registry: &Registry, sender: &Sender, id: B256) -> Result<(Address, Sent)> {
    let to = registry.read(abi::custodyOfferCall { id }).await?;
    ensure!(!to.is_zero(), "the pointer {id} is offered to nobody, or the offer has ended: there is nothing to do");
    Ok((to, offered(registry, sender, id, Address::ZERO).await?))
}

/// Accepts a pointer that is offered to the sender; whose it was.
///
/// # Errors
/// As [`offer`].
pub async fn accept(registry: &Registry, sender: &Sender, id: B256) -> Result<(Address, Sent)> {
    let receipt = registry.send(sender, abi::acceptCustodyCall { id }).await?;
    let event: abi::CustodyTransferred = registry.event(&receipt)?;
    Ok((event.from, Sent::of(&receipt)))
}

async fn offered(registry: &Registry, sender: &Sender, id: B256, to: Address) -> Result<Sent> {
    let receipt = registry.send(sender, abi::offerCustodyCall { id, to }).await?;
    let _: abi::CustodyOffered = registry.event(&receipt)?;
    Ok(Sent::of(&receipt))
}
