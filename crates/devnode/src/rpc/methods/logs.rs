//! Logs by range, by block, and by filters that are polled.

use super::blocks;
use crate::{
    chain::{Block, Chain},
    rpc::{
        error::RpcError,
        filters::Watch,
        json,
        log_query::LogQuery,
        node::Node,
        params::{BlockId, Params, Tag, unexpected},
    },
};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn get(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let query: LogQuery = params.required()?;
    params.end()?;
    query.run(chain)
}

fn install(node: &Arc<Node>, watch: Watch) -> Value {
    json!(node.filters.install(watch, node.chain.cursor()))
}

pub(super) fn new_filter(node: &Arc<Node>, mut params: Params) -> Result<Value, RpcError> {
    let query: LogQuery = params.required()?;
    params.end()?;
    query.check_size()?;
    query.check_range()?;
    Ok(install(node, Watch::Logs(query)))
}

pub(super) fn new_block_filter(node: &Arc<Node>, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(install(node, Watch::Blocks))
}

pub(super) fn new_pending_filter(node: &Arc<Node>, mut params: Params) -> Result<Value, RpcError> {
    params.optional::<bool>()?;
    params.end()?;
    Ok(install(node, Watch::Pending))
}

fn filter_id(mut params: Params) -> Result<String, RpcError> {
    let id: Value = params.required()?;
    params.end()?;
    match id {
        Value::String(id) => Ok(id),
        other => Err(RpcError::invalid_params(format!("invalid argument 0: {}", unexpected(&other, "rpc.ID")))),
    }
}

fn not_found() -> RpcError {
    RpcError::failed("filter not found")
}

pub(super) fn changes(node: &Arc<Node>, params: Params) -> Result<Value, RpcError> {
    let id = filter_id(params)?;
    let now = node.chain.cursor();
    let (watch, before) = node.filters.read(&id, now).ok_or_else(not_found)?;
    let blocks = node.chain.blocks_between(before, now).filter_map(|number| node.chain.block(number));
    Ok(match watch {
        Watch::Pending => json!([]),
        Watch::Blocks => blocks.map(|block| json::hash(block.hash)).collect(),
        Watch::Logs(query) => {
            blocks.filter(|b| query.covers(b.header.number)).flat_map(|block| query.of_block(&block)).collect()
        }
    })
}

pub(super) fn filter_logs(node: &Arc<Node>, params: Params) -> Result<Value, RpcError> {
    let id = filter_id(params)?;
    match node.filters.watch(&id) {
        Some(Watch::Logs(query)) => query.run(&node.chain),
        _ => Err(not_found()),
    }
}

pub(super) fn uninstall(node: &Arc<Node>, params: Params) -> Result<Value, RpcError> {
    Ok(json!(node.filters.uninstall(&filter_id(params)?)))
}

/// The block that a method reads when it was named or not.
pub(super) fn block_or_latest(chain: &Chain, id: Option<BlockId>) -> Result<Arc<Block>, RpcError> {
    blocks::resolve(chain, id.unwrap_or(BlockId::Tag(Tag::Latest)))
}
