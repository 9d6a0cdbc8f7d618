//! What a real node does not let one do: moving time, making empty blocks, going back.

use crate::{
    chain::Chain,
    rpc::{
        error::RpcError,
        json,
        members::{is_named, member},
        params::{Count, Param, Params, unexpected},
    },
};
use serde_json::{Value, json};

/// Most blocks that one request makes.
const MOST_BLOCKS: u64 = 100_000;

/// `evm_increaseTime(seconds)`: all later blocks are so much later. The seconds by which the chain is ahead of the wall
/// clock.
pub(super) async fn increase(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let Count(seconds) = params.required()?;
    params.end()?;
    Ok(json!(chain.sequencer().increase_time(seconds).await))
}

/// `evm_setNextBlockTimestamp(seconds)`: the time of the next block, not before that of the last.
pub(super) async fn set_next(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let Count(timestamp) = params.required()?;
    params.end()?;
    match chain.sequencer().set_next_timestamp(timestamp).await {
        Ok(()) => Ok(Value::Null),
        Err(past) => Err(RpcError::invalid_params(past.to_string())),
    }
}

/// What `evm_mine` takes: a time, or `{blocks, timestamp}`.
#[derive(Debug, Default)]
struct Mine {
    blocks: Option<u64>,
    timestamp: Option<u64>,
}

impl Param for Mine {
    fn read(value: Value) -> Result<Self, String> {
        let number = |Count(number)| number;
        match value {
            Value::Object(members) => {
                let known = |name: &str| ["blocks", "timestamp"].iter().any(|known| is_named(name, known));
                if let Some(name) = members.keys().find(|name| !known(name)) {
                    return Err(format!("unknown member {name:?}, want blocks or timestamp"));
                }
                Ok(Self {
                    blocks: member(&members, "blocks")?.map(number),
                    timestamp: member(&members, "timestamp")?.map(number),
                })
            }
            Value::Number(_) | Value::String(_) => {
                Ok(Self { blocks: None, timestamp: Some(number(Count::read(value)?)) })
            }
            other => Err(unexpected(&other, "a time or {blocks, timestamp}")),
        }
    }
}

/// `evm_mine`: blocks without a user's transaction.
pub(super) async fn mine(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let Mine { blocks, timestamp } = params.optional()?.unwrap_or_default();
    params.end()?;
    make(chain, blocks, timestamp, None).await.map(|()| json!("0x0"))
}

/// `hardhat_mine(count?, seconds?)`: so many blocks without a user's transaction, a second apart if nothing else is said.
pub(super) async fn mine_many(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let count = |count: Option<Count>| count.map(|Count(count)| count);
    let (blocks, interval) = (count(params.optional()?), count(params.optional()?));
    params.end()?;
    make(chain, blocks, None, Some(interval.unwrap_or(1))).await.map(|()| json!(true))
}

/// Makes blocks, one if no number is given.
async fn make(
    chain: &Chain,
    blocks: Option<u64>,
    timestamp: Option<u64>,
    interval: Option<u64>,
) -> Result<(), RpcError> {
    let blocks = blocks.unwrap_or(1);
    if blocks > MOST_BLOCKS {
        return Err(RpcError::invalid_params(format!("at most {MOST_BLOCKS} blocks can be made by one request")));
    }
    let made = chain.sequencer().mine(blocks, timestamp, interval).await;
    made.map_err(|past| RpcError::invalid_params(past.to_string()))
}

/// `evm_snapshot`: a name for the present chain, its clock included.
pub(super) async fn snapshot(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json::number(chain.sequencer().snapshot().await))
}

/// `evm_revert(id)`: back to a snapshot, which is used up with all later ones. False if there is none by that name.
pub(super) async fn revert(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let Count(id) = params.required()?;
    params.end()?;
    Ok(json!(chain.sequencer().revert(id).await))
}

/// `devnode_setL1BlockNumber(number)`: what `block.number` reads from the next block on; it never goes back.
pub(super) async fn set_l1_block(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let Count(number) = params.required()?;
    params.end()?;
    match chain.sequencer().set_l1_block(number).await {
        Ok(()) => Ok(Value::Null),
        Err(lower) => Err(RpcError::invalid_params(lower.to_string())),
    }
}
