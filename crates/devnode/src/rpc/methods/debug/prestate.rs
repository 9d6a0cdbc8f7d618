//! `prestateTracer`: the state that a message read, or what it changed.

use crate::{
    rpc::json,
    trace::{AccountNow, Prestate, TouchedAccount},
};
use alloy_primitives::{Address, B256, U256};
use serde_json::{Map, Value, json};

/// What is shown.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PrestateOptions {
    /// What the message changed, before and after it.
    pub(super) diff: bool,
    /// No code.
    pub(super) no_code: bool,
    /// No slots.
    pub(super) no_storage: bool,
    /// Accounts that did not exist before as well.
    pub(super) with_empty: bool,
}

/// The accounts by address, each with what it has.
pub(super) fn show(state: &Prestate, options: PrestateOptions) -> Value {
    if options.diff {
        return changes(state, options);
    }
    let shown = state.accounts.iter().filter(|(_, account)| options.with_empty || exists(&account.before));
    let shown = shown.map(|(address, account)| {
        let slots = account.slots.iter().map(|(key, (before, _))| (*key, *before)).collect::<Vec<_>>();
        (*address, whole(&account.before, &slots, options))
    });
    accounts(shown)
}

fn changes(state: &Prestate, options: PrestateOptions) -> Value {
    let (mut pre, mut post) = (Vec::new(), Vec::new());
    for (address, account) in &state.accounts {
        if state.deleted.contains(address) {
            let slots: Vec<_> = account.slots.iter().map(|(key, (before, _))| (*key, *before)).collect();
            pre.push((*address, account, slots));
            continue;
        }
        let slots = account.slots.iter().filter(|(_, (before, after))| !options.no_storage && before != after);
        let slots: Vec<_> = slots.map(|(key, values)| (*key, *values)).collect();
        let Some(after) = changed(account, &slots, options) else { continue };
        post.push((*address, after));
        let before = slots.iter().map(|(key, (before, _))| (*key, *before)).filter(|(_, before)| !before.is_zero());
        pre.push((*address, account, before.collect()));
    }
    let pre = pre.into_iter().filter(|(_, account, _)| exists(&account.before));
    let pre = pre.map(|(address, account, slots)| (address, whole(&account.before, &slots, options)));
    json!({ "post": accounts(post), "pre": accounts(pre) })
}

/// What an account has after a message that it did not have before; none if nothing has changed.
fn changed(account: &TouchedAccount, slots: &[(U256, (U256, U256))], options: PrestateOptions) -> Option<Value> {
    let (before, after) = (&account.before, &account.after);
    let has_other_code = before.code_hash != after.code_hash;
    if before.balance == after.balance && before.nonce == after.nonce && !has_other_code && slots.is_empty() {
        return None;
    }
    let mut members = Map::new();
    if before.balance != after.balance {
        members.insert("balance".into(), json::wei(after.balance));
    }
    if has_other_code {
        if !options.no_code && !after.code.is_empty() {
            members.insert("code".into(), json::data(&after.code));
        }
        members.insert("codeHash".into(), json::hash(after.code_hash.unwrap_or_default()));
    }
    if before.nonce != after.nonce && after.nonce > 0 {
        members.insert("nonce".into(), json!(after.nonce));
    }
    let left: Vec<_> = slots.iter().map(|(key, (_, after))| (*key, *after)).collect();
    put_slots(&mut members, left.into_iter().filter(|(_, after)| !after.is_zero()));
    Some(Value::Object(members))
}

/// All that an account has.
fn whole(account: &AccountNow, slots: &[(U256, U256)], options: PrestateOptions) -> Value {
    let mut members = Map::new();
    members.insert("balance".into(), json::wei(account.balance));
    if !options.no_code && !account.code.is_empty() {
        members.insert("code".into(), json::data(&account.code));
    }
    if let Some(hash) = account.code_hash {
        members.insert("codeHash".into(), json::hash(hash));
    }
    if account.nonce > 0 {
        members.insert("nonce".into(), json!(account.nonce));
    }
    if !options.no_storage {
        put_slots(&mut members, slots.iter().copied());
    }
    Value::Object(members)
}

fn put_slots(members: &mut Map<String, Value>, slots: impl Iterator<Item = (U256, U256)>) {
    let hash = |word: U256| json::hash(B256::from(word));
    let slots: Map<_, _> = slots.map(|(key, value)| (B256::from(key).to_string(), hash(value))).collect();
    if !slots.is_empty() {
        members.insert("storage".into(), Value::Object(slots));
    }
}

fn accounts(shown: impl IntoIterator<Item = (Address, Value)>) -> Value {
    let shown = shown.into_iter().map(|(address, account)| (format!("{address:#x}"), account));
    Value::Object(shown.collect())
}

fn exists(account: &AccountNow) -> bool {
    account.nonce > 0 || !account.code.is_empty() || !account.balance.is_zero()
}
