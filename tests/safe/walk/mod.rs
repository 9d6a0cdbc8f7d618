//! A random walk: a Safe of ours and one of Safe's take the same steps, on two chains, behind the same proxy at the
//! same address. All answers, logs, views and slots are compared.

mod acts;
mod steps;
mod world;

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::{SolCall, SolValue};
use eyre::Result;
use harness::walk::plan::Share;
use harness::walk::{Cast, Done, Question, Todo, Walk, walked};
use proptest::strategy::BoxedStrategy;

use crate::twins::setup;
use crate::version;
use steps::Step;
use world::World;

/// The walk.
struct Safes;

impl Walk for Safes {
    type Step = Step;
    type World = World;

    const PROGRAM: &'static str = version::PROGRAM;
    const PEER: &'static str = version::PEER;
    const ACTORS: usize = world::ACTORS;
    const BEHIND_PROXY: bool = true;
    const IS_SET_UP: bool = true;
    const STORES_ALIKE: bool = true;
    // No call is made with little gas: what a Safe does depends on the gas, by its rules. `low_gas.rs` looks at that.
    const SPARE_GAS: u64 = 0;

    fn proxy(implementation: Address) -> Bytes {
        version::proxy(&implementation.abi_encode())
    }

    fn arguments(cast: &Cast) -> [Vec<u8>; 2] {
        let call = setup(&World::new(cast).owners, 2).abi_encode();
        [call.clone(), call]
    }

    fn before(_: &dyn Fn(usize) -> Address) -> Vec<(&'static str, Vec<u8>)> {
        version::HELPERS.map(|name| (name, Vec::new())).to_vec()
    }

    fn world(cast: &Cast) -> World {
        World::new(cast)
    }

    fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
        steps::steps(count)
    }

    fn resolve(world: &mut World, step: &Step, _: u64) -> Todo {
        Todo::Call(world.call(step))
    }

    fn questions(world: &World, _: u64) -> Vec<Question> {
        world.questions()
    }

    fn look(world: &mut World, done: &Done<'_>) -> Option<String> {
        world.look(done)
    }

    fn known(world: &World) -> Vec<U256> {
        world.people.iter().map(|account| account.into_word().into()).collect()
    }
}

/// What must have happened, or the walk did not go far. 0x08c379a0 is `Error(string)`.
const OUTCOMES: [&str; 16] = [
    "execTransaction: succeeded",
    "execTransaction: 0x08c379a0",
    "execTransactionFromModule: succeeded",
    "execTransactionFromModule: 0x08c379a0",
    "execTransactionFromModuleReturnData: succeeded",
    "approveHash: succeeded",
    "approveHash: 0x08c379a0",
    "setup: 0x08c379a0",
    "addOwnerWithThreshold: 0x08c379a0",
    "setGuard: 0x08c379a0",
    "checkNSignatures: succeeded",
    "checkNSignatures: 0x08c379a0",
    "(nothing): succeeded",
    "simulateAndRevert: 0x00000000",
    "changeThreshold: 0x08c379a0",
    "set: succeeded",
];

#[test]
fn walk() -> Result<()> {
    let Some(tally) = walked::<Safes>(Share { seed: 1, scripts: 24, steps: 60 })? else { return Ok(()) };
    let missing: Vec<_> = OUTCOMES.iter().filter(|outcome| !tally.outcomes.contains_key(**outcome)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}\n{:#?}", tally.outcomes);
    Ok(())
}
