//! Who the node is, and what it does not have.

use crate::chain::Chain;
use crate::rpc::{error::RpcError, json, params::Params};
use alloy_primitives::{Address, Bytes, keccak256};
use serde_json::{Value, json};

/// Name and version, and those of the node that it is like by now.
pub(super) fn version(chain: &Chain) -> String {
    let nitro = chain.head().arbos.version.nitro();
    format!("consilium-devnode/{}/nitro-{nitro}", env!("CARGO_PKG_VERSION"))
}

pub(super) fn client_version(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!(version(chain)))
}

pub(super) fn sha3(mut params: Params) -> Result<Value, RpcError> {
    let data: Bytes = params.required()?;
    params.end()?;
    Ok(json::hash(keccak256(data)))
}

pub(super) fn net_version(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!(crate::CHAIN_ID.to_string()))
}

pub(super) fn modules(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    let names = ["arb", "arbdebug", "debug", "devnode", "eth", "evm", "net", "rpc", "txpool", "web3"];
    Ok(names.into_iter().map(|name| (name.to_owned(), json!("1.0"))).collect())
}

pub(super) fn chain_id(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json::number(crate::CHAIN_ID))
}

pub(super) fn syncing(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!(false))
}

pub(super) fn accounts(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!([]))
}

pub(super) fn txpool_content(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!({ "pending": {}, "queued": {} }))
}

/// `txpool_status` and `txpool_inspect`: Nitro has these methods from go-ethereum, without a pool behind them, and fails.
pub(super) fn no_pool(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Err(RpcError::internal())
}

/// `txpool_contentFrom(address)`, which fails like [`no_pool`].
pub(super) fn no_pool_of(mut params: Params) -> Result<Value, RpcError> {
    params.required::<Address>()?;
    no_pool(params)
}

/// Whether who orders the transactions can be reached: that is this node.
pub(super) fn publisher_health(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(Value::Null)
}

/// Nitro's nodes pause to tidy their databases; this one has none.
pub(super) fn maintenance(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!({ "isRunning": false }))
}
