//! Sending a signed transaction.

use crate::{
    chain::{Chain, Transaction},
    rpc::{error::RpcError, json, params::Params},
};
use alloy_primitives::{Bytes, U512};
use serde_json::Value;

/// Most that a transaction may cost: 1 ether (10^18 wei) for gas limit times fee cap.
const HIGHEST_FEE: u64 = 1_000_000_000_000_000_000;

/// `eth_sendRawTransaction`: answers with the hash when the transaction is in a block.
pub(super) async fn raw(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let bytes: Bytes = params.required()?;
    params.end()?;
    let transaction = Transaction::decode(bytes).map_err(|error| RpcError::failed(error.to_string()))?;
    check_fee(&transaction)?;
    let hash = transaction.hash;
    match chain.send(transaction).await {
        Ok(()) => Ok(json::hash(hash)),
        Err(refused) => Err(RpcError::failed(refused)),
    }
}

fn check_fee(transaction: &Transaction) -> Result<(), RpcError> {
    let fee = transaction.max_fee.saturating_mul(U512::from(transaction.gas));
    if fee <= U512::from(HIGHEST_FEE) {
        return Ok(());
    }
    let ether = f64::from(fee) / HIGHEST_FEE as f64;
    Err(RpcError::failed(format!("tx fee ({ether:.2} ether) exceeds the configured cap (1.00 ether)")))
}
