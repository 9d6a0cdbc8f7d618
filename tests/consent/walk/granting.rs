//! What a grantor's acts and its recovery do, by the rules of the interface's text.

use alloy::primitives::{Address, U256};
use alloy::sol_types::{SolCall, SolError};
use consilium_bindings::Consent as C;

use super::acts::time;
use super::model::{Answer, Model, ensure};
use super::state::{Given, Recovery, Scope};

impl Model {
    // ---------------------------------------------------------------------------------------------- provisions

    /// Whether an account may grant or revoke these for a grantor.
    pub(super) fn may(
        &self,
        by: Address,
        grantor: Address,
        classes: U256,
        purposes: u64,
        now: u64,
    ) -> Result<(), Vec<u8>> {
        let scope = self.state.scopes.get(&(grantor, by)).cloned().unwrap_or_default();
        let covers = now < scope.until && purposes & !scope.purposes == 0 && (classes & !scope.classes).is_zero();
        ensure(by == self.state.key(grantor) || covers, C::ConsentUnauthorized { grantor, account: by })
    }

    pub(super) fn is_key(&self, by: Address, grantor: Address) -> Result<(), Vec<u8>> {
        ensure(by == self.state.key(grantor), C::ConsentUnauthorized { grantor, account: by })
    }

    pub(super) fn given(
        &self,
        grantor: Address,
        number: u32,
        provision: &C::Provision,
        now: u64,
    ) -> Result<Given, Vec<u8>> {
        let &C::Provision { grantee, classes, purposes, deny, .. } = provision;
        let (begins, ends) = (provision.notBefore.to::<u64>(), provision.expiry.to::<u64>());
        let begins = if begins == 0 { now } else { begins };
        let is_wrong = grantee.is_zero()
            || grantee == grantor
            || classes.is_zero()
            || purposes == 0
            || ends != 0 && (ends <= begins || ends <= now)
            || begins >= 1 << 40
            || ends >= 1 << 40;
        ensure(!is_wrong, C::ConsentInvalidProvision {})?;
        Ok(Given { grantor, grantee, number, classes, purposes, deny, begins, ends, version: self.state.version })
    }

    pub(super) fn grant(&mut self, by: Address, now: u64, call: &C::grantCall) -> Answer {
        let (grantor, provision) = (call.grantor, &call.provision);
        let grantee = provision.grantee;
        self.may(by, grantor, provision.classes, provision.purposes, now)?;
        let number = self.state.last.get(&(grantor, grantee)).copied().unwrap_or_default() + 1;
        let given = self.given(grantor, number, provision, now)?;
        let mut after = self.state.clone();
        after.provisions.push(given);
        let many = after.pair(grantor, grantee).count() > 16 || after.named_roles(grantor).len() > 8;
        ensure(!many, C::ConsentTooManyProvisions { grantor, grantee })?;
        after.last.insert((grantor, grantee), number);
        after.epochs.entry(grantor).or_insert(1);
        self.state = after;
        Ok(C::grantCall::abi_encode_returns(&number))
    }

    pub(super) fn amend(&mut self, by: Address, now: u64, call: &C::amendCall) -> Result<(), Vec<u8>> {
        let &C::amendCall { grantor, number, ref provision } = call;
        let grantee = provision.grantee;
        let missing = || C::ConsentNoSuchProvision { grantor, grantee, number }.abi_encode();
        let old = self.state.find(grantor, grantee, number).ok_or_else(missing)?;
        self.may(by, grantor, old.classes | provision.classes, old.purposes | provision.purposes, now)?;
        let given = self.given(grantor, number, provision, now)?;
        self.state.amend(given);
        Ok(())
    }

    pub(super) fn revoke(&mut self, by: Address, now: u64, call: &C::revokeCall) -> Result<(), Vec<u8>> {
        let &C::revokeCall { grantor, grantee, number } = call;
        let missing = || C::ConsentNoSuchProvision { grantor, grantee, number }.abi_encode();
        let old = self.state.find(grantor, grantee, number).ok_or_else(missing)?;
        self.may(by, grantor, old.classes, old.purposes, now)?;
        self.state.take_out(grantor, grantee, number);
        Ok(())
    }

    pub(super) fn revoke_grantee(&mut self, by: Address, now: u64, call: &C::revokeGranteeCall) -> Result<(), Vec<u8>> {
        self.may(by, call.grantor, U256::MAX, u64::MAX, now)?;
        self.state.provisions.retain(|given| given.grantor != call.grantor || given.grantee != call.grantee);
        Ok(())
    }

    pub(super) fn revoke_all(&mut self, by: Address, now: u64, grantor: Address) -> Result<(), Vec<u8>> {
        self.may(by, grantor, U256::MAX, u64::MAX, now)?;
        self.state.provisions.retain(|given| given.grantor != grantor);
        *self.state.epochs.entry(grantor).or_default() += 1;
        Ok(())
    }

    pub(super) fn set_representative(
        &mut self,
        by: Address,
        now: u64,
        call: &C::setRepresentativeCall,
    ) -> Result<(), Vec<u8>> {
        let &C::setRepresentativeCall { grantor, representative, classes, purposes, until } = call;
        self.is_key(by, grantor)?;
        let old = self.state.scopes.get(&(grantor, representative)).cloned().unwrap_or_default();
        ensure(!old.appointed || old.until <= now, C::ConsentAppointedRepresentative { representative })?;
        let scope = Scope { classes, purposes, until: until.to(), appointed: false };
        self.state.scopes.insert((grantor, representative), scope);
        Ok(())
    }

    // ------------------------------------------------------------------------------------------------ recovery

    pub(super) fn set_recovery(&mut self, by: Address, call: &C::setRecoveryCall) -> Result<(), Vec<u8>> {
        self.is_key(by, call.grantor)?;
        let recovery = Recovery { recoverer: call.recoverer, under_way: None };
        self.state.recoveries.insert(call.grantor, recovery);
        Ok(())
    }

    pub(super) fn start_recovery(&mut self, by: Address, now: u64, call: &C::startRecoveryCall) -> Result<(), Vec<u8>> {
        let grantor = call.grantor;
        let recoverer = self.state.recoveries.get(&grantor).map(|recovery| recovery.recoverer).unwrap_or_default();
        ensure(by == recoverer, C::ConsentUnauthorized { grantor, account: by })?;
        ensure(!call.newKey.is_zero(), C::ConsentInvalidKey {})?;
        let ready = now + u64::from(self.state.policy.recoveryDelay);
        let under_way = Some((call.newKey, ready));
        self.state.recoveries.insert(grantor, Recovery { recoverer, under_way });
        Ok(())
    }

    pub(super) fn under_way(&mut self, grantor: Address) -> Result<&mut Recovery, Vec<u8>> {
        let recovery = self.state.recoveries.get_mut(&grantor).filter(|recovery| recovery.under_way.is_some());
        recovery.ok_or_else(|| C::ConsentNoRecovery { grantor }.abi_encode())
    }

    pub(super) fn veto_recovery(&mut self, by: Address, grantor: Address) -> Result<(), Vec<u8>> {
        self.is_key(by, grantor)?;
        self.under_way(grantor)?.under_way = None;
        Ok(())
    }

    pub(super) fn finish_recovery(&mut self, now: u64, grantor: Address) -> Result<(), Vec<u8>> {
        let recovery = self.under_way(grantor)?;
        let (key, ready) = recovery.under_way.unwrap_or_default();
        ensure(ready <= now, C::ConsentRecoveryNotReady { readyAt: time(ready) })?;
        recovery.under_way = None;
        self.state.replaced(grantor, key);
        Ok(())
    }
}
