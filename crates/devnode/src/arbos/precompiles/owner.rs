//! ArbOwner (0x70): what chain owners can set. It costs them nothing.

use super::{
    call::{Call, Halt},
    filtering,
    method::{Method, methods},
};
use crate::{
    ArbosVersion,
    arbos::{
        addresses::{ARB_OWNER, L1_PRICER_FUNDS},
        l2_pricing,
        layout::layout,
        multi_gas,
        programs::{self, CACHED_GAS_UNIT, INIT_GAS_UNIT, SCALAR_UNIT, StylusParams},
        storage::{Ledger, WRITE_GAS},
    },
    evm::{ColdAccess, Context, PrecompileCall, Resource},
};
use alloy_primitives::{FixedBytes, Log, U256};
use alloy_sol_types::{SolCall, SolEvent};
use nitro::ArbOwner::*;
use revm::context::JournalTr;

/// The result of a method that returns nothing.
fn nothing<C: SolCall>((): ()) -> C::Return {
    C::abi_decode_returns(&[]).expect("nothing to decode")
}

/// A method that writes its one argument to a slot.
macro_rules! setter {
    ($call:ty, $field:ident, $($slot:tt)+) => {
        |call: &mut Call<'_>, to: $call| call.set(layout().$($slot)+, U256::from(to.$field)).map(nothing::<$call>)
    };
}

/// A method that sets one of Stylus' parameters.
macro_rules! param {
    ($call:ty, $field:ident, $param:ident) => {
        |call: &mut Call<'_>, to: $call| change_params(call, |params| params.$param = to.$field).map(nothing::<$call>)
    };
}

