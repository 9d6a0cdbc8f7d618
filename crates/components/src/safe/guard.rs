//! The guard: a contract that is asked before and after each transaction of the owners, and can refuse it.

use alloy_primitives::{Address, B256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use super::abi::{ChangedGuard, ITransactionGuard};
use super::calls::supports;
use super::reasons::NO_GUARD;
use super::rules::Transaction;
use super::storage::Slots;
use super::version::Version;

/// The ERC-165 id of a guard.
const GUARD_INTERFACE_ID: [u8; 4] = [0xe6, 0xd7, 0xa8, 0x3a];

impl<S: Version> Guarded for S {}

/// Having a guard.
pub trait Guarded: Version {
    /// `setGuard`.
    fn set_guard(&mut self, guard: Address) -> Result<(), Revert> {
        if !guard.is_zero() {
            ensure!(supports(self, guard, GUARD_INTERFACE_ID)?, NO_GUARD);
        }
        self.set_stored_guard(guard);
        ChangedGuard { guard }.log(self);
        Ok(())
    }
}

/// A guard's revert is passed on: nothing has happened then.
pub(super) fn ask_guard_before<S: Version>(
    safe: &mut S,
    guard: Address,
    transaction: &Transaction<'_>,
    signatures: &[u8],
) -> Result<(), Revert> {
    if guard.is_zero() {
        return Ok(());
    }
    let sender = safe.vm().msg_sender();
    ITransactionGuard::at(guard).check_transaction(
        safe,
        transaction.to,
        transaction.value,
        transaction.data,
        transaction.operation,
        transaction.safe_tx_gas,
        transaction.base_gas,
        transaction.gas_price,
        transaction.gas_token,
        transaction.refund_receiver,
        signatures,
        sender,
    )
}

pub(super) fn ask_guard_after<S: Version>(
    safe: &mut S,
    guard: Address,
    hash: B256,
    success: bool,
) -> Result<(), Revert> {
    if guard.is_zero() {
        return Ok(());
    }
    ITransactionGuard::at(guard).check_after_execution(safe, hash, success)
}
