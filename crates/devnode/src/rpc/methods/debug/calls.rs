//! `callTracer`: the tree of calls.

use super::traced::{Paid, Traced};
use crate::{
    arbos::L1_PRICER_FUNDS,
    rpc::{json, revert},
    trace::{CallFrame, CallLog},
};
use alloy_primitives::{Address, U256};
use serde_json::{Map, Value, json};

/// The tree, and what was moved around it.
pub(super) fn show(traced: &Traced, only_top: bool, with_logs: bool) -> Value {
    let top = outermost(traced);
    let mut members = frame(&top, only_top, with_logs);
    if let Some(text) = traced.paid.as_ref().and_then(|paid| paid.failure.clone()) {
        members.insert("error".into(), json!(text));
    }
    let (before, after) = traced.paid.as_ref().map_or_else(Default::default, |paid| moved(top.from, paid));
    members.insert("beforeEVMTransfers".into(), Value::Array(before));
    members.insert("afterEVMTransfers".into(), Value::Array(after));
    Value::Object(members)
}

/// The outermost call, of which the whole transaction's gas is shown.
pub(super) fn outermost(traced: &Traced) -> CallFrame {
    let mut top = traced.trace.call.clone();
    if let Some(paid) = &traced.paid {
        (top.gas, top.gas_used) = (paid.limit, paid.gas_used);
    }
    top
}

/// What the sender pays before, and what ArbOS gives on after the calls.
pub(super) fn moved(sender: Address, paid: &Paid) -> (Vec<Value>, Vec<Value>) {
    let moved = |purpose: &str, from: Option<Address>, to: Option<Address>, value: U256| {
        json!({
            "purpose": purpose,
            "from": from.map(|from| from.to_checksum(None)),
            "to": to.map(|to| to.to_checksum(None)),
            "value": json::wei(value),
        })
    };
    let collected =
        |purpose: &str, fee: Option<(Address, U256)>| fee.map(|(to, value)| moved(purpose, None, Some(to), value));
    let before = vec![moved("feePayment", Some(sender), None, paid.price * U256::from(paid.limit))];
    let unused = paid.price * U256::from(paid.limit - paid.gas_used);
    let fees = &paid.fees;
    let mut after = vec![moved("gasRefund", None, Some(sender), unused)];
    after.extend(collected("tip", fees.tip));
    after.extend(collected("feeCollection", fees.infrastructure));
    after.extend(collected("feeCollection", fees.network));
    after.extend(collected("feeCollection", Some((L1_PRICER_FUNDS, fees.poster))));
    after.extend(fees.refund.map(|(network, value)| moved("refund", Some(network), Some(sender), value)));
    let destroyed = paid.destroyed.iter();
    after.extend(destroyed.map(|(contract, balance)| moved("selfDestruct", Some(*contract), None, *balance)));
    (before, after)
}

/// A call, with those in it unless only it is asked for.
pub(super) fn frame(call: &CallFrame, only_top: bool, with_logs: bool) -> Map<String, Value> {
    // What is logged within a call that fails was never logged.
    let with_logs = with_logs && call.error.is_none();
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.into(), value);
    };
    put("from", json::address(call.from));
    put("gas", json::number(call.gas));
    put("gasUsed", json::number(call.gas_used));
    if let Some(to) = call.to {
        put("to", json::address(to));
    }
    put("input", json::data(&call.input));
    if !call.output.is_empty() {
        put("output", json::data(&call.output));
    }
    if let Some(error) = &call.error {
        put("error", json!(error));
        if let Some(reason) = revert::solidity_reason(&call.output) {
            put("revertReason", json!(reason));
        }
    }
    if !only_top && !call.calls.is_empty() {
        put("calls", call.calls.iter().map(|inner| Value::Object(frame(inner, only_top, with_logs))).collect());
    }
    if with_logs && !call.logs.is_empty() {
        put("logs", call.logs.iter().map(log).collect());
    }
    if let Some(value) = call.value {
        put("value", json::wei(value));
    }
    put("type", json!(call.kind));
    members
}

fn log(entry: &CallLog) -> Value {
    json!({
        "address": json::address(entry.log.address),
        "topics": entry.log.topics().iter().map(|topic| json::hash(*topic)).collect::<Vec<_>>(),
        "data": json::data(&entry.log.data.data),
        "position": json::number(entry.position),
    })
}