pub(super) const METHODS: &[Method] = methods! {
    Write addChainOwnerCall => |call: &mut Call<'_>, of: addChainOwnerCall| {
        layout().chain_owners.add(call, of.newOwner)?;
        log_from_60(call, ChainOwnerAdded { owner: of.newOwner }).map(|()| addChainOwnerReturn {})
    };
    Write removeChainOwnerCall => |call: &mut Call<'_>, of: removeChainOwnerCall| {
        if !layout().chain_owners.contains(call, of.ownerToRemove)? {
            return Err(Halt::Other("tried to remove non-owner"));
        }
        layout().chain_owners.remove(call, of.ownerToRemove)?;
        log_from_60(call, ChainOwnerRemoved { owner: of.ownerToRemove }).map(|()| removeChainOwnerReturn {})
    };
    View isChainOwnerCall => |call: &mut Call<'_>, of: isChainOwnerCall| layout().chain_owners.contains(call, of.account);
    View getAllChainOwnersCall => |call: &mut Call<'_>, _| layout().chain_owners.members(call);
    Write setNativeTokenManagementFromCall => |call: &mut Call<'_>, to: setNativeTokenManagementFromCall| {
        enable_from(call, layout().native_token_from, to.timestamp).map(|()| setNativeTokenManagementFromReturn {})
    };
    Write addNativeTokenOwnerCall => |call: &mut Call<'_>, of: addNativeTokenOwnerCall| {
        let from = call.get_u64(layout().native_token_from)?;
        if from == 0 || from > call.block().timestamp {
            return Err(Halt::Other("native token feature is not enabled yet"));
        }
        layout().native_token_owners.add(call, of.newOwner)?;
        log_from_60(call, NativeTokenOwnerAdded { owner: of.newOwner }).map(|()| addNativeTokenOwnerReturn {})
    };
    Write removeNativeTokenOwnerCall => |call: &mut Call<'_>, of: removeNativeTokenOwnerCall| {
        if !layout().native_token_owners.contains(call, of.ownerToRemove)? {
            return Err(Halt::Other("tried to remove non native token owner"));
        }
        layout().native_token_owners.remove(call, of.ownerToRemove)?;
        log_from_60(call, NativeTokenOwnerRemoved { owner: of.ownerToRemove }).map(|()| removeNativeTokenOwnerReturn {})
    };
    View isNativeTokenOwnerCall => |call: &mut Call<'_>, of: isNativeTokenOwnerCall| {
        layout().native_token_owners.contains(call, of.account)
    };
    View getAllNativeTokenOwnersCall => |call: &mut Call<'_>, _| layout().native_token_owners.members(call);
    Write setL1BaseFeeEstimateInertiaCall => setter!(setL1BaseFeeEstimateInertiaCall, inertia, l1.inertia);
    Write setL2BaseFeeCall => setter!(setL2BaseFeeCall, priceInWei, l2.base_fee);
    Write setMinimumL2BaseFeeCall => |call: &mut Call<'_>, to: setMinimumL2BaseFeeCall| {
        if to.priceInWei.is_zero() && !call.context().chain.mode.is_on_chain() {
            return Err(Halt::Other("minimum base fee must be nonzero"));
        }
        call.set(layout().l2.min_base_fee, to.priceInWei).map(|()| setMinimumL2BaseFeeReturn {})
    };
    Write setSpeedLimitCall => |call: &mut Call<'_>, to: setSpeedLimitCall| {
        if to.limit == 0 {
            return Err(Halt::Other("speed limit must be nonzero"));
        }
        call.set_u64(layout().l2.speed_limit, to.limit).map(|()| setSpeedLimitReturn {})
    };
    Write setMaxTxGasLimitCall => setter!(setMaxTxGasLimitCall, limit, l2.tx_gas_limit);
    Write setMaxBlockGasLimitCall => setter!(setMaxBlockGasLimitCall, limit, l2.block_gas_limit);
    Write setL2GasPricingInertiaCall => |call: &mut Call<'_>, to: setL2GasPricingInertiaCall| {
        if to.sec == 0 {
            return Err(Halt::Other("price inertia must be nonzero"));
        }
        call.set_u64(layout().l2.inertia, to.sec).map(|()| setL2GasPricingInertiaReturn {})
    };
    Write setL2GasBacklogToleranceCall => setter!(setL2GasBacklogToleranceCall, sec, l2.tolerance);
    View getNetworkFeeAccountCall => |call: &mut Call<'_>, _| call.get_address(layout().network_fee_account);
    View getInfraFeeAccountCall => |call: &mut Call<'_>, _| call.get_address(layout().infra_fee_account);
    Write setNetworkFeeAccountCall => |call: &mut Call<'_>, to: setNetworkFeeAccountCall| {
        call.set_address(layout().network_fee_account, to.newNetworkFeeAccount).map(|()| setNetworkFeeAccountReturn {})
    };
    Write setInfraFeeAccountCall => |call: &mut Call<'_>, to: setInfraFeeAccountCall| {
        call.set_address(layout().infra_fee_account, to.newInfraFeeAccount).map(|()| setInfraFeeAccountReturn {})
    };
    Write scheduleArbOSUpgradeCall => |call: &mut Call<'_>, to: scheduleArbOSUpgradeCall| {
        call.set_u64(layout().upgrade_version, to.newVersion)?;
        call.set_u64(layout().upgrade_timestamp, to.timestamp).map(|()| scheduleArbOSUpgradeReturn {})
    };
    Write setL1PricingEquilibrationUnitsCall => setter!(setL1PricingEquilibrationUnitsCall, equilibrationUnits, l1.equilibration_units);
    Write setL1PricingInertiaCall => setter!(setL1PricingInertiaCall, inertia, l1.inertia);
    Write setL1PricingRewardRecipientCall => |call: &mut Call<'_>, to: setL1PricingRewardRecipientCall| {
        call.set_address(layout().l1.pay_rewards_to, to.recipient).map(|()| setL1PricingRewardRecipientReturn {})
    };
    Write setL1PricingRewardRateCall => setter!(setL1PricingRewardRateCall, weiPerUnit, l1.per_unit_reward);
    Write setL1PricePerUnitCall => setter!(setL1PricePerUnitCall, pricePerUnit, l1.price_per_unit);
    Write setParentGasFloorPerTokenCall => setter!(setParentGasFloorPerTokenCall, floorPerToken, l1.gas_floor_per_token);
    Write setPerBatchGasChargeCall => |call: &mut Call<'_>, to: setPerBatchGasChargeCall| {
        // A signed number is kept in the low 64 bits.
        call.set_u64(layout().l1.per_batch_gas_cost, to.cost.cast_unsigned()).map(|()| setPerBatchGasChargeReturn {})
    };
    Write setBrotliCompressionLevelCall => |call: &mut Call<'_>, to: setBrotliCompressionLevelCall| {
        if to.level > 11 {
            return Err(Halt::Other("invalid brotli compression level"));
        }
        call.set_u64(layout().brotli_level, to.level).map(|()| setBrotliCompressionLevelReturn {})
    };
    Write setAmortizedCostCapBipsCall => setter!(setAmortizedCostCapBipsCall, cap, l1.amortized_cost_cap_bips);
    Write releaseL1PricerSurplusFundsCall => |call: &mut Call<'_>, of: releaseL1PricerSurplusFundsCall| {
        let balance = call.context().cold_balance(L1_PRICER_FUNDS);
        let recognized = call.get(layout().l1.fees_available)?;
        let Some(surplus) = balance.checked_sub(recognized) else { return Ok(U256::ZERO) };
        let released = surplus.min(of.maxWeiToRelease);
        let available = call.get(layout().l1.fees_available)?;
        call.set(layout().l1.fees_available, available + released)?;
        Ok(released)
    };
    Write setInkPriceCall => |call: &mut Call<'_>, to: setInkPriceCall| {
        let mut params = programs::params(call)?;
        if to.price == 0 || to.price > 0xff_ffff {
            return Err(Halt::Other("ink price must be a positive uint24"));
        }
        params.ink_price = to.price;
        save_params(call, &params).map(|()| setInkPriceReturn {})
    };
    Write setWasmMaxStackDepthCall => param!(setWasmMaxStackDepthCall, depth, max_stack_depth);
    Write setWasmFreePagesCall => param!(setWasmFreePagesCall, pages, free_pages);
    Write setWasmPageGasCall => param!(setWasmPageGasCall, gas, page_gas);
    Write setWasmPageLimitCall => param!(setWasmPageLimitCall, limit, page_limit);
    Write setWasmMaxSizeCall => param!(setWasmMaxSizeCall, size, max_wasm_size);
    Write setWasmMinInitGasCall => |call: &mut Call<'_>, to: setWasmMinInitGasCall| {
        change_params(call, |params| {
            params.min_init_gas = units(to.gas.into(), INIT_GAS_UNIT);
            params.min_cached_gas = units(to.cached.into(), CACHED_GAS_UNIT);
        })
        .map(|()| setWasmMinInitGasReturn {})
    };
    Write setWasmInitCostScalarCall => |call: &mut Call<'_>, to: setWasmInitCostScalarCall| {
        change_params(call, |params| params.init_cost_scalar = units(to.percent, SCALAR_UNIT))
            .map(|()| setWasmInitCostScalarReturn {})
    };
    Write setWasmExpiryDaysCall => param!(setWasmExpiryDaysCall, numDays, expiry_days);
    Write setWasmKeepaliveDaysCall => param!(setWasmKeepaliveDaysCall, numDays, keepalive_days);
    Write setWasmBlockCacheSizeCall => param!(setWasmBlockCacheSizeCall, count, block_cache_size);
    Write addWasmCacheManagerCall => |call: &mut Call<'_>, of: addWasmCacheManagerCall| {
        layout().programs.cache_managers.add(call, of.manager).map(|()| addWasmCacheManagerReturn {})
    };
    Write removeWasmCacheManagerCall => |call: &mut Call<'_>, of: removeWasmCacheManagerCall| {
        if !layout().programs.cache_managers.contains(call, of.manager)? {
            return Err(Halt::Other("tried to remove non-manager"));
        }
        layout().programs.cache_managers.remove(call, of.manager).map(|()| removeWasmCacheManagerReturn {})
    };
    Write setChainConfigCall => set_chain_config;
    Write setCalldataPriceIncreaseCall => |call: &mut Call<'_>, to: setCalldataPriceIncreaseCall| {
        let mut features = call.get(layout().features)?;
        features.set_bit(0, to.enable);
        call.set(layout().features, features).map(|()| setCalldataPriceIncreaseReturn {})
    };
    Write setGasBacklogCall => setter!(setGasBacklogCall, backlog, l2.backlog);
    Write setGasPricingConstraintsCall => |call: &mut Call<'_>, to: setGasPricingConstraintsCall| {
        l2_pricing::clear_constraints(call)?;
        if call.version() < ArbosVersion::V60 && to.constraints.len() > l2_pricing::MOST_CONSTRAINTS {
            return Err(Halt::Other("too many constraints"));
        }
        for [target, window, backlog] in to.constraints {
            if target == 0 || window == 0 {
                return Err(Halt::Other("invalid constraint"));
            }
            l2_pricing::add_constraint(call, target, window, backlog)?;
        }
        Ok(setGasPricingConstraintsReturn {})
    };
    Write @V60 setMaxStylusContractFragmentsCall => param!(setMaxStylusContractFragmentsCall, maxFragments, max_fragments);
    Write @V60 setWasmActivationGasCall => setter!(setWasmActivationGasCall, gas, programs.activation_gas);
    Write @V60 setTransactionFilteringFromCall => |call: &mut Call<'_>, to: setTransactionFilteringFromCall| {
        enable_from(call, layout().filtering_from, to.timestamp).map(|()| setTransactionFilteringFromReturn {})
    };
    Write @V60 addTransactionFiltererCall => filtering::add_filterer;
    Write @V60 removeTransactionFiltererCall => filtering::remove_filterer;
    View @V60 isTransactionFiltererCall => |call: &mut Call<'_>, of: isTransactionFiltererCall| {
        layout().filterers.contains(call, of.filterer)
    };
    View @V60 getAllTransactionFilterersCall => |call: &mut Call<'_>, _| layout().filterers.members(call);
    Write @V60 setFilteredFundsRecipientCall => filtering::set_recipient;
    View @V60 getFilteredFundsRecipientCall => |call: &mut Call<'_>, _| call.get_address(layout().filtered_funds_recipient);
    Write @V60 setMultiGasPricingConstraintsCall => |call: &mut Call<'_>, to: setMultiGasPricingConstraintsCall| {
        multi_gas::set(call, to.constraints)?.map_err(Halt::Other).map(|()| setMultiGasPricingConstraintsReturn {})
    };
    Write @V60 setCollectTipsCall => setter!(setCollectTipsCall, collectTips, collect_tips);
};

