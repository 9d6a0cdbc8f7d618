//! A random walk: ours and the twin in Solidity, both behind a proxy at one address, with the same tokens and payees
//! that misbehave, take the same steps. Everything is compared. A model of the rules says what each call must answer and
//! log, and what all views say. What came and what was paid or is payable must be the same to the unit.

mod board;
mod breaches;
mod chances;
mod conservation;
mod drawing;
mod entitlement;
mod epochs;
mod ledger;
mod look;
mod model;
mod money;
mod people;
mod resolve;
mod signing;
mod state;
mod steps;
mod tokens;
mod views;

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes, U256};
use eyre::Result;
use harness::walk::authority::Kinds;
use harness::walk::plan::Share;
use harness::walk::signers::Signed;
use harness::walk::{Cast, Done, Question, Todo, Walk, walked};
use proptest::strategy::BoxedStrategy;

use crate::claims::List;

use drawing::LISTS;
use ledger::Seen;
use model::Model;
use people::{ACTORS, FIRST_TABLE, People, WINDOW};
use state::State;
use steps::Step;
use tokens::{Odd, Token};

/// The walk.
pub(crate) struct Splitters;

/// What is known while a script runs.
pub(crate) struct World {
    people: People,
    model: Model,
    signed: Signed,
    /// Nonces that earlier messages of this step use.
    pending: BTreeMap<(Address, U256), u64>,
    /// The lists of epochs, and which has which root.
    lists: Vec<List>,
    roots: BTreeMap<B256, u8>,
    /// Which step it is: others of the views are asked each time.
    turn: usize,
    seen: Seen,
}

impl Walk for Splitters {
    type Step = Step;
    type World = World;

    const PROGRAM: &'static str = "revenue-splitter";
    const PEER: &'static str = "PeerSplitter";
    const BEHIND_PROXY: bool = true;
    const PEER_EXCEEDS_LIMIT: bool = false;
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
        let payees = people.payees();
        let state = State {
            tables: vec![FIRST_TABLE.iter().map(|(place, share)| (payees[*place], *share)).collect()],
            books: BTreeMap::new(),
            epochs: Vec::new(),
            treasury: people.actors[7],
            registry: people.registry,
            window: WINDOW,
            nonces: BTreeMap::new(),
            sites: BTreeMap::new(),
            tokens: (0..).zip(&people.tokens).map(|(place, token)| (*token, Token::new(place == 0))).collect(),
            odd: people.odd.iter().map(|odd| (*odd, Odd::default())).collect(),
            ether: U256::ZERO,
            requests: BTreeMap::new(),
            pointers: BTreeMap::new(),
            mute: false,
        };
        let first = Seen::new(state.tables[0].clone(), people.contract);
        let model = Model {
            state,
            kinds: Kinds::default(),
            logs: Vec::new(),
            contract: people.contract,
            implementation: people.implementation,
            authority: people.authority,
            registry: people.registry,
            wallet: people.wallet,
            inside: false,
        };
        let lists: Vec<_> = (0..LISTS).map(|list| people.list(list)).collect();
        let roots = (0..LISTS).zip(&lists).map(|(place, list)| (list.tree.root(), place)).collect();
        let (signed, pending, seen) = (Signed::new(people.wallet), BTreeMap::new(), first);
        World { people, model, signed, pending, lists, roots, turn: 0, seen }
    }

    fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
        chances::steps(count)
    }

    fn resolve(world: &mut World, step: &Step, now: u64) -> Todo {
        world.resolve(step, now)
    }

    fn damaging(_: &mut World, _: usize, _: &[Bytes], _: u64) {}

    fn questions(world: &World, now: u64) -> Vec<Question> {
        views::questions(world, now)
    }

    fn look(world: &mut World, done: &Done<'_>) -> Option<String> {
        world.look(done).err()
    }

    fn known(world: &World) -> Vec<U256> {
        let people = &world.people;
        let accounts = people.payees().into_iter().chain(people.tokens.iter().copied());
        let accounts = accounts.map(|account| account.into_word().into());
        let roots = world.roots.keys().map(|root| U256::from_be_bytes(root.0));
        let numbers = [0u64, 1, 2, 3, 4, 255, 256, 9_999, 10_000, 4_000_000_000, 1 << 40].map(U256::from);
        accounts.chain(roots).chain(numbers).chain([U256::ONE << 112, U256::ONE << 255]).collect()
    }
}

/// What must have happened, or the walk did not go far.
const OUTCOMES: [&str; 22] = [
    "(nothing): succeeded",
    "pay: succeeded",
    "pay: SplitterTransferFailed",
    "payLicence: succeeded",
    "fundPool: succeeded",
    "notice: succeeded",
    "release: succeeded",
    "release: SplitterNothingDue",
    "release: SplitterTransferFailed",
    "release: SplitterShort",
    "setTable: succeeded",
    "publishEpoch: succeeded",
    "publishEpoch: SplitterPoolTooSmall",
    "disableEpoch: succeeded",
    "recoverEpoch: succeeded",
    "claim: succeeded",
    "claim: SplitterAlreadyClaimed",
    "claimMany: succeeded",
    "claimSigned: succeeded",
    "claimSigned: SplitterInvalidSignature",
    "setWindow: succeeded",
    "upgradeToAndCall: succeeded",
];

#[test]
fn walk() -> Result<()> {
    // A share of another length says itself what it did.
    if let Some(tally) = walked::<Splitters>(Share { seed: 2, scripts: 4, steps: 220 })? {
        tally.went_far(&OUTCOMES);
    }
    Ok(())
}
