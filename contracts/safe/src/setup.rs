//! How a proxy begins, and how the singleton is closed.

use alloy_primitives::{Address, U256};
use consilium_abi::{Chain, List, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Safe;
use crate::abi::SafeSetup;
use crate::reasons::{MODULES_SET_UP, SETUP_CALL_FAILED, SETUP_TARGET_WITHOUT_CODE};
use crate::rules::Operation;
use crate::storage::SENTINEL;

impl Safe {
    /// Who is first sets a proxy up: the threshold, which is never zero again, is what makes a second time fail.
    #[allow(clippy::too_many_arguments, reason = "the ABI's")]
    pub(crate) fn setup(
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
        self.set_up_owners(owners, threshold)?;
        if !fallback_handler.is_zero() {
            self.change_handler(fallback_handler)?;
        }
        self.set_up_modules(to, data)?;
        if !payment.is_zero() {
            // So much gas at a price of 1.
            let price = U256::from(1);
            self.pay(payment, U256::ZERO, price, payment_token, payment_receiver)?;
        }
        let initiator = self.vm().msg_sender();
        SafeSetup { initiator, owners, threshold, initializer: to, fallback_handler }.log(self);
        Ok(())
    }

    /// UNGUARDED: only the setup calls this.
    fn set_up_modules(&mut self, to: Address, data: &[u8]) -> Result<(), Revert> {
        ensure!(self.module_after(SENTINEL).is_zero(), MODULES_SET_UP);
        self.set_module_after(SENTINEL, SENTINEL);
        if !to.is_zero() {
            ensure!(self.has_code(to), SETUP_TARGET_WITHOUT_CODE);
            let done = self.perform(to, U256::ZERO, data, Operation::DelegateCall, u64::MAX);
            ensure!(done, SETUP_CALL_FAILED);
        }
        Ok(())
    }

    /// Gives the singleton itself a threshold and no owners: nobody can set it up, and nobody can use it.
    ///
    /// Whoever deploys it calls this in the same transaction. There is no harm in whoever calls it later. A constructor
    /// would be there in each proxy too, for whoever called it first.
    pub(crate) fn close_singleton(&mut self) {
        self.set_threshold(U256::from(1));
    }

    /// Whether this is the singleton, and not closed yet. A proxy of another kind than Safe's can have nothing in slot 0
    /// either: once it is set up it has a threshold, and nobody changes that.
    pub(crate) fn is_open_singleton(&self) -> bool {
        !self.is_behind_proxy() && self.stored_threshold().is_zero()
    }
}
