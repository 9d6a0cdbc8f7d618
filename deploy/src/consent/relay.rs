//! Brings signed acts to the chain.
//!
//! Each act is checked without a node first, then all are tried in a call. What would not be performed is left out,
//! with the reason, and the rest is sent. Nothing is sent if nothing would be performed.
//!
//! `relay` skips an act whose signature cannot be checked for want of gas, so its own estimate may be too low. The gas is
//! that of `multicall` with the same acts, which fails as a whole if one of them does. A wallet or a verifier may behave
//! well in the estimate and use up all it gets in the transaction: what the contract gives it is added for each.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Consent as abi;
use eyre::{Result, ensure, eyre};

use super::act::{Act, Place};
use super::errors::in_words;
use super::signed::{Proven, Signed};
use super::{call, expect_contract};
use crate::chain::{Sender, gas_limit};
use crate::explain::{explain, revert_data};
use crate::parts;

/// The most acts of one transaction: more do not fit into a block's gas with certainty.
const MOST: usize = 100;

/// The most of them whose signer is a contract, or has a verifier: each is given [`VERIFIER_GAS`].
const MOST_VERIFIERS: usize = 16;

/// What such a signer may use up: the contract's limit, and the sixty-fourth part that the call keeps back.
const VERIFIER_GAS: u64 = 1_016_000;

/// The most bytes of calldata: a Nitro node takes transactions of 95,000 bytes.
const MOST_BYTES: usize = 90_000;

/// The most bytes of a signature and its signer. A passkey's are below a thousand.
const LONGEST_SIGNATURE: usize = 8_192;

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
/// If there are too many or they are too long, no consent contract is there, or the node does not answer.
pub async fn relay(sender: &Sender, contract: Address, acts: &[Signed]) -> Result<Relayed> {
    ensure!(acts.len() <= MOST, "there are {} acts: bring {MOST} at most at once", acts.len());
    let chain = sender.chain();
    let block = chain.head().await?;
    expect_contract(chain, contract, block).await?;
    let now = chain.time(block).await?;
    let place = Place { chain: chain.id(), contract };
    let mut outcomes: Vec<Option<Outcome>> =
        acts.iter().map(|act| refusal(act, place, now, sender.account()).map(skipped)).collect();

    let mut live: Vec<usize> = (0..acts.len()).filter(|place| matches!(outcomes.get(*place), Some(None))).collect();
    while !live.is_empty() {
        let refused = refused(sender, contract, &choose(acts, &live), block).await?;
        if refused.is_empty() {
            break;
        }
        // Who was refused has written nothing, so the others go on as before.
        for (index, reason) in refused.into_iter().rev() {
            let place = live.remove(index);
            if let Some(outcome) = outcomes.get_mut(place) {
                *outcome = Some(skipped(reason));
            }
        }
    }
    let verifiers = live.iter().filter(|place| acts.get(**place).is_some_and(|act| is_left_to_chain(act, now))).count();
    ensure!(
        verifiers <= MOST_VERIFIERS,
        "nothing was sent: {verifiers} acts are signed by contracts or verifiers, each of which may use {VERIFIER_GAS} gas: \
         bring {MOST_VERIFIERS} of them at most at once"
    );
    let mut relayed = Relayed { transaction: None, gas_used: 0, outcomes: Vec::new() };
    if !live.is_empty() {
        let sent: Vec<_> = choose(acts, &live);
        let spare = VERIFIER_GAS.saturating_mul(verifiers as u64);
        let receipt = send(sender, contract, &sent, spare).await?;
        (relayed.transaction, relayed.gas_used) = (Some(receipt.transaction_hash), receipt.gas_used);
        for (place, outcome) in live.iter().zip(read(&receipt, contract, &sent)) {
            if let Some(found) = outcomes.get_mut(*place) {
                *found = Some(outcome);
            }
        }
    }
    relayed.outcomes = outcomes.into_iter().flatten().collect();
    Ok(relayed)
}

fn choose<'a>(acts: &'a [Signed], places: &[usize]) -> Vec<&'a Signed> {
    places.iter().filter_map(|place| acts.get(*place)).collect()
}

fn skipped(reason: String) -> Outcome {
    Outcome::Skipped { reason }
}

/// Why an act is not tried at all.
fn refusal(act: &Signed, place: Place, now: u64, sender: Address) -> Option<String> {
    let own = act.place();
    if own.chain != place.chain {
        let (own, chain) = (own.chain, place.chain);
        return Some(format!("it is for chain {own}, and the node is of chain {chain}: take a node of chain {own}"));
    }
    if own.contract != place.contract {
        return Some(format!("it is for the contract {}: bring it there, by --contract", own.contract));
    }
    if let Err(error) = act.check(now) {
        return Some(error.to_string());
    }
    let length = act.signature_length();
    if length > LONGEST_SIGNATURE {
        return Some(format!(
            "its signature has {length} bytes, which is more than {LONGEST_SIGNATURE}: have it signed again"
        ));
    }
    let relayer = act.terms().relayer;
    let is_other = !relayer.is_zero() && relayer != sender;
    is_other.then(|| format!("only {relayer} may bring it, and {sender} sends: let {relayer} relay it"))
}

