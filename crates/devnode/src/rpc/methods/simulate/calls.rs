//! The calls of a simulated block, each a transaction that nobody signed.

use super::codes;
use crate::{
    chain::{SimulatedCall, SimulationRefusal, Simulator, Transaction},
    evm::{Message, Refusal},
    rpc::{error::RpcError, methods::request::Request},
};
use alloy_primitives::U256;

/// Executes the calls in order.
pub(super) fn run(simulator: &mut Simulator, calls: Vec<Request>) -> Result<Vec<SimulatedCall>, RpcError> {
    calls.into_iter().map(|call| execute(simulator, call)).collect()
}

fn execute(simulator: &mut Simulator, request: Request) -> Result<SimulatedCall, RpcError> {
    let sender = request.sender();
    let nonce = request.nonce.unwrap_or_else(|| simulator.nonce(&sender));
    let (used, limit) = simulator.block_gas();
    let gas = request.gas.unwrap_or_else(|| limit.saturating_sub(used));
    if used.checked_add(gas).is_none_or(|sum| sum > limit) {
        return Err(RpcError::new(codes::BLOCK_GAS, format!("block gas limit reached: {used} >= {limit}")));
    }
    // Without a limit for all, each may use what it asks for; there is always one until nothing is left of it.
    let gas = match simulator.gas_pool() {
        0 => gas,
        pool => gas.min(pool),
    };
    let request = Request { gas: Some(gas), nonce: Some(nonce), ..request };
    let transaction = transaction(&request, nonce, gas)?;
    let message = Message { nonce: Some(nonce), ..request.call()? };
    simulator.add(transaction, sender, &message).map_err(|refusal| refused(&refusal, gas))
}

fn transaction(request: &Request, nonce: u64, gas: u64) -> Result<Box<Transaction>, RpcError> {
    if request.blobs.is_some() {
        return Err(RpcError::failed("transaction type not supported"));
    }
    let unsigned = request.unsigned(nonce, gas)?;
    let decoded = Transaction::decode(unsigned.encode(0, U256::ZERO, U256::ZERO));
    decoded.map(Box::new).map_err(|error| RpcError::failed(error.to_string()))
}

fn refused(refusal: &SimulationRefusal, gas: u64) -> RpcError {
    let code = match refusal {
        SimulationRefusal::Message(refusal) => match refusal {
            Refusal::TimedOut(_) | Refusal::TraceTooLarge(_) => {
                return RpcError::new(codes::INTERNAL, refusal.to_string());
            }
            Refusal::NonceTooLow { .. } => codes::NONCE_TOO_LOW,
            Refusal::NonceTooHigh { .. } => codes::NONCE_TOO_HIGH,
            Refusal::IntrinsicGas { .. } | Refusal::IntrinsicGasForL1 => codes::INTRINSIC_GAS,
            Refusal::InsufficientFunds { .. } | Refusal::CostOverflow(_) | Refusal::InsufficientFundsForTransfer(_) => {
                codes::NO_FUNDS
            }
            Refusal::SenderHasCode { .. } => codes::SENDER_HAS_CODE,
            Refusal::InitCodeTooLarge { .. } => codes::INIT_CODE,
            Refusal::TipAboveFeeCap { .. } | Refusal::FeeCapTooLow { .. } => codes::INVALID_PARAMS,
            Refusal::FloorGas { .. }
            | Refusal::NonceMax { .. }
            | Refusal::SetCodeCreates(_)
            | Refusal::EmptyAuthorizations(_) => codes::INTERNAL,
        },
        SimulationRefusal::GasLimitReached => codes::INTERNAL,
    };
    RpcError::new(code, format!("err: {refusal} (supplied gas {gas})"))
}
