//! What tracers see of ArbOS' own work: each slot of its state that it reads or writes (Nitro: arbos/util/tracing.go,
//! arbos/tx_processor.go). Nothing is done unless somebody watches.

use super::{
    addresses::{ARB_WASM, ARB_WASM_CACHE, ARBOS, HISTORY_STORAGE, L1_PRICER_FUNDS},
    layout::layout,
    multi_gas,
    storage::ARBOS_STATE,
};
use crate::{
    ArbosVersion,
    evm::{Context, tell},
    trace::{Beginning, Step},
};
use alloy_primitives::{Address, B256, U256};
use revm::bytecode::opcode;

/// Accounts that every message touches.
pub(super) fn accounts(version: ArbosVersion) -> &'static [Address] {
    const ALL: [Address; 6] = [HISTORY_STORAGE, ARBOS_STATE, Address::ZERO, L1_PRICER_FUNDS, ARB_WASM, ARB_WASM_CACHE];
    if version >= ArbosVersion::V60 { &ALL } else { &ALL[..2] }
}

/// ArbOS reads a slot, or writes it, where no code runs that asked for it.
pub(super) fn by_itself(context: &mut Context, slot: U256, value: Option<U256>) {
    if !context.chain.is_watched() {
        return;
    }
    // ArbOS 51 knows no constraints by several resources, and does not look for them.
    if slot == multi_gas::length() && context.chain.version() < ArbosVersion::V60 {
        return;
    }
    if context.chain.counted.begins_block {
        return by_code(context, (ARBOS, 1), slot, value);
    }
    tell(context, |sink, state| sink.arbos_slot(ARBOS_STATE, slot, state));
}

/// ArbOS reads a slot, or writes a value, for code at that depth, which shows as an instruction of `caller`.
pub(super) fn by_code(context: &mut Context, (caller, depth): (Address, usize), slot: U256, value: Option<U256>) {
    if !context.chain.is_watched() {
        return;
    }
    let also_as_slot = context.chain.version() >= ArbosVersion::V60;
    tell(context, |sink, state| {
        match value {
            None => sink.made_up(&Step::made_up(opcode::SLOAD, depth, caller, &[slot]), 0, None, state),
            Some(value) => sink.made_up(&Step::made_up(opcode::SSTORE, depth, caller, &[value, slot]), 0, None, state),
        }
        // Nitro v3.9 showed it in one way only.
        if also_as_slot {
            sink.arbos_slot(ARBOS_STATE, slot, state);
        }
    });
}

/// What Nitro reads at the beginning of a message and this node need not.
pub(super) fn beginning(context: &mut Context) {
    let at = layout();
    by_itself(context, at.version, None);
    by_itself(context, at.features, None);
    if context.chain.version() >= ArbosVersion::V60 {
        by_itself(context, at.collect_tips, None);
    }
}

/// The internal transaction begins, with which ArbOS calls itself.
pub(super) fn internal(context: &mut Context) {
    let version = context.chain.version();
    let others = [context.block.beneficiary].into_iter().chain(accounts(version).iter().copied()).collect();
    let beginning = Beginning { from: ARBOS, to: ARBOS, creates: false, others };
    tell(context, |sink, state| sink.begin(&beginning, state));
    by_itself(context, layout().version, None);
    context.chain.counted.begins_block = true;
    by_itself(context, layout().version, None);
}

/// The same as [`beginning`] at its end.
pub(super) fn end(context: &mut Context) {
    if context.chain.is_watched() && context.chain.version() >= ArbosVersion::V60 {
        for slot in multi_gas::fee_slots() {
            by_itself(context, slot, None);
        }
    }
}

/// The same where an active program is called.
pub(super) fn program(context: &mut Context, code_hash: B256) {
    if context.chain.is_watched() {
        by_itself(context, layout().programs.module_hashes.slot(code_hash), None);
        l1_block(context, None);
    }
}

/// Code reads the number of the L1 block, and perhaps a hash.
pub(super) fn l1_block(context: &mut Context, asked: Option<u64>) {
    let (space, now) = (layout().block_hashes, context.chain.block.l1_block_number);
    if !std::mem::replace(&mut context.chain.counted.l1_number, true) {
        opened(context, space.at(0));
    }
    if let Some(number) = asked.filter(|number| *number < now && *number >= now.saturating_sub(256))
        && !context.chain.counted.l1_hashes.contains(&number)
    {
        context.chain.counted.l1_hashes.push(number);
        opened(context, space.at(0));
        by_code(context, (context.chain.origin, context.journaled_state.depth), space.at(1 + number % 256), None);
    }
}

/// ArbOS opens its state for the message's sender, and reads a slot.
fn opened(context: &mut Context, slot: U256) {
    let by = (context.chain.origin, context.journaled_state.depth);
    by_code(context, by, layout().version, None);
    by_code(context, by, slot, None);
}
