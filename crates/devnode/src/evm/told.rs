//! Telling who records a message where frames begin and end.

use revm::{
    context::JournalTr,
    handler::FrameResult,
    interpreter::{CallScheme, CreateScheme, FrameInput, InstructionResult},
};

use super::{ColdAccess, Context, status::failure_text};
use crate::trace::{Entry, EntryKind};

/// A frame begins.
pub(super) fn enter(context: &mut Context, input: &FrameInput) {
    let entry = entry(context, input);
    let logs = context.journaled_state.logs();
    context.chain.record(|sink| sink.enter(entry, logs));
}

/// The frame that began last has run, and is neither committed nor reverted yet.
pub(super) fn has_run(context: &mut Context) {
    let logs = context.journaled_state.logs();
    context.chain.record(|sink| sink.has_run(logs));
}

/// The frame at that depth ends.
pub(super) fn exit(context: &mut Context, depth: usize, result: &FrameResult) {
    // That of the outermost frame becomes the message's own.
    let failure = context.chain.failure.take_if(|(at, _)| *at == depth && depth > 0);
    let ended = result.interpreter_result().result;
    let fails = !ended.is_ok() && ended != InstructionResult::Revert;
    let failure = fails.then(|| failure.map_or_else(|| failure_text(ended), |(_, text)| text));
    let logs = context.journaled_state.logs();
    context.chain.record(|sink| sink.exit(result, failure, logs));
}

fn entry(context: &mut Context, input: &FrameInput) -> Entry {
    match input {
        FrameInput::Call(inputs) => Entry {
            kind: match inputs.scheme {
                CallScheme::Call => EntryKind::Call,
                CallScheme::CallCode => EntryKind::CallCode,
                CallScheme::DelegateCall => EntryKind::DelegateCall,
                CallScheme::StaticCall => EntryKind::StaticCall,
            },
            // Who delegates acts as itself, whoever called it.
            from: if inputs.scheme == CallScheme::DelegateCall { inputs.target_address } else { inputs.caller },
            to: inputs.bytecode_address,
            value: (inputs.scheme != CallScheme::StaticCall).then(|| inputs.call_value()),
            gas: inputs.gas_limit,
            input: inputs.input.bytes(context),
        },
        FrameInput::Create(inputs) => Entry {
            kind: match inputs.scheme() {
                CreateScheme::Create2 { .. } => EntryKind::Create2,
                _ => EntryKind::Create,
            },
            from: inputs.caller(),
            to: inputs.created_address(context.cold_account(inputs.caller()).info.nonce),
            value: Some(inputs.value()),
            gas: inputs.gas_limit(),
            input: inputs.init_code().clone(),
        },
        FrameInput::Empty => unreachable!("revm makes frames of calls and creations only"),
    }
}
