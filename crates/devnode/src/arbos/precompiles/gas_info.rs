//! ArbGasInfo (0x6c): prices.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::{
    ArbosVersion,
    arbos::{
        l1_pricing::{self, UNITS_PER_BYTE},
        l2_pricing::{self, Constraint},
        layout::layout,
        multi_gas,
        storage::{Ledger, WRITE_GAS},
    },
};
use alloy_primitives::{I256, U256};
use nitro::ArbGasInfo::*;

pub(super) const METHODS: &[Method] = methods! {
    View getPricesInWeiWithAggregatorCall => |call: &mut Call<'_>, _| {
        let [tx, byte, storage, base, congestion, total] = prices_in_wei(call)?;
        Ok(getPricesInWeiWithAggregatorReturn {
            perL2Tx: tx, perL1CalldataByte: byte, perStorage: storage,
            perArbGasBase: base, perArbGasCongestion: congestion, perArbGasTotal: total,
        })
    };
    View getPricesInWeiCall => |call: &mut Call<'_>, _| {
        let [tx, byte, storage, base, congestion, total] = prices_in_wei(call)?;
        Ok(getPricesInWeiReturn {
            perL2Tx: tx, perL1CalldataByte: byte, perStorage: storage,
            perArbGasBase: base, perArbGasCongestion: congestion, perArbGasTotal: total,
        })
    };
    View getPricesInArbGasWithAggregatorCall => |call: &mut Call<'_>, _| {
        let [tx, byte, storage] = prices_in_gas(call)?;
        Ok(getPricesInArbGasWithAggregatorReturn { perL2Tx: tx, perL1CalldataByte: byte, perStorage: storage })
    };
    View getPricesInArbGasCall => |call: &mut Call<'_>, _| {
        let [tx, byte, storage] = prices_in_gas(call)?;
        Ok(getPricesInArbGasReturn { perL2Tx: tx, perL1CalldataByte: byte, perStorage: storage })
    };
    View getGasAccountingParamsCall => |call: &mut Call<'_>, _| {
        let speed_limit = call.get(layout().l2.speed_limit)?;
        let limit = call.get(layout().l2.block_gas_limit)?;
        Ok(getGasAccountingParamsReturn { speedLimit: speed_limit, poolSize: limit, maxBlockGasLimit: limit })
    };
    View getMaxTxGasLimitCall => |call: &mut Call<'_>, _| call.get(layout().l2.tx_gas_limit);
    View getMinimumGasPriceCall => |call: &mut Call<'_>, _| call.get(layout().l2.min_base_fee);
    View getL1BaseFeeEstimateCall => |call: &mut Call<'_>, _| call.get(layout().l1.price_per_unit);
    View getL1BaseFeeEstimateInertiaCall => |call: &mut Call<'_>, _| call.get_u64(layout().l1.inertia);
    View getL1RewardRateCall => |call: &mut Call<'_>, _| call.get_u64(layout().l1.per_unit_reward);
    View getL1RewardRecipientCall => |call: &mut Call<'_>, _| call.get_address(layout().l1.pay_rewards_to);
    View getL1GasPriceEstimateCall => |call: &mut Call<'_>, _| call.get(layout().l1.price_per_unit);
    View getCurrentTxL1GasFeesCall => |call: &mut Call<'_>, _| Ok(call.context().chain.poster_fee);
    View getGasBacklogCall => |call: &mut Call<'_>, _| call.get_u64(layout().l2.backlog);
    View getPricingInertiaCall => |call: &mut Call<'_>, _| call.get_u64(layout().l2.inertia);
    View getGasBacklogToleranceCall => |call: &mut Call<'_>, _| call.get_u64(layout().l2.tolerance);
    View getL1PricingSurplusCall => |call: &mut Call<'_>, _| l1_pricing::surplus(call).map(I256::from_raw);
    View getPerBatchGasChargeCall => |call: &mut Call<'_>, _| call.get_u64(layout().l1.per_batch_gas_cost).map(u64::cast_signed);
    View getAmortizedCostCapBipsCall => |call: &mut Call<'_>, _| call.get_u64(layout().l1.amortized_cost_cap_bips);
    View getL1FeesAvailableCall => |call: &mut Call<'_>, _| call.get(layout().l1.fees_available);
    View getL1PricingEquilibrationUnitsCall => |call: &mut Call<'_>, _| call.get(layout().l1.equilibration_units);
    View getLastL1PricingUpdateTimeCall => |call: &mut Call<'_>, _| call.get_u64(layout().l1.last_update_time);
    View getL1PricingFundsDueForRewardsCall => |call: &mut Call<'_>, _| call.get(layout().l1.funds_due_for_rewards);
    View getL1PricingUnitsSinceUpdateCall => |call: &mut Call<'_>, _| call.get_u64(layout().l1.units_since_update);
    View getLastL1PricingSurplusCall => |call: &mut Call<'_>, _| call.get(layout().l1.last_surplus).map(I256::from_raw);
    View getMaxBlockGasLimitCall => |call: &mut Call<'_>, _| call.get_u64(layout().l2.block_gas_limit);
    View getGasPricingConstraintsCall => |call: &mut Call<'_>, _| {
        let count = l2_pricing::constraints(call)?;
        (0..count)
            .map(|index| {
                let at = Constraint::number(index);
                Ok([call.get_u64(at.target)?, call.get_u64(at.window)?, call.get_u64(at.backlog)?])
            })
            .collect::<Result<Vec<_>, Halt>>()
    };
    View @V60 getMultiGasPricingConstraintsCall => |call: &mut Call<'_>, _| multi_gas::all(call);
    View @V60 getMultiGasBaseFeeCall => |call: &mut Call<'_>, _| {
        // ArbOS 60 took the price of the next block for that of this one.
        let base_fee = match call.version() {
            ArbosVersion::V61 => base_fee(call),
            ArbosVersion::V51 | ArbosVersion::V60 => call.get(layout().l2.base_fee)?,
        };
        multi_gas::base_fees(call, base_fee)
    };
};

/// Bytes that a simple transaction is taken to have on L1.
const SIMPLE_TX_BYTES: u64 = 140;

fn base_fee(call: &Call<'_>) -> U256 {
    U256::from(call.block().base_fee)
}

/// Wei of a simple transaction, a byte of calldata, a slot of storage, and of a gas: its base, what congestion adds, both.
fn prices_in_wei(call: &mut Call<'_>) -> Result<[U256; 6], Halt> {
    let per_byte = call.get(layout().l1.price_per_unit)?.wrapping_mul(U256::from(UNITS_PER_BYTE));
    let total = base_fee(call);
    let base = call.get(layout().l2.min_base_fee)?.min(total);
    let per_tx = per_byte.wrapping_mul(U256::from(SIMPLE_TX_BYTES));
    Ok([per_tx, per_byte, total.wrapping_mul(U256::from(WRITE_GAS)), base, total - base, total])
}

/// The first three of those in gas.
fn prices_in_gas(call: &mut Call<'_>) -> Result<[U256; 3], Halt> {
    let per_byte = call.get(layout().l1.price_per_unit)?.wrapping_mul(U256::from(UNITS_PER_BYTE));
    let per_tx = per_byte.wrapping_mul(U256::from(SIMPLE_TX_BYTES));
    let in_gas = |wei: U256| wei.checked_div(base_fee(call)).unwrap_or_default();
    Ok([in_gas(per_tx), in_gas(per_byte), U256::from(WRITE_GAS)])
}
