//! Storage, permanent and transient.

use alloy_primitives::U256;
use revm::context::{JournalTr, journaled_state::StateLoad};
use wasmtime::Caller;

use super::{
    env::{Env, Host, Outcome, trap},
    prices::{EVM_API, HOSTIO, PTR, gas},
    record::record,
};
use crate::evm::{Resource, Resources};

pub(super) fn storage_load_bytes32(caller: Caller<'_, Env>, key: u32, dest: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 2 * PTR)?;
    let api_gas = EVM_API / host.ink_price();
    // What a miss can cost must be there, whether it is one or not.
    host.require_gas(gas::COLD_SLOAD + gas::CACHE_ACCESS + api_gas)?;
    let key = host.read_u256(key)?;
    let env = host.env();
    let mut cost = env.cache.read_gas();
    let value = match env.cache.get(key) {
        Some(value) => value,
        None => {
            let Ok(load) = env.machine.context.journaled_state.sload(env.frame.address, key);
            let touch = if load.is_cold { gas::COLD_SLOAD } else { gas::WARM };
            cost += touch + api_gas;
            env.cache.learn(key, load.data);
            env.account_for_touch(touch);
            load.data
        }
    };
    host.buy_gas(cost)?;
    host.write(dest, &value.to_be_bytes::<32>())?;
    record!(host, "storage_load_bytes32", [key] => [value]);
    Ok(())
}

pub(super) fn storage_cache_bytes32(caller: Caller<'_, Env>, key: u32, value: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 2 * PTR)?;
    host.require_gas(gas::SSTORE_SENTRY + gas::CACHE_ACCESS)?;
    let (key, value) = (host.read_u256(key)?, host.read_u256(value)?);
    let cost = host.env().cache.set(key, value);
    host.buy_gas(cost)?;
    record!(host, "storage_cache_bytes32", [key, value] => []);
    Ok(())
}

pub(super) fn storage_flush_cache(caller: Caller<'_, Env>, clear: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + EVM_API)?;
    flush(&mut host, clear)?;
    record!(host, "storage_flush_cache", [u8::from(clear != 0)] => []);
    Ok(())
}

/// Writes what the cache holds and the state does not.
fn flush(host: &mut Host<'_>, clear: u32) -> Outcome {
    host.require_gas(gas::SSTORE_SENTRY)?;
    let dirty = host.env().cache.flush(clear != 0);
    if dirty.is_empty() {
        return Ok(());
    }
    if host.env_ref().frame.is_static {
        return trap("write protection");
    }
    let left = host.gas_left();
    let mut cost = Resources::default();
    for (key, value) in dirty {
        store(host.env(), key, value, &mut cost);
        if cost.total() > left {
            return host.out_of_ink();
        }
    }
    // Nitro takes the last gas for none left over.
    if cost.total() == left {
        return host.out_of_ink();
    }
    host.env().account_for_all(&cost);
    host.buy_gas(cost.total())
}

/// Writes a slot; adds its gas to a cost and counts its refund (EIP-2200, 2929, 3529).
fn store(env: &mut Env, key: U256, value: U256, cost: &mut Resources) {
    let context = &mut env.machine.context;
    let Ok(StateLoad { data, is_cold }) = context.journaled_state.sstore(env.frame.address, key, value);
    env.refund += context.cfg.gas_params.sstore_refund(true, &data);
    if data.is_new_eq_present() || !data.is_original_eq_present() {
        cost.add(Resource::Computation, gas::WARM);
    } else if data.is_original_zero() {
        cost.add(Resource::StorageGrowth, gas::SSTORE_SET);
    } else {
        cost.add(Resource::StorageWrite, gas::SSTORE_RESET);
    }
    if is_cold {
        cost.add(Resource::StorageRead, gas::COLD_SLOAD);
    }
}

pub(super) fn transient_load_bytes32(caller: Caller<'_, Env>, key: u32, dest: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 2 * PTR + EVM_API)?;
    host.buy_gas(gas::WARM)?;
    let key = host.read_u256(key)?;
    let env = host.env();
    let value = env.machine.context.journaled_state.tload(env.frame.address, key);
    host.write(dest, &value.to_be_bytes::<32>())?;
    record!(host, "transient_load_bytes32", [key] => [value]);
    Ok(())
}

pub(super) fn transient_store_bytes32(caller: Caller<'_, Env>, key: u32, value: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 2 * PTR + EVM_API)?;
    host.buy_gas(gas::WARM)?;
    let (key, value) = (host.read_u256(key)?, host.read_u256(value)?);
    let env = host.env();
    if env.frame.is_static {
        return trap("write protection");
    }
    env.machine.context.journaled_state.tstore(env.frame.address, key, value);
    record!(host, "transient_store_bytes32", [key, value] => []);
    Ok(())
}
