//! Running a script on both sides, and comparing after each step.

use std::{collections::BTreeMap, fmt::Write};

use alloy::{
    primitives::{Log, hex},
    sol_types::{SolCall, SolEvent},
};
use eyre::{OptionExt, Result};

use super::{
    action::{Action, Flaw},
    exceptions::{Answer, is_intended_deployment},
    pair::Pair,
    people::{ACTORS, HOLDERS, SIGNERS},
    resolve::{Call, Todo},
    script::Script,
    side::{CONTRACTS, Constructed},
    views::{self, Question},
    world::World,
};
use crate::{actor::Actor, driven};

/// Something that the two sides did not do alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The step after which it was seen, counted from zero; none where the DAOs differ from the start.
    pub step: Option<usize>,
    /// What was seen.
    pub what: String,
}

/// How much was compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Steps with all views after them: of the token, the governor, the timelock, and others (time, payments).
    pub steps: [u64; 4],
    /// Calls that succeeded among them.
    pub succeeded: u64,
    /// Calls that reverted among them.
    pub reverted: u64,
    /// Views compared.
    pub views: u64,
    /// Calls with little gas: those answered as with plenty, and those cut short.
    pub scarce: [u64; 2],
    /// Deployments: those that both took, and those that both refused.
    pub deployments: [u64; 2],
    /// Calls with mutated calldata, to the token, the governor and the timelock.
    pub mutated: [u64; 3],
    /// How often a function did what: `governor castVote: succeeded`, `timelock execute: FailedCall`.
    pub outcomes: BTreeMap<String, u64>,
}

impl Tally {
    /// All steps.
    pub fn total(&self) -> u64 {
        self.steps.iter().sum()
    }

    /// Takes another's counts along.
    pub fn add(&mut self, other: &Self) {
        self.steps.iter_mut().zip(other.steps).for_each(|(all, more)| *all += more);
        self.mutated.iter_mut().zip(other.mutated).for_each(|(all, more)| *all += more);
        self.scarce.iter_mut().zip(other.scarce).for_each(|(all, more)| *all += more);
        self.deployments.iter_mut().zip(other.deployments).for_each(|(all, more)| *all += more);
        other.outcomes.iter().for_each(|(what, more)| *self.outcomes.entry(what.clone()).or_default() += more);
        self.succeeded += other.succeeded;
        self.reverted += other.reverted;
        self.views += other.views;
    }

    /// Counts what happened once more.
    pub(super) fn note(&mut self, outcome: String) {
        *self.outcomes.entry(outcome).or_default() += 1;
    }
}

/// Where a contract of the DAO is counted: token, timelock, governor are counted as token, governor, timelock, and then
/// the others.
pub(super) fn column(place: Option<usize>) -> usize {
    [0, 2, 1].get(place.unwrap_or(usize::MAX)).copied().unwrap_or(3)
}

/// A script under way.
pub(super) struct Run<'a> {
    pub(super) pair: &'a mut Pair,
    pub(super) world: World,
    pub(super) tally: &'a mut Tally,
}

/// Runs a script on fresh DAOs. `comments` gets a line on what each step did.
///
/// # Errors
/// Where a chain fails. A difference is no error.
pub fn run(
    pair: &mut Pair,
    script: &Script,
    tally: &mut Tally,
    comments: &mut Vec<String>,
) -> Result<Option<Difference>> {
    match Run::begin(pair, script, tally)? {
        Begun::Running(mut run) => run.all(&script.steps, comments),
        Begun::Refused => Ok(None),
        Begun::Different(difference) => Ok(Some(difference)),
    }
}

/// What became of two deployments.
pub(super) enum Begun<'a> {
    /// Two DAOs, alike so far.
    Running(Box<Run<'a>>),
    /// Both were refused alike.
    Refused,
    /// They differ already.
    Different(Difference),
}

