//! State and headers as a test likes them.

use super::done::done;
use crate::{
    chain::{Chain, CheatError},
    rpc::{error::RpcError, json, methods::state::storage_key, params::Params},
};
use alloy_primitives::{Address, B256, Bytes, U256};
use serde_json::Value;

fn refused(error: CheatError) -> RpcError {
    RpcError::invalid_params(error.to_string())
}

/// `hardhat_setBalance(address, wei)`
pub(super) async fn set_balance(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (address, balance) = (params.required::<Address>()?, params.required::<U256>()?);
    params.end()?;
    done(chain.sequencer().set_balance(address, balance).await.map_err(refused))
}

/// `hardhat_setCode(address, code)`
pub(super) async fn set_code(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (address, code) = (params.required::<Address>()?, params.required::<Bytes>()?);
    params.end()?;
    done(chain.sequencer().set_code(address, code).await.map_err(refused))
}

/// `hardhat_setStorageAt(address, slot, value)`; the value has all its 32 bytes.
pub(super) async fn set_storage(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (address, index) = (params.required::<Address>()?, params.required::<String>()?);
    let value: B256 = params.required()?;
    params.end()?;
    let index =
        storage_key(&index).map_err(|problem| RpcError::invalid_params(format!("invalid argument 1: {problem}")))?;
    done(chain.sequencer().set_storage(address, index, value.into()).await.map_err(refused))
}

/// `hardhat_setNonce(address, nonce)`; not below what it is.
pub(super) async fn set_nonce(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (address, nonce) = (params.required::<Address>()?, params.required::<u64>()?);
    params.end()?;
    done(chain.sequencer().set_nonce(address, nonce).await.map_err(refused))
}

/// `hardhat_setNextBlockBaseFeePerGas(wei)`: of one block; ArbOS sets that of the block after it.
pub(super) async fn set_base_fee(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let base_fee: u64 = params.required()?;
    params.end()?;
    chain.sequencer().set_next_base_fee(base_fee).await;
    done(Ok(()))
}

/// `hardhat_setCoinbase(address)`
pub(super) async fn set_coinbase(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let coinbase: Address = params.required()?;
    params.end()?;
    chain.sequencer().set_coinbase(coinbase).await;
    done(Ok(()))
}

/// `eth_coinbase`
pub(super) async fn coinbase(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json::address(chain.sequencer().coinbase().await))
}

/// `hardhat_setPrevRandao(word)`: of the next block. Later ones have 1 again, as all blocks of Nitro.
pub(super) async fn set_randao(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let value: B256 = params.required()?;
    params.end()?;
    chain.sequencer().set_next_randao(value.into()).await;
    done(Ok(()))
}

/// `evm_setBlockGasLimit(gas)`
pub(super) async fn set_gas_limit(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let gas_limit: u64 = params.required()?;
    params.end()?;
    if gas_limit == 0 {
        return Err(RpcError::invalid_params("invalid argument 0: the gas limit of a block is above 0"));
    }
    chain.sequencer().set_gas_limit(gas_limit).await;
    done(Ok(()))
}
