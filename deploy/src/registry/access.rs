//! Asks for a record's key, hands it over, declines, and opens what was handed over.

use std::fmt;

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256};
use consilium_bindings::Consent;
use consilium_bindings::DataPointerRegistry as abi;
use eyre::{OptionExt, Result, WrapErr, ensure, eyre};

use super::keys::{Asked, EncryptionKey, RecordKey, WrappedKey};
use super::node::Registry;
use crate::chain::Sender;
use crate::config::moment::Moment;
use crate::contract::Sent;
use crate::explain::explain_call;

/// A request as its event tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The pointer.
    pub id: B256,
    /// The request's own id.
    pub request: B256,
    /// Whom it was put to.
    pub custodian: Address,
    /// Who asks.
    pub actor: Address,
    /// The organisation that the actor acts for; zero for nobody else.
    pub on_behalf_of: Address,
    /// What for.
    pub purpose: u8,
    /// The key to wrap for.
    pub encryption_key: B256,
    /// Until when the answer is due.
    pub due_by: u64,
    /// The block that it is in.
    pub block: u64,
}

impl Request {
    /// From the event and its block.
    pub fn of(event: &abi::AccessRequested, block: u64) -> Self {
        Self {
            id: event.id,
            request: event.requestId,
            custodian: event.custodian,
            actor: event.actor,
            on_behalf_of: event.onBehalfOf,
            purpose: event.purpose,
            encryption_key: event.encryptionKey,
            due_by: event.dueBy.to(),
            block,
        }
    }
}

impl Request {
    /// Until when the answer is due.
    pub const fn due(&self) -> impl fmt::Display + use<> {
        Moment(self.due_by)
    }
}

/// Asks for a record's key.
///
/// # Errors
/// If the registry or the consent refuses it, in words, or the node does not answer.
pub async fn request(
    registry: &Registry,
    sender: &Sender,
    id: B256,
    purpose: u8,
    on_behalf_of: Address,
    encryption_key: B256,
) -> Result<(Request, Sent)> {
    let call = abi::requestAccessCall { id, purpose, onBehalfOf: on_behalf_of, encryptionKey: encryption_key };
    let receipt = registry.send(&sender.once(), call).await?;
    let event: abi::AccessRequested = registry.event(&receipt)?;
    Ok((Request::of(&event, receipt.block_number.unwrap_or_default()), Sent::of(&receipt)))
}

/// Refuses, as [`request`] would, and sends nothing.
///
/// # Errors
/// As [`request`].
pub async fn may_request(
    registry: &Registry,
    sender: &Sender,
    id: B256,
    purpose: u8,
    on_behalf_of: Address,
) -> Result<()> {
    // Any key will do.
    let call = abi::requestAccessCall { id, purpose, onBehalfOf: on_behalf_of, encryptionKey: B256::repeat_byte(1) };
    registry.ask(sender.chain(), sender.account(), call).await.map(drop)
}

/// All requests for a pointer, the oldest first.
///
/// # Errors
/// If the node does not answer, or answers with something else.
pub async fn requests(registry: &Registry, id: B256) -> Result<Vec<Request>> {
    let found = registry.about::<abi::AccessRequested>(id).await?;
    let told = found.iter().map(|(event, log)| {
        let block = log.block_number.ok_or_eyre("the node told of an event without a block: ask another node")?;
        Ok(Request::of(event, block))
    });
    told.collect()
}

async fn find(registry: &Registry, id: B256, request: B256) -> Result<Request> {
    let found = requests(registry, id).await?.into_iter().find(|found| found.request == request);
    found.ok_or_else(|| eyre!("there is no request {request} for the pointer {id}: correct the id or the request"))
}

/// Wraps a record's key for a request. Nothing is sent.
///
/// # Errors
/// If it is not the key that the pointer commits to, or the request's key cannot be used.
pub async fn wrap(registry: &Registry, request: &Request, key: &RecordKey) -> Result<WrappedKey> {
    let commitment = registry.read(abi::contentsCall { id: request.id }).await?.keyCommitment;
    // A pointer of a batch has its contents in the list of the batch.
    ensure!(
        commitment.is_zero() || commitment == key.commitment(),
        "this is not the key that the pointer {} commits to: name the key of its record",
        request.id
    );
    key.wrap(request.encryption_key, &asked(registry, request.id, request.request))
}

/// Whether the subject's consent permits a request now. The registry does not ask when a key is delivered.
///
/// # Errors
/// If the node does not answer.
pub async fn permits(registry: &Registry, request: &Request) -> Result<bool> {
    let status = registry.read(abi::statusCall { id: request.id }).await?;
    let consent = Consent::new(registry.read(abi::consentCall {}).await?, registry.chain().provider());
    let Request { actor, on_behalf_of, purpose, .. } = *request;
    let asked = consent.isPermitted(status.subject, actor, on_behalf_of, status.dataClass, purpose).call().await;
    Ok(asked.map_err(explain_call).wrap_err("could not ask the consent")?.permitted)
}

