//! A transaction of the owners.

use alloy_primitives::{Address, U256, keccak256};
use consilium_abi::{Chain, Revert, Singleton, ensure};
use stylus_sdk::prelude::*;

use crate::Safe;
use crate::abi::{ExecutionFailure, ExecutionSuccess};
use crate::reasons::{NOT_ENOUGH_GAS, TRANSACTION_FAILED};
use crate::rules::{self, Operation, Transaction};

impl Safe {
    #[allow(clippy::too_many_arguments, reason = "the ABI's")]
    pub(crate) fn exec_transaction(
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
        let operation = Operation::of(operation)?;
        let transaction =
            Transaction { to, value, data, operation, safe_tx_gas, base_gas, gas_price, gas_token, refund_receiver };

        let nonce = self.stored_nonce();
        let signed = self.to_be_signed(&transaction, nonce);
        self.set_nonce(rules::next(nonce));
        let hash = keccak256(signed);
        self.check_signatures(hash, &signed, signatures)?;

        // The guard that was asked before is asked after, whatever the transaction has made of it.
        let guard = self.guard();
        self.ask_guard_before(guard, &transaction, signatures)?;
        let (success, payment) = self.run(&transaction)?;
        if success {
            ExecutionSuccess { tx_hash: &hash, payment: &payment }.log(self);
        } else {
            ExecutionFailure { tx_hash: &hash, payment: &payment }.log(self);
        }
        self.ask_guard_after(guard, hash, success)?;
        Ok(success)
    }

    /// Makes the call and pays for it: whether it succeeded, and what was paid.
    ///
    /// A failed call is an answer here, since `safeTxGas` was there for it: GS010. Where the owners promised neither
    /// gas nor a refund, nobody is bound, and all is undone.
    ///
    /// UNGUARDED: whoever calls this has checked that the owners signed.
    fn run(&mut self, transaction: &Transaction<'_>) -> Result<(bool, U256), Revert> {
        let Transaction { to, value, data, operation, safe_tx_gas, base_gas, gas_price, .. } = *transaction;
        // The nonce is written out now: its gas is not to be taken of what the call was promised.
        self.vm().flush_cache(false);
        let before = self.vm().evm_gas_left();
        let reserve = rules::reserve(value);
        ensure!(U256::from(before) >= rules::gas_needed(safe_tx_gas, reserve), NOT_ENOUGH_GAS);
        let is_free = gas_price.is_zero();
        let gas = if is_free { before.wrapping_sub(reserve) } else { rules::gas(safe_tx_gas) };
        let success = self.perform(to, value, data, operation, gas);
        ensure!(success || !safe_tx_gas.is_zero() || !is_free, TRANSACTION_FAILED);
        if is_free {
            return Ok((success, U256::ZERO));
        }
        let used = U256::from(before - self.vm().evm_gas_left());
        let payment = self.pay(used, base_gas, gas_price, transaction.gas_token, transaction.refund_receiver)?;
        Ok((success, payment))
    }

    /// Makes one call with at most `gas` gas; whether it succeeded. As with Solidity's low-level call, a target without
    /// code succeeds. What was returned is left where it is.
    ///
    /// UNGUARDED: whoever calls this has checked that the caller may do anything with the Safe.
    pub(crate) fn perform(&mut self, to: Address, value: U256, data: &[u8], operation: Operation, gas: u64) -> bool {
        match operation {
            Operation::Call => self.call_with_gas(gas, to, value, data, 0).is_ok(),
            Operation::DelegateCall => self.delegate_with_gas(gas, to, data),
        }
    }
}
