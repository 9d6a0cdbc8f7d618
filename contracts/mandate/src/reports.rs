//! Reports, and reports that are overdue.

use alloy_primitives::{Address, B256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Mandate;
use crate::abi::*;
use crate::rules;
use crate::storage::Terms;

impl Mandate {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn is_overdue(&self, holder: Address) -> bool {
        rules::is_overdue(&self.terms(holder), self.vm().block_timestamp())
    }

    pub(crate) fn missed(&self, holder: Address) -> u64 {
        rules::missed(&self.terms(holder), self.vm().block_timestamp()).unwrap_or(0)
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn report(&mut self, hash: B256, locator: &[u8]) -> Result<(), Revert> {
        ensure!(!hash.is_zero(), MandateEmptyReport {});
        let (holder, now) = (self.vm().msg_sender(), self.vm().block_timestamp());
        let terms = self.terms(holder);
        let reports = terms.report_every != 0 && (rules::is_running(&terms, now) || rules::is_owed(&terms));
        ensure!(reports, MandateNoReport { holder });

        let due = terms.due;
        let next_due = rules::due_after_report(due, terms.report_every, now);
        self.set_terms(holder, &Terms { due: next_due, ..terms });

        Reported { holder, due, hash, locator, next_due }.log(self);
        Ok(())
    }

    pub(crate) fn mark_overdue(&mut self, holder: Address) -> Result<(), Revert> {
        let terms = self.terms(holder);
        let Some(due) = rules::missed(&terms, self.vm().block_timestamp()) else {
            let (_, _, due, _) = self.mandate(holder);
            return Err(MandateNotOverdue { holder, due }.into());
        };
        self.set_terms(holder, &Terms { marked: due, ..terms });

        ReportOverdue { holder, due }.log(self);
        Ok(())
    }
}
