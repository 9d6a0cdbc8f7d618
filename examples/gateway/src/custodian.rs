//! Stores and registers records, answers requests for them, declines what is not permitted any more, and erases.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use consilium_bindings::DataPointerRegistry as abi;
use consilium_deploy::Sender;
use consilium_deploy::registry::{
    RecordKey, Registry, Request, Sent, cid_of, decline, deliver, of_bytes, permits, register, wrap,
};
use eyre::{OptionExt, Result, WrapErr, ensure};
use sha2::{Digest, Sha256};

use crate::cipher::encrypt;
use crate::vault::Vault;

/// The number of AES-256-GCM in the registry's table of encryptions. The gateway compares its code when it starts.
const ENCRYPTION: u16 = 1;
const CODE: &[u8] = b"A256GCM";

/// A custodian: an account, its vault, and the contracts that it obeys.
#[derive(Debug)]
pub struct Custodian {
    registry: Registry,
    sender: Sender,
    vault: Vault,
    /// The first block that was not read.
    next: u64,
    /// Requests that could not be dealt with, and why. They are tried again.
    waiting: BTreeMap<B256, (Request, String)>,
}

/// A record that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The pointer's id.
    pub id: B256,
    /// Where the ciphertext is.
    pub cid: String,
    /// What registered it.
    pub sent: Sent,
}

/// What was done about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The request was answered.
    Answered(B256),
    /// The request was declined, for the consent's reason.
    Declined(B256, u8),
    /// The pointer's key and ciphertext are destroyed.
    Destroyed(B256),
    /// The request stays open, and why. The next turn tries again, and says so only if the reason is another one.
    Failed(B256, String),
}

impl Custodian {
    /// A custodian that has read nothing of the chain yet.
    ///
    /// # Errors
    /// If the registry does not answer, or has another encryption under the gateway's number.
    pub async fn new(registry: Registry, sender: Sender, vault: Vault) -> Result<Self> {
        let code = registry.read(abi::encryptionCall { number: ENCRYPTION }).await?;
        ensure!(code == B256::right_padding_from(CODE), "the registry's encryption {ENCRYPTION} is not A256GCM");
        Ok(Self { registry, sender, vault, next: 0, waiting: BTreeMap::new() })
    }

    /// Encrypts a record, keeps it and registers it. If it is not registered, nothing is kept.
    ///
    /// # Errors
    /// If the consent or the registry refuses it, in words, or it cannot be kept.
    pub async fn store(&self, subject: Address, class: u8, schema: u32, record: &[u8]) -> Result<Kept> {
        let key = RecordKey::random()?;
        let ciphertext = encrypt(key.key(), record)?;
        let found = of_bytes(B256::new(Sha256::digest(&ciphertext).into()));
        let cid = cid_of(&found).ok_or_eyre("a ciphertext is found by its CID")?;
        let pointer = abi::Pointer {
            subject,
            custodian: self.sender.account(),
            dataClass: class,
            schema,
            hashCode: found.hashCode,
            digest: found.digest,
            locatorKind: found.locatorKind,
            locatorCodec: found.locatorCodec,
            locator: found.locator,
            encryption: ENCRYPTION,
            keyCommitment: key.commitment(),
            previous: B256::ZERO,
        };
        let id = consilium_deploy::registry::pointer_id(&pointer);
        // Kept before it is registered: a pointer to what is lost is worse than none.
        let kept = self.vault.keep_record(&cid, &ciphertext).and_then(|()| self.vault.keep_key(id, &key, &cid));
        let registered = match kept {
            Ok(()) => register(&self.registry, &self.sender, pointer).await,
            Err(error) => Err(error),
        };
        match registered {
            Ok((_, sent)) => Ok(Kept { id, cid, sent }),
            Err(error) => {
                // It may be registered all the same, if the node fell silent after it was sent.
                if self.registry.read(abi::statusCall { id }).await.is_ok_and(|status| status.state == 0) {
                    self.vault.destroy(id)?;
                }
                Err(error).wrap_err("the record was not registered")
            }
        }
    }

    /// Reads what happened since the last turn, and does what is due. A request that was answered before is not
    /// answered again, so a program that was stopped begins at the first block.
    ///
    /// # Errors
    /// If the node does not answer. Then the next turn reads the same blocks again.
    pub async fn turn(&mut self) -> Result<Vec<Deed>> {
        let provider = self.registry.chain().provider();
        let head = provider.get_block_number().await.wrap_err("the node does not say which block is the newest")?;
        // Not by the custodian: a pointer may have come from another one, or gone to one.
        let signatures = vec![abi::AccessRequested::SIGNATURE_HASH, abi::PointerErased::SIGNATURE_HASH];
        let filter = Filter::new().address(self.registry.address()).event_signature(signatures);
        let logs = if head < self.next {
            Vec::new()
        } else {
            let logs = provider.get_logs(&filter.from_block(self.next).to_block(head)).await;
            logs.wrap_err("the node does not serve the registry's events")?
        };
        let mut due: Vec<_> = self.waiting.values().map(|(request, _)| *request).collect();
        let mut deeds = Vec::new();
        for log in &logs {
            if let Ok(event) = abi::PointerErased::decode_log(&log.inner) {
                let id = event.data.id;
                due.retain(|request| request.id != id);
                deeds.extend(self.vault.destroy(id)?.then_some(Deed::Destroyed(id)));
                continue;
            }
            let event = abi::AccessRequested::decode_log(&log.inner).wrap_err("the node told of another event")?.data;
            if event.custodian == self.sender.account() {
                let block = log.block_number.ok_or_eyre("the node told of an event without a block")?;
                due.push(Request::of(&event, block));
            }
        }
        self.next = self.next.max(head + 1);
        let before = std::mem::take(&mut self.waiting);
        for request in due {
            match self.answer(&request).await {
                Ok(deed) => deeds.extend(deed),
                // One bad request is no reason to let the others wait.
                Err(error) => {
                    let (number, reason) = (request.request, format!("{error:#}"));
                    let is_new = before.get(&number).is_none_or(|(_, said)| *said != reason);
                    deeds.extend(is_new.then(|| Deed::Failed(number, reason.clone())));
                    self.waiting.insert(number, (request, reason));
                }
            }
        }
        Ok(deeds)
    }

    async fn answer(&self, request: &Request) -> Result<Option<Deed>> {
        let (id, number) = (request.id, request.request);
        let state = self.registry.read(abi::accessRequestCall { id, requestId: number }).await?;
        if state.delivered {
            // Or the program was stopped after the registry had recorded the answer.
            return Ok(self.vault.release(id, number)?.then_some(Deed::Answered(number)));
        }
        let status = self.registry.read(abi::statusCall { id }).await?;
        // What was erased is dealt with by its own event.
        if state.declined || !matches!(status.state, 1 | 2) {
            return Ok(None);
        }
        if !permits(&self.registry, request).await? {
            self.vault.withdraw(id, number)?;
            let (reason, _) = decline(&self.registry, &self.sender, request).await?;
            return Ok(Some(Deed::Declined(number, reason)));
        }
        let key = self.vault.find_key(id)?.ok_or_eyre("this custodian has no key of the record")?;
        let wrapped = wrap(&self.registry, request, &key).await?;
        let wrapped = self.vault.pending_answer(id, number, wrapped)?;
        deliver(&self.registry, &self.sender, &wrapped).await?;
        self.vault.release(id, number)?;
        Ok(Some(Deed::Answered(number)))
    }
}
