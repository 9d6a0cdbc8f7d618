//! What a transaction pays where it does not say so: go-ethereum's `setFeeDefaults`, with the words of its refusals.

use super::request::Request;
use crate::rpc::error::RpcError;
use alloy_primitives::U256;

impl Request {
    /// Fills in fees: no tip, and a cap of twice the block's base fee (wei a gas), so that it may rise meanwhile. Unlike in
    /// a call, nothing is free.
    pub(super) fn with_fees(mut self, base_fee: u64) -> Result<Self, RpcError> {
        match (self.gas_price, self.max_fee, self.tip) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                return Err(RpcError::failed("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified"));
            }
            (Some(U256::ZERO), ..) => return Err(RpcError::failed("gasPrice must be non-zero after london fork")),
            (Some(_), ..) => return Ok(self),
            (_, Some(U256::ZERO), Some(_)) => return Err(RpcError::failed("maxFeePerGas must be non-zero")),
            _ => {}
        }
        let tip = self.tip.unwrap_or_default();
        let cap = self.max_fee.unwrap_or_else(|| tip.saturating_add(U256::from(base_fee) * U256::from(2)));
        if cap < tip {
            return Err(RpcError::failed(format!("maxFeePerGas ({cap:#x}) < maxPriorityFeePerGas ({tip:#x})")));
        }
        (self.tip, self.max_fee) = (Some(tip), Some(cap));
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::params::Param;
    use serde_json::{Value, json};

    /// Cap and tip that a request has at a base fee of 100 wei.
    fn fees(request: Value) -> Result<(u64, u64), String> {
        let request = Request::read(request).unwrap();
        let message = request.with_fees(100).and_then(Request::call).map_err(|error| error.message)?;
        Ok((message.max_fee_per_gas.to(), message.max_priority_fee_per_gas.to()))
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        assert_eq!(fees(json!({})), Ok((200, 0)));
        assert_eq!(fees(json!({ "maxPriorityFeePerGas": "0x5" })), Ok((205, 5)));
        assert_eq!(fees(json!({ "maxFeePerGas": "0x5" })), Ok((5, 0)));
        assert_eq!(fees(json!({ "gasPrice": "0x5" })), Ok((5, 5)));
        // A cap of zero is refused only where the tip is named too.
        assert_eq!(fees(json!({ "maxFeePerGas": "0x0" })), Ok((0, 0)));
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let both = "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified";
        for (request, says) in [
            (json!({ "gasPrice": "0x1", "maxFeePerGas": "0x0" }), both),
            (json!({ "gasPrice": "0x0", "maxPriorityFeePerGas": "0x0" }), both),
            (json!({ "gasPrice": "0x0" }), "gasPrice must be non-zero after london fork"),
            (json!({ "maxFeePerGas": "0x0", "maxPriorityFeePerGas": "0x0" }), "maxFeePerGas must be non-zero"),
            (
                json!({ "maxFeePerGas": "0x1", "maxPriorityFeePerGas": "0x2" }),
                "maxFeePerGas (0x1) < maxPriorityFeePerGas (0x2)",
            ),
        ] {
            assert_eq!(fees(request.clone()), Err(says.to_owned()), "{request}");
        }
    }
}
