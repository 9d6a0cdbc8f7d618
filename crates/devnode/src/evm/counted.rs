//! Counting gas by resource, and running code meanwhile.

use revm::{
    bytecode::opcode,
    interpreter::{
        GasTable, InstructionResult, InstructionTable, Interpreter, InterpreterAction,
        interpreter::EthInterpreter,
        interpreter_types::{Jumps, LoopControl},
    },
};

use super::{Context, Resource, Resources, Session, costs, steps, told::Now};
use crate::ArbosVersion;

impl Session {
    /// Counts gas by resource, if ArbOS asks for it.
    pub(crate) fn count(&mut self, gas: &Resources) {
        if let Some(resources) = &mut self.resources {
            resources.add_all(gas);
        }
    }

    /// Counts gas for a resource, if ArbOS asks for it.
    pub(crate) fn count_for(&mut self, resource: Resource, gas: u64) {
        if let Some(resources) = &mut self.resources {
            resources.add(resource, gas);
        }
    }

    /// A program could not pay for its start, and its gas is gone. ArbOS 60 forgot to count it.
    pub(crate) fn lose(&mut self, gas: u64) {
        match self.version() {
            ArbosVersion::V51 | ArbosVersion::V60 => self.lost_gas = self.lost_gas.saturating_add_unsigned(gas),
            ArbosVersion::V61 => self.count_for(Resource::WasmComputation, gas),
        }
    }

    /// A program has used gas, and its host calls account for some of it, all that their callees used included. The rest is its
    /// own computation, with what the callees lost; `lost_before` is [`Self::lost_gas`] before it.
    pub(crate) fn count_program(&mut self, used: u64, accounted: u64, lost_before: i64) {
        let lost = self.lost_gas.saturating_sub(lost_before);
        let rest = i128::from(used) - i128::from(accounted) + i128::from(lost);
        self.count_for(Resource::WasmComputation, u64::try_from(rest.max(0)).unwrap_or(u64::MAX));
        self.lost_gas = lost_before.saturating_add(i64::try_from(rest.min(0)).unwrap_or(i64::MIN));
    }
}

/// As [`steps::run_plain`], and counts what is not computation.
pub(super) fn run(
    interpreter: &mut Interpreter<EthInterpreter>,
    instructions: &InstructionTable<EthInterpreter, Context>,
    prices: &GasTable,
    context: &mut Context,
) -> InterpreterAction {
    steps::run_by(interpreter, context, |interpreter, context| {
        let expected = uses_more_than_computation(interpreter.bytecode.opcode()).then(|| {
            let memory = interpreter.memory.context_memory();
            let step = steps::next(interpreter, &memory);
            costs::of(&step, prices, context, &Now { journal: &context.journaled_state, refund: 0 })
        });
        let gas = interpreter.gas.remaining();
        let ended = interpreter.step(instructions, prices, context);
        if let Some(cost) = expected {
            let paid = gas.saturating_sub(interpreter.gas.remaining());
            let is_executed = is_executed(ended, interpreter.bytecode.action());
            debug_assert!(!is_executed || paid == cost.gas, "{paid} gas was paid, and {} foretold", cost.gas);
            context.chain.count(&cost.resources);
        }
        ended
    })
}

/// Whether an instruction may pay for anything else.
fn uses_more_than_computation(op: u8) -> bool {
    matches!(
        op,
        opcode::SLOAD
            | opcode::SSTORE
            | opcode::BALANCE
            | opcode::EXTCODESIZE
            | opcode::EXTCODEHASH
            | opcode::EXTCODECOPY
            | opcode::SELFDESTRUCT
            | opcode::CALL
            | opcode::CALLCODE
            | opcode::DELEGATECALL
            | opcode::STATICCALL
            | opcode::LOG0..=opcode::LOG4
    )
}

/// Whether an instruction was executed, as far as the frame goes: a call begins another.
fn is_executed(ended: Result<(), InstructionResult>, action: &Option<InterpreterAction>) -> bool {
    matches!(ended, Ok(()) | Err(InstructionResult::SelfDestruct))
        || matches!(action, Some(InterpreterAction::NewFrame(_)))
}
