//! What actions are made of.

use serde::{Deserialize, Serialize};

use super::action::{Amount, Person};

/// What ends for a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Boundary {
    Snapshot,
    Deadline,
    Eta,
}

/// How a vote is cast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Ballot {
    pub support: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Params>,
}

/// The parameters of a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Params {
    /// Votes against, for and abstaining, each as `uint128`.
    Split([u64; 3]),
    /// Anything.
    Bytes(Vec<u8>),
}

/// A call of a proposal or of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Deed {
    Pay {
        to: Person,
        wei: u64,
    },
    VotingDelay(u64),
    VotingPeriod(u32),
    Threshold(u64),
    Extension(u64),
    Quorum(u64),
    SuperQuorum(u64),
    Guardian(Person),
    Timelock(Person),
    /// The governor makes the call.
    Relay(Box<Deed>),
    MoveTokens {
        to: Person,
        amount: Amount,
    },
    DelegateTokens(Person),
    MinDelay(u64),
    Grant {
        role: u8,
        account: Person,
    },
    Revoke {
        role: u8,
        account: Person,
    },
    /// Fails without a reason.
    Fail,
    /// Calls a function that is not there.
    Unknown(Person),
    /// Calls the re-entrant target.
    Trigger,
    /// Calls what uses up all gas.
    Burn,
}

/// What the re-entrant target does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Back {
    /// `queue(id)`.
    Queue(u8),
    /// `execute(id)`.
    Execute(u8),
    /// `cancel(id)`.
    Cancel(u8),
    /// `castVote(id, 1)`.
    Vote(u8),
    /// The timelock's `execute` of a proposal's operation, or of another's.
    ExecuteOperation(u8),
    /// The timelock's `cancel`.
    CancelOperation(u8),
    /// A setting of the governor, or of the timelock.
    Deed(Deed),
}

/// What stands behind a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tail {
    /// Nothing.
    None,
    /// `#proposer=0x…` of somebody.
    Proposer(Person),
    /// The same with a letter that is no hexadecimal digit.
    Broken(Person),
    /// The same in capitals, as checksums have.
    Capitals(Person),
}

/// Which of the lists of calls is one too short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Skew {
    None,
    Targets,
    Values,
    Calldatas,
}

/// What is wrong with a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Flaw {
    /// Nothing.
    None,
    /// Its deadline is over.
    Expired,
    /// It is over a nonce so far from the next one; -1 is a replay.
    Nonce(i8),
    /// It is for another chain.
    Chain,
    /// It is for another contract.
    Contract,
    /// Its `v` is another number.
    Recovery(u8),
    /// Its `v` is the other one.
    Flipped,
    /// Its `s` is in the upper half.
    UpperHalf,
    /// Its `r` is noise.
    Noise(u8),
    /// It has so many bytes.
    Length(u8),
}
