//! A random walk: ours and the twin in Solidity, both behind a proxy at one address and with a consent, take the same
//! steps. Everything is compared. A model of the rules says what each call must answer and log, and what all views say.

mod asking;
mod board;
mod breaches;
mod chances;
mod consent;
mod drawing;
mod invariants;
mod look;
mod model;
mod people;
mod pointers;
mod resolve;
mod signing;
mod state;
mod steps;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Bytes, Log, U256};
use alloy::sol_types::{SolCall, SolEvent, SolInterface};
use consilium_bindings::DataPointerRegistry::DataPointerRegistryCalls as Calls;
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use eyre::Result;
use harness::walk::authority::{Authority, Kinds};
use harness::walk::plan::Share;
use harness::walk::signers::Signed;
use harness::walk::{Call, Cast, Done, Question, Todo, Walk, walked};
use proptest::strategy::BoxedStrategy;

use crate::world::id;

use consent::{Consent, Permission};
use invariants::Seen;
use model::{Context, Model};
use people::{ACTORS, People};
use state::State;
use steps::Step;

/// The walk.
pub(crate) struct Registries;

/// What is known while a script runs.
pub(crate) struct World {
    people: People,
    model: Model,
    signed: Signed,
    /// What the consent said last.
    consent: Consent,
    /// Nonces that earlier messages of this step use.
    pending: BTreeMap<(Address, U256), u64>,
    /// What the consent is asked in this step.
    wanted: BTreeSet<Permission>,
    /// Pointers that this step may make.
    lately: BTreeSet<B256>,
    /// The members of all pointers that were brought.
    brought: BTreeMap<B256, D::Pointer>,
    /// The passkey's acts in the consent.
    pins: u64,
    /// Which step it is: others of the views are asked each time.
    turn: usize,
    seen: Seen,
}

impl Walk for Registries {
    type Step = Step;
    type World = World;

    const PROGRAM: &'static str = "data-pointer-registry";
    const PEER: &'static str = "PeerRegistry";
    const BEHIND_PROXY: bool = true;
    const PEER_EXCEEDS_LIMIT: bool = true;
    const ACTORS: usize = ACTORS;
    const SPARE_GAS: u64 = 0;
    const LISTS_SLOTS: bool = true;

    fn before(at: &dyn Fn(usize) -> Address) -> Vec<(&'static str, Vec<u8>)> {
        people::before(at)
    }

    fn arguments(cast: &Cast) -> [Vec<u8>; 2] {
        people::arguments(cast)
    }

    fn helpers(_: Address) -> Vec<(&'static str, Vec<u8>)> {
        people::helpers()
    }

    fn world(cast: &Cast) -> World {
        let people = People::new(cast);
        let model = Model {
            state: State::new(),
            kinds: Kinds::default(),
            logs: Vec::new(),
            contract: people.contract,
            implementation: people.implementation,
            authority: people.authority,
        };
        World {
            model,
            signed: Signed::new(cast.helpers[3]),
            consent: Consent::default(),
            pending: BTreeMap::new(),
            wanted: BTreeSet::new(),
            lately: BTreeSet::new(),
            brought: BTreeMap::new(),
            pins: 0,
            turn: 0,
            seen: Seen::default(),
            people,
        }
    }

    fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
        chances::steps(count)
    }

    fn resolve(world: &mut World, step: &Step, now: u64) -> Todo {
        let todo = world.resolve(step, now);
        if let Todo::Call(call) = &todo {
            world.remember(&call.data);
            world.foresee(call.by, call.to, std::slice::from_ref(&call.data), now);
        }
        todo
    }

    fn damaging(world: &mut World, by: usize, calls: &[Bytes], now: u64) {
        world.foresee(by, world.people.contract, calls, now);
    }

    fn looks_at_storage(logs: &[Log]) -> bool {
        logs.iter().any(|log| log.topics().first() == Some(&D::PointerErased::SIGNATURE_HASH))
    }

    fn questions(world: &World, now: u64) -> Vec<Question> {
        views::questions(world, now)
    }

    fn look(world: &mut World, done: &Done<'_>) -> Option<String> {
        world.look(done).err()
    }

    fn known(world: &World) -> Vec<U256> {
        let accounts = world.people.accounts().into_iter().map(|account| account.into_word().into());
        let ids = world.model.state.pointers.keys().chain(world.model.state.order.iter().map(|(_, request)| request));
        let ids = ids.map(|id| U256::from_be_bytes(id.0)).collect::<Vec<_>>();
        accounts.chain(ids).chain([0u64, 1, 2, 4, 0x12, 0x55, 4_000_000_000, 1 << 47].map(U256::from)).collect()
    }
}

