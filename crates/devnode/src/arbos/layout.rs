//! Where each piece of ArbOS' state is kept. The slots are computed once.

use super::{address_set::AddressSet, storage::Space};
use crate::evm::KINDS;
use alloy_primitives::{B256, U256};
use std::sync::LazyLock;

/// All of ArbOS' state that has a fixed place (Nitro `arbos/arbosState/arbosstate.go`).
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) version: U256,
    pub(crate) upgrade_version: U256,
    pub(crate) upgrade_timestamp: U256,
    pub(crate) network_fee_account: U256,
    pub(crate) chain_id: U256,
    pub(crate) infra_fee_account: U256,
    pub(crate) brotli_level: U256,
    pub(crate) native_token_from: U256,
    /// Since when transactions can be filtered; 0 if they cannot.
    pub(crate) filtering_from: U256,
    pub(crate) filtered_funds_recipient: U256,
    /// Whether tips are paid.
    pub(crate) collect_tips: U256,
    pub(crate) l1: L1,
    pub(crate) l2: L2,
    /// Tickets, by their id.
    pub(crate) retryables: Space,
    /// Ids of tickets in the order of their timeouts.
    pub(crate) retryable_queue: Space,
    pub(crate) address_table: Space,
    pub(crate) chain_owners: AddressSet,
    pub(crate) send_merkle: Space,
    /// Number of the L1 block at 0; hashes of the last 256 at 1 + number mod 256.
    pub(crate) block_hashes: Space,
    pub(crate) chain_config: Space,
    pub(crate) programs: ProgramSlots,
    /// One bit a feature.
    pub(crate) features: U256,
    pub(crate) native_token_owners: AddressSet,
    pub(crate) filterers: AddressSet,
}

/// Prices of L1 data.
#[derive(Debug)]
pub(crate) struct L1 {
    pub(crate) posters: Posters,
    pub(crate) pay_rewards_to: U256,
    pub(crate) equilibration_units: U256,
    pub(crate) inertia: U256,
    pub(crate) per_unit_reward: U256,
    pub(crate) last_update_time: U256,
    pub(crate) funds_due_for_rewards: U256,
    pub(crate) units_since_update: U256,
    pub(crate) price_per_unit: U256,
    pub(crate) last_surplus: U256,
    pub(crate) per_batch_gas_cost: U256,
    pub(crate) amortized_cost_cap_bips: U256,
    pub(crate) fees_available: U256,
    pub(crate) gas_floor_per_token: U256,
}

/// Who posts batches.
#[derive(Debug)]
pub(crate) struct Posters {
    pub(crate) addresses: AddressSet,
    /// What is owed and to whom it goes, by poster.
    pub(crate) info: Space,
    pub(crate) total_funds_due: U256,
}

/// Price of L2 gas.
#[derive(Debug)]
pub(crate) struct L2 {
    pub(crate) speed_limit: U256,
    pub(crate) block_gas_limit: U256,
    pub(crate) base_fee: U256,
    pub(crate) min_base_fee: U256,
    pub(crate) backlog: U256,
    pub(crate) inertia: U256,
    pub(crate) tolerance: U256,
    pub(crate) tx_gas_limit: U256,
    /// A list: its length at 0, the items in children named by their index.
    pub(crate) constraints: Space,
    /// The same for constraints by several resources.
    pub(crate) multi_constraints: Space,
    /// How many of these there are.
    pub(crate) multi_count: U256,
    /// Base fees of the next block, by resource.
    pub(crate) next_fees: [U256; KINDS],
    /// Base fees of the current block, by resource.
    pub(crate) current_fees: [U256; KINDS],
}

/// Stylus.
#[derive(Debug)]
pub(crate) struct ProgramSlots {
    /// All parameters, packed.
    pub(crate) params: U256,
    /// Records, by code hash.
    pub(crate) records: Space,
    /// Hashes of modules, by code hash.
    pub(crate) module_hashes: Space,
    pub(crate) data: DataPricer,
    pub(crate) cache_managers: AddressSet,
    /// Gas that an activation costs on top; unused before ArbOS 60.
    pub(crate) activation_gas: U256,
}

