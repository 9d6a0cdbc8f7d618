//! What a look at the past costs when the past is long: reads of storage over a million checkpoints, and
//! OpenZeppelin's.

use std::collections::HashMap;

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolCall,
};
use consilium_bindings::VotingToken::*;
use eyre::{OptionExt, Result};
use harness::lookups::{History, Lookup, array_among, checkpoint, first_element, look, look_up, mapped, root_among};

use crate::setup::{Tokens, Who};

const MILLION: u32 = 1_000_000;
/// What may be read beyond a history of one checkpoint: a probe near the end, and a binary search of the rest.
const REACH: usize = 21;

/// The history: checkpoint `at` holds from `key(at)` on, and its value is `at + 1`.
fn key(at: u32) -> u64 {
    1_000_000_000 + 10 * u64::from(at)
}

fn word(at: u32) -> B256 {
    checkpoint(key(at), U256::from(at) + U256::ONE)
}

/// The places in the history to ask for: its ends, both sides of the probe, the places where a search of halves is longest,
/// and others spread over all of it.
fn places() -> Vec<u32> {
    let edges = [0, 1, 2, 499_999, 500_000, 998_998, 998_999, 999_000, 999_001, MILLION - 2, MILLION - 1];
    edges.into_iter().chain((0..40).map(|step| step * 24_989 + 7)).collect()
}

/// Asks at all places, and returns the most that was read.
async fn most<C: SolCall>(
    tokens: &Tokens,
    at: Address,
    call: impl Fn(U256) -> C,
    history: &History<'_>,
) -> Result<Lookup> {
    let mut most: Option<Lookup> = None;
    for place in places() {
        let lookup = look_up(&tokens.chain, at, &call(U256::from(key(place) + 5)), history).await?;
        assert_eq!(lookup.number(), U256::from(place) + U256::ONE, "after checkpoint {place}");
        if most.as_ref().is_none_or(|most| most.reads() < lookup.reads()) {
            most = Some(lookup);
        }
    }
    let before = look_up(&tokens.chain, at, &call(U256::from(key(0) - 1)), history).await?;
    assert_eq!(before.number(), U256::ZERO, "before the first checkpoint");
    most.ok_or_eyre("there are places")
}

/// A history of `length` in the peer's array, found by its own reads.
fn array(length: u32, slot: U256) -> impl Fn(U256) -> Option<B256> {
    let first = first_element(slot);
    move |asked| {
        if asked == slot {
            return Some(U256::from(length).into());
        }
        let at = asked.checked_sub(first).filter(|at| *at < U256::from(length))?;
        Some(word(at.to()))
    }
}

/// A history of `length` in ours: the number of checkpoints is in the seat's word, at bits 160 to 191.
fn seat(length: u32, slot: U256, stored: B256, positions: HashMap<U256, u32>) -> impl Fn(U256) -> Option<B256> {
    let mask: U256 = U256::from(u32::MAX) << 160;
    let counted: U256 = U256::from_be_bytes(stored.0) & !mask | U256::from(length) << 160;
    move |asked| {
        if asked == slot {
            return Some(counted.into());
        }
        positions.get(&asked).map(|at| word(*at))
    }
}

/// Our slots of the checkpoints of a trace, by their position.
fn positions(trace: U256, root: u64, length: u32) -> HashMap<U256, u32> {
    (0..length).map(|at| (mapped(trace << 32 | U256::from(at), root), at)).collect()
}

/// Compares a view over a million checkpoints with the same over one, ours and the peer's.
async fn compare<C: SolCall>(tokens: &Tokens, trace: U256, call: impl Fn(U256) -> C) -> Result<()> {
    let delegate = delegateCall { delegatee: tokens.account(Who::Alice) };
    tokens.call(Who::Alice, delegate).await?.succeeded();
    tokens.pass(1).await?;
    let past = U256::from(tokens.now().await? - 1);

    // Where ours keeps the history, by what it reads of its own single checkpoint.
    let found = look(&tokens.chain, tokens.ours, &call(past)).await?;
    let seats = root_among(&found.slots, trace).ok_or_eyre("the seat is read")?;
    let checkpoints = root_among(&found.slots, trace << 32).ok_or_eyre("the checkpoint is read")?;
    let slot = mapped(trace, seats);
    let stored = tokens.chain.storage(tokens.ours, slot).await?;
    let history = |length| seat(length, slot, stored, positions(trace, checkpoints, length));
    let one = look_up(&tokens.chain, tokens.ours, &call(past), &history(1)).await?;
    let ours = most(tokens, tokens.ours, &call, &history(MILLION)).await?;

    let found = look(&tokens.chain, tokens.peer, &call(past)).await?;
    let slot = array_among(&found.slots).ok_or_eyre("the peer's array is read")?;
    let peers_one = look_up(&tokens.chain, tokens.peer, &call(past), &array(1, slot)).await?;
    let peers = most(tokens, tokens.peer, &call, &array(MILLION, slot)).await?;

    println!(
        "{}: {} reads and {} gas over one checkpoint, {} and {} over a million; OpenZeppelin's {} and {}, {} and {}",
        C::SIGNATURE,
        one.reads(),
        one.gas,
        ours.reads(),
        ours.gas,
        peers_one.reads(),
        peers_one.gas,
        peers.reads(),
        peers.gas,
    );
    assert!(ours.reads() <= one.reads() + REACH, "{} reads, {} over one checkpoint", ours.reads(), one.reads());
    assert!(ours.reads() <= peers.reads(), "{} reads, {} by OpenZeppelin's", ours.reads(), peers.reads());
    // The history is really searched: fewer reads than halving takes would be no search.
    assert!(ours.reads() >= one.reads() + 19);
    Ok(())
}

#[tokio::test]
async fn past_votes_of_a_million_changes_take_a_search() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    let account = tokens.account(Who::Alice);
    let trace = U256::from_be_bytes(account.into_word().0);
    compare(&tokens, trace, |timepoint| getPastVotesCall { account, timepoint }).await
}

#[tokio::test]
async fn past_supply_of_a_million_changes_takes_a_search() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    // The supply's history has a key that no address has.
    compare(&tokens, U256::ONE << 160, |timepoint| getPastTotalSupplyCall { timepoint }).await
}
