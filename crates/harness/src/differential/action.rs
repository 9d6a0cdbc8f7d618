//! What can happen, as a script writes it. Small numbers name things, so that a script stays meaningful when steps are
//! taken out of it: people by their place in [`super::people`], proposals and operations counted back from the last.

use alloy::primitives::Bytes;
use serde::{Deserialize, Serialize};

pub use super::parts::{Back, Ballot, Boundary, Deed, Flaw, Params, Skew, Tail};

/// An account's place in the list of people; larger numbers wrap around.
pub type Person = u8;

/// An amount: itself up to 2^62, then large powers of two, and [`u64::MAX`] for 2^256 - 1.
pub type Amount = u64;

/// A step. `by` is the actor that makes the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Action {
    /// Time passes on both clocks.
    Wait {
        ticks: u64,
    },
    /// Time passes until just about when something ends for a proposal.
    Until {
        proposal: u8,
        what: Boundary,
        offset: i8,
    },
    /// What the last proposal waits for: time, a vote, or to be moved on. Where it is over, a new one.
    Onward {
        by: u8,
        support: u8,
        deeds: Vec<Deed>,
    },

    Transfer {
        by: u8,
        to: Person,
        amount: Amount,
    },
    TransferFrom {
        by: u8,
        from: Person,
        to: Person,
        amount: Amount,
    },
    Approve {
        by: u8,
        spender: Person,
        amount: Amount,
    },
    Delegate {
        by: u8,
        to: Person,
    },
    Permit {
        by: u8,
        signer: u8,
        owner: Person,
        spender: Person,
        amount: Amount,
        flaw: Flaw,
    },
    DelegateBySig {
        by: u8,
        signer: u8,
        to: Person,
        flaw: Flaw,
    },
    /// Asks for the past, or the future, by a transaction.
    Look {
        by: u8,
        what: u8,
        who: Person,
        back: i16,
    },

    Propose {
        by: u8,
        deeds: Vec<Deed>,
        tail: Tail,
        skew: Skew,
    },
    ProposeAgain {
        by: u8,
        proposal: u8,
    },
    Vote {
        by: u8,
        proposal: u8,
        ballot: Ballot,
    },
    VoteBySig {
        by: u8,
        signer: u8,
        voter: Person,
        proposal: u8,
        ballot: Ballot,
        flaw: Flaw,
    },
    Queue {
        by: u8,
        proposal: u8,
        by_id: bool,
    },
    Execute {
        by: u8,
        proposal: u8,
        by_id: bool,
        wei: u64,
    },
    Cancel {
        by: u8,
        proposal: u8,
        by_id: bool,
    },
    /// Calls what only a proposal may.
    Direct {
        by: u8,
        deed: Deed,
    },
    /// Arms the re-entrant target: when it is called next, it makes this call.
    Arm {
        by: u8,
        back: Back,
    },

    Schedule {
        by: u8,
        deeds: Vec<Deed>,
        batch: bool,
        predecessor: Option<u8>,
        salt: u8,
        delay: Amount,
        skew: Skew,
    },
    /// What the last operation waits for: to be scheduled, time, or to be executed. Where it is done, a new one.
    OnwardOperation {
        by: u8,
        deeds: Vec<Deed>,
        batch: bool,
    },
    ExecuteOperation {
        by: u8,
        operation: u8,
        wei: u64,
    },
    CancelOperation {
        by: u8,
        operation: u8,
    },
    Grant {
        by: u8,
        role: u8,
        account: Person,
    },
    Revoke {
        by: u8,
        role: u8,
        account: Person,
    },
    Renounce {
        by: u8,
        role: u8,
        account: Person,
    },

    Pay {
        by: u8,
        to: Person,
        wei: u64,
    },
    /// Says that a token has arrived: ERC-721, ERC-1155, a batch of it.
    Receive {
        by: u8,
        to: Person,
        kind: u8,
    },
    /// The next call gets so many 128ths of the least gas with which it is answered as with plenty.
    Scarce {
        share: u16,
    },
    /// Calls that no compiler makes, one after the other in one transaction, each with so much wei.
    Probe {
        by: u8,
        to: Person,
        wei: u64,
        calls: Vec<Bytes>,
    },
}
