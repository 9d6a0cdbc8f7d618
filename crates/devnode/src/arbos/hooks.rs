//! ArbOS as execution calls it.

use super::{
    addresses::{BATCH_POSTER, FILTERED_TRANSACTIONS_STATE, L1_PRICER_FUNDS, precompiles_of},
    l2_pricing,
    layout::{filtered_slot, layout},
    ledgers::Free,
    multi_gas, poster, precompiles,
    programs::{Record, StylusParams},
    shown,
    storage::{ARBOS_STATE, Ledger},
};
use crate::{
    ArbosVersion,
    evm::{
        Charge, ColdAccess, Context, Fees, Hooks, Message, Mode, PrecompileCall, PrecompileResult, ProgramTerms,
        RETRY_TYPE, Refusal, Resource, Settlement,
    },
    version::ByVersion,
};
use alloy_primitives::{Address, B256, U256, keccak256, map::AddressSet};
use revm::Database;
use std::borrow::Cow;

/// ArbOS.
#[derive(Debug)]
pub struct ArbOs {
    precompiles: ByVersion<AddressSet>,
}

impl Default for ArbOs {
    fn default() -> Self {
        Self { precompiles: ByVersion::new(|version| precompiles_of(version).collect()) }
    }
}

impl Hooks for ArbOs {
    fn program(&self, context: &mut Context, code_hash: B256) -> Result<ProgramTerms, Cow<'static, str>> {
        let (time, version) = (context.chain.block.timestamp, context.chain.version());
        let mut state = Free(context);
        let params = StylusParams::load(&mut state);
        let Ok(record) = Record::get(&mut state, code_hash);
        record.check(&params, time).map_err(|why| why.to_string())?;
        shown::program(context, code_hash);
        Ok(ProgramTerms {
            version: record.version,
            ink_price: params.ink_price,
            max_stack_depth: params.max_stack_depth,
            free_pages: params.free_pages,
            page_gas: params.page_gas,
            page_limit: (version >= ArbosVersion::V60 && params.page_limit > 0).then_some(params.page_limit),
            footprint: record.footprint,
            init_gas: record.init_gas(&params),
            cached_gas: record.cached_gas(&params),
            cached: record.cached,
            remembered: (version >= ArbosVersion::V60).then_some(params.block_cache_size),
            max_wasm_size: params.max_wasm_size,
        })
    }

    fn l1_block_hash(&self, context: &mut Context, number: u64) -> B256 {
        Free(context).load(layout().block_hashes.at(1 + number % 256)).into()
    }

    fn charge(
        &self,
        context: &mut Context,
        message: &Message,
        intrinsic_gas: u64,
        gas_left: u64,
    ) -> Result<Charge, Refusal> {
        let (mode, base_fee) = (context.chain.mode, U256::from(context.chain.block.base_fee));
        let with_tip = self.collects_tips(context);
        let gas_price = if context.chain.gas_price.is_zero() { base_fee } else { context.chain.gas_price };
        let coinbase = context.chain.block.coinbase;
        let at = layout();
        let mut state = Free(context);
        let mut charge = Charge::default();
        if with_tip {
            let Ok(network) = state.get_address(at.network_fee_account);
            charge.tip_to = Some(network);
        }
        if !base_fee.is_zero() && message.tx_type != RETRY_TYPE {
            let Ok(level) = state.get_u64(at.brotli_level);
            let units = match &message.raw {
                // Only what the sequencer's own poster brings to L1 costs something there.
                None if mode.is_on_chain() && coinbase != BATCH_POSTER => 0,
                // By now a price above the base fee has been lowered to it, and the tip is forgotten.
                None if !with_tip && message.price(base_fee.saturating_to()) > base_fee => {
                    poster::units(&Message { max_priority_fee_per_gas: U256::ZERO, ..message.clone() }, mode, level)
                }
                _ => poster::units(message, mode, level),
            };
            let Ok(before) = state.get_u64(at.l1.units_since_update);
            let Ok(()) = state.set_u64(at.l1.units_since_update, before.wrapping_add(units));
            let Ok(price) = state.get(at.l1.price_per_unit);
            let cost = price.saturating_mul(U256::from(units));
            charge.poster_gas = poster_gas(&mut state, mode, gas_price, cost);
            charge.poster_fee = gas_price * U256::from(charge.poster_gas);
        }
        let left = gas_left.checked_sub(charge.poster_gas).ok_or(Refusal::IntrinsicGasForL1)?;
        if mode != Mode::Call {
            let Ok(limit) = state.get_u64(at.l2.tx_gas_limit);
            charge.held_gas = left.saturating_sub(limit.saturating_sub(intrinsic_gas));
        }
        Ok(charge)
    }

    fn settle(&self, context: &mut Context, message: &Message, settlement: &Settlement) -> Fees {
        shown::end(context);
        let version = context.chain.version();
        let at = layout();
        let (base_fee, paid) = (U256::from(context.chain.block.base_fee), context.chain.gas_price);
        let (poster_gas, poster_fee) = (context.chain.poster_gas, context.chain.poster_fee);
        let mut state = Free(context);
        let mut fees = Fees { poster: poster_fee, ..Fees::default() };
        let compute_gas = settlement.gas_used.saturating_sub(poster_gas);
        let mut compute_fee = base_fee * U256::from(compute_gas);
        let tips = paid.saturating_sub(base_fee) * U256::from(compute_gas);

        if let Some(account) = settlement.tip_to {
            if !tips.is_zero() {
                state.0.mint(account, tips);
            }
            fees.tip = Some((account, tips));
        }
        // Read before anything of ArbOS' own moves.
        let refund = refund(&mut state, version, base_fee, settlement);
        let Ok(network) = state.get_address(at.network_fee_account);
        let Ok(infrastructure) = state.get_address(at.infra_fee_account);
        if infrastructure != Address::ZERO {
            let Ok(min_base_fee) = state.get(at.l2.min_base_fee);
            let part = min_base_fee.min(base_fee) * U256::from(compute_gas);
            state.0.mint(infrastructure, part);
            fees.infrastructure = Some((infrastructure, part));
            compute_fee = compute_fee.saturating_sub(part);
        }
        if !compute_fee.is_zero() {
            state.0.mint(network, compute_fee);
            fees.network = Some((network, compute_fee));
        }
        state.0.mint(L1_PRICER_FUNDS, poster_fee);
        let Ok(available) = state.get(at.l1.fees_available);
        let Ok(()) = state.set(at.l1.fees_available, available.saturating_add(poster_fee));
        if !refund.is_zero() {
            // An account that cannot pay it does not, and nothing else changes.
            state.0.move_balance(network, message.from, refund);
            fees.refund = Some((network, refund));
        }
        if !paid.is_zero() {
            // What pays for L1 takes no time to compute.
            let mut resources = settlement.resources;
            if let Some(resources) = &mut resources {
                resources.take(Resource::SingleDim, poster_gas);
            }
            let Ok(()) = l2_pricing::add_gas(&mut state, compute_gas, resources.as_ref());
        }
        fees
    }

    fn prices_resources(&self, context: &mut Context) -> bool {
        let version = context.chain.version();
        if version < ArbosVersion::V60 {
            return false;
        }
        let mut state = Free(context);
        !state.load(multi_gas::length()).is_zero() || (version == ArbosVersion::V60 && multi_gas::has_fees(&mut state))
    }

    fn precompiles(&self, version: ArbosVersion) -> &AddressSet {
        self.precompiles.get(version)
    }

    fn collects_tips(&self, context: &mut Context) -> bool {
        let version = context.chain.version();
        // What comes from L1 has another coinbase, and pays none.
        let is_sequenced = context.chain.block.coinbase == BATCH_POSTER;
        version >= ArbosVersion::V60 && is_sequenced && !Free(context).load(layout().collect_tips).is_zero()
    }

    fn has_calldata_floor(&self, context: &mut Context) -> bool {
        let slot = layout().features;
        let Ok(before) = context.journaled_state.database.storage(ARBOS_STATE, slot);
        // Nitro asks before and after the message, so that it must hold at both times.
        before.bit(0) && Free(context).load(slot).bit(0)
    }

    fn is_filtered(&self, context: &mut Context, message: &Message) -> bool {
        let Some(raw) = message.raw.as_ref().filter(|_| context.chain.version() >= ArbosVersion::V60) else {
            return false;
        };
        !context.cold_sload(FILTERED_TRANSACTIONS_STATE, filtered_slot(keccak256(raw))).is_zero()
    }

    fn always_touched(&self, version: ArbosVersion) -> &[Address] {
        shown::accounts(version)
    }

    fn show_beginning(&self, context: &mut Context) {
        shown::beginning(context);
    }

    fn show_l1_block(&self, context: &mut Context, asked: Option<u64>) {
        shown::l1_block(context, asked);
    }

    fn precompile(&self, context: &mut Context, call: &PrecompileCall) -> PrecompileResult {
        precompiles::run(context, call)
    }
}

