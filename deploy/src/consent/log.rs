//! Reads a grantor's access log: the events, and what the contract stores of their end, at one block.

use alloy::primitives::Address;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use consilium_bindings::Consent as abi;
use eyre::{OptionExt, Result, ensure};
use fhir::Access;

use super::names::Names;
use super::verify::{End, Verdict, verify_log};
use super::{expect_contract, read};
use crate::chain::Chain;
use crate::logs;

/// A log as a node told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessLog {
    /// Whose it is.
    pub grantor: Address,
    /// The block that was read.
    pub block: u64,
    /// The events up to that block, in the order in which the node told them.
    pub entries: Vec<Access>,
    /// The end at that block.
    pub end: End,
}

impl AccessLog {
    /// Checks the entries against the end.
    pub fn verify(&self) -> Verdict {
        verify_log(self.grantor, &self.entries, self.end)
    }

    /// Refuses tables whose classes and purposes mean something else on the chain, where entries have them.
    ///
    /// # Errors
    /// If a code differs, or the node does not answer.
    pub async fn agree(&self, chain: &Chain, contract: Address, names: &Names) -> Result<()> {
        let classes = self.entries.iter().map(|entry| entry.data_class);
        let purposes = self.entries.iter().map(|entry| entry.purpose);
        names.agree(chain, contract, classes, purposes, self.block).await
    }
}

/// Reads a log at the newest block.
///
/// # Errors
/// If no consent contract is there, or the node does not answer, or answers with something else than it was asked for.
pub async fn read_log(chain: &Chain, contract: Address, grantor: Address) -> Result<AccessLog> {
    let block = chain.head().await?;
    expect_contract(chain, contract, block).await?;
    let stored = read(chain, contract, abi::accessLogCall { grantor }, block).await?;
    let end = End { count: stored.count, head: stored.head };
    let from = logs::appearance(chain, contract, block).await?.unwrap_or(0);
    let filter = Filter::new()
        .address(contract)
        .event_signature(abi::AccessRecorded::SIGNATURE_HASH)
        .topic1(grantor.into_word());
    let found = logs::collect(chain, &filter, from, block).await?;
    let entries = found.iter().map(|log| entry(log, contract)).collect::<Result<_>>()?;
    Ok(AccessLog { grantor, block, entries, end })
}

fn entry(log: &Log, contract: Address) -> Result<Access> {
    ensure!(
        log.address() == contract,
        "the node told of an event of {}, and {contract} was asked for: ask another node",
        log.address()
    );
    // Decoding takes what encodes to something else.
    let decoded = abi::AccessRecorded::decode_log(&log.inner).ok();
    let decoded = decoded.filter(|event| event.data.encode_log_data() == log.inner.data);
    let event =
        decoded.ok_or_eyre("the node told of an event that is not an entry of the access log: ask another node")?.data;
    Ok(Access {
        grantor: event.grantor,
        number: event.number,
        actor: event.actor,
        recorder: event.recorder,
        on_behalf_of: event.onBehalfOf,
        data_class: event.dataClass,
        purpose: event.purpose,
        reason: event.reason,
        grantee: event.grantee,
        provision: event.provision,
        request: event.request,
        time: event.time.to(),
        head: event.head,
    })
}
