//! What a question finds in the state: the rules by the text of the interface.

use alloy::primitives::{Address, U256};
use consilium_bindings::Consent as C;

use super::acts::time;
use super::people::role_grantee;
use super::state::{Given, State, has_ended, stored};

/// What a question finds.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) reason: u8,
    pub(super) given: Option<Given>,
}

impl Found {
    pub(super) fn permits(&self) -> bool {
        self.reason < 16
    }

    pub(super) fn grantee(&self) -> Address {
        self.given.as_ref().map_or(Address::ZERO, |given| given.grantee)
    }

    pub(super) fn number(&self) -> u32 {
        self.given.as_ref().map_or(0, |given| given.number)
    }
}

impl State {
    /// What a provision for the class and the purpose says now; nothing where it is a denial that is not in force.
    fn says(&self, given: &Given, class: u8, purpose: u8, now: u64) -> Option<u8> {
        let separate_classes = U256::from(self.policy.separateClasses) << 192usize;
        let separate_purposes = self.policy.separatePurposes;
        let days = self.longest[usize::from(purpose)];
        if given.deny {
            return (given.begins <= now && !has_ended(given.ends, now)).then_some(21);
        }
        Some(if now < given.begins {
            17
        } else if has_ended(given.ends, now) {
            18
        } else if separate_purposes >> purpose & 1 == 1 && given.purposes & !separate_purposes != 0
            || separate_classes.bit(class.into()) && !(given.classes & !separate_classes).is_zero()
        {
            20
        } else if days != u16::MAX && given.begins + u64::from(days) * 86_400 <= now || days == 0 {
            19
        } else {
            1
        })
    }

    pub(super) fn ask(&self, asked: &C::Question, now: u64) -> Found {
        let &C::Question { grantor, actor, onBehalfOf, dataClass, purpose } = asked;
        let because = |reason| Found { reason, given: None };
        if purpose > 63 {
            return because(16);
        }
        let alone = onBehalfOf.is_zero() || onBehalfOf == actor;
        if alone && actor == self.key(grantor) {
            return because(2);
        }
        let mut accounts = vec![actor];
        for account in [actor, onBehalfOf] {
            let organization = self.organization(account);
            let is_itself = account == actor;
            if is_itself && !organization.known || !is_itself && alone {
                continue;
            }
            if organization.until <= now {
                return because(23);
            }
            if self.policy.refusedJurisdictions >> organization.jurisdiction & 1 == 1 {
                return because(24);
            }
        }
        if !alone {
            if self.member_until(onBehalfOf, actor) <= now {
                return because(22);
            }
            accounts.push(onBehalfOf);
        }
        let has = |role: &u8| accounts.iter().any(|account| now < self.role_until(*role, *account));
        let roles = (0..32u8).filter(has).map(role_grantee);
        let grantees: Vec<_> = accounts.iter().copied().chain(roles).collect();
        let about = |given: &&Given| given.classes.bit(dataClass.into()) && given.purposes >> purpose & 1 == 1;
        let heard = grantees.iter().flat_map(|grantee| self.pair(grantor, *grantee).filter(about));
        let said: Vec<_> =
            heard.filter_map(|given| Some((self.says(given, dataClass, purpose, now)?, given))).collect();
        let highest = said.iter().map(|(reason, _)| *reason).max();
        let deciding = [Some(21), Some(1), highest].into_iter().flatten();
        let found = deciding.filter_map(|reason| said.iter().find(|(said, _)| *said == reason)).next();
        let found =
            found.map_or(because(16), |(reason, given)| Found { reason: *reason, given: Some((*given).clone()) });
        if !found.permits() && self.policy.emergencyPurposes >> purpose & 1 == 1 {
            let opened = self.openings.get(&(grantor, actor)).cloned().unwrap_or_default();
            let open = opened.classes & !self.policy.closedClasses;
            if now < opened.until && open.bit(dataClass.into()) {
                return because(3);
            }
        }
        found
    }

    pub(super) fn explain(&self, asked: &C::Question, now: u64) -> C::Explanation {
        let found = self.ask(asked, now);
        let permits_until = match &found.given {
            Some(given) if found.reason == 1 => {
                let days = self.longest[usize::from(asked.purpose)];
                let by_policy = (days != u16::MAX).then(|| given.begins + u64::from(days) * 86_400);
                let by_itself = (given.ends != 0).then_some(given.ends);
                by_policy.into_iter().chain(by_itself).min().unwrap_or_default()
            }
            _ => 0,
        };
        let opening = self.openings.get(&(asked.grantor, asked.actor)).cloned().unwrap_or_default();
        C::Explanation {
            permitted: found.permits(),
            reason: found.reason,
            grantee: found.grantee(),
            provision: found.given.as_ref().map_or_else(nothing, stored),
            permitsUntil: time(permits_until),
            policyVersion: self.version,
            emergencyUntil: time(if now < opening.until { opening.until } else { 0 }),
        }
    }
}

fn nothing() -> C::StoredProvision {
    C::StoredProvision {
        number: 0,
        classes: U256::ZERO,
        purposes: 0,
        deny: false,
        notBefore: time(0),
        expiry: time(0),
        policyVersion: 0,
    }
}
