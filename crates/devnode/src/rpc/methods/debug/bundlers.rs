//! `erc7562Tracer`: the tree of calls, with what a bundler must know of each (ERC-7562).

use super::{calls, traced::Traced};
use crate::{
    rpc::json,
    trace::{CallFrame, Notes},
};
use alloy_primitives::{B256, U256};
use revm::bytecode::opcode as op;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What is shown.
#[derive(Debug, Clone)]
pub(super) struct BundlerOptions {
    /// Opcodes that are not counted.
    pub(super) ignored: BTreeSet<u64>,
    /// Logs of each call.
    pub(super) with_logs: bool,
}

/// Opcodes that no rule is about.
pub(super) fn ignored() -> BTreeSet<u64> {
    let plain = [
        op::POP,
        op::ADD,
        op::SUB,
        op::MUL,
        op::DIV,
        op::EQ,
        op::LT,
        op::GT,
        op::SLT,
        op::SGT,
        op::SHL,
        op::SHR,
        op::AND,
        op::OR,
        op::NOT,
        op::ISZERO,
    ];
    // go-ethereum's loop ends before its last one.
    (op::PUSH0..op::SWAP16).chain(plain).map(u64::from).collect()
}

/// The tree; what was hashed stands at its root.
pub(super) fn show(traced: &Traced, options: &BundlerOptions) -> Value {
    let top = calls::outermost(traced);
    let mut members = frame(&top, options, true);
    if let Some(text) = traced.paid.as_ref().and_then(|paid| paid.failure.clone()) {
        members.insert("error".into(), json!(text));
    }
    if !traced.trace.hashed.is_empty() {
        members.insert("keccak".into(), traced.trace.hashed.iter().map(|bytes| json::data(bytes)).collect());
    }
    Value::Object(members)
}

fn frame(call: &CallFrame, options: &BundlerOptions, is_top: bool) -> Map<String, Value> {
    let mut members = calls::frame(call, true, options.with_logs);
    let notes = call.notes.as_deref().cloned().unwrap_or_default();
    let failure = call.error.as_deref().unwrap_or_default();
    let is_starved = failure.starts_with("out of gas") || failure == "contract creation code storage out of gas";
    let mut put = |name: &str, value: Value| {
        members.insert(name.into(), value);
    };
    put("accessedSlots", slots(&notes));
    put("extCodeAccessInfo", notes.looked_at.iter().map(|account| json::address(*account)).collect());
    let counted =
        notes.opcodes.iter().filter(|(code, _)| **code == op::GAS || !options.ignored.contains(&u64::from(**code)));
    put("usedOpcodes", Value::Object(counted.map(|(code, times)| (format!("{code:#x}"), json!(times))).collect()));
    let sizes = notes
        .sizes
        .iter()
        .map(|(account, (size, code))| (format!("{account:#x}"), json!({ "contractSize": size, "opcode": code })));
    put("contractSize", Value::Object(sizes.collect()));
    put("outOfGas", json!(!is_top && is_starved));
    if !call.calls.is_empty() {
        let inner = call.calls.iter().map(|inner| Value::Object(frame(inner, options, false)));
        put("calls", inner.collect());
    }
    members
}

fn slots(notes: &Notes) -> Value {
    let key = |slot: &U256| B256::from(*slot).to_string();
    let counts = |slots: &BTreeMap<U256, u64>| {
        Value::Object(slots.iter().map(|(slot, times)| (key(slot), json!(times))).collect())
    };
    let reads = notes.reads.iter().map(|(slot, value)| (key(slot), json!([json::hash(B256::from(*value))])));
    json!({
        "reads": Value::Object(reads.collect()),
        "writes": counts(&notes.writes),
        "transientReads": counts(&notes.transient_reads),
        "transientWrites": counts(&notes.transient_writes),
    })
}