/// Refuses, as [`deliver`] would, and sends nothing.
///
/// # Errors
/// As [`deliver`].
pub async fn may_deliver(registry: &Registry, sender: &Sender, request: &Request) -> Result<()> {
    // Any hash will do.
    let call = abi::deliverKeyCall { id: request.id, requestId: request.request, wrappedKeyHash: B256::repeat_byte(1) };
    registry.ask(sender.chain(), sender.account(), call).await.map(drop)
}

/// Records that a request was answered by a wrapped key.
///
/// # Errors
/// If the registry refuses it, in words, or the node does not answer.
pub async fn deliver(registry: &Registry, sender: &Sender, wrapped: &WrappedKey) -> Result<Sent> {
    let Asked { id, request, .. } = wrapped.asked();
    let call = abi::deliverKeyCall { id, requestId: request, wrappedKeyHash: wrapped.hash() };
    let receipt = registry.send(sender, call).await?;
    let _: abi::KeyDelivered = registry.event(&receipt)?;
    Ok(Sent::of(&receipt))
}

/// The request that is to be answered; refused if it was answered or declined already.
///
/// # Errors
/// If there is none, or the node does not answer.
pub async fn open_request(registry: &Registry, id: B256, request: B256) -> Result<Request> {
    let found = find(registry, id, request).await?;
    let state = registry.read(abi::accessRequestCall { id, requestId: request }).await?;
    ensure!(
        !state.delivered && !state.declined,
        "the request {request} was answered or declined: there is nothing to do"
    );
    Ok(found)
}

/// Declines a request that the consent does not permit any more; the consent's reason.
///
/// # Errors
/// If the consent still permits it, or as [`deliver`].
pub async fn decline(registry: &Registry, sender: &Sender, request: &Request) -> Result<(u8, Sent)> {
    let call = abi::declineKeyCall {
        id: request.id,
        requestId: request.request,
        purpose: request.purpose,
        onBehalfOf: request.on_behalf_of,
        encryptionKey: request.encryption_key,
        askedAt: U48::from(registry.chain().time(request.block).await?),
    };
    let receipt = registry.send(sender, call).await?;
    let event: abi::KeyDeclined = registry.event(&receipt)?;
    Ok((event.reason, Sent::of(&receipt)))
}

/// Counts a request whose answer is overdue: the custodian that it counts for. Any account may.
///
/// # Errors
/// If there still is time, it was answered, declined or counted, or as [`deliver`].
pub async fn mark_overdue(registry: &Registry, sender: &Sender, id: B256, request: B256) -> Result<(Address, Sent)> {
    let receipt = registry.send(sender, abi::markOverdueCall { id, requestId: request }).await?;
    let event: abi::AnswerOverdue = registry.event(&receipt)?;
    Ok((event.custodian, Sent::of(&receipt)))
}

/// Opens a wrapped key. It must be the one that the custodian recorded, and the one that the pointer commits to where
/// the registry has the commitment.
///
/// # Errors
/// If it is not, it does not open, or the node does not answer.
pub async fn open(registry: &Registry, wrapped: &WrappedKey, key: &EncryptionKey) -> Result<RecordKey> {
    let Asked { id, request, .. } = wrapped.asked();
    ensure!(
        wrapped.asked() == asked(registry, id, request),
        "the wrapped key is for the registry {} on chain {}: name that registry",
        wrapped.asked().registry,
        wrapped.asked().chain
    );
    let found = registry.about::<abi::KeyDelivered>(id).await?;
    let recorded = found.iter().find(|(event, _)| event.requestId == request).map(|(event, _)| event.wrappedKeyHash);
    match recorded {
        None => return Err(eyre!("no custodian has recorded an answer to the request {request}: wait for it")),
        Some(hash) => ensure!(
            hash == wrapped.hash(),
            "this is not the wrapped key that the custodian recorded: ask the custodian for it again"
        ),
    }
    let opened = wrapped.open(key)?;
    let commitment = registry.read(abi::contentsCall { id }).await?.keyCommitment;
    ensure!(
        commitment.is_zero() || commitment == opened.commitment(),
        "the custodian gave another key than the pointer {id} commits to: do not trust it, and complain to the DAO"
    );
    Ok(opened)
}

fn asked(registry: &Registry, id: B256, request: B256) -> Asked {
    Asked { chain: registry.chain().id(), registry: registry.address(), id, request }
}
