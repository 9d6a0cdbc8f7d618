//! `stylusTracer`: what programs asked their host, as `cargo stylus replay` and `trace` read it.

use crate::{rpc::json, trace::HostCall};
use serde_json::{Value, json};

/// One step after the other; a call has the steps of what it called in it.
pub(super) fn show(steps: &[HostCall]) -> Value {
    steps.iter().map(step).collect()
}

fn step(call: &HostCall) -> Value {
    let mut step = json!({
        "name": call.name,
        "args": json::data(&call.args),
        "outs": json::data(&call.outs),
        "startInk": call.start_ink,
        "endInk": call.end_ink,
    });
    if let Some((address, steps)) = &call.inner {
        step["address"] = json::address(*address);
        step["steps"] = show(steps);
    }
    step
}
