//! Calldata that no compiler makes: each function's arguments in good order, then damaged, sent to both sides.
//!
//! Both must take or refuse it alike, ours must never use up its gas as a trap does, and a round in which every call was
//! refused must leave every view as it was.

use alloy::{
    primitives::{Address, Log, U256},
    sol,
    sol_types::{SolCall, SolEvent},
};
use consilium_abi_syntax::Type;
use eyre::{Result, ensure, eyre};
use proptest::{collection::vec, prelude::*, sample::Index, strategy::ValueTree, test_runner::TestRunner};

use super::{
    action::Action,
    exceptions::{has_negative_offset, is_intended},
    pair::Pair,
    people::ACTORS,
    run::{Actor::Answered, Difference, Run, Tally, answer},
    script::Script,
    side::Mined,
};
use crate::{
    encodings::{cases, encode, types},
    peers::Peer,
};

sol! {
    /// `tests/peers/src/Actor.sol`
    interface Prober {
        event Drained(uint256 indexed index);
        function probe(address target, uint256 allowance, bytes[] calls) external;
    }
}

/// Gas of each call: more than any of them needs, and less than a transaction's share for [`AT_ONCE`] of them.
const ALLOWANCE: u64 = 1_000_000;
/// Calls in a transaction.
const AT_ONCE: usize = 24;
/// Whose ABI is used: OpenZeppelin's, the reference. In the order of [`Tally::mutated`].
const CONTRACTS: [&str; 3] = ["PeerTokenTime", "PeerGovernor", "PeerTimelock"];

/// A function, as far as calldata is concerned.
#[derive(Clone, Debug)]
struct Function {
    name: String,
    selector: [u8; 4],
    inputs: Vec<Type>,
}

/// Every function of a peer's ABI.
fn functions(peer: &str) -> Result<Vec<Function>> {
    let abi = Peer::load(peer)?.abi;
    let all = abi.functions().map(|function| {
        let inputs: Vec<_> = function.inputs.iter().map(|input| input.ty.as_str()).collect();
        Function {
            name: function.name.clone(),
            selector: function.selector().0,
            inputs: types(&format!("({})", inputs.join(", "))),
        }
    });
    Ok(all.collect())
}

/// Damaged calldata of one function; every fifth is whole. Words of `known` stand in for some arguments, so that calls come
/// further than the first check.
fn calls(function: &Function, known: Vec<U256>) -> impl Strategy<Value = Vec<u8>> + use<> {
    let (selector, inputs, taken) = (function.selector, function.inputs.clone(), function.inputs.clone());
    let good = cases::values(&inputs).prop_map(move |values| encode(&inputs, &values));
    let named = vec((any::<Index>(), any::<Index>()), 0..4);
    let damages = prop_oneof![1 => Just(Vec::new()), 4 => vec(cases::damage(), 1..4)];
    let cut = prop_oneof![40 => Just(4usize), 1 => 0usize..4];
    let bent = (good, named, damages, cut).prop_map(move |(mut data, named, damages, cut)| {
        let words = data.len() / 32;
        for (at, which) in named.iter().filter(|_| words > 0) {
            let at = 32 * at.index(words);
            data[at..at + 32].copy_from_slice(&which.get(&known).to_be_bytes::<32>());
        }
        damages.iter().for_each(|damage| cases::apply(damage, &mut data));
        // A selector that is cut short leaves no room for arguments.
        if cut < 4 { selector[..cut].to_vec() } else { [&selector[..], &data].concat() }
    });
    bent.prop_filter("Solidity takes it", move |call| !has_negative_offset(&taken, call.get(4..).unwrap_or_default()))
}

/// Runs a script and then `rounds` rounds of mutated calldata on the DAOs that it leaves.
///
/// # Errors
/// Where a chain fails. A difference is no error.
pub fn after(
    pair: &mut Pair,
    script: &Script,
    chance: &mut TestRunner,
    rounds: usize,
    tally: &mut Tally,
) -> Result<Option<Difference>> {
    let mut run = match Run::begin(pair, script, tally)? {
        Ok(run) => run,
        Err(difference) => return Ok(Some(difference)),
    };
    if let Some(difference) = run.all(&script.steps, &mut Vec::new())? {
        return Ok(Some(difference));
    }
    let what = run.mutate(chance, rounds)?;
    Ok(what.map(|what| Difference { step: None, what }))
}

