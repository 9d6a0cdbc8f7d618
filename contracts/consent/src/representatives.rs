//! Who may act for a grantor.

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Consent;
use crate::abi::*;
use crate::storage::{Grantor, Scope};

impl Consent {
    pub(crate) fn representative(&self, grantor: Address, account: Address) -> (U256, u64, u64, bool) {
        match self.counting(grantor, &self.grantor(grantor), account) {
            Some(Scope { purposes, until, appointed, .. }) => {
                (self.scope_classes(grantor, account), purposes, until, appointed)
            }
            None => (U256::ZERO, 0, 0, false),
        }
    }

    pub(crate) fn set_representative(
        &mut self,
        grantor: Address,
        representative: Address,
        classes: U256,
        purposes: u64,
        until: u64,
    ) -> Result<(), Revert> {
        self.set_representative_by(self.vm().msg_sender(), grantor, representative, classes, purposes, until)
    }

    /// The grantor cannot change whom the DAO appointed.
    pub(crate) fn set_representative_by(
        &mut self,
        by: Address,
        grantor: Address,
        representative: Address,
        classes: U256,
        purposes: u64,
        until: u64,
    ) -> Result<(), Revert> {
        self.authorize_key(by, grantor)?;
        let keys = self.grantor(grantor).keys;
        let old = self.scope(grantor, representative);
        let is_appointed = old.appointed && self.vm().block_timestamp() < old.until;
        ensure!(!is_appointed, ConsentAppointedRepresentative { representative });
        self.write_representative(grantor, representative, classes, Scope { purposes, until, appointed: false, keys });
        Ok(())
    }

    pub(crate) fn appoint_representative(
        &mut self,
        grantor: Address,
        representative: Address,
        classes: U256,
        purposes: u64,
        until: u64,
    ) {
        self.write_representative(
            grantor,
            representative,
            classes,
            Scope { purposes, until, appointed: true, keys: 0 },
        );
    }

    /// UNGUARDED: the caller of this is restricted, or has checked that the grantor wants it.
    fn write_representative(&mut self, grantor: Address, representative: Address, classes: U256, scope: Scope) {
        self.set_scope(grantor, representative, &scope, classes);
        let Scope { purposes, until, appointed, .. } = scope;
        RepresentativeSet { grantor, representative, classes, purposes, until, appointed }.log(self);
    }

    /// Reverts unless an account is the key of a grantor that has been read, or a representative whose scope covers this.
    pub(crate) fn authorize(
        &self,
        account: Address,
        grantor: Address,
        state: &Grantor,
        classes: U256,
        purposes: u64,
    ) -> Result<(), Revert> {
        if account == self.key(grantor, state) {
            return Ok(());
        }
        let scope = self.counting(grantor, state, account).unwrap_or_default();
        let covers = self.vm().block_timestamp() < scope.until
            && purposes & !scope.purposes == 0
            && (classes & !self.scope_classes(grantor, account)).is_zero();
        ensure!(covers, ConsentUnauthorized { grantor, account });
        Ok(())
    }

    /// A representative whom the DAO appointed, or the key named that acts now.
    fn counting(&self, grantor: Address, state: &Grantor, account: Address) -> Option<Scope> {
        let scope = self.scope(grantor, account);
        (scope.appointed || scope.keys == state.keys).then_some(scope)
    }

    /// Reverts unless an account is the grantor's key.
    pub(crate) fn authorize_key(&self, account: Address, grantor: Address) -> Result<(), Revert> {
        ensure!(account == self.key_of(grantor), ConsentUnauthorized { grantor, account });
        Ok(())
    }
}
