//! Calldata that no compiler makes: each function's arguments in good order, then damaged, sent to both sides; and each
//! function called with ether.
//!
//! Both must take or refuse it alike, ours must never use up its gas as a trap does, and a step in which every call was
//! refused must leave every view as it was.

use alloy::{
    json_abi::Param,
    primitives::{Address, Bytes, Log, U256},
    sol_types::{SolCall, SolEvent},
};
use consilium_abi_syntax::Type;
use encodings::{cases, encode, types_with};
use eyre::{Result, ensure, eyre};
use proptest::{collection::vec, prelude::*, sample::Index, strategy::ValueTree, test_runner::TestRunner};

use super::{
    action::Action,
    exceptions::{has_negative_offset, is_intended},
    people::{ACTORS, CONTRACTS},
    resolve::Probe,
    run::{Difference, Run, answer, column},
    side::CONTRACTS as NAMES,
};
use crate::{
    actor::{Actor, Actor::Answered},
    driven::Mined,
    peers::Peer,
};

/// Gas of each call: more than any of them needs, and less than a transaction's share for [`AT_ONCE`] of them.
const ALLOWANCE: u64 = 1_000_000;
/// Calls in a transaction.
const AT_ONCE: usize = 24;

/// What is to be made of each function's calldata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Mostly damaged, now and then with a wei.
    Damaged,
    /// In good order, with a wei.
    Paid,
}

/// A function, as far as calldata is concerned.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) selector: [u8; 4],
    pub(crate) inputs: Vec<Type>,
}

/// The functions of token, timelock and governor by OpenZeppelin's ABI, the reference.
pub(super) fn interfaces() -> Result<[Vec<Function>; 3]> {
    Ok([functions("PeerTokenTime")?, functions("PeerTimelock")?, functions("PeerGovernor")?])
}

/// The functions of a peer.
pub(crate) fn functions(peer: &str) -> Result<Vec<Function>> {
    let abi = Peer::load(peer)?.abi;
    let all = abi.functions().map(|function| {
        let mut structs = Vec::new();
        let inputs: Vec<_> = function.inputs.iter().map(|input| spelt(input, &mut structs)).collect();
        let (name, selector) = (function.name.clone(), function.selector().0);
        Function { name, selector, inputs: types_with(&structs.concat(), &inputs.join(", ")) }
    });
    Ok(all.collect())
}

/// A parameter's type. A struct is declared among the structs: ABIs have tuples.
fn spelt(input: &Param, structs: &mut Vec<String>) -> String {
    let Some(dimensions) = input.ty.strip_prefix("tuple") else { return input.ty.clone() };
    let fields = input.components.iter().enumerate();
    let fields: String = fields.map(|(at, field)| format!("{} f{at}; ", spelt(field, structs))).collect();
    let name = format!("S{}", structs.len());
    structs.push(format!("struct {name} {{ {fields}}} "));
    format!("{name}{dimensions}")
}

/// Calldata of one function. Words of `known` stand in for some arguments, so that calls come further than the first check.
/// Where it is damaged, every fifth is whole.
pub(crate) fn calls(function: &Function, known: Vec<U256>, manner: Manner) -> impl Strategy<Value = Bytes> + use<> {
    let (selector, inputs) = (function.selector, function.inputs.clone());
    let good = cases::values(&inputs).prop_map(move |values| encode(&inputs, &values));
    let named = vec((any::<Index>(), any::<Index>()), 0..4);
    let damages = prop_oneof![1 => Just(Vec::new()), 4 => vec(cases::damage(), 1..4)];
    let cut = prop_oneof![40 => Just(4usize), 1 => 0usize..4];
    (good, named, damages, cut).prop_map(move |(mut data, named, damages, cut)| {
        if manner == Manner::Paid {
            return [&selector[..], &data].concat().into();
        }
        let words = data.len() / 32;
        for (at, which) in named.iter().filter(|_| words > 0) {
            let at = 32 * at.index(words);
            data[at..at + 32].copy_from_slice(&which.get(&known).to_be_bytes::<32>());
        }
        damages.iter().for_each(|damage| cases::apply(damage, &mut data));
        // A selector that is cut short leaves no room for arguments.
        if cut < 4 { selector[..cut].to_vec().into() } else { [&selector[..], &data].concat().into() }
    })
}

fn draw<S: Strategy>(strategy: S, chance: &mut TestRunner) -> Result<S::Value> {
    Ok(strategy.new_tree(chance).map_err(|reason| eyre!("no calldata: {reason}"))?.current())
}

