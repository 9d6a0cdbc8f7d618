//! What payees are due in ether, and releasing it: OpenZeppelin 4.9's PaymentSplitter, for any number of tables.

use alloy_primitives::Address;
use consilium_abi::{Revert, ensure};

use crate::RevenueSplitter;
use crate::abi::*;
use crate::rules;
use crate::storage::{Ether, Payee};

impl RevenueSplitter {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn total_released(&self) -> u128 {
        self.ether().released
    }

    pub(crate) fn released(&self, account: Address) -> u128 {
        self.stored_payee(account).released
    }

    pub(crate) fn releasable(&self, account: Address) -> u128 {
        self.ether_due(&self.stored_payee(account))
    }

    /// What was received under the current table. The balance is never less than what is not that: ether leaves by the
    /// calls of this contract alone.
    pub(crate) fn ether_received(&self) -> u128 {
        let Ether { released, offset, .. } = self.ether();
        (self.balance() + released).saturating_sub(offset)
    }

    /// What a payee is due. Its part of the current table never shrinks, and is never more than is settled when the
    /// table is replaced; so it was never paid more than this.
    pub(crate) fn ether_due(&self, payee: &Payee) -> u128 {
        let is_current = payee.version == self.ether().version;
        let part = if is_current { rules::part(self.ether_received(), payee.share) } else { 0 };
        (payee.settled + part).saturating_sub(payee.released)
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn release(&mut self, account: Address) -> Result<(), Revert> {
        let (payee, ether) = (self.stored_payee(account), self.ether());
        let amount = self.ether_due(&payee);
        ensure!(amount != 0, SplitterNothingDue { account });

        self.set_payee(account, &Payee { released: payee.released + amount, ..payee });
        self.set_ether(&Ether { released: ether.released + amount, ..ether });

        PaymentReleased { to: account, amount }.log(self);
        self.send(u64::MAX, Address::ZERO, account, amount, 0)?;
        Ok(())
    }
}
