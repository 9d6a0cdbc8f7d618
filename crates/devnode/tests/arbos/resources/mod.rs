//! Prices by several resources, as a chain has them whose owner has set some. A constraint on a single resource shows how
//! much of it a transaction used: its backlog grows by that.

mod fees;
mod used;

use crate::chain::{Chain, Receipt};
use alloy_primitives::U256;
use devnode::{ArbosVersion, evm::Resource};
use harness::wire::{Wallet, number};
use nitro::{
    ARB_GAS_INFO, ARB_OWNER,
    ArbGasInfo::{getMultiGasBaseFeeCall, getMultiGasPricingConstraintsCall},
    ArbOwner::setMultiGasPricingConstraintsCall,
};
use serde_json::json;

/// Weights by resource, window in seconds, target in gas a second, backlog in gas.
type Constraint = (Vec<(u8, u64)>, u32, u64, u64);

/// All resources, in the order of ArbOS' numbers, from 1 on.
const ALL: [Resource; 8] = [
    Resource::Computation,
    Resource::HistoryGrowth,
    Resource::StorageRead,
    Resource::StorageWrite,
    Resource::StorageGrowth,
    Resource::SingleDim,
    Resource::L2Calldata,
    Resource::WasmComputation,
];
const TARGET: u64 = 1_000;

/// Gas of each of [`ALL`].
type Used = [u64; 8];

/// A chain with a constraint for each resource. The price does not follow: the windows are wide.
fn counting(version: ArbosVersion) -> Chain {
    let chain = Chain::with(version);
    chain.fund(&Wallet::number(1));
    set(&chain, ALL.iter().map(|resource| (vec![(*resource as u8, 1)], u32::MAX, TARGET, 0)).collect());
    chain
}

fn set(chain: &Chain, constraints: Vec<Constraint>) -> Receipt {
    let receipt = chain.act(ARB_OWNER, &setMultiGasPricingConstraintsCall { constraints });
    assert!(receipt.is_ok(), "{receipt:?}");
    receipt
}

fn backlogs(chain: &Chain) -> Vec<u64> {
    let all = chain.read(ARB_GAS_INFO, &getMultiGasPricingConstraintsCall {});
    all.iter().map(|constraint| constraint.3).collect()
}

fn time(chain: &Chain) -> u64 {
    number(&chain.client.call("eth_getBlockByNumber", json!(["latest", false]))["timestamp"])
}

/// What a transaction uses, and its receipt.
fn used(chain: &Chain, act: impl FnOnce() -> Receipt) -> (Used, Receipt) {
    let (before, begun) = (backlogs(chain), time(chain));
    let receipt = act();
    let paid_off = (time(chain) - begun) * TARGET;
    let after = backlogs(chain);
    (std::array::from_fn(|k| after[k] - before[k].saturating_sub(paid_off)), receipt)
}

/// Wei for a gas of each of [`ALL`] in the newest block.
fn fees(chain: &Chain) -> [U256; 8] {
    let all = chain.read(ARB_GAS_INFO, &getMultiGasBaseFeeCall {});
    std::array::from_fn(|k| all[k + 1])
}
