//! Calls and creations, and memory that a program grows by.

use alloy_primitives::{Address, Bytes, U256};
use revm::{
    bytecode::opcode,
    handler::FrameResult,
    interpreter::{
        CallInput, CallInputs, CallScheme, CallValue, CreateInputs, CreateScheme, FrameInput, InstructionResult,
        InterpreterResult, interpreter_action::FrameInit,
    },
};
use wasmtime::Caller;

use super::{
    env::{Env, Host, Outcome, trap},
    prices::{EVM_API, HOSTIO, PTR, gas},
    record::record,
};
use crate::{
    ArbosVersion,
    evm::{Resource, target},
    stylus::pages,
};

pub(super) fn call_contract(
    caller: Caller<'_, Env>,
    contract: u32,
    data: u32,
    data_len: u32,
    value: u32,
    gas: u64,
    ret_len: u32,
) -> Outcome<u32> {
    call(caller, CallScheme::Call, contract, (data, data_len), Some(value), gas, ret_len)
}

pub(super) fn delegate_call_contract(
    caller: Caller<'_, Env>,
    contract: u32,
    data: u32,
    data_len: u32,
    gas: u64,
    ret_len: u32,
) -> Outcome<u32> {
    call(caller, CallScheme::DelegateCall, contract, (data, data_len), None, gas, ret_len)
}

pub(super) fn static_call_contract(
    caller: Caller<'_, Env>,
    contract: u32,
    data: u32,
    data_len: u32,
    gas: u64,
    ret_len: u32,
) -> Outcome<u32> {
    call(caller, CallScheme::StaticCall, contract, (data, data_len), None, gas, ret_len)
}

/// Success of a call.
const CALL_OK: u32 = 0;
/// Failure of a call, for whatever reason.
const CALL_FAILED: u32 = 2;

fn call(
    caller: Caller<'_, Env>,
    scheme: CallScheme,
    contract: u32,
    (data, data_len): (u32, u32),
    value: Option<u32>,
    gas_wanted: u64,
    ret_len: u32,
) -> Outcome<u32> {
    let mut host = Host::begin(caller, HOSTIO + 3 * PTR + EVM_API)?;
    // Once for leaving the program, once for entering the EVM.
    host.pay_for_read(data_len)?;
    host.pay_for_read(data_len)?;
    let gas_left = host.gas_left();
    let contract = host.read_address(contract)?;
    let input = Bytes::copy_from_slice(host.bytes(data, data_len)?);
    let value = value.map(|value| host.read_u256(value)).transpose()?.unwrap_or_default();

    let env = host.env();
    let (cost, status) = perform(env, scheme, contract, input.clone(), value, gas_left, gas_wanted.min(gas_left));
    let len = env.return_data.len() as u32;
    host.buy_gas(cost)?;
    host.write_u32(ret_len, len)?;
    let answer = status as u8;
    match scheme {
        CallScheme::DelegateCall => {
            record!(host, "delegate_call_contract", [contract, gas_wanted, input] => [len, answer]);
        }
        CallScheme::StaticCall => {
            record!(host, "static_call_contract", [contract, gas_wanted, input] => [len, answer]);
        }
        _ => record!(host, "call_contract", [contract, gas_wanted, value, input] => [len, answer]),
    }
    Ok(status)
}

/// Tells who records the message that a call is about to be made. `gas_left` is what can be handed to it.
fn show(
    env: &mut Env,
    scheme: CallScheme,
    contract: Address,
    value: U256,
    input: &[u8],
    (gas_left, base, gas_limit): (u64, u64, u64),
) {
    if !env.machine.context.chain.is_watched() {
        return;
    }
    let op = match scheme {
        CallScheme::DelegateCall => opcode::DELEGATECALL,
        CallScheme::StaticCall => opcode::STATICCALL,
        _ => opcode::CALL,
    };
    let mut operands = vec![U256::from(gas_limit), U256::from_be_slice(contract.as_slice())];
    if op == opcode::CALL {
        operands.push(value);
    }
    operands.extend([U256::ZERO, U256::from(input.len()), U256::ZERO, U256::ZERO]);
    let gas = (gas_left, base.saturating_add(gas_limit));
    env.tell(|recorder, state| recorder.program_calls(op, &operands, input, gas, state));
}

