//! Other accounts: balance, code, code hash.

use alloy_primitives::{Address, B256, Bytes};
use revm::context::JournalTr;
use wasmtime::Caller;

use super::{
    env::{Env, Host, Outcome},
    prices::{EVM_API, HOSTIO, PTR, gas},
    record::record,
};
use crate::evm::Resource;

pub(super) fn account_balance(caller: Caller<'_, Env>, address: u32, dest: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 2 * PTR + EVM_API)?;
    host.require_gas(gas::COLD_ACCOUNT)?;
    let address = host.read_address(address)?;
    let Ok(load) = host.env().machine.context.journaled_state.load_account(address);
    let (balance, cost) = (load.info.balance, touch(load.is_cold));
    host.env().account_for_touch(cost);
    host.buy_gas(cost)?;
    host.write(dest, &balance.to_be_bytes::<32>())?;
    record!(host, "account_balance", [address] => [balance]);
    Ok(())
}

pub(super) fn account_codehash(caller: Caller<'_, Env>, address: u32, dest: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 2 * PTR + EVM_API)?;
    host.require_gas(gas::COLD_ACCOUNT)?;
    let address = host.read_address(address)?;
    let Ok(load) = host.env().machine.context.journaled_state.load_account(address);
    // Unlike EXTCODEHASH, only an account that does not exist has none; an empty one has the hash of no code.
    let hash = if load.is_loaded_as_not_existing_not_touched() { B256::ZERO } else { load.info.code_hash };
    let cost = touch(load.is_cold);
    host.env().account_for_touch(cost);
    host.buy_gas(cost)?;
    host.write(dest, hash.as_slice())?;
    record!(host, "account_codehash", [address] => [hash]);
    Ok(())
}

pub(super) fn account_code(caller: Caller<'_, Env>, address: u32, offset: u32, size: u32, dest: u32) -> Outcome<u32> {
    let mut host = Host::begin(caller, HOSTIO + EVM_API)?;
    host.require_gas(gas::COLD_ACCOUNT)?;
    let address = host.read_address(address)?;
    let code = load_code(&mut host, address)?;
    host.pay_for_write(code.len() as u32)?;
    let start = (offset as usize).min(code.len());
    let end = (offset.saturating_add(size) as usize).min(code.len());
    let part = &code[start..end];
    host.write(dest, part)?;
    record!(host, "account_code", [address, offset, size] => [part]);
    Ok(part.len() as u32)
}

pub(super) fn account_code_size(caller: Caller<'_, Env>, address: u32) -> Outcome<u32> {
    let mut host = Host::begin(caller, HOSTIO + EVM_API)?;
    host.require_gas(gas::COLD_ACCOUNT)?;
    let address = host.read_address(address)?;
    let len = load_code(&mut host, address)?.len() as u32;
    record!(host, "account_code_size", [address] => [len]);
    Ok(len)
}

/// Code of an account, paid for unless it is the one that was read last.
fn load_code(host: &mut Host<'_>, address: Address) -> Outcome<Bytes> {
    if let Some((last, code)) = &host.env_ref().last_code
        && *last == address
    {
        return Ok(code.clone());
    }
    let Ok(load) = host.env().machine.context.journaled_state.load_account_with_code(address);
    let code = load.info.code.as_ref().map(|code| code.original_bytes()).unwrap_or_default();
    let touch = touch(load.is_cold);
    if !code.is_empty() {
        host.env().last_code = Some((address, code.clone()));
    }
    host.env().account_for(Resource::StorageRead, gas::EXT_CODE);
    host.env().account_for_touch(touch);
    host.buy_gas(gas::EXT_CODE + touch)?;
    Ok(code)
}

fn touch(is_cold: bool) -> u64 {
    if is_cold { gas::COLD_ACCOUNT } else { gas::WARM }
}
