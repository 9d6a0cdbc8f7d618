//! What can happen, and how likely it is.

use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// A step: an actor makes a call. Numbers name people by their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Step {
    /// Which of the actors.
    pub by: u8,
    /// What it calls.
    pub what: What,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// A transaction of the owners, with signatures.
    Execute { transaction: Transaction, sign: Sign },
    /// The one that was approved last.
    ExecuteApproved { sign: Sign },
    /// The approval of a transaction.
    Approve { transaction: Transaction },
    /// What a module says.
    Module { transaction: Transaction, answers: bool },
    /// A function that only the Safe itself may call, or another contract's.
    Direct { act: Act },
    /// A simulation.
    Simulate { act: Act },
    /// A look at signatures of the hash that was approved last.
    Check { sign: Sign, needed: u8 },
    /// The same for an executor, as versions from 1.5.0 on look.
    CheckFor { sign: Sign, needed: u8, executor: u8 },
    /// A setup.
    Setup { owners: Vec<u8>, threshold: u8, to: Option<Act> },
    /// Calldata that a Safe does not know.
    Unknown { data: Vec<u8> },
    /// Ether.
    Ether { wei: u8 },
    /// A guard is told what to do from now on: that of transactions, or that of modules.
    Tell { mode: u8, of_modules: bool },
}

/// A transaction, but for its nonce.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Transaction {
    /// What is called.
    pub act: Act,
    /// Whether its code is run in the Safe's storage.
    pub delegate: bool,
    /// Whether it is promised gas.
    pub promised: bool,
}

/// How a transaction is signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sign {
    /// Who signs. None, and as many owners as are needed do.
    pub who: Option<Vec<u8>>,
    /// Which of the ways there are, each.
    pub ways: Vec<u8>,
    /// Whether the order is as it has to be.
    pub sorted: bool,
    /// The nonce that is signed is so much too high.
    pub ahead: u8,
}

/// What is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    Add { who: u8, threshold: u8 },
    Remove { which: u8, threshold: u8, wrong: Option<u8> },
    Swap { which: u8, new: u8, wrong: Option<u8> },
    Threshold { threshold: u8 },
    Enable { who: u8 },
    Disable { which: u8, wrong: Option<u8> },
    Guard { who: u8 },
    ModuleGuard { who: u8 },
    Handler { who: u8 },
    Log { length: u8 },
    Fail { length: u8 },
    Echo { length: u8 },
    Pay { who: u8, wei: u8 },
    Store { slot: u8, word: u8 },
    Many { acts: Vec<Act> },
    SignMessage { length: u8 },
}

/// So many steps.
pub(crate) fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
    vec(step(), count).boxed()
}

fn step() -> impl Strategy<Value = Step> {
    (any::<u8>(), what()).prop_map(|(by, what)| Step { by, what })
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        14 => (transaction(), sign()).prop_map(|(transaction, sign)| What::Execute { transaction, sign }),
        3 => sign().prop_map(|sign| What::ExecuteApproved { sign }),
        4 => transaction().prop_map(|transaction| What::Approve { transaction }),
        6 => (transaction(), any::<bool>()).prop_map(|(transaction, answers)| What::Module { transaction, answers }),
        2 => act().prop_map(|act| What::Direct { act }),
        1 => act().prop_map(|act| What::Simulate { act }),
        3 => (sign(), 0u8..5).prop_map(|(sign, needed)| What::Check { sign, needed }),
        1 => (sign(), 0u8..5, any::<u8>())
            .prop_map(|(sign, needed, executor)| What::CheckFor { sign, needed, executor }),
        1 => (vec(any::<u8>(), 0..4), 0u8..4, prop::option::of(act()))
            .prop_map(|(owners, threshold, to)| What::Setup { owners, threshold, to }),
        1 => vec(any::<u8>(), 1..40).prop_map(|data| What::Unknown { data }),
        1 => any::<u8>().prop_map(|wei| What::Ether { wei }),
        1 => (0u8..5, any::<bool>()).prop_map(|(mode, of_modules)| What::Tell { mode, of_modules }),
    ]
}

fn transaction() -> impl Strategy<Value = Transaction> {
    let delegates = prop::bool::weighted(0.15);
    (act(), delegates, prop::bool::weighted(0.4)).prop_map(|(act, delegate, promised)| Transaction {
        act,
        delegate,
        promised,
    })
}

fn sign() -> impl Strategy<Value = Sign> {
    let who = prop::option::weighted(0.15, vec(any::<u8>(), 0..5));
    let ahead = prop_oneof![30 => Just(0u8), 1 => Just(1)];
    (who, vec(any::<u8>(), 1..5), prop::bool::weighted(0.95), ahead).prop_map(|(who, ways, sorted, ahead)| Sign {
        who,
        ways,
        sorted,
        ahead,
    })
}

fn wrong() -> impl Strategy<Value = Option<u8>> {
    prop::option::weighted(0.15, any::<u8>())
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => single(),
        1 => vec(single(), 0..4).prop_map(|acts| Act::Many { acts }),
    ]
}

fn single() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (any::<u8>(), 0u8..5).prop_map(|(who, threshold)| Act::Add { who, threshold }),
        3 => (any::<u8>(), 0u8..4, wrong())
            .prop_map(|(which, threshold, wrong)| Act::Remove { which, threshold, wrong }),
        3 => (any::<u8>(), any::<u8>(), wrong()).prop_map(|(which, new, wrong)| Act::Swap { which, new, wrong }),
        2 => (0u8..6).prop_map(|threshold| Act::Threshold { threshold }),
        4 => any::<u8>().prop_map(|who| Act::Enable { who }),
        2 => (any::<u8>(), wrong()).prop_map(|(which, wrong)| Act::Disable { which, wrong }),
        2 => any::<u8>().prop_map(|who| Act::Guard { who }),
        1 => any::<u8>().prop_map(|who| Act::ModuleGuard { who }),
        1 => any::<u8>().prop_map(|who| Act::Handler { who }),
        2 => any::<u8>().prop_map(|length| Act::Log { length }),
        2 => any::<u8>().prop_map(|length| Act::Fail { length }),
        1 => any::<u8>().prop_map(|length| Act::Echo { length }),
        2 => (any::<u8>(), any::<u8>()).prop_map(|(who, wei)| Act::Pay { who, wei }),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(slot, word)| Act::Store { slot, word }),
        1 => any::<u8>().prop_map(|length| Act::SignMessage { length }),
    ]
}
