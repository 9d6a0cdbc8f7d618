//! Taking a walk's steps on both sides, and comparing after each.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, Log, U256, hex},
    sol_types::SolCall,
};
use eyre::{OptionExt, Result, ensure};

use super::{Call, Damaged, Done, Todo, Walk, pair::Pair};
use crate::{
    actor::Actor,
    differential::{
        calldata::{Function, functions},
        exceptions::Answer,
        run::{answer, compare_logs, shown},
        views::{Question, row},
    },
    driven::{BEGINNING, answers},
};

/// A day less than a program lives without being renewed, in seconds.
const LIFE: u64 = 364 * 86_400;

/// Something that the two sides did not do alike, or that must not be.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The step after which it was seen, counted from zero.
    pub step: usize,
    /// What was seen.
    pub what: String,
}

/// How much was compared.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Steps with all views after them.
    pub steps: u64,
    /// Views that were compared.
    pub views: u64,
    /// Calls with damaged calldata.
    pub damaged: u64,
    /// How often each function ended in which way.
    pub outcomes: BTreeMap<String, u64>,
}

impl Tally {
    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.views += other.views;
        self.damaged += other.damaged;
        other.outcomes.iter().for_each(|(what, times)| *self.outcomes.entry(what.clone()).or_default() += times);
    }

    /// Asserts that a share of the test run was worth it: each of these happened, and many calls were damaged.
    ///
    /// # Panics
    /// If it was not.
    pub fn went_far(&self, outcomes: &[&str]) {
        let never: Vec<_> = outcomes.iter().filter(|outcome| !self.outcomes.contains_key(**outcome)).collect();
        assert!(never.is_empty(), "never {never:?}: {:#?}", self.outcomes);
        assert!(self.damaged > self.steps / 10, "{} damaged calls", self.damaged);
    }

    pub(super) fn note(&mut self, what: &str) {
        *self.outcomes.entry(what.to_owned()).or_default() += 1;
    }
}

/// A script that runs.
pub(super) struct Run<'a, W: Walk> {
    pub(super) pair: &'a mut Pair,
    pub(super) world: W::World,
    pub(super) tally: &'a mut Tally,
    /// The functions of the contract, by the peer's ABI.
    pub(super) functions: &'a [Function],
    pub(super) names: &'a Names,
    pub(super) seen: Vec<(Question, Answer)>,
}

/// What selectors stand for.
pub struct Names(BTreeMap<[u8; 4], String>);

impl Names {
    /// Those of the contract and its helpers.
    ///
    /// # Errors
    /// Where a peer cannot be compiled.
    pub fn of<W: Walk>(pair: &Pair) -> Result<Self> {
        let mut names = BTreeMap::from([([0x4e, 0x48, 0x7b, 0x71], "Panic".to_owned())]);
        let before = W::before(&|_| Address::ZERO);
        let helpers = before.into_iter().chain(W::helpers(pair.cast.contract)).map(|helper| helper.0);
        for peer in helpers.chain([W::PEER]) {
            let abi = crate::peers::Peer::load(peer)?.abi;
            names.extend(abi.functions().map(|function| (function.selector().0, function.name.clone())));
            names.extend(abi.errors().map(|error| (error.selector().0, error.name.clone())));
        }
        Ok(Self(names))
    }

    pub(super) fn name(&self, data: &[u8]) -> String {
        let Some(selector) = data.first_chunk() else { return "(nothing)".to_owned() };
        self.0.get(selector).cloned().unwrap_or_else(|| hex::encode_prefixed(selector))
    }
}

/// Runs a script on a fresh pair. What each step did is added to `comments`.
///
/// # Errors
/// Where a chain fails. A difference is no error.
pub fn run<W: Walk>(
    pair: &mut Pair,
    steps: &[W::Step],
    tally: &mut Tally,
    comments: &mut Vec<String>,
) -> Result<Option<Difference>> {
    pair.begin()?;
    let (world, mut functions, names) = (W::world(&pair.cast), functions(W::PEER)?, Names::of::<W>(pair)?);
    // Ours has a constructor instead.
    functions.retain(|function| !W::BEHIND_PROXY || function.name != "initialize");
    let (functions, names) = (&functions, &names);
    let mut run: Run<'_, W> = Run { pair, world, tally, functions, names, seen: Vec::new() };
    if let Some(what) = run.compare_views()? {
        return Ok(Some(Difference { step: 0, what }));
    }
    for (index, step) in steps.iter().enumerate() {
        let (comment, difference) = run.take(step)?;
        comments.push(comment);
        if let Some(what) = difference {
            return Ok(Some(Difference { step: index, what }));
        }
    }
    Ok(None)
}

