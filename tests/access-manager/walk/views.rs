//! Everything that is asked after a step, and what the model says to it.

use alloy::primitives::{B256, U256};
use alloy::sol_types::{SolCall, SolValue};
use harness::walk::{Answer, Done, Question};

use super::people::{ACTORS, ROLES, selectors};
use super::{LOOKED_AT, World};
use crate::own::Own;
use crate::setup::{
    ADMIN, EXPIRATION, Manager, PUBLIC, SETBACK, Target, access, admin_delay, can_call, grant_delay, has,
};

/// A question, and the answer by the model, where it has one.
type Asked = (Question, Option<Vec<u8>>);

/// All questions with their answers.
fn all(world: &World, now: u64, ending: bool) -> Vec<Asked> {
    let (people, model) = (&world.people, &world.model);
    let mut all = Vec::new();
    let manager = people.manager;
    let mut ask = |data: Vec<u8>, answer: Option<Vec<u8>>| all.push((Question { to: manager, data }, answer));
    let number = |number: u64| Some(U256::from(number).abi_encode());
    ask(Manager::expirationCall {}.abi_encode(), number(EXPIRATION));
    ask(Manager::minSetbackCall {}.abi_encode(), number(SETBACK));
    ask(Manager::ADMIN_ROLECall {}.abi_encode(), number(ADMIN));
    ask(Manager::PUBLIC_ROLECall {}.abi_encode(), number(PUBLIC));
    for role in ROLES {
        ask(Manager::getRoleAdminCall { roleId: role }.abi_encode(), number(model.admin(role)));
        ask(Manager::getRoleGuardianCall { roleId: role }.abi_encode(), number(model.guardian(role)));
        ask(grant_delay(role), number(model.grant_delay(role, now).into()));
        for account in &people.accounts {
            ask(has(role, *account), Some(model.has(role, *account, now).abi_encode()));
            let grant = model.grant(role, *account, now);
            let (current, pending, effect) = grant.delay.full(now);
            // When the first admin was granted its role is not among the walk's events.
            let first = role == ADMIN && *account == people.accounts[0];
            let known = (U256::from(grant.since), current, pending, U256::from(effect)).abi_encode();
            ask(access(role, *account), (!first).then_some(known));
            if ending {
                let end = Own::getGrantEndCall { roleId: role, account: *account }.abi_encode();
                ask(end, number(model.end(role, *account)));
            }
        }
    }
    for target in people.all_targets() {
        ask(Manager::isTargetClosedCall { target }.abi_encode(), Some(model.is_closed(target).abi_encode()));
        ask(admin_delay(target), number(model.admin_delay(target, now).into()));
        for selector in selectors() {
            let question = Manager::getTargetFunctionRoleCall { target, selector }.abi_encode();
            ask(question, number(model.function_role(target, selector)));
        }
        for selector in &selectors()[..4] {
            // Of the manager itself nothing runs after a step: it may call nothing.
            for account in people.accounts[..ACTORS].iter().chain([&manager]) {
                let answer = model.can_call(*account, target, *selector, now);
                ask(can_call(*account, target, *selector), Some(answer.abi_encode()));
            }
        }
    }
    let latest = &world.operations[world.operations.len().saturating_sub(LOOKED_AT)..];
    for operation in latest {
        let id = operation.id;
        ask(Manager::getScheduleCall { id }.abi_encode(), number(model.schedule(id, now)));
        ask(Manager::getNonceCall { id }.abi_encode(), Some(model.nonce(id).abi_encode()));
        let (caller, target, data) = (operation.caller, operation.target, operation.data.clone());
        // A question has a length of two bytes.
        if data.len() < 10_000 {
            ask(Manager::hashOperationCall { caller, target, data }.abi_encode(), Some(id.abi_encode()));
        }
    }
    ask(Manager::getScheduleCall { id: B256::repeat_byte(1) }.abi_encode(), number(0));
    for target in people.targets {
        let authority = model.authority(target).abi_encode();
        all.push((Question { to: target, data: Target::authorityCall {}.abi_encode() }, Some(authority)));
        let data = Target::isConsumingScheduledOpCall {}.abi_encode();
        all.push((Question { to: target, data }, Some(vec![0; 32])));
    }
    // Balances.
    for to in people.all_targets() {
        all.push((Question { to, data: Vec::new() }, None));
    }
    all
}

pub(super) fn questions(world: &World, now: u64, ending: bool) -> Vec<Question> {
    all(world, now, ending).into_iter().map(|(question, _)| question).collect()
}

/// What the views say otherwise than the model, if they do.
pub(super) fn compare(world: &World, done: &Done<'_>) -> Option<String> {
    let ending = done.after.iter().any(|(question, _)| question.data.starts_with(&Own::getGrantEndCall::SELECTOR));
    for (question, expected) in all(world, done.now, ending) {
        let Some(expected) = expected else { continue };
        // What was scheduled by this step is asked about after the next.
        let Some((_, Answer { success, data })) = done.after.iter().find(|(asked, _)| *asked == question) else {
            continue;
        };
        if !success || *data != expected {
            let [question, data, expected] = [&question.data, data, &expected].map(alloy::primitives::hex::encode);
            return Some(format!("the events say something else: {question}\n  view  {data}\n  model {expected}"));
        }
    }
    None
}

/// Whether anything is answered otherwise than before the step.
pub(super) fn changed(done: &Done<'_>) -> bool {
    let before = done.before.iter();
    before.zip(done.after).any(|((asked, before), (again, after))| asked == again && before != after)
}
