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

use super::{
    Context,
    costs::{self, Cost},
    status::failure_text,
    told::{Now, tell},
};
use crate::trace::{Step, StepFault};

/// Instructions after which it is asked whether the message is to end.
const ROUND: u32 = 4_096;

/// As revm's `run_plain`, until the message is to end.
pub(super) fn run_plain(
    interpreter: &mut Interpreter<EthInterpreter>,
    instructions: &InstructionTable<EthInterpreter, Context>,
    prices: &GasTable,
    context: &mut Context,
) -> InterpreterAction {
    run_by(interpreter, context, |interpreter, context| interpreter.step(instructions, prices, context))
}

/// Runs a frame by `step`, which executes one instruction, until the frame or the message is to end.
#[inline(always)]
pub(super) fn run_by(
    interpreter: &mut Interpreter<EthInterpreter>,
    context: &mut Context,
    mut step: impl FnMut(&mut Interpreter<EthInterpreter>, &mut Context) -> Result<(), InstructionResult>,
) -> InterpreterAction {
    let end = 'run: loop {
        for _ in 0..ROUND {
            if let Err(end) = step(interpreter, context) {
                break 'run end;
            }
        }
        if context.chain.must_stop() {
            break InstructionResult::OutOfGas;
        }
    };
    if interpreter.bytecode.action().is_none() {
        interpreter.halt(end);
    }
    interpreter.take_next_action()
}

/// As [`run_plain`], and tells who records the message.
pub(super) fn run(
    interpreter: &mut Interpreter<EthInterpreter>,
    instructions: &InstructionTable<EthInterpreter, Context>,
    prices: &GasTable,
    context: &mut Context,
) -> InterpreterAction {
    loop {
        if context.chain.must_stop() {
            interpreter.halt(InstructionResult::OutOfGas);
            return interpreter.take_next_action();
        }
        let (op, gas) = (interpreter.bytecode.opcode(), interpreter.gas.remaining());
        let top = interpreter.stack.data().last().copied();
        let asked_for = begins(interpreter, prices, context);
        if let Err(end) = interpreter.step(instructions, prices, context)
            && interpreter.bytecode.action().is_none()
        {
            interpreter.halt(end);
        }
        let paid = gas.saturating_sub(interpreter.gas.remaining());
        let (cost, fault) = match interpreter.bytecode.action() {
            // What a creation gets is taken when it begins.
            Some(InterpreterAction::NewFrame(FrameInput::Create(inputs))) => {
                (paid.saturating_sub(inputs.gas_limit()), None)
            }
            Some(InterpreterAction::Return(result)) if !result.result.is_ok_or_revert() => {
                let before = asked_for.refused.or_else(|| out_of_gas(result.result));
                (asked_for.gas, Some(StepFault { before }))
            }
            _ => (paid, None),
        };
        let is_executed = fault.is_none();
        tell(context, |sink, _| sink.step_ended(cost, fault));
        let asked = top.and_then(|number| u64::try_from(number).ok());
        let runtime = Arc::clone(&context.chain.runtime);
        match op {
            opcode::NUMBER if is_executed => runtime.hooks.show_l1_block(context, None),
            opcode::BLOCKHASH if is_executed && asked.is_some() => runtime.hooks.show_l1_block(context, asked),
            _ => {}
        }
        if interpreter.bytecode.is_end() {
            return interpreter.take_next_action();
        }
    }
}

fn out_of_gas(result: InstructionResult) -> Option<String> {
    use InstructionResult as R;
    matches!(result, R::OutOfGas | R::MemoryOOG | R::MemoryLimitOOG | R::InvalidOperandOOG)
        .then(|| failure_text(result).into_owned())
}

/// Tells that an instruction begins, and says what it will ask for.
fn begins(interpreter: &Interpreter<EthInterpreter>, prices: &GasTable, context: &mut Context) -> Cost {
    if let Some(refund) = context.chain.counted.refunds.last_mut() {
        *refund = interpreter.gas.refunded();
    }
    let memory = interpreter.memory.context_memory();
    let mut step = next(interpreter, &memory);
    let cost = costs::of(&step, prices, context, &Now { journal: &context.journaled_state, refund: 0 });
    step.refused = cost.refused.is_some();
    tell(context, |sink, state| sink.step(&step, state));
    context.chain.count(&cost.resources);
    cost
}

/// The instruction that comes next.
pub(super) fn next<'a>(interpreter: &'a Interpreter<EthInterpreter>, memory: &'a [u8]) -> Step<'a> {
    Step {
        pc: interpreter.bytecode.pc() as u64,
        op: interpreter.bytecode.opcode(),
        gas: interpreter.gas.remaining(),
        depth: interpreter.input.depth + 1,
        address: interpreter.input.target_address,
        stack: interpreter.stack.data(),
        memory,
        return_data: interpreter.return_data.buffer(),
        refused: false,
    }
}
