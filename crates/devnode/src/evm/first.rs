//! The frame that all others are called from.

use alloy_primitives::{Address, Bytes, TxKind, U256};
use revm::interpreter::{
    CallInput, CallInputs, CallScheme, CallValue, CreateInputs, CreateScheme, FrameInput, SharedMemory,
    interpreter_action::FrameInit,
};

use super::{Context, Message, target};

/// The message as the frame it begins with.
pub(super) fn first_frame(context: &mut Context, message: &Message, gas_limit: u64) -> FrameInit {
    let to = match message.to {
        TxKind::Create => {
            let input = message.input.clone();
            let inputs = CreateInputs::new(message.from, CreateScheme::Create, message.value, input, gas_limit, 0);
            return outermost(context, FrameInput::Create(Box::new(inputs)));
        }
        TxKind::Call(to) => to,
    };
    call_frame(context, (message.from, to), message.value, message.input.clone(), gas_limit)
}

/// The frame of a call that nothing else calls.
pub(super) fn call_frame(
    context: &mut Context,
    (from, to): (Address, Address),
    value: U256,
    input: Bytes,
    gas_limit: u64,
) -> FrameInit {
    let inputs = CallInputs {
        input: CallInput::Bytes(input),
        return_memory_offset: 0..0,
        gas_limit,
        reservoir: 0,
        bytecode_address: to,
        known_bytecode: target::load(context, to).code,
        target_address: to,
        caller: from,
        value: CallValue::Transfer(value),
        scheme: CallScheme::Call,
        is_static: false,
        charged_new_account_state_gas: false,
    };
    outermost(context, FrameInput::Call(Box::new(inputs)))
}

fn outermost(context: &Context, frame_input: FrameInput) -> FrameInit {
    let memory = SharedMemory::new_with_buffer(context.local.shared_memory_buffer.clone());
    FrameInit { depth: 0, memory, frame_input }
}
