//! Opcodes that mean something else on Arbitrum.

use alloy_primitives::U256;
use revm::{
    bytecode::opcode,
    context::Host,
    handler::instructions::EthInstructions,
    interpreter::{
        Instruction, InstructionContext, InstructionResult, instructions,
        interpreter::EthInterpreter,
        interpreter_types::{InputsTr, RuntimeFlag, StackTr},
    },
};

use super::{Context, transaction::SPEC};
use crate::stylus;

type Ictx<'a> = InstructionContext<'a, Context, EthInterpreter>;

/// The instruction table of the EVM with Arbitrum's differences.
pub(super) fn table() -> EthInstructions<EthInterpreter, Context> {
    let mut table = EthInstructions::new_mainnet_with_spec(SPEC);
    let mut replace = |code: u8, instruction| {
        let gas = table.gas_table()[code as usize];
        table.insert_instruction(code, instruction, gas);
    };
    replace(opcode::BLOBBASEFEE, Instruction::new(blob_base_fee));
    replace(opcode::BLOCKHASH, Instruction::new(block_hash));
    replace(opcode::SELFDESTRUCT, Instruction::new(self_destruct));
    table
}

/// There are no blobs on Arbitrum.
fn blob_base_fee(context: Ictx<'_>) -> Result<(), InstructionResult> {
    let session = &mut context.host.chain;
    session.failure = Some((context.interpreter.input.depth, "BLOBBASEFEE is not supported on Arbitrum".into()));
    Err(InstructionResult::NotActivated)
}

/// Hash of one of the last 256 L1 blocks, as ArbOS knows them.
fn block_hash(context: Ictx<'_>) -> Result<(), InstructionResult> {
    let Some(([], top)) = StackTr::popn_top::<0>(&mut context.interpreter.stack) else {
        return Err(InstructionResult::StackUnderflow);
    };
    let asked = u64::try_from(*top).ok();
    let now = context.host.chain.block.l1_block_number;
    *top = match asked {
        Some(number) if number < now && number >= now.saturating_sub(256) => {
            let runtime = context.host.chain.runtime.clone();
            U256::from_be_bytes(runtime.hooks.l1_block_hash(context.host, number).0)
        }
        _ => U256::ZERO,
    };
    Ok(())
}

/// A program must not vanish under the code that it called by delegation.
fn self_destruct(context: Ictx<'_>) -> Result<(), InstructionResult> {
    if !context.interpreter.runtime_flag.is_static() {
        let acting = context.interpreter.input.target_address();
        let is_program =
            context.host.load_account_code(acting).is_some_and(|code| stylus::has_program_prefix(&code.data));
        if is_program {
            return Err(InstructionResult::Revert);
        }
    }
    instructions::host::selfdestruct(context)
}
