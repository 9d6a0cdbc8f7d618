//! Everything that is asked after a step, and what the model says to it.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, FixedBytes, hex},
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::Mandate as M;
use harness::walk::{Answer, Done, Question};

use crate::world::{Token as T, payee};

use super::World;
use super::resolve::second;

/// A question, and the answer by the model, where it has one.
type Asked = (Question, Option<Vec<u8>>);

fn all(world: &World, now: u64) -> Vec<Asked> {
    let (model, people, contract) = (&world.model, &world.people, world.people.contract);
    let mut all: Vec<Asked> = Vec::new();
    macro_rules! ask {
        ($call:ident { $($field:ident $(: $value:expr)?),* } => $answer:expr) => {{
            let data = M::$call { $($field $(: $value)?),* }.abi_encode();
            all.push((Question { to: contract, data }, Some(M::$call::abi_encode_returns(&$answer))));
        }};
    }
    for holder in people.holders().into_iter().chain([people.actors[0]]) {
        let of = model.rules.holder(holder);
        let due = second(of.owed().unwrap_or(0));
        let (until, reportEvery, number) = (second(of.until), of.every, of.number);
        ask!(mandateCall { holder } => M::mandateReturn { until, reportEvery, due, number });
        ask!(isRunningCall { holder } => of.is_running(now));
        ask!(isOverdueCall { holder } => of.is_overdue(now));
        ask!(missedCall { holder } => second(of.missed(now).unwrap_or(0)));
        for token in people.monies() {
            let (limit, left, period, refills_at) = model.allowance(holder, token, now);
            let refillsAt = second(refills_at);
            ask!(allowanceCall { holder, token } => M::allowanceReturn { limit, left, period, refillsAt });
        }
    }
    for (id, answer) in [(0x01ff_c9a7u32, true), (0xffff_ffff, false)] {
        ask!(supportsInterfaceCall { interfaceId: FixedBytes(id.to_be_bytes()) } => answer);
    }
    ask!(authorityCall {} => people.authority);
    ask!(isConsumingScheduledOpCall {} => FixedBytes([0; 4]));
    ask!(UPGRADE_INTERFACE_VERSIONCall {} => "5.0.0".to_owned());
    // What is here.
    for (place, money) in people.monies().into_iter().enumerate() {
        let here = model.here(money);
        if money.is_zero() {
            all.push((Question { to: contract, data: Vec::new() }, Some(here.abi_encode())));
        } else {
            let data = T::balanceOfCall { account: contract }.abi_encode();
            let answers = place != 2 || model.wild.answers();
            all.push((Question { to: money, data }, answers.then(|| here.abi_encode())));
        }
        // What others have is only compared.
        for account in [payee(), people.odd[0], people.odd[1]] {
            let data = if money.is_zero() { Vec::new() } else { T::balanceOfCall { account }.abi_encode() };
            all.push((Question { to: if money.is_zero() { account } else { money }, data }, None));
        }
    }
    all.push((Question { to: contract, data: M::proxiableUUIDCall {}.abi_encode() }, None));
    all
}

pub(super) fn questions(world: &World, now: u64) -> Vec<Question> {
    all(world, now).into_iter().map(|(question, _)| question).collect()
}

/// What the views say otherwise than the model, if they do.
pub(super) fn compare(world: &World, done: &Done<'_>) -> Option<String> {
    let after: BTreeMap<_, _> = done.after.iter().map(|(asked, answer)| ((asked.to, &asked.data), answer)).collect();
    for (question, expected) in all(world, done.now) {
        let Some(expected) = expected else { continue };
        let Some(Answer { success, data }) = after.get(&(question.to, &question.data)) else {
            return Some(format!("nobody asked {}", hex::encode(&question.data)));
        };
        if !success || *data != expected {
            let [question, data, expected] = [&question.data, data, &expected].map(hex::encode);
            return Some(format!("the model says something else: {question}\n  view  {data}\n  model {expected}"));
        }
    }
    None
}

/// Whether anything is answered otherwise than before the step.
pub(super) fn changed(done: &Done<'_>) -> bool {
    let before: BTreeMap<(Address, &Vec<u8>), _> =
        done.before.iter().map(|(asked, answer)| ((asked.to, &asked.data), answer)).collect();
    done.after.iter().any(|(asked, after)| before.get(&(asked.to, &asked.data)).is_some_and(|before| *before != after))
}
