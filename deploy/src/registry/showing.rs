//! What the registry knows of a pointer, for people and for programs.

use std::fmt;

use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry as abi;
use eyre::{Result, ensure};
use serde_json::{Value, json};

use super::access::{Request, requests};
use super::content;
use super::node::Registry;
use crate::config::moment::Moment;
use crate::consent::Names;

/// A pointer as the registry has it.
#[derive(Clone, Debug)]
pub struct Shown {
    id: B256,
    status: abi::Status,
    contents: abi::Contents,
    successor: B256,
    offered_to: Address,
    gone_by: Address,
    gone_at: u64,
    requests: Vec<(Request, abi::accessRequestReturn)>,
    class: String,
    purposes: Vec<String>,
}

/// Reads all of a pointer.
///
/// # Errors
/// If it was never registered or refused, or the node does not answer.
pub async fn show(registry: &Registry, id: B256, names: &Names) -> Result<Shown> {
    let status = registry.read(abi::statusCall { id }).await?;
    ensure!(
        status.state != 0,
        "the pointer {id} was never registered: correct the id, or individualize it first if it is in a batch"
    );
    let tombstone = registry.read(abi::tombstoneCall { id }).await?;
    let mut asked = Vec::new();
    for request in requests(registry, id).await? {
        let state = registry.read(abi::accessRequestCall { id, requestId: request.request }).await?;
        asked.push((request, state));
    }
    Ok(Shown {
        id,
        contents: registry.read(abi::contentsCall { id }).await?,
        successor: registry.read(abi::successorCall { id }).await?,
        offered_to: registry.read(abi::custodyOfferCall { id }).await?,
        gone_by: tombstone.by,
        gone_at: tombstone.erasedAt.to(),
        class: names.class_in_words(status.dataClass),
        purposes: asked.iter().map(|(request, _)| names.purpose_in_words(request.purpose)).collect(),
        requests: asked,
        status,
    })
}

impl Shown {
    /// For programs.
    pub fn json(&self) -> Value {
        let Self { status, contents, .. } = self;
        let some = |word: B256| (!word.is_zero()).then_some(word);
        let account = |account: Address| (!account.is_zero()).then_some(account);
        json!({
            "id": self.id,
            "state": status.state,
            "words": state(status.state),
            "subject": status.subject,
            "custodian": status.custodian,
            "class": status.dataClass,
            "schema": status.schema,
            "contents": some(contents.digest).map(|digest| json!({
                "hashCode": contents.hashCode,
                "digest": digest,
                "locatorKind": contents.locatorKind,
                "locatorCodec": contents.locatorCodec,
                "locator": contents.locator,
                "cid": self.cid(),
                "encryption": contents.encryption,
                "keyCommitment": contents.keyCommitment,
            })),
            "successor": some(self.successor),
            "offeredTo": account(self.offered_to),
            "goneBy": account(self.gone_by),
            "goneAt": (self.gone_at != 0).then_some(Moment(self.gone_at)),
            "requests": self.requests.iter().map(|(request, found)| json!({
                "request": request.request,
                "actor": request.actor,
                "onBehalfOf": request.on_behalf_of,
                "purpose": request.purpose,
                "encryptionKey": request.encryption_key,
                "dueBy": Moment(request.due_by),
                "delivered": found.delivered,
                "overdue": found.overdue,
                "declined": found.declined,
            })).collect::<Vec<_>>(),
        })
    }

    fn cid(&self) -> Option<String> {
        let &abi::Contents { hashCode, digest, locatorKind, locatorCodec, locator, .. } = &self.contents;
        let found = abi::Manifest { hashCode, digest, locatorKind, locatorCodec, locator };
        content::located(&found).map(|cid| cid.to_string())
    }

    fn place(&self) -> String {
        let contents = &self.contents;
        match (self.cid(), contents.locatorKind) {
            (Some(cid), _) => format!("it is found by the CID {cid}"),
            (None, 3) => format!("it is found by the Arweave id {}", contents.locator),
            (None, _) => format!("it is found by a private URL, whose keccak-256 is {}", contents.locator),
        }
    }
}

const fn state(state: u8) -> &'static str {
    match state {
        1 => "registered",
        2 => "superseded",
        3 => "erased",
        4 => "refused by its subject before it was registered",
        _ => "in a state that this version does not know",
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, status, contents, .. } = self;
        writeln!(f, "{id} is {}", state(status.state))?;
        writeln!(f, "its subject is {}, and its custodian {}", status.subject, status.custodian)?;
        write!(f, "it is of {}, under the schema {}", self.class, status.schema)?;
        if !contents.digest.is_zero() {
            let (code, encryption) = (contents.hashCode, contents.encryption);
            write!(f, "\n{}, its hash (0x{code:x}) is {}, its encryption {encryption}", self.place(), contents.digest)?;
        } else if matches!(status.state, 1 | 2) {
            write!(f, "\nit is one of a batch, whose manifest has its contents")?;
        }
        if !self.successor.is_zero() {
            write!(f, "\nit is superseded by {}", self.successor)?;
        }
        if !self.offered_to.is_zero() {
            write!(f, "\nit is offered to the custodian {}", self.offered_to)?;
        }
        if self.gone_at != 0 {
            write!(f, "\nthat did {}, at {}", self.gone_by, Moment(self.gone_at))?;
        }
        for ((request, found), purpose) in self.requests.iter().zip(&self.purposes) {
            let state = match (found.delivered, found.declined, found.overdue) {
                (true, _, false) => "answered".to_owned(),
                (true, _, true) => "answered too late".to_owned(),
                (_, true, _) => "declined".to_owned(),
                (_, _, true) => "overdue".to_owned(),
                _ => format!("due by {}", Moment(request.due_by)),
            };
            write!(f, "\nrequest {} by {} for {purpose}: {state}", request.request, request.actor)?;
        }
        Ok(())
    }
}
