//! Registers, publishes, makes individual, refuses and erases.

use std::path::Path;

use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry::{self as abi, Manifest, Pointer};
use eyre::{Result, ensure};

use super::batch::Batch;
use super::node::Registry;
use super::pointer::{Draft, pointer_id};
use crate::chain::Sender;
use crate::consent::Names;
use crate::contract::Sent;
use crate::rows;

/// Reads a file of one pointer: an object of JSON, or CSV. The custodian is this one where the file names none.
///
/// # Errors
/// If it cannot be read, or the pointer is not one that can be registered.
pub fn read_pointer(path: &Path, names: &Names, custodian: Option<Address>) -> Result<Pointer> {
    rows::read_one(path, |mut draft: Draft<'_>| {
        draft.default_custodian(custodian);
        draft.pointer(names)
    })
}

/// Registers a pointer of the sender; its id.
///
/// # Errors
/// If the registry refuses it, in words, or the node does not answer.
pub async fn register(registry: &Registry, sender: &Sender, pointer: Pointer) -> Result<(B256, Sent)> {
    let (custodian, account) = (pointer.custodian, sender.account());
    ensure!(
        custodian == account,
        "the pointer's custodian is {custodian}, and {account} sends: let the custodian register it"
    );
    let expected = pointer_id(&pointer);
    let receipt = registry.send(sender, abi::registerCall { pointer }).await?;
    let event: abi::PointerRegistered = registry.event(&receipt)?;
    ensure!(event.id == expected, "the registry gave the pointer the id {}, and it is {expected}", event.id);
    Ok((event.id, Sent::of(&receipt)))
}

/// Publishes the root of a batch: as a new one (0), or in place of the last root of the sender's batch of this number.
/// Returns the number.
///
/// # Errors
/// As [`register`], or if it has another custodian, or its files contradict each other.
pub async fn publish(
    registry: &Registry,
    sender: &Sender,
    batch: &Batch,
    number: u32,
    manifest: Manifest,
) -> Result<(u32, Sent)> {
    let (custodian, account) = (batch.custodian(), sender.account());
    ensure!(
        custodian == account,
        "the batch's pointers name the custodian {custodian}, and {account} sends: let the custodian publish it"
    );
    batch.check()?;
    // Each new batch is another one.
    let sender = if number == 0 { &sender.once() } else { sender };
    let call = abi::publishRootCall { batch: number, root: batch.root(), manifest, count: batch.count() };
    let receipt = registry.send(sender, call).await?;
    let event: abi::RootPublished = registry.event(&receipt)?;
    Ok((event.batch, Sent::of(&receipt)))
}

/// Clears digest and locator of the manifest of the sender's batch of this number. The root stays.
///
/// # Errors
/// As [`register`].
pub async fn clear_manifest(registry: &Registry, sender: &Sender, batch: u32) -> Result<Sent> {
    let receipt = registry.send(sender, abi::clearManifestCall { batch }).await?;
    let _: abi::ManifestCleared = registry.event(&receipt)?;
    Ok(Sent::of(&receipt))
}

/// Registers a pointer of a batch by its proof. Any account may.
///
/// # Errors
/// As [`register`], or if the batch has no such pointer.
pub async fn individualize(registry: &Registry, sender: &Sender, batch: &Batch, number: u32, id: B256) -> Result<Sent> {
    let proof = batch.prove(id)?;
    let call = abi::individualizeCall { pointer: proof.pointer, batch: number, proof: proof.proof };
    let receipt = registry.send(sender, call).await?;
    let _: abi::PointerRegistered = registry.event(&receipt)?;
    Ok(Sent::of(&receipt))
}

/// Refuses a pointer that was never registered, as its subject; its id.
///
/// # Errors
/// As [`register`].
pub async fn refuse(registry: &Registry, sender: &Sender, pointer: Pointer) -> Result<(B256, Sent)> {
    let receipt = registry.send(sender, abi::refusePointerCall { pointer }).await?;
    let event: abi::PointerRefused = registry.event(&receipt)?;
    Ok((event.id, Sent::of(&receipt)))
}

/// Erases a pointer, as its custodian or its subject's key.
///
/// # Errors
/// As [`register`].
pub async fn erase(registry: &Registry, sender: &Sender, id: B256) -> Result<Sent> {
    let receipt = registry.send(sender, abi::eraseCall { id }).await?;
    let _: abi::PointerErased = registry.event(&receipt)?;
    Ok(Sent::of(&receipt))
}
