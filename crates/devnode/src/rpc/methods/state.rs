//! Accounts, code and storage at any block.

use super::blocks::resolve;
use crate::{
    chain::Chain,
    rpc::{
        error::RpcError,
        json,
        params::{BlockId, Params},
    },
    state::{AccountState, StateView},
};
use alloy_primitives::{Address, U256};
use serde_json::Value;

fn view(chain: &Chain, id: BlockId) -> Result<StateView, RpcError> {
    Ok(chain.view(resolve(chain, id)?.header.number))
}

fn account(chain: &Chain, mut params: Params) -> Result<AccountState, RpcError> {
    let (address, id) = (params.required::<Address>()?, params.required::<BlockId>()?);
    params.end()?;
    Ok(view(chain, id)?.account(&address).unwrap_or_default())
}

pub(super) fn balance(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    Ok(json::wei(account(chain, params)?.balance))
}

pub(super) fn nonce(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    Ok(json::number(account(chain, params)?.nonce))
}

pub(super) fn code(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (address, id) = (params.required::<Address>()?, params.required::<BlockId>()?);
    params.end()?;
    Ok(json::bytes(&view(chain, id)?.code(&address).original_bytes()))
}

pub(super) fn storage(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (address, key) = (params.required::<Address>()?, params.required::<String>()?);
    let id: BlockId = params.required()?;
    params.end()?;
    let key =
        storage_key(&key).map_err(|problem| RpcError::failed(format!("unable to decode storage key: {problem}")))?;
    let value = view(chain, id)?.slot(address, key);
    Ok(json::data(&value.to_be_bytes::<32>()))
}

/// A slot as go-ethereum takes it: short, of odd length, without `0x`, or empty for slot 0.
pub(super) fn storage_key(text: &str) -> Result<U256, &'static str> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    if digits.len() > 64 {
        return Err("hex string too long, want at most 32 bytes");
    }
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err("hex string invalid");
    }
    Ok(if digits.is_empty() { U256::ZERO } else { U256::from_str_radix(digits, 16).unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_keys_come_in_many_forms() {
        for text in ["0x1", "0x01", "1", "0X1", &format!("0x{:064x}", 1)] {
            assert_eq!(storage_key(text), Ok(U256::ONE), "{text}");
        }
        assert_eq!(storage_key(""), Ok(U256::ZERO));
        assert_eq!(storage_key("0x"), Ok(U256::ZERO));
        assert_eq!(storage_key("0xzz"), Err("hex string invalid"));
        assert_eq!(storage_key(&"1".repeat(65)), Err("hex string too long, want at most 32 bytes"));
    }
}
