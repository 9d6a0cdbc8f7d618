//! Running code while somebody watches each instruction.

use std::sync::Arc;

use revm::{
    bytecode::opcode,
    interpreter::{
        FrameInput, GasTable, InstructionResult, InstructionTable, Interpreter, InterpreterAction,
        interpreter::EthInterpreter,
        interpreter_types::{Jumps, LoopControl, ReturnData},
    },
};

use super::{Context, status::failure_text, told::tell};
use crate::trace::{Fault, Step};

/// As revm's `run_plain`, and tells who records the message.
pub(super) fn run(
    interpreter: &mut Interpreter<EthInterpreter>,
    instructions: &InstructionTable<EthInterpreter, Context>,
    prices: &GasTable,
    context: &mut Context,
) -> InterpreterAction {
    loop {
        let (op, gas) = (interpreter.bytecode.opcode(), interpreter.gas.remaining());
        let top = interpreter.stack.data().last().copied();
        begins(interpreter, context);
        if let Err(end) = interpreter.step(instructions, prices, context)
            && interpreter.bytecode.action().is_none()
        {
            interpreter.halt(end);
        }
        let left = interpreter.gas.remaining();
        let (cost, fault) = match interpreter.bytecode.action() {
            None => (gas - left, None),
            // What a creation gets is taken when it begins.
            Some(InterpreterAction::NewFrame(FrameInput::Create(inputs))) => (gas - left - inputs.gas_limit(), None),
            Some(InterpreterAction::NewFrame(_)) => (gas - left, None),
            Some(InterpreterAction::Return(result)) => match result.result {
                result if result.is_ok_or_revert() => (gas.saturating_sub(left), None),
                result => (0, Some(fault(result))),
            },
        };
        tell(context, |sink, _| sink.step_ended(cost, fault));
        if matches!(op, opcode::NUMBER | opcode::BLOCKHASH) {
            let asked = top.filter(|_| op == opcode::BLOCKHASH).and_then(|number| u64::try_from(number).ok());
            let runtime = Arc::clone(&context.chain.runtime);
            runtime.hooks.show_l1_block(context, asked);
        }
        if interpreter.bytecode.is_end() {
            return interpreter.take_next_action();
        }
    }
}

fn begins(interpreter: &Interpreter<EthInterpreter>, context: &mut Context) {
    if let Some(refund) = context.chain.counted.refunds.last_mut() {
        *refund = interpreter.gas.refunded();
    }
    let memory = interpreter.memory.context_memory();
    let step = Step {
        pc: interpreter.bytecode.pc() as u64,
        op: interpreter.bytecode.opcode(),
        gas: interpreter.gas.remaining(),
        depth: interpreter.input.depth + 1,
        address: interpreter.input.target_address,
        stack: interpreter.stack.data(),
        memory: &memory,
        return_data: interpreter.return_data.buffer(),
    };
    tell(context, |sink, state| sink.step(&step, state));
}

fn fault(result: InstructionResult) -> Fault {
    use InstructionResult as R;
    let before = matches!(
        result,
        R::OutOfGas
            | R::MemoryOOG
            | R::MemoryLimitOOG
            | R::InvalidOperandOOG
            | R::ReentrancySentryOOG
            | R::StackUnderflow
            | R::StackOverflow
            | R::CreateInitCodeSizeLimit
    );
    Fault { before: before.then(|| failure_text(result).into_owned()) }
}
