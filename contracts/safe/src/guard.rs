//! The guard: a contract that is asked before and after each transaction of the owners, and can refuse it. Modules are
//! not guarded.

use alloy_primitives::{Address, B256};
use consilium_abi::{Revert, encode_with_prefix, ensure, sol};
use stylus_sdk::prelude::*;

use crate::Safe;
use crate::abi::{ChangedGuard, ITransactionGuard};
use crate::reasons::NO_GUARD;
use crate::rules::Transaction;

/// `supportsInterface(bytes4)`.
const SUPPORTS_INTERFACE: [u8; 4] = [0x01, 0xff, 0xc9, 0xa7];
/// The ERC-165 id of a guard.
const GUARD_INTERFACE_ID: [u8; 4] = [0xe6, 0xd7, 0xa8, 0x3a];

impl Safe {
    pub(crate) fn set_guard(&mut self, guard: Address) -> Result<(), Revert> {
        if !guard.is_zero() {
            let call = encode_with_prefix::<(sol::FixedBytes<4>,)>(&SUPPORTS_INTERFACE, &(GUARD_INTERFACE_ID,));
            ensure!(self.ask(guard, &call)? != [0; 32], NO_GUARD);
        }
        self.set_stored_guard(guard);
        ChangedGuard { guard }.log(self);
        Ok(())
    }

    /// A guard's revert is passed on: nothing has happened then.
    pub(crate) fn ask_guard_before(
        &mut self,
        guard: Address,
        transaction: &Transaction<'_>,
        signatures: &[u8],
    ) -> Result<(), Revert> {
        if guard.is_zero() {
            return Ok(());
        }
        let sender = self.vm().msg_sender();
        ITransactionGuard::at(guard).check_transaction(
            self,
            transaction.to,
            transaction.value,
            transaction.data,
            transaction.operation as u8,
            transaction.safe_tx_gas,
            transaction.base_gas,
            transaction.gas_price,
            transaction.gas_token,
            transaction.refund_receiver,
            signatures,
            sender,
        )
    }

    pub(crate) fn ask_guard_after(&mut self, guard: Address, hash: B256, success: bool) -> Result<(), Revert> {
        if guard.is_zero() {
            return Ok(());
        }
        ITransactionGuard::at(guard).check_after_execution(self, hash, success)
    }
}
