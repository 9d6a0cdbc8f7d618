//! Who is a custodian, and handing a pointer over in two steps.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Panic, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::DataPointerRegistry;
use crate::abi::*;
use crate::rules::{self, REGISTERED};
use crate::storage::{Custodian, Offer, Record, Settings};

impl DataPointerRegistry {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn custodian(&self, account: Address) -> (u32, u64, u32, u32) {
        let Custodian { number, until, batches, overdue, .. } = self.stored_custodian(account);
        (number, until, batches, overdue)
    }

    pub(crate) fn custodians(&self, start: U256, limit: U256) -> Vec<Address> {
        let page = rules::page(self.settings().custodians.into(), start, limit);
        // A place is below the number of custodians.
        page.map(|place| self.account(place as u32 + 1)).collect()
    }

    pub(crate) fn custodian_count(&self) -> u32 {
        self.settings().custodians
    }

    pub(crate) fn overdue(&self, account: Address) -> u32 {
        self.stored_custodian(account).overdue
    }

    pub(crate) fn custody_offer(&self, id: B256) -> Address {
        self.standing_offer(id, &self.record(id)).unwrap_or_default()
    }

    // ---------------------------------------------------------------------------------------------- changing

    /// Whoever is admitted again after an end has a new term: what it offered before is not offered any more.
    pub(crate) fn admit_custodian(&mut self, account: Address, until: u64) -> Result<(), Revert> {
        let mut custodian = self.stored_custodian(account);
        if custodian.number == 0 {
            let settings = self.settings();
            custodian.number = settings.custodians + 1;
            // The numbers have 24 bits in a pointer's word.
            ensure!(custodian.number >> 24 == 0, Panic::Arithmetic);
            self.set_settings(&Settings { custodians: custodian.number, ..settings });
            self.set_account(custodian.number, account);
        }
        if custodian.until <= self.vm().block_timestamp() {
            custodian.term = custodian.term.checked_add(1).ok_or(Panic::Arithmetic)?;
        }
        custodian.until = until;
        self.set_custodian(account, &custodian);
        CustodianAdmitted { account, number: custodian.number, until }.log(self);
        Ok(())
    }

    pub(crate) fn offer_custody(&mut self, id: B256, to: Address) -> Result<(), Revert> {
        let record = self.existing(id)?;
        ensure!(record.state == REGISTERED, RegistrySuperseded { id });
        let from = self.vm().msg_sender();
        let Custodian { term, .. } = self.holder(&record, from)?;
        self.admitted(from)?;
        if to.is_zero() {
            self.set_offer(id, &Offer::default());
        } else {
            let to_term = self.admitted(to)?.term;
            self.set_offer(id, &Offer { to, term, to_term });
        }
        CustodyOffered { id, from, to }.log(self);
        Ok(())
    }

    pub(crate) fn accept_custody(&mut self, id: B256) -> Result<(), Revert> {
        let (record, to) = (self.record(id), self.vm().msg_sender());
        ensure!(self.standing_offer(id, &record) == Some(to), RegistryNoOffer { id, account: to });
        self.right_to_store(record.subject, to, record.data_class, &self.settings())?;
        let (custodian, from) = (self.stored_custodian(to).number, self.account(record.custodian));

        self.set_record(id, &Record { custodian, ..record });
        self.set_offer(id, &Offer::default());

        CustodyTransferred { id, from, to }.log(self);
        Ok(())
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// A custodian whose admission has not ended.
    pub(crate) fn admitted(&self, account: Address) -> Result<Custodian, Revert> {
        let custodian = self.stored_custodian(account);
        ensure!(self.vm().block_timestamp() < custodian.until, RegistryNotAdmitted { account });
        Ok(custodian)
    }

    /// An account as the custodian of a pointer, admitted or not.
    pub(crate) fn holder(&self, record: &Record, account: Address) -> Result<Custodian, Revert> {
        let custodian = self.stored_custodian(account);
        // Every stored pointer has a custodian, whose number is not 0.
        ensure!(custodian.number == record.custodian, RegistryUnauthorized { account });
        Ok(custodian)
    }

    /// To whom a pointer is offered. The offer is from the custodian that has it, since taking a pointer over clears
    /// the offer. It counts in the terms of both in which it was made.
    fn standing_offer(&self, id: B256, record: &Record) -> Option<Address> {
        let Offer { to, term, to_term } = self.offer(id);
        if to.is_zero() || record.state != REGISTERED {
            return None;
        }
        let is_in = |account, term| self.admitted(account).is_ok_and(|custodian| custodian.term == term);
        (is_in(self.account(record.custodian), term) && is_in(to, to_term)).then_some(to)
    }
}