/// Makes a call; returns its gas and its status.
fn perform(
    env: &mut Env,
    scheme: CallScheme,
    contract: Address,
    input: Bytes,
    value: U256,
    gas_left: u64,
    gas_wanted: u64,
) -> (u64, u32) {
    env.return_data = Bytes::new();
    if env.frame.is_static && !value.is_zero() {
        return (0, CALL_FAILED);
    }
    if gas_left < gas::WARM {
        // Too little to touch the account at all, which stays cold.
        return (gas_left, CALL_FAILED);
    }
    let target = target::load_for_program(&mut env.machine.context, contract);
    let touch = if target.is_cold { gas::COLD_ACCOUNT } else { gas::WARM };
    let (sent, new) = match (value.is_zero(), target.is_empty) {
        (true, _) => (0, 0),
        (false, true) => (gas::CALL_VALUE, gas::NEW_ACCOUNT),
        (false, false) => (gas::CALL_VALUE, 0),
    };
    let base = touch + sent + new;
    if base > gas_left {
        return (gas_left, CALL_FAILED);
    }
    env.account_for_touch(touch);
    env.account_for(Resource::Computation, sent);
    env.account_for(Resource::StorageGrowth, new);
    // Nitro: (left - base) * 63 / 64, in this order.
    let mut gas_limit = ((gas_left - base).saturating_mul(63) / 64).min(gas_wanted);
    if !value.is_zero() {
        gas_limit = gas_limit.saturating_add(gas::STIPEND);
    }
    show(env, scheme, contract, value, &input, ((gas_left - base).saturating_mul(63) / 64, base, gas_limit));
    let frame = &env.frame;
    let (caller, target_address, value) = match scheme {
        CallScheme::DelegateCall => (frame.caller, frame.address, CallValue::Apparent(frame.value)),
        _ => (frame.address, contract, CallValue::Transfer(value)),
    };
    let result = run(
        env,
        FrameInput::Call(Box::new(CallInputs {
            input: CallInput::Bytes(input),
            return_memory_offset: 0..0,
            gas_limit,
            reservoir: 0,
            bytecode_address: contract,
            known_bytecode: target.code,
            target_address,
            caller,
            value,
            scheme,
            is_static: env.frame.is_static || scheme == CallScheme::StaticCall,
            charged_new_account_state_gas: false,
        })),
    );
    let FrameResult::Call(outcome) = result else { unreachable!("a call ends as a call") };
    let status = if outcome.result.result.is_ok() { CALL_OK } else { CALL_FAILED };
    let returned = settle(env, gas_limit, &outcome.result);
    if outcome.result.result.is_ok_or_revert() {
        env.return_data = outcome.result.output;
    }
    (base.saturating_add(gas_limit.saturating_sub(returned)), status)
}

pub(super) fn create1(
    caller: Caller<'_, Env>,
    code: u32,
    code_len: u32,
    endowment: u32,
    contract: u32,
    revert_len: u32,
) -> Outcome {
    let host = Host::begin(caller, HOSTIO + 3 * PTR + EVM_API)?;
    create(host, (code, code_len), endowment, None, contract, revert_len)
}

pub(super) fn create2(
    caller: Caller<'_, Env>,
    code: u32,
    code_len: u32,
    endowment: u32,
    salt: u32,
    contract: u32,
    revert_len: u32,
) -> Outcome {
    let host = Host::begin(caller, HOSTIO + 4 * PTR + EVM_API)?;
    create(host, (code, code_len), endowment, Some(salt), contract, revert_len)
}

