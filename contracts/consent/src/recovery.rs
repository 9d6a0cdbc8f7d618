//! A grantor's new key, where the old one is lost.
//!
//! A recovery does not copy consents: the grantor stays the same, and another key acts for it. The old key can veto until
//! the recovery is finished, and is nobody afterwards: whoever has it could have named representatives until then, so these
//! count no longer.

use alloy_primitives::Address;
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Consent;
use crate::abi::*;
use crate::rules;
use crate::storage::{Grantor, Recovery};

impl Consent {
    pub(crate) fn recovery(&self, grantor: Address) -> (Address, Address, u64) {
        let Recovery { recoverer, ready_at } = self.stored_recovery(grantor);
        let new_key = if ready_at == 0 { Address::ZERO } else { self.new_key(grantor) };
        (recoverer, new_key, ready_at)
    }

    pub(crate) fn set_recovery(&mut self, grantor: Address, recoverer: Address) -> Result<(), Revert> {
        self.set_recovery_by(self.vm().msg_sender(), grantor, recoverer)
    }

    pub(crate) fn start_recovery(&mut self, grantor: Address, new_key: Address) -> Result<(), Revert> {
        self.start_recovery_by(self.vm().msg_sender(), grantor, new_key)
    }

    pub(crate) fn veto_recovery(&mut self, grantor: Address) -> Result<(), Revert> {
        self.veto_recovery_by(self.vm().msg_sender(), grantor)
    }

    pub(crate) fn set_recovery_by(&mut self, by: Address, grantor: Address, recoverer: Address) -> Result<(), Revert> {
        self.authorize_key(by, grantor)?;
        self.write_recovery(grantor, &Recovery { recoverer, ready_at: 0 });
        RecoverySet { grantor, recoverer }.log(self);
        Ok(())
    }

    /// The recoverer may begin again with another key; then the time begins again too.
    pub(crate) fn start_recovery_by(&mut self, by: Address, grantor: Address, new_key: Address) -> Result<(), Revert> {
        let recoverer = self.stored_recovery(grantor).recoverer;
        ensure!(by == recoverer, ConsentUnauthorized { grantor, account: by });
        ensure!(!new_key.is_zero(), ConsentInvalidKey {});
        let ready_at = self.vm().block_timestamp() + u64::from(self.counters().recovery_delay);
        self.set_new_key(grantor, new_key);
        self.write_recovery(grantor, &Recovery { recoverer, ready_at });
        RecoveryStarted { grantor, new_key, ready_at }.log(self);
        Ok(())
    }

    pub(crate) fn veto_recovery_by(&mut self, by: Address, grantor: Address) -> Result<(), Revert> {
        self.authorize_key(by, grantor)?;
        let recovery = self.stored_recovery(grantor);
        ensure!(recovery.ready_at != 0, ConsentNoRecovery { grantor });
        self.write_recovery(grantor, &Recovery { ready_at: 0, ..recovery });
        RecoveryVetoed { grantor }.log(self);
        Ok(())
    }

    pub(crate) fn finish_recovery(&mut self, grantor: Address) -> Result<(), Revert> {
        let recovery = self.stored_recovery(grantor);
        let ready_at = recovery.ready_at;
        ensure!(ready_at != 0, ConsentNoRecovery { grantor });
        ensure!(ready_at <= self.vm().block_timestamp(), ConsentRecoveryNotReady { ready_at });
        let (new_key, state) = (self.new_key(grantor), self.grantor(grantor));
        let keys = rules::next(state.keys)?;
        self.write_recovery(grantor, &Recovery { ready_at: 0, ..recovery });
        self.set_key(grantor, new_key);
        self.set_grantor(grantor, &Grantor { replaced: true, keys, ..state });
        KeyReplaced { grantor, new_key }.log(self);
        Ok(())
    }
}
