//! A transaction of the owners.

use alloy_primitives::{Address, U256, keccak256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use super::abi::{ExecutionFailure, ExecutionSuccess};
use super::calls::perform;
use super::guard::{ask_guard_after, ask_guard_before};
use super::hashes::to_be_signed;
use super::reasons::NOT_ENOUGH_GAS;
use super::refund::pay;
use super::rules::{self, Operation, Transaction};
use super::signatures::check_threshold;
use super::storage::Slots;
use super::version::Version;

impl<S: Version> Execution for S {}

/// Executing a transaction of the owners.
pub trait Execution: Version {
    /// `execTransaction`.
    #[allow(clippy::too_many_arguments, reason = "the ABI's")]
    fn exec_transaction(
        &mut self,
        to: Address,
        value: U256,
        data: &[u8],
        operation: u8,
        safe_tx_gas: U256,
        base_gas: U256,
        gas_price: U256,
        gas_token: Address,
        refund_receiver: Address,
        signatures: &[u8],
    ) -> Result<bool, Revert> {
        Self::can_be_hashed(operation)?;
        let transaction =
            Transaction { to, value, data, operation, safe_tx_gas, base_gas, gas_price, gas_token, refund_receiver };

        let nonce = self.stored_nonce();
        let signed = to_be_signed(self, &transaction, nonce);
        self.set_nonce(rules::next(nonce));
        let hash = keccak256(signed);
        check_threshold(self, hash, self.context(&signed), signatures)?;
        let operation = Operation::of(operation)?;

        // The guard that was asked before is asked after, whatever the transaction has made of it.
        let guard = self.guard();
        ask_guard_before(self, guard, &transaction, signatures)?;
        let (success, payment) = run(self, &transaction, operation)?;
        if success {
            ExecutionSuccess { tx_hash: &hash, payment: &payment }.log(self);
        } else {
            ExecutionFailure { tx_hash: &hash, payment: &payment }.log(self);
        }
        ask_guard_after(self, guard, hash, success)?;
        Ok(success)
    }
}

/// Makes the call and pays for it: whether it succeeded, and what was paid.
///
/// A failed call is an answer here, since `safeTxGas` was there for it: GS010. Where the owners promised neither gas nor
/// a refund, nobody is bound, and all is undone.
///
/// UNGUARDED: whoever calls this has checked that the owners signed.
fn run<S: Version>(safe: &mut S, transaction: &Transaction<'_>, operation: Operation) -> Result<(bool, U256), Revert> {
    let Transaction { to, value, data, safe_tx_gas, base_gas, gas_price, .. } = *transaction;
    // The nonce is written out now: its gas is not to be taken of what the call was promised.
    safe.vm().flush_cache(false);
    let before = safe.vm().evm_gas_left();
    let reserve = rules::reserve(value);
    ensure!(before >= rules::gas_needed(safe_tx_gas, reserve), NOT_ENOUGH_GAS);
    let is_free = gas_price.is_zero();
    let gas = if is_free { before.wrapping_sub(reserve) } else { rules::gas(safe_tx_gas) };
    let success = perform(safe, to, value, data, operation, gas);
    ensure!(success || !safe_tx_gas.is_zero() || !is_free, safe.failed());
    if is_free {
        return Ok((success, U256::ZERO));
    }
    let used = U256::from(before - safe.vm().evm_gas_left());
    let payment = pay(safe, used, base_gas, gas_price, transaction.gas_token, transaction.refund_receiver)?;
    Ok((success, payment))
}
