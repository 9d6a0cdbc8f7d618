//! What is to be recorded of a message, and for how long.

use super::{counts::LONGEST_SEQUENCE, room::MOST_RECORDED, steps::StepOptions};
use std::time::Duration;

/// Time that a traced message may take, unless the request names another (go-ethereum: eth/tracers/api.go,
/// `defaultTraceTimeout`).
pub const TRACE_TIMEOUT: Duration = Duration::from_secs(5);

/// What is recorded of a message beyond the tree of its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Of which calls the input and the output are kept.
    pub data: CallData,
    /// What programs ask their host.
    pub hosts: bool,
    /// The state that is read.
    pub prestate: bool,
    /// Each instruction.
    pub steps: Option<StepOptions>,
    /// How often each sequence of so many opcodes is there; at 0 how many instructions there are.
    pub counts: [bool; LONGEST_SEQUENCE + 1],
    /// What a bundler must know of each frame, and what is hashed.
    pub notes: bool,
    /// The accounts and slots that its instructions name.
    pub touched: bool,
    /// Most bytes that are kept.
    pub bytes: usize,
    /// Time that the message may take.
    pub timeout: Duration,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            data: CallData::All,
            hosts: false,
            prestate: false,
            steps: None,
            counts: Default::default(),
            notes: false,
            touched: false,
            bytes: MOST_RECORDED,
            timeout: TRACE_TIMEOUT,
        }
    }
}

impl Wanted {
    /// The tree of calls without what they were given and what they answered.
    pub fn bare() -> Self {
        Self { data: CallData::None, ..Self::default() }
    }

    /// All that either of two needs.
    pub fn and(self, other: Self) -> Self {
        let mut counts = self.counts;
        for (wanted, too) in counts.iter_mut().zip(other.counts) {
            *wanted |= too;
        }
        Self {
            data: self.data.max(other.data),
            hosts: self.hosts || other.hosts,
            prestate: self.prestate || other.prestate,
            steps: self.steps.or(other.steps),
            counts,
            notes: self.notes || other.notes,
            touched: self.touched || other.touched,
            ..self
        }
    }
}

/// Of which calls the input and the output are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallData {
    /// Of none.
    None,
    /// Of the message's own.
    Outermost,
    /// Of all.
    All,
}
