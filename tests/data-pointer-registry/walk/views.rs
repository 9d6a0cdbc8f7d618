//! Everything that is asked after a step, and what the model says to it.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, B256, FixedBytes, U256, hex},
    sol_types::SolCall,
};
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use harness::walk::{Answer, Done, Question, messages::NONCE_KEY, signers::Signer};

use super::World;
use super::consent::question;
use super::model::{Model, number};
use super::pointers::no_manifest;
use super::state::{Known, time};

/// A question, and the answer by the model, where it has one.
type Asked = (Question, Option<Vec<u8>>);

/// The last requests, which are asked about after each step.
const LAST: usize = 10;

/// What a pointer points to, as far as it is stored.
fn contents(known: Option<&Known>) -> D::Contents {
    let zero = B256::ZERO;
    let none = D::Contents {
        hashCode: 0,
        digest: zero,
        locatorKind: 0,
        locatorCodec: 0,
        locator: zero,
        encryption: 0,
        keyCommitment: zero,
    };
    let Some(known) = known.filter(|known| known.stored) else { return none };
    let &D::Pointer { hashCode, digest, locatorKind, locatorCodec, locator, encryption, keyCommitment, .. } =
        &known.pointer;
    D::Contents { hashCode, digest, locatorKind, locatorCodec, locator, encryption, keyCommitment }
}

fn page<T: Clone>(all: &[T], start: u64, limit: u64) -> Vec<T> {
    all.iter().skip(start as usize).take(limit.min(1_000) as usize).cloned().collect()
}

fn all(world: &World, model: &Model, now: u64) -> Vec<Asked> {
    let (state, people, contract) = (&model.state, &world.people, world.people.contract);
    let mut all: Vec<Asked> = Vec::new();
    macro_rules! ask {
        ($call:ident { $($field:ident $(: $value:expr)?),* } => $answer:expr) => {
            let data = D::$call { $($field $(: $value)?),* }.abi_encode();
            let answer = D::$call::abi_encode_returns(&$answer);
            all.push((Question { to: contract, data }, Some(answer)));
        };
    }
    // All of them, so that none is lost; a quarter in full, another one each time.
    let lately = || world.lately.iter().copied();
    let known = state.pointers.keys().copied().filter(|id| !world.lately.contains(id));
    for id in known.chain(lately()).chain([B256::repeat_byte(250)]) {
        ask!(statusCall { id } => state.status(id));
    }
    let is_due = |id: &&B256| usize::from(id[31]) % 4 == world.turn % 4 && !world.lately.contains(*id);
    let some = state.pointers.keys().filter(is_due).copied();
    for id in some.chain(lately()).chain([B256::repeat_byte(251)]) {
        let known = state.pointers.get(&id);
        ask!(contentsCall { id } => contents(known));
        ask!(successorCall { id } => known.map(|known| known.successor).unwrap_or_default());
        let (by, at) = known.map_or((Address::ZERO, 0), |known| known.tombstone);
        ask!(tombstoneCall { id } => D::tombstoneReturn { by, erasedAt: time(at) });
        ask!(custodyOfferCall { id } => state.offered(id, now).unwrap_or_default());
        if let Some(known) = known {
            ask!(idOfCall { pointer: known.pointer.clone() } => id);
        }
    }
    for (custodian, tree) in world.trees() {
        let (pointers, tree) = world.tree(custodian, tree);
        for (place, pointer) in pointers.iter().enumerate() {
            for batch in 0..3 {
                let (proof, status) = (tree.proof(place), model.status_of(pointer, batch, &tree.proof(place)));
                let answer = D::statusOfReturn { id: crate::world::id(pointer), status };
                ask!(statusOfCall { pointer: pointer.clone(), batch, proof } => answer);
            }
        }
    }
    for subject in people.subjects() {
        let list = state.lists.get(&subject).cloned().unwrap_or_default();
        let count = list.len() as u64;
        ask!(pointerCountCall { subject } => U256::from(count));
        for (start, limit) in [(0, 1_000), (1, 2), (count, 1), (count.saturating_sub(1), u64::MAX), (u64::MAX, 1)] {
            let ids = page(&list, start, limit);
            ask!(pointersOfCall { subject, start: U256::from(start), limit: U256::from(limit) } => ids);
        }
    }
    let accounts: Vec<_> = state.custodians.iter().map(|custodian| custodian.account).collect();
    ask!(custodianCountCall {} => U256::from(accounts.len()));
    for (start, limit) in [(0, 2), (1, 1), (2, 1_000), (0, 0), (9, 9)] {
        ask!(custodiansCall { start: U256::from(start), limit: U256::from(limit) } => page(&accounts, start, limit));
    }
    for account in people.actors.iter().copied() {
        let place = accounts.iter().position(|known| *known == account);
        let found = place.map(|place| (place as u64 + 1, &state.custodians[place]));
        let none = D::custodianReturn { number: number(0), until: time(0), batches: 0, overdue: 0 };
        let told = found.map_or(none, |(of, custodian)| D::custodianReturn {
            number: number(of),
            until: time(custodian.until),
            batches: custodian.batches,
            overdue: custodian.overdue,
        });
        ask!(overdueCall { custodian: account } => told.overdue);
        ask!(custodianCall { account } => told);
    }
    for custodian in (0..3).map(|which| people.custodian(which)) {
        for batch in 0..4 {
            let found = state.batches.get(&(custodian, batch)).cloned();
            let (root, manifest) = (B256::ZERO, no_manifest());
            let none = D::batchReturn { root, count: 0, version: 0, manifest };
            let told = found.map_or(none, |super::state::Batch { root, count, version, manifest, .. }| {
                D::batchReturn { root, count, version, manifest }
            });
            ask!(batchCall { custodian, batch } => told);
        }
    }
    for (id, requestId) in state.order.iter().rev().take(LAST).copied() {
        let asked = &state.requests[&(id, requestId)];
        let (actor, dueBy, delivered) = (asked.actor, time(asked.due), asked.delivered);
        let (overdue, declined) = (asked.overdue, asked.declined);
        let told = D::accessRequestReturn { actor, dueBy, delivered, overdue, declined };
        ask!(accessRequestCall { id, requestId } => told);
    }
    let (actor, dueBy, [delivered, overdue, declined]) = (Address::ZERO, time(0), [false; 3]);
    let none = D::accessRequestReturn { actor, dueBy, delivered, overdue, declined };
    ask!(accessRequestCall { id: B256::ZERO, requestId: B256::ZERO } => none);
    let count = state.schemas.len() as u32;
    ask!(schemaCountCall {} => count);
    for number in (0..=count + 1).filter(|number| *number < 8 || number + 3 > count) {
        let (zero, sunset) = (B256::ZERO, time(0));
        let [url, content] = [zero; 2];
        let none = D::Schema { state: 0, dataClass: 0, version: 0, sunset, successor: 0, url, content };
        ask!(schemaCall { number } => state.schema(number).cloned().unwrap_or(none));
    }
    ask!(consentCall {} => people.consent);
    ask!(storePurposeCall {} => state.store_purpose);
    ask!(answerWithinCall {} => state.answer_within);
    for number in [0, 1, 2, 3, 4, 9] {
        ask!(encryptionCall { number } => state.encryptions.get(&number).copied().unwrap_or_default());
    }
    for account in people.signers.iter().map(Signer::account).chain([Address::ZERO]) {
        ask!(nonces_0Call { owner: account } => state.nonce(account, U256::ZERO));
        let key = U256::from(NONCE_KEY);
        ask!(nonces_1Call { owner: account, key: key.to() } => state.nonce(account, key));
        ask!(pinnedSiteCall { key: account } => state.sites.get(&account).copied().unwrap_or_default());
    }
    for (id, answer) in [(0x01ff_c9a7u32, true), (0x84b0_196e, true), (0xffff_ffff, false), (0x4cd6_4010, false)] {
        ask!(supportsInterfaceCall { interfaceId: FixedBytes(id.to_be_bytes()) } => answer);
    }
    ask!(authorityCall {} => people.authority);
    ask!(isConsumingScheduledOpCall {} => FixedBytes([0; 4]));
    ask!(UPGRADE_INTERFACE_VERSIONCall {} => "5.0.0".to_owned());
    // What no rule of the contract is about: only compared.
    for data in [D::eip712DomainCall {}.abi_encode(), D::proxiableUUIDCall {}.abi_encode()] {
        all.push((Question { to: contract, data }, None));
    }
    all.push((Question { to: people.implementation, data: D::proxiableUUIDCall {}.abi_encode() }, None));
    all.extend(of_consent(world).into_iter().map(|data| (Question { to: people.consent, data }, None)));
    all
}

