//! ArbWasmCache (0x72): which programs nodes keep ready.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::{
    ArbosVersion,
    arbos::{
        layout::layout,
        programs::{self, Inactive, Record},
        storage::Ledger,
    },
    evm::Resource,
};
use alloy_primitives::B256;
use nitro::ArbWasmCache::*;

pub(super) const METHODS: &[Method] = methods! {
    View isCacheManagerCall => |call: &mut Call<'_>, who: isCacheManagerCall| {
        layout().programs.cache_managers.contains(call, who.manager)
    };
    View allCacheManagersCall => |call: &mut Call<'_>, _| layout().programs.cache_managers.members(call);
    Write cacheProgramCall => |call: &mut Call<'_>, of: cacheProgramCall| {
        let code_hash = call.code_hash(of.program)?;
        set_cached(call, code_hash, true)?;
        Ok(cacheProgramReturn {})
    };
    Write evictCodehashCall => |call: &mut Call<'_>, of: evictCodehashCall| {
        set_cached(call, of.codehash, false)?;
        Ok(evictCodehashReturn {})
    };
    View codehashIsCachedCall => |call: &mut Call<'_>, of: codehashIsCachedCall| Ok(Record::get(call, of.codehash)?.cached);
};

/// Caches or evicts. Only for cache managers and chain owners: anybody else loses all gas.
fn set_cached(call: &mut Call<'_>, code_hash: B256, cached: bool) -> Result<(), Halt> {
    let manager = call.caller();
    let may =
        layout().programs.cache_managers.contains(call, manager)? || layout().chain_owners.contains(call, manager)?;
    if !may {
        return Err(call.burn_out());
    }
    let params = programs::params(call)?;
    let mut record = Record::get(call, code_hash)?;
    if cached {
        if record.version != params.version {
            return Err(Inactive::NeedsUpgrade(record.version, params.version).into());
        }
        let time = call.block().timestamp;
        if record.is_expired(&params, time) {
            return Err(Inactive::Expired(record.age(time)).into());
        }
    }
    if record.cached == cached {
        return Ok(());
    }
    call.log(UpdateProgramCache { manager, codehash: code_hash, cached })?;
    // The work of loading it, now or should this be undone.
    call.burn(Resource::StorageRead, record.init_cost.into())?;
    call.get(layout().programs.module_hashes.slot(code_hash))?;
    if cached && call.version() >= ArbosVersion::V60 && !call.was_code(code_hash) {
        return Err(Halt::Other("the code was deployed in this block"));
    }
    record.cached = cached;
    record.set(call, code_hash)
}