impl Run<'_> {
    /// A damaged call of every function of every contract, `rounds` times, by each actor in turn.
    pub(super) fn mutate(&mut self, chance: &mut TestRunner, rounds: usize) -> Result<Option<String>> {
        for round in 0..rounds {
            for (place, peer) in CONTRACTS.iter().enumerate() {
                let target = [self.world.token, self.world.governor, self.world.timelock][place];
                for functions in functions(peer)?.chunks(AT_ONCE) {
                    let known = self.known_words();
                    let draw = |function| {
                        let tree = calls(function, known.clone()).new_tree(chance);
                        Ok(tree.map_err(|reason| eyre!("no calldata: {reason}"))?.current())
                    };
                    let calls = functions.iter().map(draw).collect::<Result<Vec<_>>>()?;
                    self.tally.mutated[place] += calls.len() as u64;
                    let actor = self.world.people.list[round % ACTORS];
                    if let Some(what) = self.probe(actor, target, functions, calls)? {
                        return Ok(Some(what));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Words that mean something to the contracts.
    fn known_words(&self) -> Vec<U256> {
        let accounts = self.world.people.list.iter().map(|account| account.into_word().into());
        let proposals = self.world.proposals.iter().map(|proposal| proposal.id);
        let operations = self.world.operations.iter().map(|operation| operation.id.into());
        accounts.chain(proposals).chain(operations).chain([0, 1, 27, self.world.clock() - 1].map(U256::from)).collect()
    }

    fn probe(
        &mut self,
        actor: Address,
        target: Address,
        functions: &[Function],
        calls: Vec<Vec<u8>>,
    ) -> Result<Option<String>> {
        let bytes = calls.iter().map(|call| call.clone().into()).collect();
        let probe = Prober::probeCall { target, allowance: U256::from(ALLOWANCE), calls: bytes };
        let [ours, peer] = self.pair.send(actor, 0, probe.abi_encode().into(), self.world.time)?;
        ensure!(ours.success && peer.success, "the prober itself ran out of gas");
        let of = |index: usize| {
            let (call, name) = (calls.get(index), functions.get(index).map(|function| &*function.name));
            format!("{} {}", name.unwrap_or("?"), alloy::hex::encode(call.map_or(&[][..], Vec::as_slice)))
        };
        if let Some((index, what)) = compare_answers(&ours.logs, &peer.logs, functions, &calls) {
            return Ok(Some(format!("call {}\n{what}", of(index))));
        }
        let drained = ours.logs.iter().find_map(|log| Prober::Drained::decode_log_data(&log.data).ok());
        if let Some(Prober::Drained { index }) = drained {
            return Ok(Some(format!("call {} used up its gas", of(index.to()))));
        }
        let before = std::mem::take(&mut self.world.seen).1;
        let difference = self.compare_views()?;
        if difference.is_none() && !succeeded(&ours, actor) && before != self.world.seen.1 {
            return Ok(Some(format!("calls that were all refused changed a view: {}", of(0))));
        }
        Ok(difference)
    }
}

/// The first call that the two did not answer alike, and how. What is malformed may differ as [`is_intended`] says.
fn compare_answers(ours: &[Log], peer: &[Log], functions: &[Function], calls: &[Vec<u8>]) -> Option<(usize, String)> {
    let intended = |index: usize, ours: &Log, peer: &Log| {
        let inputs = &functions.get(index)?.inputs;
        let arguments = calls.get(index)?.get(4..)?;
        (ours.topics() == peer.topics()).then_some(())?;
        Some(is_intended(&answer(ours)?, &answer(peer)?, inputs, arguments))
    };
    let mut index = 0;
    for (our, their) in ours.iter().zip(peer) {
        if our != their && intended(index, our, their) != Some(true) {
            return Some((index, format!("  ours {our:?}\n  peer {their:?}")));
        }
        index += usize::from(our.topics().first() == Some(&Answered::SIGNATURE_HASH));
    }
    (ours.len() != peer.len()).then(|| (index, format!("{} logs of ours, {} of the peer", ours.len(), peer.len())))
}

/// Whether any of the calls succeeded.
fn succeeded(mined: &Mined, actor: Address) -> bool {
    mined.logs.iter().filter(|log| log.address == actor).filter_map(answer).any(|answer| answer.success)
}

/// A script after which there is something to call: a proposal that is open, and an operation that waits.
pub fn prelude() -> Vec<Action> {
    use super::action::{Deed, Skew, Tail};
    let deeds = vec![Deed::Pay { to: 0, wei: 1 }];
    let predecessor = None;
    vec![
        Action::Wait { ticks: 5 },
        Action::Propose { by: 0, deeds: deeds.clone(), tail: Tail::None, skew: Skew::None },
        Action::Schedule { by: 0, deeds, batch: false, predecessor, salt: 1, delay: 30, skew: Skew::None },
        Action::Wait { ticks: 10 },
    ]
}
