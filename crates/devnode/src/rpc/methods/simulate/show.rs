//! Simulated blocks as JSON.

use super::codes::{FAILED, REVERTED};
use crate::{
    ArbosVersion,
    chain::{Block, Body, Included, SimulatedCall, Transaction},
    evm::Status,
    rpc::{json, revert},
};
use alloy_primitives::{U256, U512};
use serde_json::{Value, json};

/// A block, and what came of its calls.
pub(super) fn block(block: &Block, calls: &[SimulatedCall], with_transactions: bool) -> Value {
    let mut object = json::block(block, with_transactions);
    let later = [
        ("blobGasUsed", block.header.blob_gas_used.map(json::number)),
        ("excessBlobGas", block.header.excess_blob_gas.map(json::number)),
        ("parentBeaconBlockRoot", block.header.parent_beacon_block_root.map(json::hash)),
    ];
    for (name, value) in later {
        if let Some(value) = value {
            object[name] = value;
        }
    }
    if with_transactions {
        for (index, included) in block.transactions.iter().enumerate() {
            if let Body::User(transaction) = &included.body {
                complete(&mut object["transactions"][index], transaction, block);
            }
        }
    }
    let results = (0u64..).zip(&block.transactions).zip(calls);
    object["calls"] = results.map(|((index, included), call)| result(block, (index, included), call)).collect();
    object
}

/// What a transaction without a signature shows otherwise than one with it.
fn complete(object: &mut Value, transaction: &Transaction, block: &Block) {
    match transaction.tip {
        // It need not pay the base fee.
        Some(tip) => {
            let base_fee = U512::from(block.header.base_fee_per_gas.unwrap_or_default());
            object["gasPrice"] = json::quantity(base_fee.saturating_add(tip).min(transaction.max_fee));
        }
        // The chain that go-ethereum reads from a `v` of zero (EIP-155, in 64 bits).
        None => object["chainId"] = json::number(0u64.wrapping_sub(35) / 2),
    }
}

fn result(block: &Block, (index, included): (u64, &Included), call: &SimulatedCall) -> Value {
    let logs = call.logs.iter().map(|(position, log)| {
        let mut log = json::log(block, index, included, log, *position);
        if block.arbos.version < ArbosVersion::V60 {
            // Nitro v3.9 does not fill it in here.
            log["blockTimestamp"] = json::wei(U256::ZERO);
        }
        log
    });
    let output = if call.status.is_success() { json::bytes(&call.output) } else { json::data(&[]) };
    let mut object = json!({
        "returnData": output,
        "logs": logs.collect::<Vec<_>>(),
        "gasUsed": json::number(call.gas_used),
        "status": json::number(call.status.is_success().into()),
    });
    match &call.status {
        Status::Success => {}
        Status::Revert => {
            let message = revert::reverted(call.output.clone()).message;
            object["error"] = json!({ "message": message, "code": REVERTED, "data": json::bytes(&call.output) });
        }
        Status::Failure(text) => object["error"] = json!({ "message": text, "code": FAILED }),
    }
    object
}
