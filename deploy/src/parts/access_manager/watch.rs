//! Functions that watch others: what one office does, another can stop or judge for some time.
//!
//! Whoever holds the functions counts, whatever the office is called: the allow-list gives the responders functions of
//! other offices.

use std::iter;

use super::allowed::selector;
use super::{Member, offices};
use crate::config::moment::Moment;
use crate::config::rules::refuse;
use crate::config::{Refusal, Sections};
use crate::part::Name;
use crate::permissions::{Party, Permissions, Power};

/// Never, as an end.
const NEVER: u64 = u64::MAX;

/// A function of a contract, and the one that watches it.
#[derive(Debug)]
pub(crate) struct Watch {
    /// The contract.
    pub(crate) contract: Name,
    /// What is watched, by its signature.
    pub(crate) act: &'static str,
    /// What answers it.
    pub(crate) answer: &'static str,
    /// For how many seconds an act can be answered.
    pub(crate) time: u32,
    /// What happens then, as "an epoch can be claimed after its `window`".
    pub(crate) due: &'static str,
    /// What is wrong with an account that has both, as "would watch its own epochs".
    pub(crate) own: &'static str,
}

/// The members that may call a function of a contract by the settings, each with the name of its office.
pub(crate) fn callers(sections: &Sections, contract: Name, signature: &str) -> Vec<(&'static str, Member)> {
    let function = (contract, selector(signature));
    let able = offices(sections).into_iter().filter(|office| office.functions.contains(&function));
    able.flat_map(|office| iter::repeat(office.name).zip(office.members)).collect()
}

impl Watch {
    /// Nobody watches itself, nobody who answers is too slow, and somebody is there to answer the last act in its time.
    /// Where nobody can act or nobody can answer, there is nothing to refuse.
    pub(crate) fn check(&self, sections: &Sections) -> Result<(), Refusal> {
        let [actors, watchers] = [self.act, self.answer].map(|function| callers(sections, self.contract, function));
        let [act, answer] = [self.act, self.answer].map(bare);
        let Self { time, due, own, .. } = self;
        for (office, watcher) in &watchers {
            let as_well = actors.iter().find(|(_, actor)| actor.is(watcher));
            if let Some((other, _)) = as_well {
                let reason =
                    format!("`{office}`: {watcher} can call `{act}` too, as one of `{other}`, and {own}: name another");
                return refuse(&watcher.place, reason);
            }
            if watcher.delay >= *time {
                let reason = format!(
                    "`{office}`: {watcher} acts {} seconds after it announces it, and {due}, {time} seconds: give it a \
                     shorter delay",
                    watcher.delay
                );
                return refuse(&watcher.place, reason);
            }
        }
        let Some((office, last)) = watchers.iter().max_by_key(|(_, watcher)| end(watcher)) else { return Ok(()) };
        let acts_end = last_end(actors.iter().map(|(_, actor)| end(actor)));
        let Some(until) = last.until.as_ref().filter(|_| is_left(acts_end, end(last), *time)) else { return Ok(()) };
        let (ends, more) = match acts_end {
            NEVER => ("for ever".to_owned(), "leave out `until` here, or write one there".to_owned()),
            end => {
                let needed = Moment(end.saturating_add(u64::from(*time)));
                (format!("until {}", Moment(end)), format!("write {needed} or later here"))
            }
        };
        let reason = format!(
            "`{office}`: from {} on nobody can call `{answer}`, and `{act}` can be called {ends}; {due}, {time} seconds: \
             {more}",
            until.get_ref()
        );
        refuse(until, reason)
    }

    /// Says of the powers in the table that whoever answers an act can stop it: for acts whose answer undoes them.
    pub(crate) fn stops(&self, permissions: &mut Permissions) {
        let this = Party::Contract(self.contract);
        let of = |power: &Power, function: &str| power.target == this && power.functions == [function];
        let answers = |power: &&Power| power.target == this && power.functions.iter().any(|own| own == self.answer);
        let is_account = |party: &Party| !matches!(party, Party::Contract(_) | Party::Whoever("nobody"));
        let able = permissions.powers.iter().filter(answers).map(|power| power.holder.clone());
        let able: Vec<Party> = able.filter(is_account).collect();
        for power in permissions.powers.iter_mut().filter(|power| of(power, self.act)) {
            power.also_stopped_by(able.iter().cloned());
        }
    }

    /// What the settings would refuse, of powers that are in the table now.
    pub(crate) fn notes(&self, permissions: &Permissions) -> Vec<String> {
        let this = Party::Contract(self.contract);
        // A vote is no office, and the manager itself asks its table.
        let held = |function: &str| -> Vec<&Power> {
            let is_account = |holder: &Party| !matches!(holder, Party::Contract(_) | Party::Whoever("nobody"));
            let has = |power: &&Power| {
                power.target == this && power.functions.iter().any(|own| own == function) && is_account(&power.holder)
            };
            permissions.powers.iter().filter(has).collect()
        };
        let [actors, watchers] = [self.act, self.answer].map(held);
        let [act, answer] = [self.act, self.answer].map(bare);
        let Self { contract, time, due, own, .. } = self;
        let mut notes = Vec::new();
        for watcher in &watchers {
            let who = &watcher.holder;
            if actors.iter().any(|actor| actor.holder == *who) {
                notes.push(format!("{who} can call `{act}` and `{answer}` of the {contract}, and {own}"));
            }
            if watcher.delay >= u64::from(*time) {
                let delay = watcher.delay;
                notes.push(format!(
                    "{who} waits {delay} seconds for `{answer}`, and {due}, {time} seconds: it is too slow"
                ));
            }
        }
        let end = |power: &&Power| power.until.map_or(NEVER, |until| until.0);
        let [acts_end, answers_end] = [&actors, &watchers].map(|powers| last_end(powers.iter().map(end)));
        if is_left(acts_end, answers_end, *time) {
            notes.push(format!(
                "accounts can call `{act}` of the {contract} when nobody can call `{answer}` in time any more, but by a \
                 vote; {due}, {time} seconds: let somebody hold the second for that much longer than the first"
            ));
        }
        notes
    }
}

/// Whether an act can be left without an answer in its time, where the last that can act and answer end then.
fn is_left(acts_end: u64, answers_end: u64, time: u32) -> bool {
    acts_end != 0 && answers_end < acts_end.saturating_add(u64::from(time))
}

/// The last of ends; 0 where there is none.
fn last_end(ends: impl Iterator<Item = u64>) -> u64 {
    ends.max().unwrap_or_default()
}

/// The first second at which a member is none.
fn end(member: &Member) -> u64 {
    member.until.as_ref().map_or(NEVER, |until| until.get_ref().0)
}

/// A function's name.
fn bare(signature: &'static str) -> &'static str {
    signature.split('(').next().unwrap_or(signature)
}
