//! Everything that is asked after a step, and what the model says to it.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, B256, FixedBytes, U256, hex},
    sol_types::SolCall,
};
use consilium_bindings::RevenueSplitter as S;
use harness::walk::{Answer, Done, Question, messages::NONCE_KEY, signers::Signer};

use crate::world::Token as T;

use super::World;
use super::drawing::ROWS;
use super::state::{Epoch, time};
use super::steps::CALLS;

/// A question, and the answer by the model, where it has one: `Err` where it is refused.
type Asked = (Question, Option<Result<Vec<u8>, Vec<u8>>>);

fn told(epoch: Option<&Epoch>) -> S::Epoch {
    let (zero, never) = (B256::ZERO, time(0));
    let none = S::Epoch {
        state: 0,
        token: Address::ZERO,
        claimableFrom: never,
        deadline: never,
        total: U256::ZERO,
        remaining: U256::ZERO,
        root: zero,
        manifest: zero,
    };
    epoch.map_or(none, |epoch| S::Epoch {
        state: epoch.state,
        token: epoch.token,
        claimableFrom: time(epoch.from),
        deadline: time(epoch.deadline),
        total: epoch.total,
        remaining: epoch.remaining,
        root: epoch.root,
        manifest: epoch.manifest,
    })
}

fn all(world: &World) -> Vec<Asked> {
    let (state, people, contract) = (&world.model.state, &world.people, world.people.contract);
    let mut all: Vec<Asked> = Vec::new();
    macro_rules! ask {
        ($call:ident { $($field:ident $(: $value:expr)?),* } => $answer:expr) => {
            ask!(try $call { $($field $(: $value)?),* } => Ok::<_, Vec<u8>>($answer))
        };
        (try $call:ident { $($field:ident $(: $value:expr)?),* } => $answer:expr) => {{
            let data = S::$call { $($field $(: $value)?),* }.abi_encode();
            let answer = $answer.map(|answer| S::$call::abi_encode_returns(&answer));
            all.push((Question { to: contract, data }, Some(answer)));
        }};
    }
    let (version, payees) = (state.version(), people.payees());
    let is_due = |place: usize, parts: usize| place % parts == world.turn % parts;
    for asset in people.assets() {
        let is_ether = asset.is_zero();
        let balance = if is_ether { Ok(U256::ZERO) } else { world.model.balance(asset) };
        let look = balance.clone().map(|balance| (!is_ether).then(|| state.look(asset, balance)));
        let noticed = look.clone().map(|look| look.map(|look| look.noticed).unwrap_or_default());
        if is_ether {
            all.push((Question { to: contract, data: Vec::new() }, Some(Ok(state.ether.to_be_bytes_vec()))));
        } else {
            let data = T::balanceOfCall { account: contract }.abi_encode();
            all.push((Question { to: asset, data }, None));
            ask!(totalReleased_1Call { token: asset } => state.book(asset).paid.values().sum::<U256>());
        }
        for (place, account) in payees.iter().copied().enumerate() {
            let is_pool = account == contract;
            let due = look.clone().map(|look| state.releasable(asset, account, is_pool, look));
            let paid = state.book(asset).paid.get(&account).copied().unwrap_or_default();
            if is_ether {
                ask!(try releasable_0Call { account } => due);
            } else {
                ask!(try releasable_1Call { token: asset, account } => due);
            }
            match (is_due(place, 3), is_ether) {
                (true, true) => ask!(released_0Call { account } => paid),
                (true, false) => ask!(released_1Call { token: asset, account } => paid),
                _ => {}
            }
        }
        ask!(try remainderCall { token: asset } => noticed.clone().map(|noticed| state.remainder(asset, noticed)));
        let old = world.turn as u32 % version.max(1) + 1;
        let mut versions = vec![version, version.saturating_sub(1), old, version + 1];
        versions.dedup();
        for version in versions {
            let received = noticed.clone().map(|noticed| state.received(version, asset, noticed));
            ask!(try receivedCall { version, token: asset } => received);
        }
    }
    ask!(totalReleased_0Call {} => state.book(Address::ZERO).paid.values().sum::<U256>());
    ask!(totalSharesCall {} => U256::from(10_000));
    ask!(tableVersionCall {} => version);
    let current = state.table(version).cloned().unwrap_or_default();
    for (_, account) in payees.iter().enumerate().filter(|(place, _)| is_due(*place, 3)) {
        let share = current.iter().find(|(payee, _)| payee == account).map_or(0, |(_, share)| *share);
        ask!(sharesCall { account: *account } => U256::from(share));
    }
    for place in [0, 1, current.len().saturating_sub(1), current.len()] {
        let outside = [&[0x4e, 0x48, 0x7b, 0x71][..], &U256::from(0x32).to_be_bytes::<32>()].concat();
        let payee = current.get(place).map(|(payee, _)| *payee).ok_or(outside);
        ask!(try payeeCall { index: U256::from(place) } => payee);
    }
    for version in [version, version.saturating_sub(1), world.turn as u32 % version.max(1), version + 1] {
        let (recipients, basisPoints) = state.table(version).cloned().unwrap_or_default().into_iter().unzip();
        ask!(tableCall { version } => S::tableReturn { recipients, basisPoints });
    }
    let count = state.epochs.len() as u32;
    ask!(epochCountCall {} => count);
    // So many may be published in one step: money of an epoch that nobody was asked about would be missed.
    for number in 0..=count + CALLS as u32 {
        ask!(epochCall { number } => told(state.epoch(number)));
        if !is_due(number as usize, 4) {
            continue;
        }
        let list = &world.lists[usize::from(world.list_of(number))];
        for row in 0..usize::from(ROWS) {
            let index = list.leaf(row).index;
            let is_claimed = state.epoch(number).is_some_and(|epoch| epoch.claimed.contains(&index));
            ask!(isClaimedCall { number, index } => is_claimed);
        }
    }
    ask!(treasuryCall {} => state.treasury);
    ask!(registryCall {} => state.registry);
    ask!(windowCall {} => state.window);
    let signers = people.signers.iter().map(Signer::account).chain([Address::ZERO]);
    for (_, account) in signers.enumerate().filter(|(place, _)| is_due(*place, 2)) {
        ask!(nonces_0Call { owner: account } => state.nonce(account, U256::ZERO));
        let key = U256::from(NONCE_KEY);
        ask!(nonces_1Call { owner: account, key: key.to() } => state.nonce(account, key));
        ask!(pinnedSiteCall { key: account } => state.sites.get(&account).copied().unwrap_or_default());
    }
    for (id, answer) in [(0x01ff_c9a7u32, true), (0x84b0_196e, true), (0xffff_ffff, false)] {
        ask!(supportsInterfaceCall { interfaceId: FixedBytes(id.to_be_bytes()) } => answer);
    }
    ask!(authorityCall {} => people.authority);
    ask!(isConsumingScheduledOpCall {} => FixedBytes([0; 4]));
    ask!(UPGRADE_INTERFACE_VERSIONCall {} => "5.0.0".to_owned());
    // What no rule of the contract is about is only compared: and what everybody else has.
    for data in [S::eip712DomainCall {}.abi_encode(), S::proxiableUUIDCall {}.abi_encode()] {
        all.push((Question { to: contract, data }, None));
    }
    for (place, account) in payees.iter().copied().enumerate().filter(|(place, _)| is_due(*place, 5)) {
        for token in &people.tokens {
            let data = T::balanceOfCall { account }.abi_encode();
            all.push((Question { to: *token, data }, None));
        }
        // The model does not follow what people have.
        if place != payees.len() - 1 {
            all.push((Question { to: account, data: Vec::new() }, None));
        }
    }
    all
}

pub(super) fn questions(world: &World, _: u64) -> Vec<Question> {
    all(world).into_iter().map(|(question, _)| question).collect()
}

/// What the views say otherwise than the model, if they do. What a step made is asked about after the next.
pub(super) fn compare(world: &World, done: &Done<'_>) -> Option<String> {
    let after: BTreeMap<_, _> = done.after.iter().map(|(asked, answer)| ((asked.to, &asked.data), answer)).collect();
    let mut compared = 0;
    for (question, expected) in all(world) {
        let Some(expected) = expected else { continue };
        let Some(Answer { success, data }) = after.get(&(question.to, &question.data)) else { continue };
        compared += 1;
        if (*success, data) != (expected.is_ok(), expected.as_ref().unwrap_or_else(|reason| reason)) {
            let expected = expected.unwrap_or_else(|reason| reason);
            let [question, data, expected] = [&question.data, data, &expected].map(hex::encode);
            return Some(format!("the model says something else: {question}\n  view  {data}\n  model {expected}"));
        }
    }
    (compared < 50).then(|| format!("only {compared} views were compared"))
}
