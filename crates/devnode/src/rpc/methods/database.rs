//! What a Nitro node answers from its database. This node has none: it keeps everything in memory.

use crate::{
    chain::Chain,
    rpc::{
        error::RpcError,
        params::{Params, Tag},
    },
};
use alloy_primitives::B256;
use serde_json::Value;

/// `debug_dbGet(key)`: nothing is kept by a key.
pub(super) fn get(mut params: Params) -> Result<Value, RpcError> {
    let _: String = params.required()?;
    params.end()?;
    Err(RpcError::failed("not found: this node has no database"))
}

/// `debug_preimage(hash)`: what was hashed is not kept, as in Nitro by default.
pub(super) fn preimage(mut params: Params) -> Result<Value, RpcError> {
    let _: B256 = params.required()?;
    params.end()?;
    Err(RpcError::failed("unknown preimage"))
}

/// `debug_getAccessibleState(from, to)`: the first of these blocks whose state is in the database, so none.
pub(super) fn accessible_state(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (from, to): (Tag, Tag) = (params.required()?, params.required()?);
    params.end()?;
    let head = chain.head().header.number;
    Err(RpcError::failed(match (numbered(from, head), numbered(to, head)) {
        (from, to) if from == to => "from and to needs to be different".to_owned(),
        (from, to) => match missing(from, to, head) {
            Some(number) => format!("missing header {number}"),
            None => "no state found".to_owned(),
        },
    }))
}

/// Whatever is not a number counts as the newest block.
fn numbered(tag: Tag, head: u64) -> u64 {
    match tag {
        Tag::Number(number) => number,
        _ => head,
    }
}

/// The first block from one to another, the other not included, that does not exist.
fn missing(from: u64, to: u64, head: u64) -> Option<u64> {
    let first = from.max(head + 1);
    if from > to { (from > head).then_some(from) } else { (first < to).then_some(first) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_looked_for_on_the_way() {
        assert_eq!(missing(1, 0, 5), None);
        assert_eq!(missing(0, 6, 5), None, "the last one is not looked at");
        assert_eq!(missing(0, 7, 5), Some(6));
        assert_eq!(missing(9, 12, 5), Some(9));
        assert_eq!(missing(12, 9, 5), Some(12));
    }
}
