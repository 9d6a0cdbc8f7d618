//! Errors as JSON-RPC carries them.

use alloy_primitives::Bytes;
use serde::Serialize;

/// An error object. Codes: -32700 parse error, -32600 invalid request, -32601 no such method, -32602 invalid
/// parameters, -32603 internal error, -32002 it took too long, -32000 refused or failed, 3 reverted (with data).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct RpcError {
    /// What kind of error.
    pub code: i32,
    /// A sentence.
    pub message: String,
    /// What a reverted call returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Bytes>,
}

impl RpcError {
    /// An error without data.
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// Refused or failed, the most frequent kind.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::new(-32000, message)
    }

    /// Not a request.
    pub(super) fn invalid_request(message: &str) -> Self {
        Self::new(-32600, message)
    }

    /// Parameters that do not fit the method.
    pub(super) fn invalid_params(message: impl Into<String>) -> Self {
        Self::new(-32602, message)
    }

    /// A method that this node does not have.
    pub(super) fn no_method(method: &str) -> Self {
        Self::new(-32601, format!("the method {method} does not exist/is not available"))
    }

    /// What should not happen: the node lives on.
    pub(super) fn internal() -> Self {
        Self::new(-32603, "method handler crashed")
    }

    /// A request that took longer than any may (go-ethereum: rpc/errors.go).
    pub(super) fn timed_out() -> Self {
        Self::new(-32002, "request timed out")
    }

    /// A call that reverted with `data`.
    pub(super) fn reverted(message: impl Into<String>, data: Bytes) -> Self {
        Self { code: 3, message: message.into(), data: Some(data) }
    }
}
