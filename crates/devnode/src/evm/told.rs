//! Telling who records a message what happens.

use alloy_primitives::{Address, Bytes, KECCAK256_EMPTY, Log, U256};
use revm::{
    DatabaseRef, Journal,
    context::JournalTr,
    handler::FrameResult,
    interpreter::{CallScheme, CreateScheme, FrameInput, InstructionResult},
};

use super::{ColdAccess, Context, Message, State, status::failure_text};
use crate::trace::{AccountNow, Beginning, Entry, EntryKind, Look, Sink, Trace};

/// Tells who records the message, if anybody does, and lets him look at the state.
pub(crate) fn tell(context: &mut Context, tell: impl FnOnce(&mut dyn Sink, &dyn Look)) {
    let Some(mut recorder) = context.chain.recorder.take() else { return };
    let refund: i64 = context.chain.counted.refunds.iter().sum();
    let now = Now { journal: &context.journaled_state, refund: u64::try_from(refund).unwrap_or(0) };
    tell(&mut *recorder, &now);
    context.chain.recorder = Some(recorder);
}

/// Ends the record of a message, if there is one.
pub(super) fn finish(context: &mut Context) -> Option<Trace> {
    let recorder = context.chain.recorder.take()?;
    Some(recorder.finish(&Now { journal: &context.journaled_state, refund: 0 }))
}

/// The state as it is, looked at from outside of execution.
pub(super) struct Now<'a> {
    pub(super) journal: &'a Journal<State>,
    pub(super) refund: u64,
}

impl Look for Now<'_> {
    fn account(&self, address: Address) -> AccountNow {
        let database = &self.journal.database.0;
        let info = match self.journal.state.get(&address) {
            Some(account) => account.info.clone(),
            None => {
                let Ok(info) = database.basic_ref(address);
                info.unwrap_or_default()
            }
        };
        let has_code = !info.code_hash.is_zero() && info.code_hash != KECCAK256_EMPTY;
        let code = has_code.then(|| {
            info.code.unwrap_or_else(|| {
                let Ok(code) = database.code_by_hash_ref(info.code_hash);
                code
            })
        });
        AccountNow {
            balance: info.balance,
            nonce: info.nonce,
            code: code.map(|code| code.original_bytes()).unwrap_or_default(),
            code_hash: has_code.then_some(info.code_hash),
        }
    }

    fn slot(&self, address: Address, key: U256) -> U256 {
        let account = self.journal.state.get(&address);
        match account.and_then(|account| account.storage.get(&key)) {
            Some(slot) => slot.present_value,
            None if account.is_some_and(|account| account.is_created()) => U256::ZERO,
            None => {
                let Ok(value) = self.journal.database.0.storage_ref(address, key);
                value
            }
        }
    }

    fn refund(&self) -> u64 {
        self.refund
    }

    fn logs(&self) -> &[Log] {
        self.journal.logs()
    }
}

/// The message begins.
pub(super) fn begin(context: &mut Context, message: &Message) {
    let version = context.chain.version();
    let runtime = context.chain.runtime.clone();
    let authorities = message.authorizations.iter().flatten().filter_map(|item| item.recover_authority().ok());
    let others = [context.block.beneficiary].into_iter();
    let others = others.chain(runtime.hooks.always_touched(version).iter().copied()).chain(authorities).collect();
    let to = message.to.to().copied();
    tell(context, |sink, state| {
        let creates = to.is_none();
        let to = to.unwrap_or_else(|| message.from.create(state.account(message.from).nonce));
        sink.begin(&Beginning { from: message.from, to, creates, others }, state);
    });
    runtime.hooks.show_beginning(context);
}

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
    let takes_data = context.chain.recorder.as_ref().is_some_and(|recorder| recorder.takes_data());
    let data = |context: &Context| match input {
        FrameInput::Call(inputs) if takes_data => inputs.input.bytes(context),
        FrameInput::Create(inputs) if takes_data => inputs.init_code().clone(),
        _ => Bytes::new(),
    };
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
            input: data(context),
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
            input: data(context),
        },
        FrameInput::Empty => unreachable!("revm makes frames of calls and creations only"),
    }
}
