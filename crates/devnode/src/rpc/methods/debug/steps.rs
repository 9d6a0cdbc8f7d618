//! The opcode logger, which traces where no tracer is named: each instruction with what it sees.

use super::traced::Traced;
use crate::{
    rpc::json,
    trace::{LoggedStep, StepOptions},
};
use alloy_primitives::{B256, hex};
use revm::bytecode::opcode::{self, OpCode};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// What the logger shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct LoggerOptions {
    pub(super) steps: StepOptions,
    /// Most bytes of instructions as JSON, after which it shows no more; 0 if there is no such limit.
    pub(super) limit: i64,
}

impl Default for LoggerOptions {
    fn default() -> Self {
        let steps = StepOptions { stack: true, storage: true, ..StepOptions::default() };
        Self { steps, limit: 0 }
    }
}

/// The instructions, and how the message ended.
pub(super) fn show(traced: &Traced, options: LoggerOptions) -> Value {
    let mut bytes: i64 = 0;
    let mut logs = Vec::with_capacity(traced.trace.steps.len());
    for logged in &traced.trace.steps {
        if options.limit != 0 && bytes > options.limit {
            break;
        }
        let shown = step(logged);
        if options.limit != 0 {
            bytes = bytes.saturating_add(shown.to_string().len() as i64);
        }
        logs.push(shown);
    }
    let paid = traced.paid.as_ref();
    json!({
        "gas": paid.map_or(0, |paid| paid.gas_used),
        "failed": paid.is_some_and(|paid| paid.failed),
        "returnValue": json::data(paid.map(|paid| &paid.output[..]).unwrap_or_default()),
        "structLogs": logs,
    })
}

fn step(step: &LoggedStep) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.into(), value);
    };
    put("pc", json!(step.pc));
    put("op", json!(name(step.op)));
    put("gas", json!(step.gas));
    put("gasCost", json!(step.cost));
    put("depth", json!(step.depth));
    if let Some(error) = &step.error {
        put("error", json!(error));
    }
    if let Some(stack) = &step.stack {
        put("stack", stack.iter().map(|word| json::wei(*word)).collect());
    }
    if let Some(data) = &step.return_data {
        put("returnData", json::data(data));
    }
    if let Some(memory) = &step.memory {
        put("memory", memory.chunks(32).map(|word| json!(hex::encode(word))).collect());
    }
    if let Some(storage) = &step.storage {
        let plain = |word| hex::encode(B256::from(word));
        let slots: Map<_, _> = storage.iter().map(|(key, value)| (plain(*key), json!(plain(*value)))).collect();
        put("storage", Value::Object(slots));
    }
    if step.refund > 0 {
        put("refund", json!(step.refund));
    }
    Value::Object(members)
}

/// The opcode's name, as go-ethereum has it.
pub(super) fn name(op: u8) -> Cow<'static, str> {
    match OpCode::new(op) {
        _ if op == opcode::INVALID => "INVALID".into(),
        Some(known) => known.as_str().into(),
        None => format!("opcode {op:#x} not defined").into(),
    }
}

/// How often each sequence of opcodes is there, in one frame.
pub(super) fn sequences(steps: &[LoggedStep], len: usize) -> Value {
    let mut counts = Map::new();
    let mut count = |key: String| {
        let times = counts.get(&key).and_then(Value::as_u64).unwrap_or_default();
        counts.insert(key, (times + 1).into());
    };
    // go-ethereum's scripts begin again with empty names where the depth changes; that for two keeps the last name.
    let (mut last, mut depth) = (vec![String::new(); len - 1], 0);
    for step in steps {
        let op = name(step.op).into_owned();
        if len == 1 {
            count(op);
            continue;
        }
        let is_same = step.depth == depth;
        depth = step.depth;
        if !is_same && len > 2 {
            last.fill(String::new());
            continue;
        }
        if is_same {
            count(format!("{}-{op}", last.join("-")));
        }
        last.remove(0);
        last.push(op);
    }
    Value::Object(counts)
}