/// What the consent is asked: who acts, where the passkey is pinned, and what the step needed.
fn of_consent(world: &World) -> Vec<Vec<u8>> {
    let people = &world.people;
    let keys = people.subjects().into_iter().map(|grantor| C::keyOfCall { grantor }.abi_encode());
    let sites = people.signers.iter().map(|signer| C::pinnedSiteCall { key: signer.account() }.abi_encode());
    let nonce = C::nonces_0Call { owner: people.signers[2].account() }.abi_encode();
    keys.chain(sites).chain([nonce]).chain(world.wanted.iter().map(question)).collect()
}

pub(super) fn questions(world: &World, now: u64) -> Vec<Question> {
    all(world, &world.model, now).into_iter().map(|(question, _)| question).collect()
}

/// What the views say otherwise than the model, if they do. What a step made is asked about after the next.
pub(super) fn compare(world: &World, done: &Done<'_>) -> Option<String> {
    let after: BTreeMap<_, _> = done.after.iter().map(|(asked, answer)| ((asked.to, &asked.data), answer)).collect();
    let mut compared = 0;
    for (question, expected) in all(world, &world.model, done.now) {
        let Some(expected) = expected else { continue };
        let Some(Answer { success, data }) = after.get(&(question.to, &question.data)) else { continue };
        compared += 1;
        if !success || *data != expected {
            let [question, data, expected] = [&question.data, data, &expected].map(hex::encode);
            return Some(format!("the model says something else: {question}\n  view  {data}\n  model {expected}"));
        }
    }
    (compared < 50).then(|| format!("only {compared} views were compared"))
}