/// Whether only the chain can say who signed an act.
fn is_left_to_chain(act: &Signed, now: u64) -> bool {
    act.check(now).is_ok_and(|proven| proven == Proven::OnChain)
}

/// The places of the acts that would not be performed, and why.
async fn refused(sender: &Sender, contract: Address, acts: &[&Signed], block: u64) -> Result<Vec<(usize, String)>> {
    let signed = acts.iter().map(|act| act.for_contract()).collect();
    let done = call(sender.chain(), contract, sender.account(), abi::relayCall { signed }, block).await?;
    let done = done.map_err(|data| eyre!("the contract refuses all of them: {}", in_words(&data)))?;
    ensure!(done.len() == acts.len(), "the contract answers for {} acts, and {} were asked", done.len(), acts.len());
    let (mut performed, mut refused) = (Vec::new(), Vec::new());
    for (index, (act, done)) in acts.iter().zip(done).enumerate() {
        let own = one(act);
        if done {
            performed.push(own);
            continue;
        }
        // After those before it, and alone in being able to fail: what it reverts with is the reason.
        let data = [&performed[..], &[own]].concat();
        let answer = call(sender.chain(), contract, sender.account(), abi::multicallCall { data }, block).await?;
        refused.push((
            index,
            answer
                .err()
                .map_or_else(|| "the node answers differently each time: try again".to_owned(), |data| in_words(&data)),
        ));
    }
    Ok(refused)
}

/// The call that performs one act.
fn one(act: &Signed) -> Bytes {
    abi::actCall { signed: act.for_contract() }.abi_encode().into()
}

/// Sends the acts, with so much more gas than is estimated.
async fn send(sender: &Sender, contract: Address, acts: &[&Signed], spare: u64) -> Result<TransactionReceipt> {
    let request =
        |input: Bytes| TransactionRequest::default().with_from(sender.account()).with_to(contract).with_input(input);
    let (estimated, sent): (Bytes, Bytes) = match acts {
        [act] => (one(act), one(act)),
        acts => {
            let data = acts.iter().map(|act| one(act)).collect();
            let signed = acts.iter().map(|act| act.for_contract()).collect();
            (abi::multicallCall { data }.abi_encode().into(), abi::relayCall { signed }.abi_encode().into())
        }
    };
    let bytes = estimated.len().max(sent.len());
    ensure!(
        bytes <= MOST_BYTES,
        "nothing was sent: these {} acts are {bytes} bytes, and nodes take {MOST_BYTES} at once: bring fewer of them",
        acts.len()
    );
    let gas = sender.provider().estimate_gas(request(estimated)).await.map_err(|error| match revert_data(&error) {
        Some(data) => eyre!("the chain has changed meanwhile, so nothing was sent: {}", in_words(&data)),
        None => eyre!("could not estimate the gas: {}", explain(&error)),
    })?;
    sender.transact(request(sent).with_gas_limit(gas_limit(gas).saturating_add(spare)), parts::ALL).await
}

/// What a receipt says of each act that was sent.
fn read(receipt: &TransactionReceipt, contract: Address, acts: &[&Signed]) -> Vec<Outcome> {
    if !receipt.status() {
        let reason = "the transaction reverted: the chain has changed meanwhile, so try again".to_owned();
        return acts.iter().map(|_| skipped(reason.clone())).collect();
    }
    let logs: Vec<_> = receipt.logs().iter().filter(|log| log.address() == contract).collect();
    // Grants log in the order of the acts.
    let mut granted = logs.iter().filter_map(|log| abi::ConsentGranted::decode_log(&log.inner).ok());
    let of = |index: usize| {
        let mut skips = logs.iter().filter_map(|log| abi::ActSkipped::decode_log(&log.inner).ok());
        skips.find(|skip| skip.index == alloy::primitives::U256::from(index)).map(|skip| in_words(&skip.reason))
    };
    acts.iter()
        .enumerate()
        .map(|(index, act)| match of(index) {
            Some(reason) => skipped(reason),
            None => {
                let is_grant = matches!(act.act(), Some(Act::Grant(_)));
                let provision = if is_grant { granted.next().map(|event| event.number) } else { None };
                Outcome::Performed { provision }
            }
        })
        .collect()
}
