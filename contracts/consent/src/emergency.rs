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

/// The most gas that the hook gets.
const HOOK_GAS: u64 = 300_000;
/// What must be left before it is called, so that it can get all of that (EIP-150) and its failure can be logged.
const ENOUGH_GAS: u64 = 320_000;

impl Consent {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn emergency(&self, id: u64) -> (Address, Address, u64, u64, u8) {
        let Emergency { actor, until, review_by, verdict } = self.stored_emergency(id);
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
        self.write_emergency(id, &Emergency { actor, until, review_by, verdict: 0 });
        self.set_emergency_grantor(id, grantor);
        self.write_opening(grantor, actor, &Opening { until, id }, classes);

        let key = self.key_of(grantor);
        EmergencyDeclared { id, grantor, actor, key, classes, until, review_by, reason, statement }.log(self);
        Ok(id)
    }

    pub(crate) fn review_emergency(&mut self, id: u64, justified: bool, statement: B256) -> Result<(), Revert> {
        let emergency = self.stored_emergency(id);
        let Emergency { actor, verdict, .. } = emergency;
        ensure!(!actor.is_zero() && verdict == 0, ConsentNoSuchEmergency { id });
        let (grantor, reviewer, hook) = (self.emergency_grantor(id), self.vm().msg_sender(), self.glass().hook);

        let verdict = if justified { JUSTIFIED } else { UNJUSTIFIED };
        self.write_emergency(id, &Emergency { verdict, ..emergency });
        let opening = self.stored_opening(grantor, actor);
        if !justified && opening.id == id {
            self.write_opening(grantor, actor, &Opening { until: 0, ..opening }, U256::ZERO);
        }

        EmergencyReviewed { id, grantor, actor, justified, reviewer, statement }.log(self);
        if !justified && !hook.is_zero() {
            let gas_left = self.vm().evm_gas_left();
            ensure!(gas_left >= ENOUGH_GAS, ConsentNotEnoughGas { needed: ENOUGH_GAS });
            let mut limited = Limited { chain: self, gas: HOOK_GAS, most: 0 };
            // A hook that fails must not hold up the verdict, and keep data open.
            if IEmergencyHook::at(hook).emergency_unjustified(&mut limited, id, grantor, actor).is_err() {
                EmergencyHookFailed { id, hook }.log(self);
            }
        }
        Ok(())
    }
}
