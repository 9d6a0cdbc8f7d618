//! What a program may know of its call, its transaction and its block.

use alloy_primitives::{Address, U256};
use wasmtime::Caller;

use super::{
    env::{Env, Host, Outcome},
    prices::{HOSTIO, PTR},
    record::{Pack, record},
};

/// The name of a host call, and the call.
type Named<'a> = (&'static str, Caller<'a, Env>);

fn write_u256((name, caller): Named<'_>, ptr: u32, value: impl FnOnce(&Env) -> U256) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + PTR)?;
    let value = value(host.env_ref());
    host.write(ptr, &value.to_be_bytes::<32>())?;
    record!(host, name, [] => [value]);
    Ok(())
}

fn write_address((name, caller): Named<'_>, ptr: u32, value: impl FnOnce(&Env) -> Address) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + PTR)?;
    let value = value(host.env_ref());
    host.write(ptr, value.as_slice())?;
    record!(host, name, [] => [value]);
    Ok(())
}

fn read<T: Pack>((name, caller): Named<'_>, value: impl FnOnce(&Env) -> T) -> Outcome<T> {
    let mut host = Host::begin(caller, HOSTIO)?;
    let value = value(host.env_ref());
    record!(host, name, [] => [value]);
    Ok(value)
}

pub(super) fn block_basefee(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    write_u256(("block_basefee", caller), ptr, |env| U256::from(env.machine.context.block.basefee))
}

pub(super) fn block_coinbase(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    write_address(("block_coinbase", caller), ptr, |env| env.machine.context.block.beneficiary)
}

pub(super) fn block_gas_limit(caller: Caller<'_, Env>) -> Outcome<u64> {
    read(("block_gas_limit", caller), |env| env.machine.context.block.gas_limit)
}

pub(super) fn block_number(caller: Caller<'_, Env>) -> Outcome<u64> {
    read(("block_number", caller), |env| env.machine.context.chain.block.l1_block_number)
}

pub(super) fn block_timestamp(caller: Caller<'_, Env>) -> Outcome<u64> {
    read(("block_timestamp", caller), |env| env.machine.context.chain.block.timestamp)
}

pub(super) fn chainid(caller: Caller<'_, Env>) -> Outcome<u64> {
    read(("chainid", caller), |env| env.machine.context.cfg.chain_id)
}

pub(super) fn contract_address(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    write_address(("contract_address", caller), ptr, |env| env.frame.address)
}

pub(super) fn msg_reentrant(caller: Caller<'_, Env>) -> Outcome<u32> {
    read(("msg_reentrant", caller), |env| u32::from(env.frame.is_reentrant))
}

pub(super) fn msg_sender(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    write_address(("msg_sender", caller), ptr, |env| env.frame.caller)
}

pub(super) fn msg_value(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    write_u256(("msg_value", caller), ptr, |env| env.frame.value)
}

pub(super) fn tx_gas_price(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    write_u256(("tx_gas_price", caller), ptr, |env| env.machine.context.chain.offered_price)
}

pub(super) fn tx_ink_price(caller: Caller<'_, Env>) -> Outcome<u32> {
    read(("tx_ink_price", caller), |env| env.terms.ink_price)
}

pub(super) fn tx_origin(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    write_address(("tx_origin", caller), ptr, |env| env.machine.context.chain.origin)
}

pub(super) fn evm_gas_left(caller: Caller<'_, Env>) -> Outcome<u64> {
    let mut host = Host::begin(caller, HOSTIO)?;
    let gas = host.gas_left();
    record!(host, "evm_gas_left", [] => [gas]);
    Ok(gas)
}

pub(super) fn evm_ink_left(caller: Caller<'_, Env>) -> Outcome<u64> {
    let mut host = Host::begin(caller, HOSTIO)?;
    let ink = host.ink();
    record!(host, "evm_ink_left", [] => [ink]);
    Ok(ink)
}