impl Run<'_> {
    /// Takes further steps: a call of every function of every contract, `rounds` times, by each actor in turn. The steps
    /// are added to those that were taken.
    pub(super) fn probe_all(
        &mut self,
        chance: &mut TestRunner,
        (manner, rounds): (Manner, usize),
        steps: &mut Vec<Action>,
    ) -> Result<Option<Difference>> {
        for (round, place) in (0..rounds).flat_map(|round| (0..NAMES.len()).map(move |place| (round, place))) {
            let interfaces = self.pair.interfaces.clone();
            for functions in interfaces[place].chunks(AT_ONCE) {
                let known = self.known_words();
                let calls = functions.iter().map(|function| draw(calls(function, known.clone(), manner), chance));
                let calls = calls.collect::<Result<Vec<_>>>()?;
                let wei = u64::from(manner == Manner::Paid || draw(prop::bool::weighted(0.25), chance)?);
                let step = Action::Probe { by: (round % ACTORS) as u8, to: CONTRACTS[place], wei, calls };
                steps.push(step.clone());
                if let (_, Some(what)) = self.take(&step)? {
                    return Ok(Some(Difference { step: Some(steps.len() - 1), what }));
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

    /// The function that a call means, where there is one.
    fn function(&self, place: Option<usize>, call: &[u8]) -> Option<&Function> {
        self.pair.interfaces[place?].iter().find(|function| call.starts_with(&function.selector))
    }

    /// Makes the calls, compares what they answered, and the views after them.
    pub(super) fn probe(&mut self, probe: &Probe) -> Result<(String, Option<String>)> {
        let Probe { by, to, wei, calls } = probe;
        let place = self.pair.dao.iter().position(|contract| contract == to);
        let taken_by_solidity = |call: &&Bytes| {
            let function = self.function(place, call);
            function.is_some_and(|function| has_negative_offset(&function.inputs, call.get(4..).unwrap_or_default()))
        };
        let calls: Vec<Bytes> = calls.iter().filter(|call| !taken_by_solidity(call)).cloned().collect();
        let (allowance, value) = (U256::from(ALLOWANCE), U256::from(*wei));
        let data = Actor::probeCall { target: *to, allowance, value, calls: calls.clone() }.abi_encode();
        let [ours, peer] = self.pair.send(*by, 0, data.into(), self.world.time)?;
        ensure!(ours.success && peer.success, "the prober itself ran out of gas");
        let functions: Vec<_> = calls.iter().map(|call| self.function(place, call)).collect();
        let told = |index: usize| {
            let name = functions.get(index).copied().flatten().map_or("no function", |function| &*function.name);
            format!("{name} {}", calls.get(index).map(Bytes::to_string).unwrap_or_default())
        };
        let answers: Vec<bool> = answers(&ours, *by);
        let succeeded = answers.iter().filter(|success| **success).count();
        let comment = format!("{succeeded} of {} calls succeeded", calls.len());
        if let Some((index, what)) = compare_answers(&ours.logs, &peer.logs, &functions, &calls) {
            return Ok((comment, Some(format!("call {}\n{what}", told(index)))));
        }
        let drained = ours.logs.iter().find_map(|log| Actor::Drained::decode_log_data(&log.data).ok());
        if let Some(Actor::Drained { index }) = drained {
            return Ok((comment, Some(format!("call {} used up its gas", told(index.to())))));
        }
        let paid: Vec<String> = functions
            .iter()
            .zip(&answers)
            .filter(|_| *wei > 0)
            .filter_map(|(function, success)| {
                let did = if *success { "taken" } else { "refused" };
                Some(format!("{} {} with ether: {did}", NAMES[place?], (*function)?.name))
            })
            .collect();
        if let Some(mutated) = self.tally.mutated.get_mut(column(place)) {
            *mutated += calls.len() as u64;
        }
        paid.into_iter().for_each(|outcome| self.tally.note(outcome));
        let before = std::mem::take(&mut self.world.seen).1;
        let difference = self.compare_views()?;
        if difference.is_none() && succeeded == 0 && before != self.world.seen.1 {
            return Ok((comment, Some("calls that were all refused changed a view".to_owned())));
        }
        Ok((comment, difference))
    }
}

/// The first call that the two did not answer alike, and how. What is malformed may differ as [`is_intended`] says.
pub(crate) fn compare_answers(
    ours: &[Log],
    peer: &[Log],
    functions: &[Option<&Function>],
    calls: &[Bytes],
) -> Option<(usize, String)> {
    let intended = |index: usize, ours: &Log, peer: &Log| {
        let inputs = &functions.get(index).copied().flatten()?.inputs;
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

/// Whether each of the calls succeeded.
fn answers(mined: &Mined, actor: Address) -> Vec<bool> {
    mined.logs.iter().filter(|log| log.address == actor).filter_map(answer).map(|answer| answer.success).collect()
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
