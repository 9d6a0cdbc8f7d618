//! A random walk: ours and the twin in Solidity, both behind a proxy at one address, with the same authority, tokens and
//! payees that misbehave, take the same steps. Everything is compared: answers, logs, views. A model of the rules says
//! what each call must answer and log, and what all views say. It keeps every date of the calendar and every payment with
//! its time, and it counts what came and what went: the balance is what is left.

mod look;
mod model;
mod money;
mod pay;
mod people;
mod resolve;
mod rules;
mod steps;
mod views;

use alloy::primitives::{Address, U256};
use eyre::Result;
use harness::walk::plan::Share;
use harness::walk::{Cast, Done, Question, Todo, Walk, walked};
use proptest::strategy::BoxedStrategy;

use model::Model;
use people::{ACTORS, People};
use steps::Step;

/// The walk.
pub(crate) struct Mandates;

/// What is known while a script runs.
pub(crate) struct World {
    people: People,
    model: Model,
}

impl Walk for Mandates {
    type Step = Step;
    type World = World;

    const PROGRAM: &'static str = "mandate";
    const PEER: &'static str = "PeerMandate";
    const BEHIND_PROXY: bool = true;
    const ACTORS: usize = ACTORS;
    const SPARE_GAS: u64 = 0;

    fn before(_: &dyn Fn(usize) -> Address) -> Vec<(&'static str, Vec<u8>)> {
        people::before()
    }

    fn arguments(cast: &Cast) -> [Vec<u8>; 2] {
        people::arguments(cast)
    }

    fn world(cast: &Cast) -> World {
        let people = People::new(cast);
        World { model: Model::new(people.clone()), people }
    }

    fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
        steps::steps(count)
    }

    fn resolve(world: &mut World, step: &Step, now: u64) -> Todo {
        world.resolve(step, now)
    }

    fn questions(world: &World, now: u64) -> Vec<Question> {
        views::questions(world, now)
    }

    fn look(world: &mut World, done: &Done<'_>) -> Option<String> {
        world.look(done).err()
    }

    fn known(world: &World) -> Vec<U256> {
        let people = &world.people;
        let accounts = people.holders().into_iter().chain(people.monies()).chain(people.odd).chain([people.authority]);
        let numbers = [0u64, 1, 2, 30, 60, 255, 5_000, 4_000_000_000, 1 << 40].map(U256::from);
        let accounts = accounts.map(|account| account.into_word().into());
        accounts.chain(numbers).chain([U256::ONE << 128, U256::ONE << 255]).collect()
    }
}

/// What must have happened, or the walk did not go far.
const OUTCOMES: [&str; 24] = [
    "(nothing): succeeded",
    "grantMandate: succeeded",
    "grantMandate: MandateInvalidHolder",
    "grantMandate: MandateInvalidEnd",
    "grantMandate: MandateInvalidReport",
    "grantMandate: AccessManagedUnauthorized",
    "endMandate: succeeded",
    "endMandate: MandateNotRunning",
    "setAllowance: succeeded",
    "setAllowance: MandateInvalidPeriod",
    "setAllowance: MandateNotRunning",
    "spend: succeeded",
    "spend: MandateNotRunning",
    "spend: MandateReportOverdue",
    "spend: MandateExceeded",
    "spend: MandateTransferFailed",
    "spend: MandateTokenUnreadable",
    "report: succeeded",
    "report: MandateNoReport",
    "markOverdue: succeeded",
    "markOverdue: MandateNotOverdue",
    "recover: succeeded",
    "recover: MandateTransferFailed",
    "upgradeToAndCall: succeeded",
];

#[test]
fn walk() -> Result<()> {
    // A share of another length says itself what it did.
    if let Some(tally) = walked::<Mandates>(Share { seed: 14, scripts: 5, steps: 250 })? {
        tally.went_far(&OUTCOMES);
    }
    Ok(())
}
