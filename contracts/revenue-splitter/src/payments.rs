//! What comes in: revenue with and without its source, and money for the pool.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::RevenueSplitter;
use crate::abi::*;
use crate::rules;
use crate::storage::{Ether, Payee, Pool, Taken};

impl RevenueSplitter {
    pub(crate) fn pay(&mut self, token: Address, amount: U256, source: Source) -> Result<u128, Revert> {
        let (before, received) = self.take(token, amount)?;
        let version = if token.is_zero() {
            let (from, amount) = (self.vm().msg_sender(), self.vm().msg_value());
            PaymentReceived { from, amount }.log(self);
            self.ether().version
        } else {
            self.arrive(token, before, received)?
        };

        let Source { data_class, licence, request } = source;
        let payer = self.vm().msg_sender();
        RevenueReceived { token, payer, licence, data_class, request, amount: received, version }.log(self);
        Ok(received)
    }

    /// The registry is asked before anything moves.
    pub(crate) fn pay_licence(
        &mut self,
        token: Address,
        amount: U256,
        licence: B256,
        pointer: B256,
        request: B256,
    ) -> Result<u128, Revert> {
        let registry = self.stored_registry();
        ensure!(!registry.is_zero(), SplitterInvalidRegistry { registry });
        let actor = IRegistry::at(registry).access_request(self, pointer, request)?;
        ensure!(!actor.is_zero(), SplitterNoSuchRequest { pointer, request });
        let (_, _, custodian, data_class, _) = IRegistry::at(registry).status(self, pointer)?;

        let received = self.pay(token, amount, Source { data_class, licence, request })?;
        LicencePaid { request, pointer, custodian, actor, licence, token, amount: received }.log(self);
        Ok(received)
    }

    pub(crate) fn fund_pool(&mut self, token: Address, amount: U256) -> Result<u128, Revert> {
        let (before, received) = self.take(token, amount)?;
        let this = self.vm().contract_address();
        if token.is_zero() {
            let ether = self.ether();
            let payee = self.stored_payee(this);
            self.set_ether(&Ether { offset: ether.offset + received, ..ether });
            self.set_payee(this, &Payee { settled: payee.settled + received, ..payee });
        } else {
            let pool = self.observe(token, before).pool;
            ensure!(received <= rules::countable(&pool), SplitterNothingReceived { token });
            let taken = self.taken(token, this);
            self.set_pool(token, &Pool { booked: pool.booked + received, ..pool });
            self.set_taken(token, this, &Taken { settled: taken.settled + received, ..taken });
        }

        PoolFunded { token, from: self.vm().msg_sender(), amount: received }.log(self);
        Ok(received)
    }

    pub(crate) fn notice(&mut self, token: Address) -> Result<u128, Revert> {
        let balance = self.balance_of(token)?;
        let look = self.observe(token, balance);
        self.set_pool(token, &look.pool);
        Ok(look.noticed)
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Books tokens that were just taken, for the current table, whose version it returns. What was here before them
    /// and not noticed is noticed first: it is nobody's payment.
    fn arrive(&mut self, token: Address, before: u128, received: u128) -> Result<u32, Revert> {
        let pool = self.observe(token, before).pool;
        ensure!(received <= rules::countable(&pool), SplitterNothingReceived { token });
        let Pool { version, received: so_far, booked } = pool;
        self.set_pool(token, &Pool { version, received: so_far + received, booked: booked + received });
        Ok(version)
    }
}
