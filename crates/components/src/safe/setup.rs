//! How a proxy begins, and how the singleton is closed.

use alloy_primitives::{Address, U256};
use consilium_abi::{List, Revert, ensure};
use stylus_sdk::prelude::*;

use super::abi::SafeSetup;
use super::calls::perform;
use super::fallback::change_handler;
use super::owners::set_up_owners;
use super::reasons::{MODULES_SET_UP, SETUP_CALL_FAILED, SETUP_TARGET_WITHOUT_CODE};
use super::refund::pay;
use super::rules::Operation;
use super::storage::{SENTINEL, Slots};
use super::version::Version;

impl<S: Version> Setup for S {}

/// Setting up a proxy.
pub trait Setup: Version {
    /// `setup`. Who is first sets a proxy up: the threshold, which is never zero again, is what makes a second time
    /// fail.
    #[allow(clippy::too_many_arguments, reason = "the ABI's")]
    fn setup(
        &mut self,
        owners: List<'_, Address>,
        threshold: U256,
        to: Address,
        data: &[u8],
        fallback_handler: Address,
        payment_token: Address,
        payment: U256,
        payment_receiver: Address,
    ) -> Result<(), Revert> {
        let log = |safe: &mut Self| {
            let initiator = safe.vm().msg_sender();
            SafeSetup { initiator, owners, threshold, initializer: to, fallback_handler }.log(safe);
        };
        if Self::LOGS_SETUP_FIRST {
            log(self);
        }
        set_up_owners(self, owners, threshold)?;
        if !fallback_handler.is_zero() {
            change_handler(self, fallback_handler)?;
        }
        set_up_modules(self, to, data)?;
        if !payment.is_zero() {
            // So much gas at a price of 1.
            let price = U256::from(1);
            pay(self, payment, U256::ZERO, price, payment_token, payment_receiver)?;
        }
        if !Self::LOGS_SETUP_FIRST {
            log(self);
        }
        Ok(())
    }
}

/// UNGUARDED: only the setup calls this.
fn set_up_modules<S: Version>(safe: &mut S, to: Address, data: &[u8]) -> Result<(), Revert> {
    ensure!(safe.module_after(SENTINEL).is_zero(), MODULES_SET_UP);
    safe.set_module_after(SENTINEL, SENTINEL);
    if !to.is_zero() {
        ensure!(safe.has_code(to), SETUP_TARGET_WITHOUT_CODE);
        let done = perform(safe, to, U256::ZERO, data, Operation::DelegateCall, u64::MAX);
        ensure!(done, SETUP_CALL_FAILED);
    }
    Ok(())
}

/// Gives the singleton itself a threshold and no owners: nobody can set it up, and nobody can use it.
///
/// StylusDeployer calls this in the transaction that creates the program. There is no harm in whoever calls it later, nor
/// in a stranger who sets the singleton up before: that is a Safe of its own, and no proxy reads it. A constructor
/// would be there in each proxy too, for whoever called it first.
pub(super) fn close_singleton<S: Version>(safe: &mut S) {
    safe.set_threshold(U256::from(1));
}

/// Whether this is the singleton, and not closed yet. A proxy of another kind than Safe's can have nothing in slot 0
/// either: once it is set up it has a threshold, and nobody changes that.
pub(super) fn is_open_singleton<S: Version>(safe: &S) -> bool {
    !safe.is_behind_proxy() && safe.stored_threshold().is_zero()
}
