//! A random walk: a manager of ours and one of OpenZeppelin's take the same steps. Everything is compared, and what ours
//! logs is folded into a model that must say what all views say.

mod model;
mod people;
mod steps;
mod views;

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolValue;
use eyre::Result;
use harness::walk::plan::Share;
use harness::walk::run::Tally;
use harness::walk::{Call, Cast, Done, Question, Todo, Walk, walked};
use proptest::strategy::BoxedStrategy;

use crate::setup::constructor;
use model::{Model, Operation};
use people::People;
use steps::Step;

/// The walk. With `ENDING`, the peer is OpenZeppelin's manager extended by grants that end, and they are granted; with
/// `FAULTY` it is not extended, for the test that a fault is found.
pub(crate) struct Managers<const ENDING: bool, const FAULTY: bool = false>;

/// What is known while a script runs.
pub(crate) struct World {
    people: People,
    model: Model,
    /// What was scheduled, as the events told it: the latest last.
    operations: Vec<Operation>,
}

/// Operations that are asked about: the latest.
const LOOKED_AT: usize = 6;

impl<const ENDING: bool, const FAULTY: bool> Walk for Managers<ENDING, FAULTY> {
    type Step = Step;
    type World = World;

    const PROGRAM: &'static str = "access-manager";
    const PEER: &'static str = if ENDING && !FAULTY { "PeerEndingManager" } else { "PeerAccessManager" };
    const ACTORS: usize = people::ACTORS;
    // A target's first admin delay, and its functions beyond the first, are kept in a second slot, so that canCall mostly
    // reads one.
    const SPARE_GAS: u64 = 2 * 22_100;

    fn arguments(cast: &Cast) -> [Vec<u8>; 2] {
        [constructor(cast.actors[0]), cast.actors[0].abi_encode()]
    }

    fn helpers(contract: Address) -> Vec<(&'static str, Vec<u8>)> {
        people::helpers(contract)
    }

    fn world(cast: &Cast) -> World {
        let people = People::new(cast);
        World { model: Model::new(&people), people, operations: Vec::new() }
    }

    fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
        steps::steps(count, ENDING)
    }

    fn resolve(world: &mut World, step: &Step, now: u64) -> Todo {
        world.resolve(step, now)
    }

    fn questions(world: &World, now: u64) -> Vec<Question> {
        views::questions(world, now, ENDING && !FAULTY)
    }

    fn look(world: &mut World, done: &Done<'_>) -> Option<String> {
        if done.answer.is_some_and(|answer| !answer.success) && views::changed(done) {
            return Some("a call that was refused changed a view".to_owned());
        }
        let passed = world.model.may_pass(&world.people, done);
        for log in done.logs {
            if let Err(what) = world.model.fold(log, done.now, &world.people, &mut world.operations) {
                return Some(what);
            }
        }
        passed.err().or_else(|| views::compare(world, done))
    }

    fn known(world: &World) -> Vec<U256> {
        let accounts = world.people.accounts.iter().map(|account| account.into_word().into());
        let selectors = people::selectors().map(|selector| U256::from_be_slice(selector.as_slice()) << 224);
        let ids = world.operations.iter().map(|operation| operation.id.into());
        accounts.chain(selectors).chain(ids).chain(people::ROLES.map(U256::from)).chain([U256::from(64)]).collect()
    }
}

impl World {
    /// What a step means now.
    fn resolve(&mut self, step: &Step, now: u64) -> Todo {
        match step {
            Step::Wait { seconds } => Todo::Wait((*seconds).into()),
            Step::Until { which, late } => {
                let ahead = self.model.seconds_that_matter(now);
                let Some(second) = ahead.get(usize::from(*which) % ahead.len().max(1)) else { return Todo::Nothing };
                let wait = second + u64::from(late % 3) - 1 - now;
                if wait == 0 { Todo::Nothing } else { Todo::Wait(wait) }
            }
            Step::Damage { by, seed } => {
                let by = usize::from(*by) % people::ACTORS;
                // Who has a delay is refused under the id of the calldata, which grantRoleUntil has another of at the peer.
                let waits =
                    people::ROLES.iter().any(|role| self.model.has(*role, self.people.accounts[by], now).1 != 0);
                if waits { Todo::Nothing } else { Todo::Damage(by, *seed) }
            }
            Step::Do { by, what, share, wei } => {
                let by = usize::from(*by) % people::ACTORS;
                self.call(by, what, now).map_or(Todo::Nothing, |(by, to, data)| {
                    Todo::Call(Call { by, to, wei: u64::from(*wei), data: Bytes::from(data), share: *share })
                })
            }
        }
    }
}

/// What must have happened, or the walk did not go far.
const OUTCOMES: [&str; 31] = [
    "labelRole: succeeded",
    "labelRole: AccessManagerLockedRole",
    "grantRole: succeeded",
    "grantRole: AccessManagerUnauthorizedAccount",
    "revokeRole: succeeded",
    "renounceRole: succeeded",
    "renounceRole: AccessManagerBadConfirmation",
    "setRoleAdmin: succeeded",
    "setRoleGuardian: succeeded",
    "setGrantDelay: succeeded",
    "setTargetFunctionRole: succeeded",
    "setTargetFunctionRole: AccessManagerLockedFunction",
    "setTargetAdminDelay: succeeded",
    "setTargetClosed: succeeded",
    "updateAuthority: succeeded",
    "schedule: succeeded",
    "schedule: AccessManagerUnauthorizedCall",
    "schedule: AccessManagerAlreadyScheduled",
    "execute: succeeded",
    "execute: AccessManagerUnauthorizedCall",
    "execute: AccessManagerNotReady",
    "execute: AccessManagerNotScheduled",
    "execute: AccessManagerExpired",
    "cancel: succeeded",
    "cancel: AccessManagerUnauthorizedCancel",
    "cancel: AccessManagerNotScheduled",
    "note: succeeded",
    "note: AccessManagedUnauthorized",
    "note: AccessManagerNotReady",
    "multicall: succeeded",
    "consume: succeeded",
];

/// Asserts that a share of the test run was worth it. One of another length says itself what it did.
fn went_far(tally: Option<Tally>, outcomes: &[&str]) {
    let Some(tally) = tally else { return };
    assert!(tally.outcomes.keys().any(|outcome| outcome.starts_with("scarce")), "no call had little gas");
    tally.went_far(outcomes);
}

#[test]
fn walk() -> Result<()> {
    let tally = walked::<Managers<false>>(Share { seed: 3, scripts: 30, steps: 60 })?;
    went_far(tally, &OUTCOMES);
    Ok(())
}

#[test]
fn walk_with_grants_that_end() -> Result<()> {
    let tally = walked::<Managers<true>>(Share { seed: 2, scripts: 20, steps: 60 })?;
    went_far(tally, &["grantRoleUntil: succeeded", "grantRoleUntil: AccessManagerEndTooEarly", "grantRole: succeeded"]);
    Ok(())
}
