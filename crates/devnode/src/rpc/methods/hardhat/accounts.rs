//! Accounts that the node sends for.

use super::done::done;
use crate::rpc::{error::RpcError, hardhat::Hardhat, json, params::Params};
use alloy_primitives::Address;
use serde_json::{Value, json};

/// `eth_accounts`
pub(super) fn list(hardhat: &Hardhat, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(hardhat.signers.iter().map(|signer| json::address(signer.address())).collect())
}

/// `hardhat_impersonateAccount(address)`: the node sends for it from now on, signature or not, contract or not.
pub(super) fn impersonate(hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let address: Address = params.required()?;
    params.end()?;
    hardhat.impersonate(address);
    done(Ok(()))
}

/// `hardhat_stopImpersonatingAccount(address)`; whether it was impersonated.
pub(super) fn stop_impersonating(hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let address: Address = params.required()?;
    params.end()?;
    Ok(json!(hardhat.stop_impersonating(address)))
}

/// `anvil_autoImpersonateAccount(bool)`: whether the node sends for everyone.
pub(super) fn impersonate_all(hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let all: bool = params.required()?;
    params.end()?;
    hardhat.impersonate_all(all);
    done(Ok(()))
}
