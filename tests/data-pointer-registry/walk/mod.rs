//! A random walk: ours and the twin in Solidity, both behind a proxy at one address and with a consent, take the same steps.
//! Everything is compared. A model of the rules says what each call must answer and log, and what all views say.

pub(crate) mod asking;
mod breaches;
mod consent;
mod invariants;
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
use consilium_bindings::DataPointerRegistry as D;
use consilium_bindings::DataPointerRegistry::DataPointerRegistryCalls as Calls;
use consilium_bindings::Consent as C;
use eyre::Result;
use harness::walk::authority::Kinds;
use harness::walk::plan::Share;
use harness::walk::run::Tally;
use harness::walk::signers::{Signed, account_of};
use harness::walk::{Call, Cast, Damaged, Done, Question, Todo, Walk, walked};
use proptest::strategy::BoxedStrategy;

use crate::signing::{Terms, domain, erase_hash, refuse_hash, register_hash, request_hash};
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
        steps::steps(count)
    }

    fn resolve(world: &mut World, step: &Step, now: u64) -> Todo {
        let todo = world.resolve(step, now);
        if let Todo::Call(call) = &todo {
            world.remember(&call.data);
            world.foresee(call.by, call.to, &[call.data.clone()], now);
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
    fn trees(&self, _: u64) -> [(u8, u8); 2] {
        let place = |turn: usize| ((turn % 3) as u8, (turn / 3 % 3) as u8);
        [place(self.turn), place(self.turn + 4)]
    }

    /// Finds out what calls will ask the consent, and which pointers they can make: a consent that permits everything is
    /// asked all that the real one is.
    fn foresee(&mut self, by: usize, to: Address, calls: &[Bytes], now: u64) {
        let (mut model, consent) = (self.model.clone(), self.consent.listening());
        let code = self.people.with_code();
        let by = self.people.actors[by];
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

    /// Looks at what a step did.
    fn look(&mut self, done: &Done<'_>) -> Result<(), String> {
        let consent = Consent::read(done.after, self.people.consent);
        let code = self.people.with_code();
        let before = self.model.state.clone();
        let leaves = self.leaves(done);
        let logs: Vec<_> = done.logs.iter().filter(|log| log.address == self.people.contract).collect();
        let mut by = Address::ZERO;
        let mut signers = BTreeSet::new();
        if let (Some(call), Some(answer)) = (done.call, done.answer) {
            by = self.people.actors[call.by];
            signers = self.who_signed(&call.data);
            if !answer.success && (!logs.is_empty() || changed(done)) {
                return Err("a call that was refused changed something".to_owned());
            }
            let context = Context { by, now: done.now, consent: &consent, signed: &self.signed, code: &code };
            let expected = if call.to == self.people.authority {
                self.model.kinds.told(&call.data);
                self.model.by_authority(context, &call.data)
            } else if call.to == self.people.contract {
                self.model.call(context, &call.data)
            } else {
                self.pins += u64::from(answer.success && call.data.starts_with(&C::actCall::SELECTOR));
                None
            };
            agree(expected, answer.success, &answer.data)?;
        }
        if let Some(Damaged { by: place, wei, calls }) = done.damaged {
            by = self.people.actors[place];
            let context = Context { by, now: done.now, consent: &consent, signed: &self.signed, code: &code };
            for (data, answer) in calls {
                if wei > 0 && !data.starts_with(&D::upgradeToAndCallCall::SELECTOR) {
                    if answer.success {
                        return Err(format!("{data} took a wei"));
                    }
                    continue;
                }
                signers.extend(self.who_signed(data));
                let expected = self.model.call(context, data);
                agree_on_damaged(data, expected, answer.success, &answer.data)?;
            }
        }
        let expected = std::mem::take(&mut self.model.logs);
        if !logs.iter().map(|log| &log.data).eq(&expected) {
            return Err(format!("the model expects other logs\n  ours  {logs:?}\n  model {expected:?}"));
        }
        self.hold(done, (&before, &leaves), (&consent, by, signers))?;
        if let Some(question) = consent.clone().asked().first() {
            return Err(format!("it was not foreseen that the consent is asked {question:?}"));
        }
        let found = views::compare(self, done);
        self.consent = consent;
        found.map_or(Ok(()), Err)
    }

    /// Checks the invariants.
    fn hold(
        &mut self,
        done: &Done<'_>,
        (before, leaves): (&State, &BTreeMap<B256, D::Status>),
        (consent, by, signers): (&Consent, Address, BTreeSet<Address>),
    ) -> Result<(), String> {
        let people = &self.people;
        let of_ours = [people.contract, people.consent];
        let logs: Vec<_> = done.logs.iter().filter(|log| of_ours.contains(&log.address)).collect();
        let (mut statuses, mut overdue) = (BTreeMap::new(), BTreeMap::new());
        for (Question { data, .. }, answer) in done.after.iter().filter(|(asked, _)| asked.to == people.contract) {
            if let Ok(call) = D::statusCall::abi_decode(data)
                && let Ok(status) = D::statusCall::abi_decode_returns(&answer.data)
            {
                statuses.insert(call.id, status);
            } else if let Ok(call) = D::overdueCall::abi_decode(data)
                && let Ok(count) = D::overdueCall::abi_decode_returns(&answer.data)
            {
                overdue.insert(call.custodian, count);
            }
        }
        let step = invariants::Step {
            before,
            logs: &logs,
            statuses: &statuses,
            leaves,
            overdue: &overdue,
            brought: &self.brought,
            storage: done.storage,
            consent,
            purposes: [before.store_purpose, self.model.state.store_purpose],
            by,
            signers,
            now: done.now,
        };
        for (name, holds) in invariants::ALL {
            holds(&mut self.seen, &step).map_err(|what| format!("{name}: {what}"))?;
        }
        Ok(())
    }

    /// What is told of the leaves of a call before it, as the model has it, which the views have confirmed.
    fn leaves(&self, done: &Done<'_>) -> BTreeMap<B256, D::Status> {
        fn all(data: &[u8]) -> Vec<D::individualizeCall> {
            match Calls::abi_decode(data) {
                Ok(Calls::individualize(call)) => vec![call],
                Ok(Calls::multicall(call)) => call.data.iter().flat_map(|data| all(data)).collect(),
                _ => Vec::new(),
            }
        }
        let called = done.call.iter().map(|call| &call.data);
        let damaged = done.damaged.iter().flat_map(|damaged| damaged.calls.iter().map(|(data, _)| data));
        let calls = called.chain(damaged).flat_map(|data| all(data));
        let of = |D::individualizeCall { pointer, batch, proof }| {
            (id(&pointer), self.model.status_of(&pointer, batch, &proof))
        };
        calls.map(of).collect()
    }

    /// Who really signed the messages of a call.
    fn who_signed(&self, data: &[u8]) -> BTreeSet<Address> {
        let domain = domain(self.people.contract, devnode::CHAIN_ID);
        let (signed, hash) = match Calls::abi_decode(data) {
            Ok(Calls::registerSigned(call)) => {
                let hash = register_hash(&call.pointer, terms(&call.signed), &domain);
                (call.signed, hash)
            }
            Ok(Calls::eraseSigned(call)) => {
                let hash = erase_hash(call.id, terms(&call.signed), &domain);
                (call.signed, hash)
            }
            Ok(Calls::refusePointerSigned(call)) => {
                let hash = refuse_hash(id(&call.pointer), terms(&call.signed), &domain);
                (call.signed, hash)
            }
            Ok(Calls::requestAccessSigned(call)) => {
                let hash = request_hash(call.actor, &call.request, terms(&call.signed), &domain);
                (call.signed, hash)
            }
            Ok(Calls::multicall(call)) => return call.data.iter().flat_map(|data| self.who_signed(data)).collect(),
            _ => return BTreeSet::new(),
        };
        let is_signed = self.signed.check(&signed.signer, hash, &signed.signature).is_some();
        is_signed.then(|| account_of(&signed.signer)).into_iter().collect()
    }
}

fn terms(&D::Signed { nonce, deadline, relayer, .. }: &D::Signed) -> Terms {
    Terms { nonce, deadline, relayer }
}

/// Whether a call answered as the model says.
fn agree(expected: Option<model::Answer>, success: bool, data: &[u8]) -> Result<(), String> {
    let Some(expected) = expected else { return Ok(()) };
    let found = if success { Ok(data.to_vec()) } else { Err(data.to_vec()) };
    if found != expected {
        let [found, expected] = [found, expected].map(|answer| answer.map(Bytes::from).map_err(Bytes::from));
        return Err(format!("the model expects another answer\n  ours  {found:?}\n  model {expected:?}"));
    }
    Ok(())
}

/// The same where calldata may be malformed, which is refused without a reason.
fn agree_on_damaged(
    call: &Bytes,
    expected: Option<model::Answer>,
    success: bool,
    data: &[u8],
) -> Result<(), String> {
    if !success && data.is_empty() && !matches!(expected, Some(Ok(_))) {
        return Ok(());
    }
    agree(expected, success, data).map_err(|what| format!("{call}: {what}"))
}

/// Whether anything is answered otherwise than before the step.
fn changed(done: &Done<'_>) -> bool {
    let before: BTreeMap<_, _> = done.before.iter().map(|(asked, answer)| ((asked.to, &asked.data), answer)).collect();
    done.after.iter().any(|(asked, after)| before.get(&(asked.to, &asked.data)).is_some_and(|before| *before != after))
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

/// Asserts that a share of the test run was worth it. One of another length says itself what it did.
fn went_far(tally: Option<Tally>) {
    let Some(tally) = tally else { return };
    let never: Vec<_> = OUTCOMES.iter().filter(|outcome| !tally.outcomes.contains_key(**outcome)).collect();
    assert!(never.is_empty(), "never {never:?}: {:#?}", tally.outcomes);
    assert!(tally.damaged > tally.steps / 10, "{} damaged calls", tally.damaged);
}

#[test]
fn walk() -> Result<()> {
    went_far(walked::<Registries>(Share { seed: 1, scripts: 8, steps: 125 })?);
    Ok(())
}
