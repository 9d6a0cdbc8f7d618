//! What a creation leaves behind.

use alloy_primitives::Address;
use revm::{
    context::{JournalTr, journaled_state::JournalCheckpoint},
    interpreter::{InstructionResult, InterpreterResult},
    state::Bytecode,
};

use super::{Context, Resource};

/// Checks and stores the code that init code returned.
///
/// As on Ethereum, but for EIP-3541: code that begins with 0xEF is refused unless it is a Stylus program, or a part of one.
pub(super) fn finish(
    context: &mut Context,
    checkpoint: JournalCheckpoint,
    result: &mut InterpreterResult,
    (address, depth): (Address, usize),
) {
    if result.result.is_ok()
        && let Err(failure) = check(context, depth, result)
    {
        result.result = failure;
    }
    let journal = &mut context.journaled_state;
    if !result.result.is_ok() {
        journal.checkpoint_revert(checkpoint);
        return;
    }
    journal.checkpoint_commit();
    journal.set_code(address, Bytecode::new_legacy(result.output.clone()));
    result.result = InstructionResult::Return;
}

fn check(context: &mut Context, depth: usize, result: &mut InterpreterResult) -> Result<(), InstructionResult> {
    let (code, runtime) = (&result.output, &context.chain.runtime);
    if code.len() > runtime.code_limit {
        return Err(InstructionResult::CreateContractSizeLimit);
    }
    if code.first() == Some(&0xef) && !runtime.programs.is_part(code, context.chain.version()) {
        return Err(InstructionResult::CreateContractStartingWithEF);
    }
    let deposit = context.cfg.gas_params.code_deposit_cost(code.len());
    if !result.gas.record_regular_cost(deposit) {
        context.chain.failure = Some((depth, "contract creation code storage out of gas".into()));
        return Err(InstructionResult::OutOfGas);
    }
    context.chain.count_for(Resource::StorageGrowth, deposit);
    Ok(())
}
