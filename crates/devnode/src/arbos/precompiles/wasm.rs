//! ArbWasm (0x71): activation of programs, and Stylus' parameters.

use super::{
    call::{Call, Halt},
    fragments,
    method::{Method, methods},
};
use crate::{
    ArbosVersion,
    arbos::{
        addresses::ARB_WASM,
        layout::layout,
        programs::{
            self, CACHED_GAS_UNIT, INIT_GAS_UNIT, Inactive, PAGE_RAMP, Record, SCALAR_UNIT, StylusParams,
            charge_for_data, hours_since_start,
        },
        storage::Ledger,
    },
    evm::{ColdAccess, Resource},
    stylus::{self, ActivationRules},
};
use alloy_primitives::{Address, B256, U256};
use nitro::ArbWasm::*;

pub(super) const METHODS: &[Method] = methods! {
    Payable activateProgramCall => activate;
    Payable codehashKeepaliveCall => keepalive;
    View stylusVersionCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.version);
    View inkPriceCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.ink_price);
    View maxStackDepthCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.max_stack_depth);
    View freePagesCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.free_pages);
    View pageGasCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.page_gas);
    View pageRampCall => |call: &mut Call<'_>, _| programs::params(call).map(|_| PAGE_RAMP);
    View pageLimitCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.page_limit);
    View minInitGasCall => |call: &mut Call<'_>, _| {
        let params = programs::params(call)?;
        Ok(minInitGasReturn {
            gas: u64::from(params.min_init_gas) * INIT_GAS_UNIT,
            cached: u64::from(params.min_cached_gas) * CACHED_GAS_UNIT,
        })
    };
    View initCostScalarCall => |call: &mut Call<'_>, _| Ok(u64::from(programs::params(call)?.init_cost_scalar) * SCALAR_UNIT);
    View expiryDaysCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.expiry_days);
    View keepaliveDaysCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.keepalive_days);
    View blockCacheSizeCall => |call: &mut Call<'_>, _| Ok(programs::params(call)?.block_cache_size);
    View codehashVersionCall => |call: &mut Call<'_>, of: codehashVersionCall| {
        let params = programs::params(call)?;
        Ok(active(call, of.codehash, &params)?.version)
    };
    View codehashAsmSizeCall => |call: &mut Call<'_>, of: codehashAsmSizeCall| {
        let params = programs::params(call)?;
        Ok(active(call, of.codehash, &params)?.asm_size())
    };
    View programVersionCall => |call: &mut Call<'_>, of: programVersionCall| Ok(program(call, of.program)?.0.version);
    View programInitGasCall => |call: &mut Call<'_>, of: programInitGasCall| {
        let (record, params) = program(call, of.program)?;
        let cached = record.cached_gas(&params);
        // From Stylus version 2 on the gas when cached is paid in any case.
        let first = if params.version > 1 { cached } else { 0 };
        Ok(programInitGasReturn { gas: record.init_gas(&params) + first, gasWhenCached: cached })
    };
    View programMemoryFootprintCall => |call: &mut Call<'_>, of: programMemoryFootprintCall| Ok(program(call, of.program)?.0.footprint);
    View programTimeLeftCall => |call: &mut Call<'_>, of: programTimeLeftCall| {
        let (record, params) = program(call, of.program)?;
        Ok(params.expiry_seconds().saturating_sub(record.age(call.block().timestamp)))
    };
    View @V60 activationGasCall => |call: &mut Call<'_>, _| call.get_u64(layout().programs.activation_gas);
};

/// Gas that an activation costs before it begins.
const ACTIVATION_GAS: u64 = 1_659_168;

impl From<Inactive> for Halt {
    fn from(why: Inactive) -> Self {
        match why {
            Inactive::NotActivated => Self::error(ProgramNotActivated {}),
            Inactive::NeedsUpgrade(version, stylus) => {
                Self::error(ProgramNeedsUpgrade { version, stylusVersion: stylus })
            }
            Inactive::Expired(age) => Self::error(ProgramExpired { ageInSeconds: age }),
        }
    }
}

