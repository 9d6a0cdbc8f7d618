//! What ArbOS does at the start of a block, and what a header takes from its state.

use super::{
    addresses::{FILTERED_TRANSACTIONS_STATE, HISTORY_STORAGE},
    l2_pricing,
    layout::layout,
    ledgers::{Free, ReadOnly, View},
    merkle, multi_gas,
    precompiles::start_block_data,
    shown,
    storage::Ledger,
    upgrade,
};
use crate::{
    ArbosVersion,
    evm::{ColdAccess, Context, ReadableState},
};
use alloy_primitives::{B256, Bytes, U256, keccak256};

/// Blocks whose hashes the history contract keeps.
const HISTORY_BLOCKS: u64 = 393_168;

/// The internal transaction with which a block starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartBlock {
    /// Base fee of L1, in wei a gas.
    pub l1_base_fee: U256,
    /// Number of the L1 block.
    pub l1_block_number: u64,
    /// Number of this block.
    pub number: u64,
    /// Seconds since the last block.
    pub seconds: u64,
}

impl StartBlock {
    /// The transaction's calldata.
    pub fn data(&self) -> Bytes {
        start_block_data(self.l1_base_fee, self.l1_block_number, self.number, self.seconds)
    }

    /// Tells who records the transaction that it begins.
    pub fn show_beginning(context: &mut Context) {
        shown::internal(context);
    }

    /// Does the transaction's work: remembers the parent's hash, the L1 block, sets the next block's base fee, and
    /// upgrades ArbOS if that is due.
    pub fn apply(&self, context: &mut Context, parent_hash: B256) {
        // Nitro does this before the transaction.
        let recorder = context.chain.recorder.take();
        let Ok(()) = multi_gas::begin_block(&mut Free(context));
        context.chain.recorder = recorder;
        let place = U256::from(self.number.saturating_sub(1) % HISTORY_BLOCKS);
        context.cold_sstore(HISTORY_STORAGE, place, parent_hash.into());
        let mut state = Free(context);
        let Ok(known) = state.get_u64(layout().block_hashes.at(0));
        if self.l1_block_number > known {
            state.shown(layout().block_hashes.at(0), None);
            record_l1_block(&mut state, self.l1_block_number - 1, known, parent_hash);
        }
        // Nitro looks twice for a ticket that has expired.
        if state.0.chain.is_watched() {
            let queue = layout().retryable_queue;
            [0, 1, 0, 1].into_iter().for_each(|place| state.shown(queue.at(place), None));
        }
        let Ok(()) = l2_pricing::update(&mut state, self.seconds);
        upgrade::if_due(context);
        // An upgrade holds from here on.
        let version = Free(context).load(layout().version);
        if version >= U256::from(ArbosVersion::V60.number()) {
            // Nitro makes it whenever it opens its state.
            context.preserve(FILTERED_TRANSACTIONS_STATE);
        }
    }
}

/// Records the hash of an L1 block; those that were skipped get hashes made from it.
fn record_l1_block(state: &mut Free<'_>, number: u64, known: u64, hash: B256) {
    let space = layout().block_hashes;
    let first = known.max(number.saturating_sub(256)) + 1;
    for skipped in first..number {
        let made = keccak256([&hash[..], &skipped.to_le_bytes()].concat());
        let Ok(()) = state.set(space.at(1 + skipped % 256), made.into());
    }
    let Ok(()) = state.set(space.at(1 + number % 256), hash.into());
    let Ok(()) = state.set_u64(space.at(0), number + 1);
}

/// What a block's header takes from ArbOS' state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderInfo {
    /// Version of ArbOS.
    pub version: ArbosVersion,
    /// Base fee of the next block, in wei a gas.
    pub next_base_fee: u64,
    /// Number of messages to L1.
    pub send_count: u64,
    /// Root of the tree of messages to L1.
    pub send_root: B256,
    /// Whether senders pay tips.
    pub collects_tips: bool,
}

/// Reads what a header takes from a state.
pub fn header_info(state: &dyn ReadableState) -> HeaderInfo {
    let mut view = View(state);
    let mut read = || -> Result<_, ReadOnly> {
        Ok(HeaderInfo {
            version: ArbosVersion::numbered(view.get_u64(layout().version)?).unwrap_or_default(),
            next_base_fee: view.get(layout().l2.base_fee)?.saturating_to(),
            send_count: merkle::size(&mut view)?,
            send_root: merkle::root(&mut view)?,
            collects_tips: !view.get(layout().collect_tips)?.is_zero(),
        })
    };
    read().expect("nothing is written")
}

/// Where the base fee of the next block lies in the state of ArbOS.
pub(crate) fn next_base_fee_slot() -> U256 {
    layout().l2.base_fee
}

/// Reads the gas a second that base fees aim at.
pub fn speed_limit(state: &dyn ReadableState) -> u64 {
    View(state).get_u64(layout().l2.speed_limit).expect("nothing is written")
}