impl<'a> Run<'a> {
    /// Makes both DAOs, and takes the steps without which nothing could be decided or paid.
    pub(super) fn begin(pair: &'a mut Pair, script: &Script, tally: &'a mut Tally) -> Result<Begun<'a>> {
        let [ours, peer] = pair.begin(&script.setup)?;
        let different = |what| Ok(Begun::Different(Difference { step: None, what }));
        if ours != peer && !is_intended_deployment(&script.setup, &ours, &peer) {
            return different(format!("constructors\n  ours {}\n  peer {}", told(pair, &ours), told(pair, &peer)));
        }
        let refusal = peer.last().and_then(|last| Some((last.name, pair.name(last.refusal.as_ref()?))));
        tally.deployments[usize::from(refusal.is_some())] += 1;
        if let Some((contract, name)) = refusal {
            tally.note(format!("deployment: {contract}: {name}"));
            return Ok(Begun::Refused);
        }
        let world = World::new(pair.people.clone(), pair.dao, script.setup.timestamps);
        let mut run = Self { pair, world, tally };
        for step in prelude() {
            if let (_, Some(what)) = run.take(&step)? {
                return different(format!("{step:?}\n{what}"));
            }
        }
        Ok(Begun::Running(Box::new(run)))
    }

    /// Takes steps until one shows a difference.
    pub(super) fn all(&mut self, steps: &[Action], comments: &mut Vec<String>) -> Result<Option<Difference>> {
        for (at, step) in steps.iter().enumerate() {
            let (comment, difference) = self.take(step)?;
            comments.push(comment);
            if let Some(what) = difference {
                return Ok(Some(Difference { step: Some(at), what }));
            }
        }
        Ok(None)
    }

    /// Takes a step: what it did, in a line, and how the two sides differ after it.
    pub(super) fn take(&mut self, step: &Action) -> Result<(String, Option<String>)> {
        let (comment, difference) = match self.world.resolve(step)? {
            Todo::Wait { time, block } => {
                self.pair.wait(time, block)?;
                (self.world.time, self.world.block) = (time, block);
                self.tally.steps[3] += 1;
                (format!("time {time}, block {block}"), None)
            }
            Todo::Nothing => return Ok(("the next call gets little gas".to_owned(), None)),
            Todo::Call(call) => match self.world.share.take() {
                Some(share) => self.scarce(&call, share)?,
                None => self.call(&call)?,
            },
            Todo::Probe(probe) => return self.probe(&probe),
        };
        if difference.is_some() {
            return Ok((comment, difference));
        }
        Ok((comment, self.compare_views()?))
    }

    /// What a call is called.
    pub(super) fn named(&self, call: &Call) -> String {
        let what = if call.data.is_empty() { "payment".to_owned() } else { self.pair.name(&call.data) };
        let place = self.pair.dao.iter().position(|contract| *contract == call.to);
        place.map_or(what.clone(), |place| format!("{} {what}", CONTRACTS[place]))
    }

    fn call(&mut self, call: &Call) -> Result<(String, Option<String>)> {
        let act = Actor::actCall {
            target: call.to,
            value: alloy::primitives::U256::from(call.wei),
            data: call.data.clone().into(),
        };
        let [ours, peer] = self.pair.send(call.by, 0, act.abi_encode().into(), self.world.time)?;
        let place = self.pair.dao.iter().position(|contract| *contract == call.to);
        self.tally.steps[column(place)] += 1;
        let answer =
            ours.logs.last().and_then(answer).ok_or_eyre("the actor ran out of gas: it logs an answer last")?;
        *(if answer.success { &mut self.tally.succeeded } else { &mut self.tally.reverted }) += 1;
        let what = self.named(call);
        let did = if answer.success { "succeeded".to_owned() } else { self.pair.name(&answer.data) };
        let comment = format!("{what}: {did}");
        self.tally.note(comment.clone());
        Ok((comment, compare_logs(&ours.logs, &peer.logs)))
    }

    /// Asks both sides everything.
    pub(super) fn compare_views(&mut self) -> Result<Option<String>> {
        let questions = views::questions(&self.world);
        let [ours, peer] = self.pair.read(&views::row(&questions))?;
        self.tally.views += questions.len() as u64;
        let answers = driven::answers(&ours)?;
        let difference =
            (ours != peer).then(|| self.describe(&questions, &answers, &driven::answers(&peer)?)).transpose()?;
        self.world.seen = (questions, answers);
        Ok(difference)
    }

    fn describe(&self, questions: &[Question], ours: &[Answer], peer: &[Answer]) -> Result<String> {
        let mut text = String::new();
        let differ = questions.iter().zip(ours.iter().zip(peer)).filter(|(_, (ours, peer))| ours != peer);
        for (Question { data, to }, (ours, peer)) in differ.take(5) {
            let name = if data.is_empty() { format!("balance of {to}") } else { self.pair.name(data) };
            let arguments = hex::encode(data.get(4..).unwrap_or_default());
            writeln!(text, "{name}({arguments})\n  ours {}\n  peer {}", shown(ours), shown(peer))?;
        }
        Ok(text)
    }
}

/// Everybody who has votes uses them, and the treasury gets tokens and ether.
fn prelude() -> Vec<Action> {
    let (wallet, timelock) = (HOLDERS as u8 - 1, HOLDERS as u8 + 4);
    let mut steps = vec![
        Action::Delegate { by: 0, to: 0 },
        Action::Delegate { by: 1, to: 1 },
        Action::Delegate { by: 2, to: 2 },
        Action::Delegate { by: 3, to: wallet },
    ];
    steps.extend((0..SIGNERS as u8).map(|signer| {
        let (to, flaw) = (ACTORS as u8 + signer, Flaw::None);
        Action::DelegateBySig { by: 0, signer, to, flaw }
    }));
    steps.push(Action::Transfer { by: 3, to: timelock, amount: 200 });
    steps.push(Action::Pay { by: 0, to: timelock, wei: 1_000 });
    steps.push(Action::Wait { ticks: 1 });
    steps
}

/// What the last of the constructors that ran did.
fn told(pair: &Pair, contracts: &[Constructed]) -> String {
    let did = |contract: &Constructed| match &contract.refusal {
        Some(data) => format!("{}: {} {}", contract.name, pair.name(data), hex::encode(data)),
        None => format!("{}: {:?}", contract.name, contract.logs),
    };
    contracts.last().map(did).unwrap_or_default()
}

/// How the logs differ, those of the actors with return and revert data among them.
pub(crate) fn compare_logs(ours: &[Log], peer: &[Log]) -> Option<String> {
    if ours == peer {
        return None;
    }
    let at = ours.iter().zip(peer).take_while(|(ours, peer)| ours == peer).count();
    let line = |log: Option<&Log>| log.map_or("none".to_owned(), |log| format!("{log:?}"));
    Some(format!("log {at}\n  ours {}\n  peer {}\n", line(ours.get(at)), line(peer.get(at))))
}

/// The answer that an actor logged, if that is what the log is.
pub(crate) fn answer(log: &Log) -> Option<Answer> {
    let Actor::Answered { success, data, .. } = Actor::Answered::decode_log_data(&log.data).ok()?;
    Some(Answer { success, data: data.into() })
}

pub(crate) fn shown(answer: &Answer) -> String {
    format!("{} {}", if answer.success { "returned" } else { "reverted" }, hex::encode(&answer.data))
}
