//! Proofs of accounts and slots (EIP-1186), as go-ethereum shows them.

use super::{blocks::resolve, state::storage_key};
use crate::{
    chain::{AccountProof, Chain},
    rpc::{
        error::RpcError,
        json,
        params::{BlockId, Param, Params, unexpected},
    },
    state::AccountState,
};
use alloy_primitives::{Address, B256, Bytes, U256};
use serde_json::{Value, json};

/// Most slots that are proven at once. Ours: Nitro proves any number.
const MOST_PROVEN: usize = 1_024;

/// Slots as they are written.
struct Keys(Vec<String>);

impl Param for Keys {
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Self(Vec::new())),
            Value::Array(keys) => keys.into_iter().map(String::read).collect::<Result<_, _>>().map(Self),
            other => Err(unexpected(&other, "[]string")),
        }
    }
}

/// `eth_getProof(address, slots, block)`. Of an account that is not there, the hashes are zero.
pub(super) async fn get(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (address, Keys(keys)) = (params.required::<Address>()?, params.required::<Keys>()?);
    let id: BlockId = params.required()?;
    params.end()?;
    if keys.len() > MOST_PROVEN {
        return Err(RpcError::failed(format!("too many slots: at most {MOST_PROVEN} are proven at once")));
    }
    let slots = keys.iter().map(|key| storage_key(key)).collect::<Result<Vec<_>, _>>().map_err(RpcError::failed)?;
    let block = resolve(chain, id)?;
    let proof = chain.prove(block, address, slots.clone()).await.ok_or_else(RpcError::internal)?;
    let AccountProof { account, nodes, slots: proofs } = proof;
    let none = (AccountState { code_hash: B256::ZERO, ..AccountState::default() }, B256::ZERO);
    let (AccountState { nonce, balance, code_hash }, storage) = account.unwrap_or(none);
    let slots = keys.iter().zip(slots).zip(proofs);
    let slots = slots.map(|((key, index), (value, nodes))| {
        json!({ "key": shown(key, index), "value": json::wei(value), "proof": list(&nodes) })
    });
    Ok(json!({
        "address": json::address(address),
        "accountProof": list(&nodes),
        "balance": json::wei(balance),
        "codeHash": json::hash(code_hash),
        "nonce": json::number(nonce),
        "storageHash": json::hash(storage),
        "storageProof": slots.collect::<Value>(),
    }))
}

/// A slot in the answer: as 32 bytes if it was written so, otherwise as a quantity.
fn shown(key: &str, index: U256) -> Value {
    let digits = key.strip_prefix("0x").or_else(|| key.strip_prefix("0X")).unwrap_or(key);
    if digits.len().div_ceil(2) == 32 { json::data(&index.to_be_bytes::<32>()) } else { json::wei(index) }
}

fn list(nodes: &[Bytes]) -> Value {
    nodes.iter().map(json::bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_shown_as_it_was_written() {
        let (short, long) = (json!("0x5"), json!(format!("0x{:064x}", 5)));
        for (key, expected) in [
            ("0x5", &short),
            ("05", &short),
            (&format!("0X{:062x}", 5), &short),
            (&format!("{:063x}", 5), &long),
            (&format!("0x{:064x}", 5), &long),
        ] {
            assert_eq!(&shown(key, storage_key(key).unwrap()), expected, "{key}");
        }
        assert_eq!(shown("", U256::ZERO), "0x0");
    }
}
