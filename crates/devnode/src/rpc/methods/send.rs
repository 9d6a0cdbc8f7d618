//! Sending a signed transaction.

use super::blocks;
use crate::{
    chain::{Chain, Conditions, KnownStorage, SendError, Transaction},
    rpc::{
        error::RpcError,
        json,
        members::{keyed, member, plain},
        params::{Count, Param, Params, unexpected},
    },
};
use alloy_primitives::{B256, Bytes, U512};
use serde_json::Value;

/// Most that a transaction may cost: 1 ether (10^18 wei) for gas limit times fee cap.
const HIGHEST_FEE: u64 = 1_000_000_000_000_000_000;

/// `eth_sendRawTransaction(bytes)`: answers with the hash when the transaction is in a block.
pub(super) async fn raw(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let bytes: Bytes = params.required()?;
    params.end()?;
    send(chain, bytes, Conditions::default()).await.map(json::hash)
}

/// `eth_sendRawTransactionConditional(bytes, conditions)`: the same, if the conditions are met.
pub(super) async fn conditional(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let bytes: Bytes = params.required()?;
    let conditions: Option<Conditions> = params.optional()?;
    params.end()?;
    send(chain, bytes, conditions.unwrap_or_default()).await.map(json::hash)
}

/// `eth_sendRawTransactionSync(bytes, milliseconds?)`: answers with the receipt. The transaction is in a block at once:
/// there is nothing to wait for.
pub(super) async fn and_wait(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let bytes: Bytes = params.required()?;
    let _: Option<Count> = params.optional()?;
    params.end()?;
    let hash = send(chain, bytes, Conditions::default()).await?;
    Ok(blocks::receipt_of(chain, hash))
}

async fn send(chain: &Chain, bytes: Bytes, conditions: Conditions) -> Result<B256, RpcError> {
    let transaction = Transaction::decode(bytes).map_err(|error| RpcError::failed(error.to_string()))?;
    check_fee(transaction.max_fee, transaction.gas)?;
    let hash = transaction.hash;
    match chain.send(transaction, conditions).await {
        Ok(()) => Ok(hash),
        Err(SendError::Refused(text)) => Err(RpcError::failed(text)),
        Err(SendError::Condition(text)) => Err(RpcError::new(-32003, text)),
    }
}

/// Refuses a fee of more than an ether; `price` is of a gas, in wei.
pub(super) fn check_fee(price: U512, gas: u64) -> Result<(), RpcError> {
    let fee = price.saturating_mul(U512::from(gas));
    if fee <= U512::from(HIGHEST_FEE) {
        return Ok(());
    }
    let ether = f64::from(fee) / HIGHEST_FEE as f64;
    Err(RpcError::failed(format!("tx fee ({ether:.2} ether) exceeds the configured cap (1.00 ether)")))
}

impl Param for Conditions {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(members) = value else {
            return Err(unexpected(&value, "arbitrum_types.ConditionalOptions"));
        };
        let count = |name| member::<Count>(&members, name).map(|count| count.map(|Count(number)| number));
        let known_accounts = match plain(&members, "knownAccounts") {
            None => Vec::new(),
            Some(Value::Object(accounts)) => keyed(accounts)?,
            Some(other) => return Err(unexpected(other, "map[common.Address]arbitrum_types.RootHashOrSlots")),
        };
        Ok(Self {
            block_number_min: count("blockNumberMin")?,
            block_number_max: count("blockNumberMax")?,
            timestamp_min: count("timestampMin")?,
            timestamp_max: count("timestampMax")?,
            known_accounts,
        })
    }
}

impl Param for KnownStorage {
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Self::Slots(Vec::new())),
            Value::Object(slots) => keyed(&slots).map(Self::Slots),
            root => B256::read(root).map(Self::Root),
        }
    }
}