impl World {
    /// What a step means now.
    fn resolve(&mut self, step: &Step, now: u64) -> Todo {
        self.pending.clear();
        self.wanted.clear();
        self.lately.clear();
        self.turn += 1;
        let actor = |by: &u8| usize::from(*by) % ACTORS;
        let contract = self.people.contract;
        let call = |by, to, data: Vec<u8>| Todo::Call(Call { by, to, wei: 0, data: data.into(), share: None });
        match step {
            Step::Wait { seconds } => Todo::Wait((*seconds).into()),
            Step::Until { which, late } => {
                let ahead = self.model.state.seconds_that_matter(now);
                let Some(second) = ahead.get(usize::from(*which) % ahead.len().max(1)) else { return Todo::Nothing };
                let wait = second + u64::from(late % 3) - 1 - now;
                if wait == 0 { Todo::Nothing } else { Todo::Wait(wait) }
            }
            Step::Damage { by, seed } => Todo::Damage(actor(by), *seed),
            Step::Do { by, own } => {
                let by = self.better(actor(by), own);
                call(by, contract, self.data(by, own, now))
            }
            Step::Multicall { by, all } => {
                // The first call says who is best.
                let by = all.first().map_or(actor(by), |own| self.better(actor(by), own));
                let data = all.iter().map(|own| Bytes::from(self.data(by, own, now))).collect();
                call(by, contract, D::multicallCall { data }.abi_encode())
            }
            Step::Consent { what } => {
                let (by, data) = self.change(what, now);
                call(by, self.people.consent, data)
            }
            Step::Allow { who, which, kind } => call(0, self.people.authority, self.allow(*who, *which, *kind)),
            Step::Authority { to } => call(0, self.people.authority, self.by_authority(*to)),
        }
    }

    /// Which trees are asked about in this step.
    fn trees(&self) -> [(u8, u8); 2] {
        let place = |turn: usize| ((turn % 3) as u8, (turn / 3 % 3) as u8);
        [place(self.turn), place(self.turn + 4)]
    }

    /// Finds out what calls will ask the consent, and which pointers they can make: where the consent answers as is
    /// hoped, and the registry may record, all is asked that the real one is.
    fn foresee(&mut self, by: usize, to: Address, calls: &[Bytes], now: u64) {
        let (mut model, consent) = (self.model.clone(), self.consent.listening());
        let code = self.people.with_code();
        let by = self.people.actors[by];
        let (caller, selector) = (self.people.contract, C::recordCall::SELECTOR.into());
        model.kinds.told(&Authority::allowCall { caller, selector, kind: 1 }.abi_encode());
        let context = Context { by, now, consent: &consent, signed: &self.signed, code: &code };
        for data in calls {
            if to == self.people.contract {
                model.call(context, data);
            } else if to == self.people.authority {
                model.by_authority(context, data);
            }
        }
        let known = &self.model.state.pointers;
        self.lately.extend(model.state.pointers.into_keys().filter(|id| !known.contains_key(id)));
        self.wanted.extend(consent.asked());
    }

    /// Remembers the pointers of a call. In damaged ones a digest can be anything, so they are not remembered.
    fn remember(&mut self, data: &[u8]) {
        let pointer = match Calls::abi_decode(data) {
            Ok(Calls::register(call)) => call.pointer,
            Ok(Calls::registerSigned(call)) => call.pointer,
            Ok(Calls::refusePointer(call)) => call.pointer,
            Ok(Calls::refusePointerSigned(call)) => call.pointer,
            Ok(Calls::individualize(call)) => call.pointer,
            Ok(Calls::multicall(call)) => return call.data.iter().for_each(|data| self.remember(data)),
            _ => return,
        };
        self.brought.insert(id(&pointer), pointer);
    }
}

/// What must have happened, or the walk did not go far.
const OUTCOMES: [&str; 16] = [
    "register: succeeded",
    "registerSigned: succeeded",
    "erase: succeeded",
    "eraseSigned: succeeded",
    "refusePointer: succeeded",
    "publishRoot: succeeded",
    "individualize: succeeded",
    "requestAccess: succeeded",
    "requestAccessMany: succeeded",
    "requestAccessSigned: succeeded",
    "deliverKey: succeeded",
    "declineKey: succeeded",
    "markOverdue: succeeded",
    "acceptCustody: succeeded",
    "supersedeSchema: succeeded",
    "register: RegistrationRefused",
];

#[test]
fn walk() -> Result<()> {
    // A share of another length says itself what it did.
    if let Some(tally) = walked::<Registries>(Share { seed: 1, scripts: 8, steps: 125 })? {
        tally.went_far(&OUTCOMES);
    }
    Ok(())
}