fn create(
    mut host: Host<'_>,
    (code, code_len): (u32, u32),
    endowment: u32,
    salt: Option<u32>,
    contract: u32,
    revert_len: u32,
) -> Outcome {
    host.pay_for_read(code_len)?;
    host.pay_for_read(code_len)?;
    let code = Bytes::copy_from_slice(host.bytes(code, code_len)?);
    let value = host.read_u256(endowment)?;
    let salt = salt.map(|salt| host.read_u256(salt)).transpose()?;
    let gas_left = host.gas_left();

    if host.env_ref().frame.is_static {
        return trap("write protection");
    }
    let hashing = if salt.is_some() { gas::KECCAK_WORD * u64::from(code_len.div_ceil(32)) } else { 0 };
    let Some(rest) = gas_left.checked_sub(gas::CREATE + hashing) else { return trap("out of gas") };
    let kept = rest / 64;
    let gas_limit = rest - kept;

    let env = host.env();
    env.account_for(Resource::Computation, gas::CREATE + hashing);
    let scheme = salt.map_or(CreateScheme::Create, |salt| CreateScheme::Create2 { salt });
    let inputs = CreateInputs::new(env.frame.address, scheme, value, code.clone(), gas_limit, 0);
    let FrameResult::Create(outcome) = run(env, FrameInput::Create(Box::new(inputs))) else {
        unreachable!("a creation ends as a creation")
    };
    let returned = settle(env, gas_limit, &outcome.result);
    let created = outcome.address.filter(|_| outcome.result.result.is_ok()).unwrap_or_default();
    env.return_data = match outcome.result.result {
        InstructionResult::Revert => outcome.result.output,
        _ => Bytes::new(),
    };
    let len = env.return_data.len() as u32;
    host.buy_gas(gas_left.saturating_sub(returned + kept))?;
    host.write_u32(revert_len, len)?;
    host.write(contract, created.as_slice())?;
    match salt {
        None => record!(host, "create1", [value, code] => [created, len]),
        Some(salt) => record!(host, "create2", [value, salt, code] => [created, len]),
    }
    Ok(())
}

/// Runs a frame below the program's own.
fn run(env: &mut Env, frame_input: FrameInput) -> FrameResult {
    let memory = env.frame.memory.new_child_context();
    let result = env.machine.run(FrameInit { depth: env.frame.depth + 1, memory, frame_input });
    env.frame.memory.free_child_context();
    result
}

/// Gas that a frame gives back of what it was given; its refunds are added to the program's.
fn settle(env: &mut Env, given: u64, result: &InterpreterResult) -> u64 {
    if result.result.is_ok() {
        env.refund += result.gas.refunded();
    }
    let returned = if result.result.is_ok_or_revert() { result.gas.remaining() } else { 0 };
    // It has counted itself by resource.
    env.accounted = env.accounted.saturating_add(given - returned);
    returned
}

pub(super) fn pay_for_memory_grow(caller: Caller<'_, Env>, pages: u32) -> Outcome {
    let mut host = Host::free(caller);
    // The parameter is 16 bits wide, and programs pass 32. The rest was dropped until ArbOS 60.
    if pages > u32::from(u16::MAX) && host.env_ref().machine.context.chain.version() >= ArbosVersion::V60 {
        return host.out_of_ink();
    }
    let pages = pages as u16;
    if pages == 0 {
        host.buy_ink(HOSTIO)?;
        record!(host, "pay_for_memory_grow", [pages] => []);
        return Ok(());
    }
    let env = host.env();
    let session = &mut env.machine.context.chain;
    let cost = pages::price(session, &env.terms, pages);
    // Nitro takes them even if they cannot be paid for; the peak stays.
    pages::take(session, pages);
    host.buy_gas(cost)?;
    record!(host, "pay_for_memory_grow", [pages] => []);
    Ok(())
}
