//! Blocks as they are encoded, and what else of a block needs no trie.

use super::blocks::{resolve, tagged};
use crate::{
    chain::{Block, Chain},
    rpc::{
        error::RpcError,
        json,
        params::{BlockId, Params, Tag, unexpected},
    },
};
use alloy::rlp;
use alloy_primitives::{B256, Bytes, hex, keccak256};
use serde_json::{Value, json};
use std::sync::Arc;

/// Most blocks of which the metadata are given at once; Nitro's default.
const MOST_METADATA: u64 = 100;

/// The block, `None` if there is none of that number. The name is what an error calls a block of an unknown hash.
fn find(chain: &Chain, mut params: Params, name: &str) -> Result<Option<Arc<Block>>, RpcError> {
    let id: BlockId = params.required()?;
    params.end()?;
    match id {
        BlockId::Tag(tag) => tagged(chain, tag),
        BlockId::Hash(hash) => match chain.block_by_hash(hash) {
            // Go prints the hash as a list of bytes there.
            None => Err(RpcError::failed(format!("{name} #[{}] not found", bytes(hash)))),
            block => Ok(block),
        },
        BlockId::Nothing => resolve(chain, id).map(Some),
    }
}

fn bytes(hash: B256) -> String {
    hash.iter().map(u8::to_string).collect::<Vec<_>>().join(" ")
}

/// `debug_getRawHeader(block)`
pub(super) fn header(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    let block = find(chain, params, "header")?;
    Ok(json::data(&block.map_or_else(Vec::new, |block| rlp::encode(&block.header))))
}

/// `debug_getRawBlock(block)`
pub(super) fn block(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    let block = find(chain, params, "block")?;
    Ok(json::data(&block.map_or_else(Vec::new, |block| block.encoded())))
}

/// The hash of an encoded block, or why that is none, with go-ethereum's words for what is no list.
pub(super) fn hash_of(encoded: &[u8]) -> Result<B256, String> {
    let list = |bytes: &mut &[u8], kind: &str| match rlp::Header::decode(bytes) {
        Ok(item) if item.list => Ok(item.payload_length),
        Ok(_) => Err(format!("rlp: expected input list for {kind}")),
        Err(error) => Err(format!("rlp: {error}")),
    };
    let mut content = encoded;
    list(&mut content, "types.extblock")?;
    let mut rest = content;
    let length = list(&mut rest, "types.Header")?;
    Ok(keccak256(&content[..content.len() - rest.len() + length]))
}

/// `debug_getRawReceipts(block)`: none of a hash that nobody knows, `null` of a number.
pub(super) fn receipts(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let id: BlockId = params.required()?;
    params.end()?;
    let block = match id {
        BlockId::Tag(tag) => tagged(chain, tag)?,
        BlockId::Hash(hash) => match chain.block_by_hash(hash) {
            None => return Ok(json!([])),
            block => block,
        },
        BlockId::Nothing => resolve(chain, id).map(Some)?,
    };
    let Some(block) = block else { return Ok(Value::Null) };
    Ok(block.transactions.iter().map(|included| json::data(&included.raw_receipt())).collect())
}

/// `debug_getBadBlocks()`: this node makes its blocks itself.
pub(super) fn bad_blocks(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json!([]))
}

/// `debug_accountRange(block, start, maxResults, nocode, nostorage, incompletes)`. A Nitro node keeps no addresses beside
/// its trie, and leaves out accounts without one unless `incompletes` asks for them: so there are none.
pub(super) fn account_range(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let id: BlockId = params.required()?;
    let _: Bytes = params.required()?;
    let most: Value = params.required()?;
    if !most.is_number() {
        return Err(RpcError::invalid_params(format!("invalid argument 2: {}", unexpected(&most, "int"))));
    }
    let _: (bool, bool) = (params.required()?, params.required()?);
    let incompletes: bool = params.required()?;
    params.end()?;
    if incompletes {
        return Err(RpcError::failed("accounts without their addresses are not supported by this node"));
    }
    let root = resolve(chain, id)?.header.state_root;
    Ok(json!({ "root": hex::encode(root), "accounts": {} }))
}

/// `arb_getRawBlockMetadata(from, to)`: a version, then a bit for each transaction, set if an express lane brought it.
pub(super) fn metadata(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (from, to): (Tag, Tag) = (params.required()?, params.required()?);
    params.end()?;
    let number = |tag| match tag {
        Tag::Number(number) => Ok(number),
        other => Ok::<_, RpcError>(tagged(chain, other)?.map_or(0, |block| block.header.number)),
    };
    let (from, to) = (number(from)?, number(to)?);
    if from > to {
        return Err(RpcError::failed(format!("invalid inputs, fromBlock: {from} is greater than toBlock: {to}")));
    }
    let count = (to - from).saturating_add(1);
    if count > MOST_METADATA {
        return Err(RpcError::failed(format!(
            "number of blocks requested for blockMetadata exceeded. Range requested- {count}, Limit- {MOST_METADATA}"
        )));
    }
    // The first block is made of nothing, and has none.
    let blocks = (from.max(1)..=to).filter_map(|number| chain.block(number));
    let shown = blocks.map(|block| {
        let flags = vec![0; 1 + block.transactions.len().div_ceil(8)];
        json!({ "blockNumber": block.header.number, "rawMetadata": json::data(&flags) })
    });
    Ok(shown.collect())
}
