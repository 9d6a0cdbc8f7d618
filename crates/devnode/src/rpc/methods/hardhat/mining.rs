//! What the node says it is, when it makes blocks, and how it begins again.

use super::done::done;
use crate::{
    CHAIN_ID,
    chain::Chain,
    rpc::{
        error::RpcError,
        hardhat::Hardhat,
        json,
        params::{Count, Params},
    },
};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Test suites look at what stands before the first slash.
fn version(chain: &Chain) -> String {
    format!("HardhatNetwork/{}", super::super::identity::version(chain))
}

pub(super) fn client_version(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!(version(chain)))
}

/// `hardhat_metadata`
pub(super) fn metadata(chain: &Chain, hardhat: &Hardhat, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    let head = chain.head();
    Ok(json!({
        "clientVersion": version(chain),
        "chainId": CHAIN_ID,
        "instanceId": json::hash(hardhat.instance()),
        "latestBlockNumber": head.header.number,
        "latestBlockHash": json::hash(head.hash),
    }))
}

/// `hardhat_reset(options?)`: the chain as it was when the node started. There is nothing to fork.
pub(super) async fn reset(chain: &Chain, hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let options: Option<Value> = params.optional()?;
    params.end()?;
    if let Some(options) = options {
        check_reset(options)?;
    }
    chain.sequencer().reset().await;
    hardhat.reset();
    done(Ok(()))
}

/// viem sends the members of `forking` with nothing in them.
fn check_reset(options: Value) -> Result<(), RpcError> {
    let Value::Object(mut members) = options else {
        return Err(RpcError::invalid_params("invalid argument 0: want an object, or nothing"));
    };
    let forking = members.shift_remove("forking").unwrap_or_default();
    if let Some(name) = members.keys().next() {
        return Err(RpcError::invalid_params(format!("invalid argument 0: unknown member {name:?}")));
    }
    let nothing = |members: &Map<String, Value>| members.values().all(Value::is_null);
    match forking {
        Value::Null => Ok(()),
        Value::Object(members) if nothing(&members) => Ok(()),
        _ => Err(RpcError::failed("this node cannot fork another chain; reset it without \"forking\"")),
    }
}

/// `hardhat_setLoggingEnabled(bool)`: calls are not logged here, whatever is said.
pub(super) fn set_logging(mut params: Params) -> Result<Value, RpcError> {
    params.required::<bool>()?;
    params.end()?;
    done(Ok(()))
}

/// `evm_setAutomine(bool)`: whether a transaction that comes is put into a block at once.
pub(super) async fn set_automine(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let on: bool = params.required()?;
    params.end()?;
    chain.sequencer().set_automine(on).await;
    done(Ok(()))
}

/// `hardhat_getAutomine`
pub(super) async fn automine(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!(chain.sequencer().automine().await))
}

/// `evm_setIntervalMining(milliseconds)`: a block each time so long has passed; 0 ends that.
pub(super) async fn set_interval(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let milliseconds: Value = params.required()?;
    params.end()?;
    let milliseconds = milliseconds.as_u64().ok_or_else(|| {
        RpcError::invalid_params("invalid argument 0: want a number of milliseconds; a range of them is not supported")
    })?;
    let interval = (milliseconds > 0).then(|| Duration::from_millis(milliseconds));
    chain.sequencer().set_mining_interval(interval).await;
    done(Ok(()))
}

/// `anvil_setBlockTimestampInterval(seconds)`: each block is so much later than the last one.
pub(super) async fn set_timestamp_interval(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let Count(seconds) = params.required()?;
    params.end()?;
    chain.sequencer().set_timestamp_interval(Some(seconds)).await;
    done(Ok(()))
}

/// `anvil_removeBlockTimestampInterval`; whether there was one.
pub(super) async fn remove_timestamp_interval(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!(chain.sequencer().set_timestamp_interval(None).await))
}
