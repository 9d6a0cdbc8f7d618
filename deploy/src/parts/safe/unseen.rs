//! Transactions by which a Safe may have changed itself without a log.
//!
//! A Safe trusts its mappings of owners and modules. Its lists, which views walk, are only a path through these. Code that
//! the Safe runs by a delegated call can write an owner or a module that is on no list. So each transaction counts that
//! is not seen to have run no such code.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Bytes, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::Log;
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Safe as abi;
use eyre::{Result, eyre};
use serde::Deserialize;

use crate::chain::Chain;
use crate::explain::explain;
use crate::safe::call_only;

/// The most transactions that are named.
const MOST: usize = 5;

/// The operation of a call.
const CALL: u8 = 0;

/// A transaction, as far as it is read. Arbitrum has kinds that Ethereum has not, and each has these.
#[derive(Debug, Deserialize)]
struct Sent {
    to: Option<Address>,
    input: Bytes,
}

/// What a Safe executed in one transaction of the chain.
#[derive(Clone, Copy, Default)]
struct Executed {
    /// How often, with success or without.
    times: usize,
    /// Whether with success at least once. What fails changes nothing.
    succeeded: bool,
}

/// What was looked up of a Safe's transactions.
pub(super) struct Unseen {
    /// Those that may have changed it, in words: `none`, or each with the reason.
    pub(super) transactions: String,
    /// Contracts that have the code of Safe's MultiSendCallOnly now, made batches for it, and are not where Safe's own is.
    /// What their code was at that time is not known.
    pub(super) elsewhere: BTreeSet<Address>,
}

/// Looks up the transactions that these logs tell of.
///
/// # Errors
/// If the node does not answer.
pub(super) async fn look_up(chain: &Chain, safe: Address, logs: &[&Log]) -> Result<Unseen> {
    // In the order of the chain.
    let mut executed = BTreeMap::<_, Executed>::new();
    for log in logs {
        let found = executed.entry((log.block_number, log.transaction_index, log.transaction_hash)).or_default();
        found.times += 1;
        found.succeeded |= log.topic0() == Some(&abi::ExecutionSuccess::SIGNATURE_HASH);
    }
    let (mut named, mut elsewhere) = (Vec::new(), BTreeSet::new());
    for ((_, _, hash), executed) in executed.into_iter().filter(|(_, executed)| executed.succeeded) {
        let hash = hash.unwrap_or_default();
        if let Some(reason) = reason(chain, safe, hash, executed.times, &mut elsewhere).await? {
            named.push(format!("{hash} ({reason})"));
        }
    }
    let more = named.len().saturating_sub(MOST);
    named.truncate(MOST);
    let transactions = match (named.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (false, 0) => named.join(", "),
        (false, more) => format!("{} and {more} others", named.join(", ")),
    };
    Ok(Unseen { transactions, elsewhere })
}

/// Why a transaction may have run code in the Safe's storage; none if it did not.
async fn reason(
    chain: &Chain,
    safe: Address,
    hash: B256,
    times: usize,
    elsewhere: &mut BTreeSet<Address>,
) -> Result<Option<String>> {
    let sent = chain.provider().raw_request::<_, Option<Sent>>("eth_getTransactionByHash".into(), (hash,)).await;
    let sent = sent.map_err(|error| eyre!("could not look up the transaction {hash}: {}", explain(&error)))?;
    let Some(Sent { to, input }) = sent else { return Ok(Some("the node does not serve it".to_owned())) };
    let call = abi::execTransactionCall::abi_decode_validate(&input);
    let (Ok(call), true, 1) = (call, to == Some(safe), times) else {
        return Ok(Some(
            "another contract called the Safe in it: a delegated call may have changed anything".to_owned(),
        ));
    };
    if call.operation == CALL {
        return Ok(None);
    }
    if let Some(own) = call_only(keccak256(chain.code(call.to).await?)) {
        if own != call.to {
            elsewhere.insert(call.to);
        }
        return Ok(None);
    }
    Ok(Some(format!("a delegated call of {} may have changed anything", call.to)))
}
