//! What a node answered, in a sentence.

use std::error::Error;

use alloy::primitives::{Bytes, hex};
use alloy::sol_types::SolError;
use alloy::transports::{RpcError, TransportError};
use eyre::{Report, eyre};

use crate::interfaces::StylusDeployer;

/// The sentence for a failed request: the node's message with the revert's meaning, or why there was no answer.
pub(crate) fn explain(error: &TransportError) -> String {
    let RpcError::ErrorResp(payload) = error else {
        return root(error);
    };
    match error_data(error) {
        Some(data) if !data.is_empty() => format!("{}: {}", payload.message, revert(&data)),
        _ => payload.message.to_string(),
    }
}

/// The refusal of a node that does not answer at all.
pub(crate) fn unreachable(url: &str, error: &TransportError) -> Report {
    eyre!("no node answers at {url}: {}", explain(error))
}

/// As [`explain`], for calls through a typed contract.
pub(crate) fn explain_call(error: alloy::contract::Error) -> Report {
    match error {
        alloy::contract::Error::TransportError(error) => eyre!(explain(&error)),
        other => eyre!("{}", root(&other)),
    }
}

/// What a revert says, as far as it is known here.
fn revert(data: &Bytes) -> String {
    if let Ok(error) = StylusDeployer::ContractInitializationError::abi_decode(data) {
        return format!("the constructor at {} reverted with {}", error.newContract, error.data);
    }
    if StylusDeployer::ContractDeploymentError::abi_decode(data).is_ok() {
        return "the StylusDeployer could not create the contract; is there one already?".to_owned();
    }
    hex::encode_prefixed(data)
}

fn error_data(error: &TransportError) -> Option<Bytes> {
    error.as_error_resp().and_then(|payload| payload.as_revert_data())
}

/// The innermost cause: "Connection refused" rather than "error sending request".
fn root(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
