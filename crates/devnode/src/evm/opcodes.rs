//! Opcodes that mean something else on Arbitrum.

use alloy_primitives::{Address, U256};
use revm::{
    bytecode::opcode,
    context::{Host, JournalTr},
    handler::instructions::EthInstructions,
    interpreter::{
        Instruction, InstructionContext, InstructionResult, instructions,
        interpreter::EthInterpreter,
        interpreter_types::{InputsTr, RuntimeFlag, StackTr},
    },
};

use super::{ColdAccess, Context, fork::SPEC};

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
    replace(opcode::CALL, Instruction::new(call::<{ opcode::CALL }>));
    replace(opcode::CALLCODE, Instruction::new(call::<{ opcode::CALLCODE }>));
    replace(opcode::DELEGATECALL, Instruction::new(call::<{ opcode::DELEGATECALL }>));
    replace(opcode::STATICCALL, Instruction::new(call::<{ opcode::STATICCALL }>));
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

/// revm's opcode, which also reports to whoever records the message.
fn vanish(context: Ictx<'_>, acting: Address) -> Result<(), InstructionResult> {
    let host = &mut *context.host;
    if host.chain.recorder.is_none() {
        return instructions::host::selfdestruct(context);
    }
    let heir = context.interpreter.stack.peek(0).map(|word| Address::from_word(word.into())).unwrap_or_default();
    let balance = host.balance(acting).map(|load| load.data).unwrap_or_default();
    let ended = instructions::host::selfdestruct(InstructionContext { interpreter: context.interpreter, host });
    if ended == Err(InstructionResult::SelfDestruct) {
        let logs = host.journaled_state.logs();
        host.chain.record(|recorder| recorder.self_destruct(acting, heir, balance, logs));
    }
    ended
}

/// A call as revm makes it; where the gas does not even cover the touch of a cold account, geth says so in its own way.
fn call<const KIND: u8>(context: Ictx<'_>) -> Result<(), InstructionResult> {
    let inputs = if matches!(KIND, opcode::CALL | opcode::CALLCODE) { 7 } else { 6 };
    let interpreter = &context.interpreter;
    let touch = context.host.gas_params().cold_account_additional_cost();
    let depth = interpreter.input.depth;
    if context.host.chain.tells_failures_at(depth)
        && interpreter.gas.remaining() < touch
        && interpreter.stack.len() >= inputs
        && let Ok(address) = interpreter.stack.peek(1)
        && context.host.is_cold(Address::from_word(address.into()))
    {
        context.host.chain.failure = Some((depth, "out of gas: out of gas".into()));
    }
    instructions::contract::call::<KIND, _, _>(context)
}

/// A program must not vanish under the code that it called by delegation: that code reverts, at the price of the opcode.
fn self_destruct(context: Ictx<'_>) -> Result<(), InstructionResult> {
    let acting = context.interpreter.input.target_address();
    let code = context.host.load_account_code(acting).map(|load| load.data).unwrap_or_default();
    let chain = &context.host.chain;
    if context.interpreter.runtime_flag.is_static() || !chain.runtime.programs.is_part(&code, chain.version()) {
        return vanish(context, acting);
    }
    let Some(([], heir)) = StackTr::popn_top::<0>(&mut context.interpreter.stack) else {
        return Err(InstructionResult::StackUnderflow);
    };
    let heir = Address::from_word((*heir).into());
    let has_value = context.host.balance(acting).is_some_and(|load| !load.data.is_zero());
    let Ok(load) = context.host.load_account_info_skip_cold_load(heir, false, false) else {
        return Err(InstructionResult::FatalExternalError);
    };
    let (is_cold, is_empty) = (load.is_cold, load.is_empty);
    let price = context.host.gas_params().selfdestruct_cost(has_value && is_empty, is_cold);
    if !context.interpreter.gas.record_regular_cost(price) {
        return Err(InstructionResult::OutOfGas);
    }
    Err(InstructionResult::Revert)
}
