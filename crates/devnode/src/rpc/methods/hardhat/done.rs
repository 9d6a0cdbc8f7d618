//! The answer of methods that only do something.

use crate::rpc::error::RpcError;
use serde_json::{Value, json};

/// What Hardhat answers where there is nothing to say.
pub(super) fn done(result: Result<(), RpcError>) -> Result<Value, RpcError> {
    result.map(|()| json!(true))
}
