//! The opcode logger, which traces where no tracer is named: each instruction with what it sees.

use super::traced::Traced;
use crate::{
    rpc::json,
    trace::{Counts, LoggedStep, Sequence, StepOptions},
};
use alloy_primitives::{B256, hex};
use revm::bytecode::opcode::{self, OpCode};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// What the logger shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct LoggerOptions {
    /// Its limit counts bytes of instructions as JSON, after which it shows no more; 0 if there is no such limit.
    pub(super) steps: StepOptions,
}

impl Default for LoggerOptions {
    fn default() -> Self {
        let steps = StepOptions { stack: true, storage: true, ..StepOptions::default() };
        Self { steps }
    }
}

/// The instructions, and how the message ended.
pub(super) fn show(traced: &Traced, options: LoggerOptions) -> Value {
    let limit = options.steps.limit;
    let mut bytes: i64 = 0;
    let mut logs = Vec::with_capacity(traced.trace.steps.len());
    for logged in &traced.trace.steps {
        if limit != 0 && bytes > limit {
            break;
        }
        let shown = step(logged);
        if limit != 0 {
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

/// How often each sequence of so many opcodes is there, in one frame.
pub(super) fn sequences(counts: &Counts, len: usize) -> Value {
    let named = |sequence: &Sequence| {
        let names = sequence[sequence.len() - len..].iter();
        names.map(|op| op.map_or(Cow::Borrowed(""), name)).collect::<Vec<_>>().join("-")
    };
    let list = counts.sequences[len - 1].list.iter();
    Value::Object(list.map(|(sequence, times)| (named(sequence), json!(times))).collect())
}
