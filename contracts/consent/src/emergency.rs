//! Breaking the glass, and what comes after it.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Limited, Revert, ensure};
use consilium_components::access_managed::ObeysAuthority;
use stylus_sdk::prelude::*;

use crate::Consent;
use crate::abi::*;
use crate::storage::{Counters, Emergency, Opening, Rate};

/// What a review found.
const JUSTIFIED: u8 = 1;
const UNJUSTIFIED: u8 = 2;

/// The most gas that the hook gets with a verdict.
const HOOK_GAS: u64 = 300_000;
/// What must be left before that, so that it can get all of it: 63/64 of what is left (EIP-150), after the slots that are
/// written before a call.
const ENOUGH_GAS: u64 = 330_000;

impl Consent {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn emergency(&self, id: u64) -> (Address, Address, u64, u64, u8) {
        let Emergency { actor, until, review_by, verdict, .. } = self.stored_emergency(id);
        (self.emergency_grantor(id), actor, until, review_by, verdict)
    }

    pub(crate) fn opening(&self, grantor: Address, actor: Address) -> (U256, u64, u64) {
        let Opening { until, id } = self.stored_opening(grantor, actor);
        (self.open_classes(grantor, actor), until, id)
    }

    // ---------------------------------------------------------------------------------------------- changing

    /// A later emergency of the same actor takes the place of the one before. Through the authority's `execute` nobody
    /// could use what is opened, and all would share its limit.
    pub(crate) fn declare_emergency(
        &mut self,
        grantor: Address,
        classes: U256,
        reason: u8,
        statement: B256,
    ) -> Result<u64, Revert> {
        let (actor, now) = (self.vm().msg_sender(), self.vm().block_timestamp());
        let is_open = !classes.is_zero() && (classes & self.closed_classes()).is_zero();
        ensure!(is_open && actor != self.authority(), ConsentEmergencyRefused { classes });
        let (glass, counters) = (self.glass(), self.counters());
        let mut rate = self.rate(actor);
        let ends_at = rate.since + u64::from(glass.window);
        if ends_at <= now {
            rate = Rate { since: now, count: 0 };
        }
        ensure!(rate.count < glass.limit, ConsentTooManyEmergencies { actor, until: ends_at });

        let id = counters.emergencies + 1;
        let (until, review_by) = (now + u64::from(glass.open_for), now + u64::from(glass.review_within));
        self.set_rate(actor, &Rate { count: rate.count + 1, ..rate });
        self.set_counters(&Counters { emergencies: id, ..counters });
        self.write_emergency(id, &Emergency { actor, until, review_by, ..Emergency::default() });
        self.set_emergency_grantor(id, grantor);
        self.write_opening(grantor, actor, &Opening { until, id }, classes);

        let key = self.key_of(grantor);
        EmergencyDeclared { id, grantor, actor, key, classes, until, review_by, reason, statement }.log(self);
        Ok(id)
    }

    /// A hook that fails must not hold up the verdict, and keep data open.
    pub(crate) fn review_emergency(&mut self, id: u64, justified: bool, statement: B256) -> Result<(), Revert> {
        let emergency = self.stored_emergency(id);
        let Emergency { actor, verdict, .. } = emergency;
        ensure!(!actor.is_zero() && verdict == 0, ConsentNoSuchEmergency { id });
        let (grantor, reviewer, hook) = (self.emergency_grantor(id), self.vm().msg_sender(), self.glass().hook);

        let reviewed = Emergency { verdict: if justified { JUSTIFIED } else { UNJUSTIFIED }, ..emergency };
        self.write_emergency(id, &reviewed);
        let opening = self.stored_opening(grantor, actor);
        if !justified && opening.id == id {
            self.write_opening(grantor, actor, &Opening { until: 0, ..opening }, U256::ZERO);
        }

        EmergencyReviewed { id, grantor, actor, justified, reviewer, statement }.log(self);
        if !justified && !hook.is_zero() {
            ensure!(self.vm().evm_gas_left() >= ENOUGH_GAS, ConsentNotEnoughGas { needed: ENOUGH_GAS });
            let mut limited = Limited { chain: self, gas: HOOK_GAS, most: 0 };
            if IEmergencyHook::at(hook).emergency_unjustified(&mut limited, id, grantor, actor).is_err() {
                self.write_emergency(id, &Emergency { untold: true, ..reviewed });
                EmergencyHookFailed { id, hook }.log(self);
            }
        }
        Ok(())
    }

    /// Gas alone does not say that a hook can be entered: a program's price has the pages in it that are open.
    pub(crate) fn retry_hook(&mut self, id: u64) -> Result<(), Revert> {
        let emergency = self.stored_emergency(id);
        ensure!(emergency.untold, ConsentNoSuchEmergency { id });
        let (grantor, hook) = (self.emergency_grantor(id), self.glass().hook);
        self.write_emergency(id, &Emergency { untold: false, ..emergency });
        EmergencyHookTold { id, hook }.log(self);
        IEmergencyHook::at(hook).emergency_unjustified(self, id, grantor, emergency.actor)
    }
}