/// Logs what the versions before ArbOS 60 do not.
fn log_from_60(call: &mut Call<'_>, event: impl SolEvent) -> Result<(), Halt> {
    if call.version() >= ArbosVersion::V60 { call.log(event) } else { Ok(()) }
}

/// Writes Stylus' parameters. From ArbOS 60 on only a transaction does: in a call they cost the same and stay.
fn save_params(call: &mut Call<'_>, params: &StylusParams) -> Result<(), Halt> {
    if call.version() >= ArbosVersion::V60 && !call.context().chain.mode.is_on_chain() {
        call.writable()?;
        return call.burn(Resource::StorageWrite, WRITE_GAS);
    }
    params.save(call)
}

fn change_params(call: &mut Call<'_>, change: impl FnOnce(&mut StylusParams)) -> Result<(), Halt> {
    let mut params = programs::params(call)?;
    change(&mut params);
    save_params(call, &params)
}

/// How many units hold a value, at most what a byte holds.
fn units(value: u64, unit: u64) -> u8 {
    value.div_ceil(unit).try_into().unwrap_or(u8::MAX)
}

/// Seconds before which a feature cannot begin.
const FEATURE_DELAY: u64 = 7 * 86_400;

/// Sets since when there is a feature: minting and burning of the native token, or filtering of transactions.
fn enable_from(call: &mut Call<'_>, slot: U256, timestamp: u64) -> Result<(), Halt> {
    if timestamp != 0 {
        let stored = call.get_u64(slot)?;
        let now = call.block().timestamp;
        let soonest = now + FEATURE_DELAY;
        if (stored == 0 || stored > soonest) && timestamp < soonest {
            return Err(Halt::Other("feature must be enabled at least 7 days in the future"));
        }
        if stored > now && stored <= soonest && timestamp < stored {
            return Err(Halt::Other("feature cannot be updated to an earlier time"));
        }
    }
    call.set_u64(slot, timestamp)
}