/// The record of an active program.
fn active(call: &mut Call<'_>, code_hash: B256, params: &StylusParams) -> Result<Record, Halt> {
    let record = Record::get(call, code_hash)?;
    record.check(params, call.block().timestamp)?;
    Ok(record)
}

/// The record of the active program at an address.
fn program(call: &mut Call<'_>, address: Address) -> Result<(Record, StylusParams), Halt> {
    let params = programs::params(call)?;
    let code_hash = call.code_hash(address)?;
    Ok((active(call, code_hash, &params)?, params))
}

fn activate(call: &mut Call<'_>, of: activateProgramCall) -> Result<activateProgramReturn, Halt> {
    if call.version() >= ArbosVersion::V60 {
        let price = call.get_u64(layout().programs.activation_gas)?;
        call.burn(Resource::SingleDim, price)?;
    }
    call.burn(Resource::Computation, ACTIVATION_GAS)?;
    let (code_hash, code) = call.context().cold_code(of.program);
    let params = programs::params(call)?;
    let time = call.block().timestamp;
    let before = Record::get(call, code_hash)?;
    let expired = before.activated_at == 0 || before.is_expired(&params, time);
    if before.version == params.version && !expired {
        return Err(Halt::error(ProgramUpToDate {}));
    }
    let wasm = fragments::wasm(call, &code, &params)?;
    let rules = ActivationRules {
        version: params.version,
        page_limit: params.page_limit.saturating_sub(call.context().chain.pages_open),
        debug: true,
    };
    let mut gas_left = call.gas_left();
    let found = stylus::activate(&wasm, code_hash, rules, &mut gas_left)
        .map_err(|why| Halt::Activation(format!("program activation failed: {why}")))?;
    call.burn(Resource::Computation, call.gas_left() - gas_left)?;

    if before.cached {
        // What was cached is thrown out, by the hash of its module.
        call.get(layout().programs.module_hashes.slot(code_hash))?;
    }
    call.set(layout().programs.module_hashes.slot(code_hash), found.module_hash.into())?;
    let fee = charge_for_data(call, found.asm_estimate, time)?;
    let record = Record {
        version: params.version,
        init_cost: found.init_cost,
        cached_cost: found.cached_init_cost,
        footprint: found.footprint,
        activated_at: hours_since_start(time),
        asm_estimate_kb: found.asm_estimate.div_ceil(1024),
        cached: before.cached,
    };
    record.set(call, code_hash)?;
    pay(call, fee)?;
    call.log(ProgramActivated {
        codehash: code_hash,
        moduleHash: found.module_hash,
        program: of.program,
        dataFee: fee,
        version: params.version,
    })?;
    Ok(activateProgramReturn { version: params.version, dataFee: fee })
}

fn keepalive(call: &mut Call<'_>, of: codehashKeepaliveCall) -> Result<codehashKeepaliveReturn, Halt> {
    let params = programs::params(call)?;
    let mut record = active(call, of.codehash, &params)?;
    let time = call.block().timestamp;
    let age = record.age(time);
    if age < params.keepalive_seconds() {
        return Err(Halt::error(ProgramKeepaliveTooSoon { ageInSeconds: age }));
    }
    let fee = charge_for_data(call, record.asm_size(), time)?;
    record.activated_at = hours_since_start(time);
    record.set(call, of.codehash)?;
    pay(call, fee)?;
    call.log(ProgramLifetimeExtended { codehash: of.codehash, dataFee: fee })?;
    Ok(codehashKeepaliveReturn {})
}

/// Pays the fee for data out of the value that came along; the rest goes back.
fn pay(call: &mut Call<'_>, fee: U256) -> Result<(), Halt> {
    let (value, caller) = (call.value(), call.caller());
    if value < fee {
        return Err(Halt::error(ProgramInsufficientValue { have: value, want: fee }));
    }
    let network = call.get_address(layout().network_fee_account)?;
    call.transfer(ARB_WASM, network, fee);
    call.transfer(ARB_WASM, caller, value - fee);
    Ok(())
}
