//! A random walk: ours and the peer, both behind a proxy at one address, take the same steps. Everything is compared. A
//! model of the rules says what each call must answer, the state is folded from the events alone, and both must say what
//! all views say.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

pub(crate) mod acts;
mod breaches;
mod deciding;
mod granting;
mod invariants;
mod model;
mod people;
mod resolve;
mod signing;
mod state;
mod steps;
mod told;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::{SolCall, SolInterface};
use consilium_bindings::Consent as C;
use consilium_bindings::Consent::ConsentCalls as Calls;
use eyre::Result;
use harness::walk::authority::Kinds;
use harness::walk::plan::Share;
use harness::walk::signers::{Signed, account_of};
use harness::walk::{Call, Cast, Done, Question, Todo, Walk, walked};
use proptest::strategy::BoxedStrategy;

use invariants::Seen;
use model::{Context, Model};
use people::{ACTORS, People};
use state::State;
use steps::Step;

/// The walk.
pub(crate) struct Consents;

/// What is known while a script runs.
pub(crate) struct World {
    people: People,
    asked: Vec<C::Question>,
    /// By the calls.
    model: Model,
    /// By the events.
    told: State,
    signed: Signed,
    /// Signed acts that were brought.
    brought: Vec<C::SignedAct>,
    /// Nonces that earlier acts of this step use.
    pending: BTreeMap<(Address, U256), u64>,
    seen: Seen,
}

impl Walk for Consents {
    type Step = Step;
    type World = World;

    const PROGRAM: &'static str = "consent";
    const PEER: &'static str = "PeerConsent";
    const BEHIND_PROXY: bool = true;
    const PEER_EXCEEDS_LIMIT: bool = true;
    const ACTORS: usize = ACTORS;
    const SPARE_GAS: u64 = 0;

    fn before(_: &dyn Fn(usize) -> Address) -> Vec<(&'static str, Vec<u8>)> {
        people::before()
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
            nonces: BTreeMap::new(),
            kinds: Kinds::default(),
            contract: people.contract,
            implementation: people.implementation,
            authority: people.authority,
            hook: people.hook,
        };
        World {
            asked: views::asked(&people),
            model,
            told: State::new(),
            signed: Signed::new(cast.helpers[2]),
            brought: Vec::new(),
            pending: BTreeMap::new(),
            seen: Seen::default(),
            people,
        }
    }

    fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
        steps::steps(count)
    }

    fn resolve(world: &mut World, step: &Step, now: u64) -> Todo {
        world.resolve(step, now)
    }

    fn questions(world: &World, now: u64) -> Vec<Question> {
        views::questions(&world.model, &world.people, now)
    }

    fn look(world: &mut World, done: &Done<'_>) -> Option<String> {
        world.look(done).err()
    }

    fn known(world: &World) -> Vec<U256> {
        let accounts = world.people.accounts().into_iter().map(|account| account.into_word().into());
        let selectors = people::restricted().map(|selector| U256::from_be_slice(&selector[..]) << 224usize);
        accounts.chain(selectors).chain([1, 3, 9, 64, 200, 1u64 << 39].map(U256::from)).collect()
    }
}

