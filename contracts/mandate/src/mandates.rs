//! Giving and ending mandates, and what the contract says of itself. Who may is part of the declaration.

use alloy_primitives::{Address, FixedBytes};
use consilium_abi::{Revert, ensure};
use consilium_components::access_managed::{ACCESS_MANAGED_INTERFACE_ID, ObeysAuthority};
use stylus_sdk::prelude::*;

use crate::Mandate;
use crate::abi::*;
use crate::rules;
use crate::storage::Terms;

/// `supportsInterface(bytes4)`.
const ERC165: [u8; 4] = [0x01, 0xff, 0xc9, 0xa7];

impl Mandate {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn mandate(&self, holder: Address) -> (u64, u32, u64, u32) {
        let terms = self.terms(holder);
        let due = if rules::is_owed(&terms) { terms.due } else { 0 };
        (terms.until, terms.report_every, due, terms.number)
    }

    pub(crate) fn is_running(&self, holder: Address) -> bool {
        rules::is_running(&self.terms(holder), self.vm().block_timestamp())
    }

    pub(crate) fn supports_interface(&self, id: FixedBytes<4>) -> bool {
        [ERC165, ACCESS_MANAGED_INTERFACE_ID].contains(&id.0)
    }

    // ------------------------------------ changing; the constructor calls them too. UNGUARDED: the declaration
    // restricts them

    pub(crate) fn grant_mandate(
        &mut self,
        holder: Address,
        until: u64,
        report_every: u32,
        first_report_by: u64,
    ) -> Result<(), Revert> {
        let (this, now) = (self.vm().contract_address(), self.vm().block_timestamp());
        let can_hold = !holder.is_zero() && holder != this && holder != self.authority();
        ensure!(can_hold, MandateInvalidHolder { holder });
        ensure!(now < until, MandateInvalidEnd { until });
        let is_calendar = rules::is_calendar(report_every, first_report_by, until, now);
        ensure!(is_calendar, MandateInvalidReport { report_every, first_report_by });

        let terms = rules::granted(&self.terms(holder), until, report_every, first_report_by, now);
        self.set_terms(holder, &terms);

        let Terms { number, due, .. } = terms;
        MandateGranted { holder, number, until, report_every, due }.log(self);
        Ok(())
    }

    pub(crate) fn end_mandate(&mut self, holder: Address) -> Result<(), Revert> {
        let terms = self.running(holder)?;
        let number = terms.number;
        self.set_terms(holder, &Terms { until: self.vm().block_timestamp(), ..terms });

        MandateEnded { holder, number }.log(self);
        Ok(())
    }

    // ------------------------------------------------------------------------------------------------ checks

    /// The terms of a holder whose mandate is running.
    pub(crate) fn running(&self, holder: Address) -> Result<Terms, Revert> {
        let terms = self.terms(holder);
        ensure!(rules::is_running(&terms, self.vm().block_timestamp()), MandateNotRunning { holder });
        Ok(terms)
    }
}