/// Stores the chain's settings. A call (not a transaction) first checks that they are for this chain and new.
fn set_chain_config(call: &mut Call<'_>, to: setChainConfigCall) -> Result<setChainConfigReturn, Halt> {
    let space = layout().chain_config;
    if !call.context().chain.mode.is_on_chain() {
        let config: serde_json::Value = serde_json::from_str(&to.chainConfig)
            .map_err(|_| Halt::Other("invalid chain config, can't deserialize"))?;
        let chain_id = call.get_u64(layout().chain_id)?;
        if config.get("chainId").and_then(serde_json::Value::as_u64) != Some(chain_id) {
            return Err(Halt::Other("invalid chain config, chain id mismatch"));
        }
        if call.get_bytes(space)? == to.chainConfig.as_bytes() {
            return Err(Halt::Other("new chain config is the same as old one in ArbOS state"));
        }
    }
    call.set_bytes(space, to.chainConfig.as_bytes()).map(|()| setChainConfigReturn {})
}

/// Logs that an owner did something, for free.
pub(super) fn log_act(context: &mut Context, call: &PrecompileCall) {
    let method = FixedBytes::<4>::try_from(&call.input[..4]).unwrap_or_default();
    let event = OwnerActs { method, owner: call.caller, data: call.input.clone() };
    context.journaled_state.log(Log { address: ARB_OWNER, data: event.encode_log_data() });
}
