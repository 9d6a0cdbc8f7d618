//! What the network fee account has received. Data fees of activations fall with time, and an exception may use other gas, so
//! that its balance varies between two nodes; what is left of it without all fees does not.

use alloy::{
    primitives::{Address, B256, U256, hex},
    sol_types::SolEvent,
};
use nitro::{
    ARB_WASM,
    ArbWasm::{ProgramActivated, ProgramLifetimeExtended},
};
use serde_json::Value;
use std::collections::HashSet;

/// Fees that the receipts of one node have shown so far, in wei: for gas, without that for L1 data, and for the data of
/// programs.
#[derive(Debug, Default)]
pub(super) struct Fees {
    paid: U256,
    seen: HashSet<String>,
}

impl Fees {
    /// Counts the fees in a receipt that was not seen before.
    pub(super) fn read(&mut self, receipt: &Value) {
        let Some(hash) = receipt["transactionHash"].as_str() else { return };
        if self.seen.insert(hash.to_owned()) {
            let logs = receipt["logs"].as_array().into_iter().flatten();
            let data = logs.filter_map(for_data).fold(U256::ZERO, U256::wrapping_add);
            self.paid = self.paid.wrapping_add(for_gas(receipt).unwrap_or_default()).wrapping_add(data);
        }
    }

    /// A balance without them, if the value is one. It may be negative: what was paid back is still in the fees.
    pub(super) fn taken_from(&self, balance: &Value) -> Option<U256> {
        Some(quantity(balance)?.wrapping_sub(self.paid))
    }
}

fn quantity(value: &Value) -> Option<U256> {
    value.as_str()?.parse().ok()
}

/// The fee for all gas but that for L1 data.
fn for_gas(receipt: &Value) -> Option<U256> {
    let gas = quantity(&receipt["gasUsed"])?.saturating_sub(quantity(&receipt["gasUsedForL1"])?);
    Some(gas.wrapping_mul(quantity(&receipt["effectiveGasPrice"])?))
}

/// The data fee that a log of ArbWasm names.
fn for_data(log: &Value) -> Option<U256> {
    let by: Address = log["address"].as_str()?.parse().ok()?;
    let topics: Vec<B256> = serde_json::from_value(log["topics"].clone()).ok()?;
    let data = hex::decode(log["data"].as_str()?).ok()?;
    if by != ARB_WASM {
        return None;
    }
    ProgramActivated::decode_raw_log(topics.iter(), &data)
        .map(|event| event.dataFee)
        .or_else(|_| ProgramLifetimeExtended::decode_raw_log(topics.iter(), &data).map(|event| event.dataFee))
        .ok()
}
