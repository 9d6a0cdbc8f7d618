//! Brings signed acts to the chain.
//!
//! Each act is checked without a node first, then all are tried in a call. What would not be performed is left out,
//! with the reason, and the rest is sent. Nothing is sent if nothing would be performed.
//!
//! `relay` skips an act whose signature cannot be checked for want of gas, so its own estimate may be too low. The gas
//! is that of `multicall` with the same acts, which fails as a whole if one of them does. A wallet or a verifier may
//! behave well in the estimate and use up all it gets in the transaction: what the contract gives it is added for each.
//!
//! No wallet stops the acts of others: where a call or the estimate fails as a whole, [`batch`] finds the acts that it
//! fails with and leaves them out. What became of those that were sent is read from the events: see [`receipt`].

mod batch;
mod receipt;

use alloy::network::TransactionBuilder;
use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use alloy::transports::TransportError;
use consilium_bindings::Consent as abi;
use eyre::{Result, ensure, eyre};

use super::errors::in_words;
use super::{Signed, expect_contract};
use crate::chain::{Sender, gas_limit};
use crate::explain::{explain, is_execution, revert_data};
use crate::parts;
use crate::signing::{Place, Terms};
use batch::Batch;

/// The most acts of one transaction: more do not fit into a block's gas with certainty.
const MOST: usize = 100;

/// What became of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was performed; a grant has the number of its provision.
    Performed {
        /// That number.
        provision: Option<u32>,
    },
    /// It was not, and why.
    Skipped {
        /// The reason in words.
        reason: String,
    },
}

/// What became of all acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relayed {
    /// The transaction; none if nothing would have been performed.
    pub transaction: Option<B256>,
    /// The gas that it used.
    pub gas_used: u64,
    /// Of each act, in the order given.
    pub outcomes: Vec<Outcome>,
}

/// Performs those of the acts that are good for the contract, on the sender's chain.
///
/// # Errors
/// If there are too many, no consent contract is there, the node does not answer, or cannot estimate the gas whichever
/// acts are left out.
pub async fn relay(sender: &Sender, contract: Address, acts: &[Signed]) -> Result<Relayed> {
    ensure!(acts.len() <= MOST, "there are {} acts: bring {MOST} at most at once", acts.len());
    let chain = sender.chain();
    let block = chain.head().await?;
    expect_contract(chain, contract, block).await?;
    let now = chain.time(block).await?;
    let place = Place { chain: chain.id(), contract };
    let mut outcomes: Vec<Option<Outcome>> =
        acts.iter().map(|act| act.refusal(place, now, sender.account()).map(skipped)).collect();

    let live = (0..acts.len()).filter(|place| matches!(outcomes.get(*place), Some(None))).collect();
    let mut batch = Batch::new(Node { sender, contract }, acts, live);
    let gas = batch.settle(now).await?;
    for (place, reason) in std::mem::take(&mut batch.left_out) {
        set(&mut outcomes, place, skipped(reason));
    }
    let mut relayed = Relayed { transaction: None, gas_used: 0, outcomes: Vec::new() };
    if !batch.live.is_empty() {
        let sent = choose(acts, &batch.live);
        let signed = sent.iter().map(|act| act.for_contract()).collect();
        // Also a single act: a skipped one has an event with the reason, and a reverted transaction has none.
        let request = batch.node.request(abi::relayCall { signed }.abi_encode().into()).with_gas_limit(gas);
        let receipt = sender.transact(request, parts::ALL).await?;
        (relayed.transaction, relayed.gas_used) = (Some(receipt.transaction_hash), receipt.gas_used);
        for (place, outcome) in batch.live.iter().zip(receipt::read(&receipt, contract, &sent)) {
            let outcome = if batch.runs_code(*place) { outcome.after_a_yes() } else { outcome };
            set(&mut outcomes, *place, outcome);
        }
    }
    relayed.outcomes = outcomes.into_iter().flatten().collect();
    Ok(relayed)
}

impl Outcome {
    /// Of an act that code judges which nobody trusts, and which was good when the node was asked.
    fn after_a_yes(self) -> Self {
        match self {
            Self::Skipped { reason } => Self::Skipped {
                reason: format!(
                    "{reason}. The node had said that it would be performed, and you paid for its gas: its signer may \
                     mean that, so do not bring it again unless you trust it"
                ),
            },
            performed @ Self::Performed { .. } => performed,
        }
    }
}

fn set(outcomes: &mut [Option<Outcome>], place: usize, outcome: Outcome) {
    if let Some(found) = outcomes.get_mut(place) {
        *found = Some(outcome);
    }
}

fn choose<'a>(acts: &'a [Signed], places: &[usize]) -> Vec<&'a Signed> {
    places.iter().filter_map(|place| acts.get(*place)).collect()
}

const fn skipped(reason: String) -> Outcome {
    Outcome::Skipped { reason }
}

impl Signed {
    /// As the contract takes it.
    fn for_contract(&self) -> abi::SignedAct {
        let (Terms { nonce, deadline, relayer }, (act, signer, signature)) = (self.terms(), self.parts());
        abi::SignedAct { signer, act, nonce, deadline: U48::from(deadline), relayer, signature }
    }
}

/// The contract, and the account that speaks to it.
#[derive(Clone, Copy)]
struct Node<'a> {
    sender: &'a Sender,
    contract: Address,
}

/// Why the gas of a transaction is not known.
struct NoEstimate {
    /// What the node or the contract says.
    words: String,
    /// Whether the contract said it: else it may be about the sender, whose ether limits the gas.
    is_revert: bool,
}

/// Whether the node ran what was asked of it, until it failed or had taken as long as the node lets a call run: a wallet
/// may mean that. Any other refusal is the node's own, as that it has too many requests, and no act is to blame.
fn has_run(error: &TransportError) -> bool {
    is_execution(error) || explain(error).contains("execution aborted")
}

impl Node<'_> {
    fn request(&self, input: Bytes) -> TransactionRequest {
        TransactionRequest::default().with_from(self.sender.account()).with_to(self.contract).with_input(input)
    }

    /// Calls the contract at a block. The inner error is what the node says of the call, in words.
    async fn ask<C: SolCall>(&self, call: C, block: u64) -> Result<Result<C::Return, String>> {
        match self.sender.provider().call(self.request(call.abi_encode().into())).number(block).await {
            Ok(data) => C::abi_decode_returns_validate(&data).map(Ok).map_err(|_| super::stranger(self.contract)),
            Err(error) if has_run(&error) => {
                Ok(Err(revert_data(&error).map_or_else(|| explain(&error), |data| in_words(&data))))
            }
            Err(error) => Err(eyre!("could not call {}: {}", self.contract, explain(&error))),
        }
    }

    /// The gas limit of a transaction with this input; or why there is none.
    async fn estimate(&self, input: Bytes) -> Result<Result<u64, NoEstimate>> {
        match self.sender.provider().estimate_gas(self.request(input)).await {
            Ok(gas) => Ok(Ok(gas_limit(gas))),
            Err(error) if has_run(&error) => Ok(Err(match revert_data(&error) {
                Some(data) => NoEstimate { words: in_words(&data), is_revert: true },
                None => NoEstimate { words: explain(&error), is_revert: false },
            })),
            Err(error) => Err(eyre!("could not estimate the gas: {}", explain(&error))),
        }
    }
}