impl<W: Walk> Run<'_, W> {
    fn take(&mut self, step: &W::Step) -> Result<(String, Option<String>)> {
        self.tally.steps += 1;
        let now = self.pair.now;
        let todo = W::resolve(&mut self.world, step, now);
        match &todo {
            Todo::Nothing => Ok(("nothing".to_owned(), None)),
            Todo::Wait(seconds) if now + seconds > BEGINNING + LIFE => {
                Ok(("the program would expire".to_owned(), None))
            }
            Todo::Wait(seconds) => {
                self.pair.wait(*seconds)?;
                let difference = self.look(None, None, &[], None)?;
                Ok((format!("{seconds} seconds pass"), difference))
            }
            Todo::Call(call) => self.call(call),
            Todo::Damage(by, seed) => self.damage(*by, *seed),
        }
    }

    fn call(&mut self, call: &Call) -> Result<(String, Option<String>)> {
        let (logs, difference) = match call.share {
            Some(share) => self.scarce(call, share)?,
            None => {
                let value = U256::from(call.wei);
                let act = Actor::actCall { target: call.to, value, data: call.data.clone() }.abi_encode();
                let by = self.pair.cast.actors[call.by];
                let [ours, peer] = self.pair.send(by, [act.clone().into(), act.into()])?;
                let difference = compare_logs(&ours.logs, &peer.logs);
                (ours.logs, difference)
            }
        };
        let answered = logs.last().and_then(answer).ok_or_eyre("the actor ran out of gas: it logs an answer last")?;
        let did = if answered.success { "succeeded".to_owned() } else { self.names.name(&answered.data) };
        let scarce = if call.share.is_some() { "scarce " } else { "" };
        let comment = format!("{scarce}{}: {did}", self.names.name(&call.data));
        self.tally.note(&comment);
        let difference = match difference {
            Some(difference) => Some(difference),
            None => self.look(Some(call), Some(&answered), &logs, None)?,
        };
        Ok((comment, difference))
    }

    /// Compares all views, and lets the walk look at what was done.
    pub(super) fn look(
        &mut self,
        call: Option<&Call>,
        answer: Option<&Answer>,
        logs: &[Log],
        damaged: Option<Damaged<'_>>,
    ) -> Result<Option<String>> {
        let before = std::mem::take(&mut self.seen);
        if let Some(difference) = self.compare_views()? {
            return Ok(Some(difference));
        }
        if W::STORES_ALIKE
            && let Some(difference) = self.pair.compare_storage()?
        {
            return Ok(Some(difference));
        }
        let storage = if W::looks_at_storage(logs) { Some(self.pair.storage()?) } else { None };
        let (now, storage) = (self.pair.now, storage.as_deref());
        let done = Done { call, answer, logs, damaged, storage, now, before: &before, after: &self.seen };
        Ok(W::look(&mut self.world, &done))
    }

    /// The view that used up all its gas, so that the others could not be asked.
    fn drained(&mut self, questions: &[Question]) -> Option<String> {
        questions.iter().filter(|question| !question.data.is_empty()).find_map(|Question { to, data }| {
            let side = (0..2).find(|side| {
                let answer = self.pair.call(*side, *to, data);
                answer.is_err_and(|error| error.to_string().contains("out of gas"))
            })?;
            let (side, name) = (["ours", "the peer"][side], self.names.name(data));
            Some(format!("{name}({}) of {side} used up its gas", hex::encode(&data[4..])))
        })
    }

    /// Asks both sides everything.
    fn compare_views(&mut self) -> Result<Option<String>> {
        let questions = W::questions(&self.world, self.pair.now);
        let [ours, peer] = match self.pair.read(&row(&questions)) {
            Ok(answers) => answers,
            Err(error) => return self.drained(&questions).ok_or(error).map(Some),
        };
        self.tally.views += questions.len() as u64;
        let answered = answers(&ours)?;
        ensure!(answered.len() == questions.len(), "an answer is missing");
        let difference = if ours == peer {
            None
        } else {
            let theirs = answers(&peer)?;
            let pairs = questions.iter().zip(answered.iter().zip(&theirs)).filter(|(_, (ours, peer))| ours != peer);
            let line = |(Question { data, .. }, (ours, peer)): (&Question, (&Answer, &Answer))| {
                let (name, arguments) = (self.names.name(data), hex::encode(data.get(4..).unwrap_or_default()));
                format!("{name}({arguments})\n  ours {}\n  peer {}\n", shown(ours), shown(peer))
            };
            Some(pairs.take(5).map(line).collect())
        };
        self.seen = questions.into_iter().zip(answered).collect();
        Ok(difference)
    }
}
