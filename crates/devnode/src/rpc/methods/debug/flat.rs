//! `flatCallTracer`: the calls in a row, as Parity had them.

use super::{calls, traced::Traced};
use crate::{rpc::json, trace::CallFrame};
use alloy_primitives::{U256, map::AddressSet};
use serde_json::{Map, Value, json};

/// What is shown, and how.
#[derive(Debug)]
pub(super) struct FlatOptions {
    /// Failures in Parity's words instead of go-ethereum's.
    pub(super) parity_errors: bool,
    /// Contracts whose calls are left out.
    pub(super) hidden: Option<AddressSet>,
}

/// The calls, outermost first.
pub(super) fn show(traced: &Traced, options: &FlatOptions) -> Value {
    let top = calls::outermost(traced);
    let mut shown = Vec::new();
    let failure = traced.paid.as_ref().and_then(|paid| paid.failure.as_deref());
    append(&top, failure, &[], traced, options, &mut shown);
    let (before, after) = match &traced.paid {
        Some(paid) => {
            let (before, after) = calls::moved(top.from, paid);
            (Value::Array(before), Value::Array(after))
        }
        None => (Value::Null, Value::Null),
    };
    if let Some(Value::Object(first)) = shown.first_mut() {
        first.insert("beforeEVMTransfers".into(), before);
        first.insert("afterEVMTransfers".into(), after);
    }
    Value::Array(shown)
}

fn append(
    call: &CallFrame,
    failure: Option<&str>,
    path: &[usize],
    traced: &Traced,
    options: &FlatOptions,
    shown: &mut Vec<Value>,
) {
    let is_hidden = |inner: &&CallFrame| {
        let hidden = options.hidden.as_ref();
        matches!(inner.kind, "CALL" | "STATICCALL")
            && hidden.is_some_and(|hidden| inner.to.is_some_and(|to| hidden.contains(&to)))
    };
    let inner: Vec<_> = call.calls.iter().filter(|inner| !is_hidden(inner)).collect();
    let error = failure.or(call.error.as_deref());
    let mut members = described(call);
    if error.is_some_and(|error| error != REVERTED) {
        members.shift_remove("result");
    }
    let mut put = |name: &str, value: Value| {
        members.insert(name.into(), value);
    };
    if let Some(error) = error {
        put("error", json!(if options.parity_errors { in_paritys_words(error) } else { error }));
    }
    put("subtraces", json!(inner.len()));
    put("traceAddress", json!(path));
    let place = traced.place.as_ref();
    put("blockHash", json!(place.map(|(block, _)| json::hash(block.hash))));
    put("blockNumber", json!(place.map_or(0, |(block, _)| block.header.number)));
    let hash = place.map(|(block, index)| json::hash(block.transactions[*index as usize].hash));
    put("transactionHash", json!(hash));
    put("transactionPosition", json!(place.map_or(0, |(_, index)| *index)));
    shown.push(Value::Object(members));
    for (position, call) in inner.into_iter().enumerate() {
        append(call, None, &[path, &[position]].concat(), traced, options, shown);
    }
}

/// What go-ethereum says of a revert: only then what came back is shown.
const REVERTED: &str = "execution reverted";

/// Type, action and result.
fn described(call: &CallFrame) -> Map<String, Value> {
    let value = json::wei(call.value.unwrap_or(U256::ZERO));
    let from = json::address(call.from);
    let to = call.to.map(json::address);
    let (kind, mut action, mut result) = match call.kind {
        "CREATE" | "CREATE2" => (
            "create",
            json!({ "creationMethod": call.kind.to_lowercase(), "init": json::data(&call.input) }),
            json!({ "code": json::data(&call.output) }),
        ),
        "SELFDESTRUCT" => {
            let action = json!({ "address": from, "balance": value, "refundAddress": to });
            return members([("type", json!("suicide")), ("action", action)]);
        }
        _ => (
            "call",
            json!({ "callType": call.kind.to_lowercase(), "input": json::data(&call.input) }),
            json!({ "output": json::data(&call.output) }),
        ),
    };
    if let Some(to) = to {
        (if kind == "create" { result["address"] = to } else { action["to"] = to });
    }
    action["from"] = from;
    action["gas"] = json::number(call.gas);
    action["value"] = value;
    result["gasUsed"] = json::number(call.gas_used);
    members([("type", json!(kind)), ("action", action), ("result", result)])
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn in_paritys_words(error: &str) -> &str {
    match error {
        "contract creation code storage out of gas"
        | "out of gas"
        | "gas uint64 overflow"
        | "max code size exceeded" => "Out of gas",
        "invalid jump destination" => "Bad jump destination",
        REVERTED => "Reverted",
        "return data out of bounds" => "Out of bounds",
        "stack limit reached 1024 (1023)" => "Out of stack",
        "precompiled failed" | "invalid input length" => "Built-in failed",
        _ if error.starts_with("invalid opcode:") => "Bad instruction",
        _ if error.starts_with("stack underflow") => "Stack underflow",
        _ => error,
    }
}
