//! A random walk: any calls, by anybody, in any order and at any time. Both timelocks answer each alike, and from the
//! answers alone a ledger of the operations is kept that both must agree with.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, U256};
use eyre::Result;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::setup::{ADMIN, CANCELLER, EXECUTOR, MIN_DELAY, Operation, PROPOSER, grant, revoke, update_delay};
use crate::twins::{Twins, Who};

/// The seed: a walk that fails can be walked again.
const SEED: [u8; 32] = *b"consilium timelock random walk 1";

/// Steps of the walk.
const STEPS: usize = 400;

#[derive(Clone, Debug)]
enum Step {
    Schedule { who: Who, operation: usize, delay: u64 },
    Cancel { who: Who, operation: usize },
    Execute { who: Who, operation: usize },
    Grant { who: Who, role: B256, to: Option<Who> },
    Revoke { who: Who, role: B256, from: Option<Who> },
    Wait(u64),
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![Just(Who::Proposer), Just(Who::Executor), Just(Who::Admin), Just(Who::Stranger)]
}

/// Mostly the one who may.
fn mostly(usual: Who) -> impl Strategy<Value = Who> {
    prop_oneof![8 => Just(usual), 1 => who()]
}

/// Who is granted roles and loses them; none is the zero address. The others keep theirs, or the walk would stand still.
fn newcomer() -> impl Strategy<Value = Option<Who>> {
    prop_oneof![3 => Just(Some(Who::Stranger)), 1 => Just(None)]
}

fn role() -> impl Strategy<Value = B256> {
    prop_oneof![Just(ADMIN), Just(PROPOSER), Just(EXECUTOR), Just(CANCELLER)]
}

fn step() -> impl Strategy<Value = Step> {
    let operation = || 0..OPERATIONS;
    let delay = prop_oneof![1 => Just(0), 1 => Just(MIN_DELAY - 1), 6 => Just(MIN_DELAY), 2 => 0..2 * MIN_DELAY];
    prop_oneof![
        6 => (mostly(Who::Proposer), operation(), delay).prop_map(|(who, operation, delay)| Step::Schedule { who, operation, delay }),
        2 => (mostly(Who::Proposer), operation()).prop_map(|(who, operation)| Step::Cancel { who, operation }),
        6 => (mostly(Who::Executor), operation()).prop_map(|(who, operation)| Step::Execute { who, operation }),
        2 => (mostly(Who::Admin), role(), newcomer()).prop_map(|(who, role, to)| Step::Grant { who, role, to }),
        2 => (mostly(Who::Admin), role(), newcomer()).prop_map(|(who, role, from)| Step::Revoke { who, role, from }),
        4 => (0..MIN_DELAY).prop_map(Step::Wait),
    ]
}

/// How many operations the walk deals with.
const OPERATIONS: usize = KINDS * 10;

/// How many kinds of operations there are; each comes with ten salts.
const KINDS: usize = 8;

/// Calls that succeed, calls that fail, calls of the timelock itself, and one after another.
fn operation(number: usize, timelock: Address, stranger: Address) -> Operation {
    let target = Address::repeat_byte(0x11);
    let plain = |number: usize| Operation::new(target, []).salted(number as u8);
    let of_itself = |call: Vec<u8>| Operation::new(timelock, call).salted(number as u8);
    match number % KINDS {
        0 | 1 => plain(number),
        2 => plain(number).after(plain(number - 2).id()),
        3 => plain(number).paying(5),
        4 => plain(number).paying(1 << 60),
        5 => of_itself(update_delay(MIN_DELAY / 2)),
        6 => of_itself(grant(CANCELLER, stranger)),
        _ => of_itself(vec![0xde, 0xad]),
    }
}

#[tokio::test]
async fn any_walk_is_answered_alike() -> Result<()> {
    let mut twins = Twins::start().await?;
    let stranger = twins.actor(Who::Stranger);
    twins.fund(100).await?;
    for number in 0..OPERATIONS {
        twins.alike(|timelock| operation(number, timelock, stranger));
    }
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &SEED));
    let mut ledger = BTreeMap::new();
    let (mut done, mut refused) = (0, 0);
    for _ in 0..STEPS {
        let step = step().new_tree(&mut runner).map_err(|reason| eyre::eyre!("{reason}"))?.current();
        let (by, call): (Who, Box<dyn Fn(Address) -> Vec<u8>>) = match step.clone() {
            Step::Wait(seconds) => {
                twins.chain.advance(seconds).await?;
                continue;
            }
            Step::Schedule { who, operation: number, delay } => {
                (who, Box::new(move |timelock| operation(number, timelock, stranger).schedule(delay)))
            }
            Step::Cancel { who, operation: number } => {
                (who, Box::new(move |timelock| operation(number, timelock, stranger).cancel()))
            }
            Step::Execute { who, operation: number } => {
                (who, Box::new(move |timelock| operation(number, timelock, stranger).execute()))
            }
            Step::Grant { who, role, to } => {
                let to = to.map_or(Address::ZERO, |to| twins.actor(to));
                (who, Box::new(move |_| grant(role, to)))
            }
            Step::Revoke { who, role, from } => {
                let from = from.map_or(Address::ZERO, |from| twins.actor(from));
                (who, Box::new(move |_| revoke(role, from)))
            }
        };
        let answer = twins.call_each(by, call).await?;
        if !answer.success {
            refused += 1;
            continue;
        }
        done += 1;
        let touched = match step {
            Step::Schedule { operation, .. } => {
                assert_eq!(ledger.insert(operation, 1), None, "scheduled twice");
                operation
            }
            Step::Cancel { operation, .. } => {
                assert_eq!(ledger.remove(&operation), Some(1), "cancelled from nowhere");
                operation
            }
            Step::Execute { operation, .. } => {
                assert_eq!(ledger.insert(operation, 3), Some(1), "executed from nowhere");
                operation
            }
            Step::Grant { .. } | Step::Revoke { .. } | Step::Wait(_) => continue,
        };
        let state = twins.call_each(Who::Stranger, |timelock| operation(touched, timelock, stranger).state()).await?;
        let state = U256::try_from_be_slice(&state.data).expect("a word").to::<u8>();
        // What waits is ready at some time: the ledger keeps no clock.
        let state = if state == 2 { 1 } else { state };
        assert_eq!(state, ledger.get(&touched).copied().unwrap_or_default(), "operation {touched}");
    }
    // A walk that is only refused, or never, tells nothing.
    assert!(done > STEPS / 5 && refused > STEPS / 5, "{done} done, {refused} refused");
    Ok(())
}