impl World {
    /// What a step means now.
    fn resolve(&mut self, step: &Step, now: u64) -> Todo {
        self.pending.clear();
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
                let (by, data) = self.own(actor(by), own, now);
                call(by, contract, data)
            }
            Step::Multicall { by, all } => {
                let by = actor(by);
                let data = all.iter().map(|own| Bytes::from(self.own(by, own, now).1)).collect();
                call(by, contract, C::multicallCall { data }.abi_encode())
            }
            Step::Act { by, signed } => {
                let signed = self.sign(actor(by), signed, now);
                call(actor(by), contract, C::actCall { signed }.abi_encode())
            }
            Step::Relay { by, all } => {
                let signed = all.iter().map(|signing| self.sign(actor(by), signing, now)).collect();
                call(actor(by), contract, C::relayCall { signed }.abi_encode())
            }
            Step::Allow { who, which, kind } => call(0, self.people.authority, self.allow(*who, *which, *kind)),
            Step::HandOver { to } => call(0, self.people.authority, self.hand_over(*to)),
        }
    }

    /// Looks at what a step did.
    fn look(&mut self, done: &Done<'_>) -> Result<(), String> {
        let before = self.told.clone();
        let logs: Vec<_> = done.logs.iter().filter(|log| log.address == self.people.contract).collect();
        for log in &logs {
            self.told.fold(log, done.now)?;
        }
        if let (Some(call), Some(answer)) = (done.call, done.answer) {
            if !answer.success && (!logs.is_empty() || changed(done)) {
                return Err("a call that was refused changed something".to_owned());
            }
            self.predict(call, answer.success, &answer.data, done.now)?;
        } else if !logs.is_empty() {
            // Damaged calls that were taken: what they were is not known here, so the events are believed.
            self.model.state = self.told.clone();
        }
        if self.model.state != self.told {
            return Err(format!("the events say otherwise\n  calls  {:?}\n  events {:?}", self.model.state, self.told));
        }
        let stood_still = done.call.is_some();
        let by = done.call.map(|call| self.acting(self.people.actors[call.by], &call.data)).unwrap_or_default();
        let questions = views::asked_at(&self.asked, done.now);
        let step = invariants::Step {
            before: &before,
            after: &self.told,
            questions: &questions,
            answers: views::reasons(&questions, done, stood_still),
            logs,
            by,
            now: done.now,
        };
        if done.call.is_some() || step.logs.is_empty() {
            for (name, holds) in invariants::ALL {
                holds(&mut self.seen, &step).map_err(|what| format!("{name}: {what}"))?;
            }
        }
        views::compare(&self.model, &self.people, done).map_or(Ok(()), Err)
    }

    /// Whether a call answered as the model says.
    fn predict(&mut self, call: &Call, success: bool, data: &[u8], now: u64) -> Result<(), String> {
        if call.to == self.people.authority {
            self.model.kinds.told(&call.data);
            return Ok(());
        }
        let people = &self.people;
        let mut code = people.actors.clone();
        code.extend([
            people.authority,
            people.hook,
            people.signers[3].account(),
            people.contract,
            people.implementation,
        ]);
        let context = Context { by: people.actors[call.by], now, signed: &self.signed, code: &code };
        let Some(expected) = self.model.call(context, &call.data) else { return Ok(()) };
        let found = if success { Ok(data.to_vec()) } else { Err(data.to_vec()) };
        // What a function without a return value answers, an actor logs as nothing.
        if found != expected {
            let [found, expected] = [found, expected].map(|answer| answer.map(Bytes::from).map_err(Bytes::from));
            return Err(format!("the model expects another answer\n  ours  {found:?}\n  model {expected:?}"));
        }
        Ok(())
    }

    /// Who called, and whose signed acts came with it that they really signed.
    fn acting(&self, by: Address, data: &[u8]) -> BTreeSet<Address> {
        let of = |signed: &C::SignedAct| {
            let (act, nonce, deadline) = (&signed.act, signed.nonce, signed.deadline.to());
            let hash = acts::hash(self.people.contract, act, nonce, deadline, signed.relayer).unwrap_or_default();
            let is_signed = self.signed.check(&signed.signer, hash, &signed.signature).is_some();
            is_signed.then(|| account_of(&signed.signer))
        };
        let mut all = BTreeSet::from([by]);
        match Calls::abi_decode(data) {
            Ok(Calls::act(call)) => all.extend(of(&call.signed)),
            Ok(Calls::relay(call)) => all.extend(call.signed.iter().filter_map(of)),
            Ok(Calls::multicall(call)) => all.extend(call.data.iter().flat_map(|data| self.acting(by, data))),
            _ => {}
        }
        all
    }
}

/// Whether anything is answered otherwise than before the step.
fn changed(done: &Done<'_>) -> bool {
    done.before.iter().zip(done.after).any(|((asked, before), (again, after))| asked == again && before != after)
}

/// What must have happened, or the walk did not go far.
const OUTCOMES: [&str; 10] = [
    "grant: succeeded",
    "amend: succeeded",
    "revoke: succeeded",
    "revokeAll: succeeded",
    "act: succeeded",
    "relay: succeeded",
    "record: succeeded",
    "declareEmergency: succeeded",
    "setPolicy: succeeded",
    "proveMember: succeeded",
];

#[test]
fn walk() -> Result<()> {
    // A share of another length says itself what it did.
    if let Some(tally) = walked::<Consents>(Share { seed: 1, scripts: 12, steps: 60 })? {
        tally.went_far(&OUTCOMES);
    }
    Ok(())
}
