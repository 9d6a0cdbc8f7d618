//! Scripts: a DAO's settings and the steps it is taken through, as text that can be read, kept and run again.
//!
//! The first line is the settings, each further line a step, in JSON. Lines that begin with `#` are comments: a printed
//! script says in them what each step did.

use std::fmt::Write;

use alloy::{
    primitives::{Address, U256},
    sol_types::SolValue,
};
use eyre::{Context, OptionExt, Result};
use serde::{Deserialize, Serialize};

use super::{
    action::{Action, Person},
    people::People,
};

/// The token's name, part of its signing domain.
pub(super) const TOKEN_NAME: &str = "Health Exchange Vote";
/// The governor's name, part of its signing domain.
pub(super) const GOVERNOR_NAME: &str = "Health Exchange Governor";
/// What each holder has at first.
pub(super) const EACH: u64 = 1_000;

/// What the constructors are given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Setup {
    /// The token's clock: timestamps, or block numbers.
    pub timestamps: bool,
    pub voting_delay: u64,
    pub voting_period: u32,
    pub threshold: u64,
    pub quorum: u64,
    pub super_quorum: u64,
    pub extension: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<Person>,
    /// The timelock's, in seconds.
    pub delay: u64,
    /// Whether anybody may execute, or the governor and the second actor alone.
    pub open: bool,
    /// Whether the last actor administers the timelock.
    pub admin: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            timestamps: true,
            voting_delay: 5,
            voting_period: 200,
            threshold: 5,
            quorum: 30,
            super_quorum: 80,
            extension: 50,
            guardian: None,
            delay: 20,
            open: true,
            admin: false,
        }
    }
}

impl Setup {
    /// The arguments of the constructor of `contract`; our token takes the clock beside the peer's.
    pub(super) fn arguments(&self, contract: &str, people: &People, ours: bool) -> Vec<u8> {
        let number = U256::from::<u64>;
        let [governor, timelock, token] = [HOLDERS_END, HOLDERS_END + 1, HOLDERS_END + 2].map(|at| people.list[at]);
        match contract {
            "voting-token" => {
                let holders = people.holders().to_vec();
                let amounts = vec![number(EACH); holders.len()];
                if ours {
                    (TOKEN_NAME, "HXV", holders, amounts, self.timestamps).abi_encode_params()
                } else {
                    (TOKEN_NAME, "HXV", holders, amounts).abi_encode_params()
                }
            }
            "timelock" => {
                let proposers = vec![governor, people.list[0], people.reenterer()];
                let executors = if self.open { vec![Address::ZERO] } else { vec![governor, people.list[1]] };
                let admin = if self.admin { people.actor(3) } else { Address::ZERO };
                (number(self.delay), proposers, executors, admin).abi_encode_params()
            }
            _ => (
                GOVERNOR_NAME,
                token,
                timelock,
                number(self.voting_delay),
                number(self.voting_period.into()),
                number(self.threshold),
                number(self.quorum),
                number(self.super_quorum),
                number(self.extension),
                self.guardian.map_or(Address::ZERO, |guardian| people.person(guardian)),
            )
                .abi_encode_params(),
        }
    }
}

/// Where the DAO's contracts begin among the people.
const HOLDERS_END: usize = super::people::HOLDERS + 3;

/// A DAO's settings and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it is made with.
    pub setup: Setup,
    /// What happens.
    pub steps: Vec<Action>,
}

impl Script {
    /// The script's text. `comments` say what the steps did, as many as are known.
    ///
    /// # Errors
    /// None that a script can have: JSON writes every one.
    pub fn print(&self, comments: &[String]) -> Result<String> {
        let mut text = format!("{}\n", serde_json::to_string(&self.setup)?);
        for (at, step) in self.steps.iter().enumerate() {
            writeln!(text, "{}", serde_json::to_string(step)?)?;
            if let Some(comment) = comments.get(at) {
                comment.lines().try_for_each(|line| writeln!(text, "#   {line}"))?;
            }
        }
        Ok(text)
    }

    /// Reads what [`Script::print`] wrote, or a person.
    ///
    /// # Errors
    /// Where a line is no step; it says which.
    pub fn read(text: &str) -> Result<Self> {
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let (_, first) = lines.next().ok_or_eyre("a script begins with the settings, and this one is empty")?;
        let setup = serde_json::from_str(first).wrap_err("the first line is the settings, in JSON")?;
        let step = |(at, line): (usize, &str)| {
            serde_json::from_str(line).wrap_err_with(|| format!("line {} is no step: {line}", at + 1))
        };
        Ok(Self { setup, steps: lines.map(step).collect::<Result<_>>()? })
    }
}
