//! `4byteTracer`: how often each selector was called, with the size of its arguments.

use crate::trace::CallFrame;
use alloy_primitives::{hex, map::AddressSet};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Counts by `0x01020304-SIZE`. Precompiles are taken for opcodes, and do not count.
pub(super) fn show(call: &CallFrame, precompiles: &AddressSet) -> Value {
    let mut counts = BTreeMap::new();
    count(call, precompiles, &mut counts);
    Value::Object(counts.into_iter().map(|(key, times)| (key, times.into())).collect::<Map<_, _>>())
}

fn count(call: &CallFrame, precompiles: &AddressSet, counts: &mut BTreeMap<String, u64>) {
    let is_call = matches!(call.kind, "CALL" | "CALLCODE" | "DELEGATECALL" | "STATICCALL");
    if let Some((selector, arguments)) = call.input.split_first_chunk::<4>()
        && is_call
        && call.to.is_some_and(|to| !precompiles.contains(&to))
    {
        *counts.entry(format!("0x{}-{}", hex::encode(selector), arguments.len())).or_default() += 1;
    }
    for inner in &call.calls {
        count(inner, precompiles, counts);
    }
}
