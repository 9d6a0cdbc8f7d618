//! How the frame of a message ended, in Nitro's words.

use std::borrow::Cow;

use alloy_primitives::{Address, Bytes};
use revm::{handler::FrameResult, interpreter::InstructionResult};

use super::{Context, Status};

/// The end of a message's first frame.
pub(super) struct Ended {
    pub(super) status: Status,
    pub(super) output: Bytes,
    pub(super) gas_left: u64,
    pub(super) refund: i64,
    pub(super) created: Option<Address>,
}

/// Reads the result of the first frame; the text of a failure is what the frame left in the session, if it did.
pub(super) fn of(context: &mut Context, result: &FrameResult) -> Ended {
    let (ended, created) = match result {
        FrameResult::Call(outcome) => (&outcome.result, None),
        FrameResult::Create(outcome) => (&outcome.result, outcome.address),
    };
    let failure = context.chain.failure.take().filter(|(depth, _)| *depth == 0).map(|(_, text)| text);
    let result = ended.result;
    let status = if result.is_ok() {
        Status::Success
    } else if result == InstructionResult::Revert {
        Status::Revert
    } else {
        Status::Failure(failure.unwrap_or_else(|| failure_text(result)))
    };
    let keeps_gas = result.is_ok_or_revert();
    Ended {
        output: if keeps_gas { ended.output.clone() } else { Bytes::new() },
        gas_left: if keeps_gas { ended.gas.remaining() } else { 0 },
        refund: if result.is_ok() { ended.gas.refunded() } else { 0 },
        created,
        status,
    }
}

/// Texts of geth for the failures that need no figures.
pub(super) fn failure_text(result: InstructionResult) -> Cow<'static, str> {
    use InstructionResult as R;
    Cow::Borrowed(match result {
        R::CallTooDeep => "max call depth exceeded",
        R::OutOfFunds => "insufficient balance for transfer",
        R::OpcodeNotFound | R::NotActivated => "invalid opcode",
        R::InvalidFEOpcode => "invalid opcode: INVALID",
        R::CallNotAllowedInsideStatic | R::StateChangeDuringStaticCall => "write protection",
        R::InvalidJump => "invalid jump destination",
        R::StackUnderflow => "stack underflow",
        R::StackOverflow => "stack limit reached 1024 (1023)",
        R::OutOfOffset => "return data out of bounds",
        R::CreateCollision => "contract address collision",
        R::ReentrancySentryOOG => "out of gas: not enough gas for reentrancy sentry",
        R::NonceOverflow => "nonce uint64 overflow",
        R::CreateContractSizeLimit => "max code size exceeded",
        R::CreateContractStartingWithEF => "invalid code: must not begin with 0xef",
        R::CreateInitCodeSizeLimit => "max initcode size exceeded",
        R::PrecompileError => "precompile failed",
        R::InvalidOperandOOG | R::OverflowPayment => "gas uint64 overflow",
        _ => "out of gas",
    })
}