/// Price of the state that activations take.
#[derive(Debug)]
pub(crate) struct DataPricer {
    pub(crate) demand: U256,
    pub(crate) bytes_per_second: U256,
    pub(crate) last_update_time: U256,
    pub(crate) min_price: U256,
    pub(crate) inertia: U256,
}

/// The layout.
pub(crate) fn layout() -> &'static Layout {
    static LAYOUT: LazyLock<Layout> = LazyLock::new(Layout::new);
    &LAYOUT
}

/// Where the account of filtered transactions marks one, by its hash.
pub(crate) fn filtered_slot(hash: B256) -> U256 {
    Space::ROOT.slot(hash)
}

impl Layout {
    fn new() -> Self {
        let root = Space::ROOT;
        let retryables = root.child([2]);
        Self {
            version: root.at(0),
            upgrade_version: root.at(1),
            upgrade_timestamp: root.at(2),
            network_fee_account: root.at(3),
            chain_id: root.at(4),
            // At 5 lies the number of the genesis block, which is 0.
            infra_fee_account: root.at(6),
            brotli_level: root.at(7),
            native_token_from: root.at(8),
            filtering_from: root.at(9),
            filtered_funds_recipient: root.at(10),
            collect_tips: root.at(11),
            l1: L1::new(root.child([0])),
            l2: L2::new(root.child([1])),
            retryables,
            retryable_queue: retryables.child([0]),
            address_table: root.child([3]),
            chain_owners: AddressSet::new(root.child([4])),
            send_merkle: root.child([5]),
            block_hashes: root.child([6]),
            chain_config: root.child([7]),
            programs: ProgramSlots::new(root.child([8])),
            features: root.child([9]).at(0),
            native_token_owners: AddressSet::new(root.child([10])),
            filterers: AddressSet::new(root.child([11])),
        }
    }
}

impl L1 {
    fn new(space: Space) -> Self {
        let posters = space.child([0]);
        Self {
            posters: Posters {
                addresses: AddressSet::new(posters.child([0])),
                info: posters.child([1]),
                total_funds_due: posters.at(0),
            },
            pay_rewards_to: space.at(0),
            equilibration_units: space.at(1),
            inertia: space.at(2),
            per_unit_reward: space.at(3),
            last_update_time: space.at(4),
            funds_due_for_rewards: space.at(5),
            units_since_update: space.at(6),
            price_per_unit: space.at(7),
            last_surplus: space.at(8),
            per_batch_gas_cost: space.at(9),
            amortized_cost_cap_bips: space.at(10),
            fees_available: space.at(11),
            gas_floor_per_token: space.at(12),
        }
    }
}

impl L2 {
    fn new(space: Space) -> Self {
        let fees = space.child([2]);
        Self {
            speed_limit: space.at(0),
            block_gas_limit: space.at(1),
            base_fee: space.at(2),
            min_base_fee: space.at(3),
            backlog: space.at(4),
            inertia: space.at(5),
            tolerance: space.at(6),
            tx_gas_limit: space.at(7),
            constraints: space.child([0]),
            multi_constraints: space.child([1]),
            multi_count: space.child([1]).at(0),
            next_fees: std::array::from_fn(|kind| fees.at(kind as u64)),
            current_fees: std::array::from_fn(|kind| fees.at((KINDS + kind) as u64)),
        }
    }
}

impl ProgramSlots {
    fn new(space: Space) -> Self {
        let data = space.child([3]);
        Self {
            params: space.child([0]).at(0),
            records: space.child([1]),
            module_hashes: space.child([2]),
            data: DataPricer {
                demand: data.at(0),
                bytes_per_second: data.at(1),
                last_update_time: data.at(2),
                min_price: data.at(3),
                inertia: data.at(4),
            },
            cache_managers: AddressSet::new(space.child([4])),
            activation_gas: space.child([5]).at(0),
        }
    }
}
