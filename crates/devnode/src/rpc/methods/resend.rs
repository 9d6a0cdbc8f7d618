//! Sending once more what waits for a block, at another price. Nothing ever waits on Nitro.

use super::{fill, request::Request, send};
use crate::{
    chain::Chain,
    rpc::{error::RpcError, params::Params},
};
use alloy_primitives::{U256, U512, keccak256};
use serde_json::Value;

/// `eth_resend(request, price?, gas?)`
///
/// # Errors
/// Always: without a nonce, with a fee above the cap, as `eth_fillTransaction`, or that the transaction is not found.
pub(super) async fn resend(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    let (price, gas): (Option<U256>, Option<u64>) = (params.optional()?, params.optional()?);
    params.end()?;
    if request.nonce.is_none() {
        return Err(RpcError::failed("missing transaction nonce in transaction spec"));
    }
    let filled = fill::complete(chain, request).await?;
    send::check_fee(U512::from(price.unwrap_or(filled.max_fee)), gas.unwrap_or(filled.gas))?;
    let hash = keccak256(filled.encode(0, U256::ZERO, U256::ZERO));
    Err(RpcError::failed(format!("transaction {hash:#x} not found")))
}