/// What ArbOS owes a sender who paid the base fee for all gas, where some was counted for resources that cost less, or for no
/// resource. In wei.
fn refund(state: &mut Free<'_>, version: ArbosVersion, base_fee: U256, settlement: &Settlement) -> U256 {
    let gas = |gas: u64| U256::from(gas);
    let cost = match (version, &settlement.resources) {
        (ArbosVersion::V51, _) => return U256::ZERO,
        // The price that is stored is what the next block will ask: this one also pays back what the price falls by.
        (ArbosVersion::V60, resources) => {
            let Ok(next) = state.get(layout().l2.base_fee);
            match resources {
                Some(resources) => {
                    let Ok(cost) = multi_gas::cost(state, next, resources);
                    cost
                }
                None => next * gas(settlement.counted_gas),
            }
        }
        (ArbosVersion::V61, Some(resources)) if !state.load(multi_gas::length()).is_zero() => {
            let Ok(cost) = multi_gas::cost(state, base_fee, resources);
            cost.saturating_sub(base_fee * gas(settlement.refunded_gas))
        }
        (ArbosVersion::V61, _) => return U256::ZERO,
    };
    (base_fee * gas(settlement.gas_used)).saturating_sub(cost)
}

/// The L1 cost in gas. An estimate assumes that L2's price falls by an eighth and that L1's rises by a tenth.
fn poster_gas(state: &mut Free<'_>, mode: Mode, gas_price: U256, cost: U256) -> u64 {
    let (cost, price) = match mode {
        Mode::Estimate => {
            let Ok(min_base_fee) = state.get(layout().l2.min_base_fee);
            let price = (gas_price * U256::from(7) / U256::from(8)).max(min_base_fee);
            (cost.saturating_mul(U256::from(11)) / U256::from(10), price)
        }
        Mode::Transaction | Mode::Call | Mode::Simulation { .. } => (cost, gas_price),
    };
    cost.checked_div(price).map_or(u64::MAX, |gas| gas.saturating_to())
}
