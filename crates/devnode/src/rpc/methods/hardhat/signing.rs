//! Signatures of the accounts whose keys the node has.

use crate::rpc::{error::RpcError, hardhat::Hardhat, json, params::Params, typed_data};
use alloy::signers::{SignerSync, local::PrivateKeySigner};
use alloy_primitives::{Address, Bytes, Signature, eip191_hash_message};
use serde_json::Value;

fn signer(hardhat: &Hardhat, address: Address) -> Result<&PrivateKeySigner, RpcError> {
    let missing = || RpcError::failed(format!("unknown account {address}: the node has no key for it"));
    hardhat.signer(address).ok_or_else(missing)
}

fn shown(signature: Result<Signature, impl std::fmt::Display>) -> Result<Value, RpcError> {
    let signature = signature.map_err(|error| RpcError::failed(error.to_string()))?;
    Ok(json::data(&signature.as_bytes()))
}

fn message(hardhat: &Hardhat, address: Address, data: &Bytes) -> Result<Value, RpcError> {
    shown(signer(hardhat, address)?.sign_hash_sync(&eip191_hash_message(data)))
}

/// `eth_sign(address, bytes)` (EIP-191)
pub(super) fn sign(hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let (address, data) = (params.required::<Address>()?, params.required::<Bytes>()?);
    params.end()?;
    message(hardhat, address, &data)
}

/// `personal_sign(bytes, address, password?)` (EIP-191); there are no passwords.
pub(super) fn personal_sign(hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let (data, address) = (params.required::<Bytes>()?, params.required::<Address>()?);
    params.optional::<String>()?;
    params.end()?;
    message(hardhat, address, &data)
}

/// `eth_signTypedData_v4(address, data)` (EIP-712); the data as an object, or as its text.
pub(super) fn sign_typed_data(hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let (address, data) = (params.required::<Address>()?, params.required::<Value>()?);
    params.end()?;
    let invalid = |problem: String| RpcError::invalid_params(format!("invalid argument 1: {problem}"));
    let data = match data {
        Value::String(text) => serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?,
        other => other,
    };
    let hash = typed_data::signing_hash(&data).map_err(invalid)?;
    shown(signer(hardhat, address)?.sign_hash_sync(&hash))
}
