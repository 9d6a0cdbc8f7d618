//! What ArbOS charges by, and what it counts for it, in one look (Nitro: execution/gethexec/api.go).

use super::{
    layout::layout,
    ledgers::{ReadOnly, View},
    storage::Ledger,
};
use crate::evm::ReadableState;
use alloy_primitives::{Address, I256, U256};

/// Prices, and the counters behind them, in a block's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceModel {
    /// Wei for a gas that the base fee does not fall below.
    pub min_base_fee: U256,
    /// Gas a second that the base fee aims at.
    pub speed_limit: u64,
    /// Gas limit of a block.
    pub block_gas_limit: u64,
    /// Gas limit of a transaction.
    pub tx_gas_limit: u64,
    /// How slowly the base fee follows the backlog.
    pub inertia: u64,
    /// Seconds of gas that the backlog may have before the base fee rises.
    pub tolerance: u64,
    /// Gas above the speed limit that is not made up for yet.
    pub backlog: u64,
    /// The same of data on L1.
    pub l1: L1PriceModel,
}

/// Prices of data on L1, and the accounts of who posts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct L1PriceModel {
    /// Wei for a unit, a gas of calldata on L1.
    pub price_per_unit: U256,
    /// Wei that were collected beyond what was owed, at the last report from L1.
    pub last_surplus: I256,
    /// Wei owed to posters.
    pub funds_due: U256,
    /// Wei owed as rewards.
    pub funds_due_for_rewards: U256,
    /// Units since the last report.
    pub units_since_update: u64,
    /// When the last report came, in seconds since 1970.
    pub last_update_time: u64,
    /// Units within which the price makes up for a surplus.
    pub equilibration_units: U256,
    /// Gas of a batch beside its data.
    pub per_batch_gas: i64,
    /// Most of a batch's cost that is paid, in basis points; 0 for all.
    pub amortized_cost_cap_bips: u64,
    /// How slowly the price follows what L1 takes.
    pub inertia: u64,
    /// Wei of reward for a unit.
    pub per_unit_reward: u64,
    /// Who gets the rewards.
    pub pay_rewards_to: Address,
}

/// Reads prices from a state.
pub fn pricing(state: &dyn ReadableState) -> PriceModel {
    read(&mut View(state)).expect("nothing is written")
}

fn read(view: &mut View<'_>) -> Result<PriceModel, ReadOnly> {
    let (l1, l2) = (&layout().l1, &layout().l2);
    Ok(PriceModel {
        min_base_fee: view.get(l2.min_base_fee)?,
        speed_limit: view.get_u64(l2.speed_limit)?,
        block_gas_limit: view.get_u64(l2.block_gas_limit)?,
        tx_gas_limit: view.get_u64(l2.tx_gas_limit)?,
        inertia: view.get_u64(l2.inertia)?,
        tolerance: view.get_u64(l2.tolerance)?,
        backlog: view.get_u64(l2.backlog)?,
        l1: L1PriceModel {
            price_per_unit: view.get(l1.price_per_unit)?,
            last_surplus: I256::from_raw(view.get(l1.last_surplus)?),
            funds_due: view.get(l1.posters.total_funds_due)?,
            funds_due_for_rewards: view.get(l1.funds_due_for_rewards)?,
            units_since_update: view.get_u64(l1.units_since_update)?,
            last_update_time: view.get_u64(l1.last_update_time)?,
            equilibration_units: view.get(l1.equilibration_units)?,
            per_batch_gas: view.get_u64(l1.per_batch_gas_cost)?.cast_signed(),
            amortized_cost_cap_bips: view.get_u64(l1.amortized_cost_cap_bips)?,
            inertia: view.get_u64(l1.inertia)?,
            per_unit_reward: view.get_u64(l1.per_unit_reward)?,
            pay_rewards_to: view.get_address(l1.pay_rewards_to)?,
        },
    })
}

/// How many retryable tickets wait for their timeout.
pub fn waiting_tickets(state: &dyn ReadableState) -> u64 {
    let (mut view, queue) = (View(state), layout().retryable_queue);
    // Where the next one will be put, and where the first one is.
    let mut end = |index| view.get_u64(queue.at(index)).expect("nothing is written");
    end(0).saturating_sub(end(1))
}
