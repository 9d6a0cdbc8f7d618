//! Blocks, transactions and receipts.

use crate::{
    chain::{Block, Chain},
    rpc::{
        error::RpcError,
        json,
        params::{BlockId, Param, Params, Tag},
    },
};
use alloy_primitives::B256;
use serde_json::Value;
use std::sync::Arc;

/// The block that a tag names, if there is one.
pub(super) fn tagged(chain: &Chain, tag: Tag) -> Result<Option<Arc<Block>>, RpcError> {
    Ok(match tag {
        Tag::Number(number) => chain.block(number),
        Tag::Earliest => chain.block(0),
        Tag::Latest | Tag::Pending => Some(chain.head()),
        // Nothing is ever posted to an L1, so nothing is safe or final there.
        Tag::Safe => return Err(RpcError::failed("safe block not found")),
        Tag::Finalized => return Err(RpcError::failed("finalized block not found")),
    })
}

/// The block whose state a method reads.
pub(super) fn resolve(chain: &Chain, id: BlockId) -> Result<Arc<Block>, RpcError> {
    let block = match id {
        BlockId::Tag(tag) => tagged(chain, tag)?,
        BlockId::Hash(hash) => chain.block_by_hash(hash),
        BlockId::Nothing => {
            return Err(RpcError::failed("invalid arguments; neither block nor hash specified"));
        }
    };
    block.ok_or_else(|| RpcError::failed("header not found"))
}

pub(super) fn number(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json::number(chain.head().header.number))
}

pub(super) fn by_number(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (tag, full) = (params.required::<Tag>()?, params.required::<bool>()?);
    params.end()?;
    let Some(block) = tagged(chain, tag)? else { return Ok(Value::Null) };
    let object = json::block(&block, full);
    Ok(if tag == Tag::Pending { json::pending(object) } else { object })
}

pub(super) fn by_hash(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (hash, full) = (params.required::<B256>()?, params.required::<bool>()?);
    params.end()?;
    Ok(chain.block_by_hash(hash).map_or(Value::Null, |block| json::block(&block, full)))
}

pub(super) fn header_by_number(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let tag: Tag = params.required()?;
    params.end()?;
    let Some(block) = tagged(chain, tag)? else { return Ok(Value::Null) };
    let object = json::header(&block);
    Ok(if tag == Tag::Pending { json::pending(object) } else { object })
}

pub(super) fn header_by_hash(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required()?;
    params.end()?;
    Ok(chain.block_by_hash(hash).map_or(Value::Null, |block| json::header(&block)))
}

pub(super) fn receipts(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let id: BlockId = params.required()?;
    params.end()?;
    let block = match id {
        BlockId::Tag(Tag::Pending) => return Err(RpcError::failed("pending receipts is not available")),
        BlockId::Tag(tag) => tagged(chain, tag)?,
        BlockId::Hash(hash) => chain.block_by_hash(hash),
        BlockId::Nothing => resolve(chain, id).map(Some)?,
    };
    let Some(block) = block else { return Ok(Value::Null) };
    let transactions = block.transactions.iter().enumerate();
    Ok(transactions.map(|(index, included)| json::receipt(&block, index as u64, included)).collect())
}

/// A block named by one parameter, and what is said of it; `null` without it.
fn about<T: Param>(
    mut params: Params,
    find: impl FnOnce(T) -> Result<Option<Arc<Block>>, RpcError>,
    say: impl FnOnce(&Block) -> Value,
) -> Result<Value, RpcError> {
    let key = params.required::<T>()?;
    params.end()?;
    Ok(find(key)?.map_or(Value::Null, |block| say(&block)))
}

pub(super) fn count_by_number(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    about(params, |tag| tagged(chain, tag), |block| json::number(block.transactions.len() as u64))
}

pub(super) fn count_by_hash(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    about(params, |hash| Ok(chain.block_by_hash(hash)), |block| json::number(block.transactions.len() as u64))
}

pub(super) fn uncles_by_number(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    about(params, |tag| tagged(chain, tag), |_| json::number(0))
}

pub(super) fn uncles_by_hash(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    about(params, |hash| Ok(chain.block_by_hash(hash)), |_| json::number(0))
}

/// There are no uncles, but the parameters are read.
fn no_uncle<T: Param>(mut params: Params) -> Result<Value, RpcError> {
    let (_, _) = (params.required::<T>()?, params.required::<u64>()?);
    params.end()?;
    Ok(Value::Null)
}

pub(super) fn uncle_by_number(params: Params) -> Result<Value, RpcError> {
    no_uncle::<Tag>(params)
}

pub(super) fn uncle_by_hash(params: Params) -> Result<Value, RpcError> {
    no_uncle::<B256>(params)
}

/// A transaction named by its hash, and what is said of it; `null` without it.
fn by_transaction(
    chain: &Chain,
    mut params: Params,
    say: impl FnOnce(&Block, u64) -> Value,
) -> Result<Value, RpcError> {
    let hash: B256 = params.required()?;
    params.end()?;
    Ok(chain.transaction(hash).map_or(Value::Null, |(block, index)| say(&block, index)))
}

/// A transaction named by block and index.
fn at_index<T: Param>(
    mut params: Params,
    find: impl FnOnce(T) -> Result<Option<Arc<Block>>, RpcError>,
    say: impl FnOnce(&Block, u64) -> Value,
) -> Result<Value, RpcError> {
    let (key, index) = (params.required::<T>()?, params.required::<u64>()?);
    params.end()?;
    let block = find(key)?.filter(|block| index < block.transactions.len() as u64);
    Ok(block.map_or(Value::Null, |block| say(&block, index)))
}

fn whole(block: &Block, index: u64) -> Value {
    json::transaction(block, index, &block.transactions[index as usize])
}

fn encoded(block: &Block, index: u64) -> Value {
    json::data(block.transactions[index as usize].raw())
}

pub(super) fn transaction(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    by_transaction(chain, params, whole)
}

pub(super) fn receipt(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    by_transaction(chain, params, receipt_at)
}

/// The receipt of a transaction; `null` without it.
pub(super) fn receipt_of(chain: &Chain, hash: B256) -> Value {
    chain.transaction(hash).map_or(Value::Null, |(block, index)| receipt_at(&block, index))
}

fn receipt_at(block: &Block, index: u64) -> Value {
    json::receipt(block, index, &block.transactions[index as usize])
}

pub(super) fn raw(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    let value = by_transaction(chain, params, encoded)?;
    Ok(if value.is_null() { json::data(&[]) } else { value })
}

pub(super) fn transaction_by_number(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    at_index(params, |tag| tagged(chain, tag), whole)
}

pub(super) fn transaction_by_block(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    at_index(params, |hash| Ok(chain.block_by_hash(hash)), whole)
}

pub(super) fn raw_by_number(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    at_index(params, |tag| tagged(chain, tag), encoded)
}

pub(super) fn raw_by_block(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    at_index(params, |hash| Ok(chain.block_by_hash(hash)), encoded)
}
