//! What is missing in a transaction, filled in by the node: nonce, fees, gas. Defaults, their order and the words of the
//! refusals are those of Nitro's go-ethereum (`TransactionArgs.setDefaults`).

use super::{
    call::{self, Place},
    request::Request,
};
use crate::{
    CHAIN_ID,
    chain::{Chain, Kind, Unsigned},
    rpc::{
        error::RpcError,
        json,
        params::{BlockId, Params, Tag},
    },
};
use alloy_primitives::{U256, keccak256};
use serde_json::{Value, json};

/// `eth_fillTransaction(request)`: the transaction with all that was missing, not signed, as bytes and as an object. Its gas
/// is estimated at the time of the last block, not of now.
pub(super) async fn fill(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    params.end()?;
    let filled = complete(chain, request).await?;
    let raw = filled.encode(0, U256::ZERO, U256::ZERO);
    Ok(json!({ "raw": json::data(&raw), "tx": shown(&filled, &raw) }))
}

/// A request as a transaction.
pub(super) async fn complete(chain: &Chain, request: Request) -> Result<Unsigned, RpcError> {
    let request = request.with_fees(chain.head().header.base_fee_per_gas.unwrap_or_default())?;
    let nonce = request.nonce.unwrap_or_else(|| chain.next_nonce(request.sender()));
    if request.ambiguous {
        return Err(RpcError::failed(
            r#"both "data" and "input" are set and not equal. Please use "input" to pass transaction call data"#,
        ));
    }
    check_blobs(&request)?;
    if request.to.is_none() && request.input.as_ref().is_none_or(|input| input.is_empty()) {
        return Err(RpcError::failed("contract creation without any data provided"));
    }
    let gas = match request.gas {
        Some(gas) => gas,
        None => estimate(chain, request.clone()).await?,
    };
    if let Some(have) = request.chain_id.filter(|have| *have != U256::from(CHAIN_ID)) {
        return Err(RpcError::failed(format!("chainId does not match node's (have={have}, want={CHAIN_ID})")));
    }
    request.unsigned(nonce, gas)
}

/// Blobs do not exist on Arbitrum. Nitro fills such a transaction all the same, and refuses it when it is sent.
fn check_blobs(request: &Request) -> Result<(), RpcError> {
    match request.blobs {
        None => Ok(()),
        Some(0) => Err(RpcError::failed("need at least 1 blob for a blob transaction")),
        Some(_) if request.to.is_none() => Err(RpcError::failed(r#"missing "to" in blob transaction"#)),
        Some(_) => Err(RpcError::failed("transaction type not supported")),
    }
}

/// Estimated at the last block. Authorizations are left out, as in Nitro.
async fn estimate(chain: &Chain, request: Request) -> Result<u64, RpcError> {
    let request = Request { authorizations: None, chain_id: None, nonce: None, ..request };
    let place = Place::at(chain, BlockId::Tag(Tag::Latest), Default::default(), false)?;
    call::estimate_at(chain, place, request).await
}

/// Member for member as go-ethereum writes a transaction that is in no block.
fn shown(transaction: &Unsigned, raw: &[u8]) -> Value {
    let kind = transaction.kind;
    let legacy = kind == Kind::Legacy;
    let of_typed = |value: U256| if legacy { Value::Null } else { json::wei(value) };
    let zero = || json::number(0);
    let mut object = json!({ "type": json::number((kind as u8).into()) });
    let members = object.as_object_mut().expect("made as an object");
    let mut put = |name: &str, value: Value| {
        members.insert(name.into(), value);
    };
    if !legacy {
        put("chainId", json::number(transaction.chain_id));
    }
    put("nonce", json::number(transaction.nonce));
    put("to", transaction.to.map_or(Value::Null, json::address));
    put("gas", json::number(transaction.gas));
    // Nitro's go-ethereum shows a price of 0 where there is none.
    put("gasPrice", json::wei(if legacy { transaction.max_fee } else { U256::ZERO }));
    put("maxPriorityFeePerGas", of_typed(transaction.tip));
    put("maxFeePerGas", of_typed(transaction.max_fee));
    put("value", json::wei(transaction.value));
    put("input", json::data(&transaction.input));
    if !legacy {
        put("accessList", serde_json::to_value(&transaction.access_list).unwrap_or_default());
    }
    if !transaction.authorizations.is_empty() {
        put("authorizationList", serde_json::to_value(&transaction.authorizations).unwrap_or_default());
    }
    for name in ["v", "r", "s"] {
        put(name, zero());
    }
    if !legacy {
        put("yParity", zero());
    }
    put("hash", json::hash(keccak256(raw)));
    object
}
