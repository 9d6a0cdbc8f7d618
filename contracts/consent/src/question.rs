//! The question: may an actor see data of a class of a grantor for a purpose?
//!
//! All forms of it ask the same method, for a mask of classes.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::List;
use stylus_sdk::prelude::*;

use crate::Consent;
use crate::abi::*;
use crate::rules::{self, PURPOSES, Reason};
use crate::storage::{Grantor, Rules, Terms};

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) grantor: Address,
    pub(crate) actor: Address,
    pub(crate) on_behalf_of: Address,
    pub(crate) classes: U256,
    pub(crate) purpose: u8,
}

impl Asked {
    /// What is asked about one class.
    pub(crate) fn one(grantor: Address, actor: Address, on_behalf_of: Address, data_class: u8, purpose: u8) -> Self {
        Self { grantor, actor, on_behalf_of, classes: rules::bit(data_class), purpose }
    }
}

/// What is found. The reason is that of the classes together: that of a single class if one is asked for.
pub(crate) struct Answer {
    pub(crate) permitted: U256,
    pub(crate) reason: Reason,
    pub(crate) grantee: Address,
    /// The deciding provision, without a number if none decided.
    pub(crate) terms: Terms,
    pub(crate) place: u8,
}

impl Answer {
    fn new() -> Self {
        Self {
            permitted: U256::ZERO,
            reason: Reason::NoConsent,
            grantee: Address::ZERO,
            terms: Terms::default(),
            place: 0,
        }
    }

    /// What does not depend on provisions.
    fn set(&mut self, reason: Reason, permitted: U256) {
        *self = Self { permitted, reason, ..Self::new() };
    }

    /// A provision speaks. A denial counts most, then a permit, then what would have permitted, and of equals the first.
    fn hear(&mut self, reason: Reason, grantee: Address, terms: &Terms, place: u8) {
        let rank = |reason: Reason| match reason {
            Reason::Denies => 3,
            Reason::Permits => 2,
            _ => 1,
        };
        let (new, old) = (rank(reason), rank(self.reason));
        if new > old || new == old && reason > self.reason {
            (self.reason, self.grantee, self.terms, self.place) = (reason, grantee, *terms, place);
        }
    }
}

impl Consent {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn is_permitted(
        &self,
        grantor: Address,
        actor: Address,
        on_behalf_of: Address,
        data_class: u8,
        purpose: u8,
    ) -> (bool, u8, Address, u32) {
        let answer = self.decide(Asked::one(grantor, actor, on_behalf_of, data_class, purpose));
        (answer.reason.permits(), answer.reason as u8, answer.grantee, answer.terms.number)
    }

    pub(crate) fn permitted_classes(
        &self,
        grantor: Address,
        actor: Address,
        on_behalf_of: Address,
        classes: U256,
        purpose: u8,
    ) -> U256 {
        self.decide(Asked { grantor, actor, on_behalf_of, classes, purpose }).permitted
    }

    pub(crate) fn are_permitted(&self, questions: List<'_, Question>) -> Vec<u8> {
        let one = |question: Question| {
            let Question { grantor, actor, on_behalf_of, data_class, purpose } = question;
            self.is_permitted(grantor, actor, on_behalf_of, data_class, purpose).1
        };
        questions.iter().map(one).collect()
    }

    pub(crate) fn explain(
        &self,
        grantor: Address,
        actor: Address,
        on_behalf_of: Address,
        data_class: u8,
        purpose: u8,
    ) -> Explanation {
        let answer = self.decide(Asked::one(grantor, actor, on_behalf_of, data_class, purpose));
        let Answer { reason, grantee, terms, place, .. } = answer;
        let found = terms.number != 0;
        let classes = if found { self.classes(grantor, grantee, place) } else { U256::ZERO };
        let permits_until = if reason == Reason::Permits {
            // It permits, so there is a limit.
            let limit = rules::limit(terms.not_before, self.rules(purpose).longest).unwrap_or_default();
            rules::earlier(terms.expiry, limit)
        } else {
            0
        };
        let open_until = self.stored_opening(grantor, actor).until;
        Explanation {
            permitted: reason.permits(),
            reason: reason as u8,
            grantee,
            provision: stored(&terms, classes),
            permits_until,
            policy_version: self.counters().version,
            emergency_until: if self.vm().block_timestamp() < open_until { open_until } else { 0 },
        }
    }

    // ----------------------------------------------------------------------------------------------- deciding

    /// Answers a question. A purpose that cannot be is permitted to nobody.
    pub(crate) fn decide(&self, asked: Asked) -> Answer {
        let mut answer = Answer::new();
        if asked.purpose >= PURPOSES {
            return answer;
        }
        let grantor = self.grantor(asked.grantor);
        let alone = asked.on_behalf_of.is_zero() || asked.on_behalf_of == asked.actor;
        if alone && asked.actor == self.key(asked.grantor, &grantor) {
            answer.set(Reason::Own, asked.classes);
            return answer;
        }
        let (rules, now) = (self.rules(asked.purpose), self.vm().block_timestamp());
        if let Some(reason) = self.excluded(&asked, alone, &rules, now) {
            answer.set(reason, U256::ZERO);
            return answer;
        }
        self.hear_all(&asked, alone, &grantor, &rules, now, &mut answer);
        if rules.emergency_purposes >> asked.purpose & 1 == 1 && answer.permitted != asked.classes {
            self.hear_emergency(&asked, now, &mut answer);
        }
        answer
    }

    /// Asks every provision that is about the actor.
    fn hear_all(&self, asked: &Asked, alone: bool, grantor: &Grantor, rules: &Rules, now: u64, answer: &mut Answer) {
        let mut denied = U256::ZERO;
        let mut hear = |grantee| self.hear(asked, grantee, grantor, rules, now, &mut denied, answer);
        hear(asked.actor);
        if !alone {
            hear(asked.on_behalf_of);
        }
        for role in rules::roles(grantor.roles) {
            let has = |account| now < self.stored_role(role, account);
            if has(asked.actor) || !alone && has(asked.on_behalf_of) {
                hear(rules::role_grantee(role));
            }
        }
        answer.permitted &= !denied;
    }

    /// Asks the provisions for one grantee.
    #[expect(clippy::too_many_arguments, reason = "what a question has read is handed on, and not read again")]
    fn hear(
        &self,
        asked: &Asked,
        grantee: Address,
        grantor: &Grantor,
        rules: &Rules,
        now: u64,
        denied: &mut U256,
        answer: &mut Answer,
    ) {
        let first = self.first(asked.grantor, grantee, grantor);
        for place in 0..first.count {
            let terms = if place == 0 { first } else { self.terms(asked.grantor, grantee, place) };
            let Some(mut reason) = rules::in_force(&terms, asked.purpose, now) else { continue };
            let classes = self.classes(asked.grantor, grantee, place);
            let mut about = classes & asked.classes;
            if about.is_zero() {
                continue;
            }
            match reason {
                Reason::Denies => *denied |= about,
                Reason::Permits => {
                    about &= rules::counts_for(rules, classes, terms.purposes, asked.purpose);
                    let limit = rules::limit(terms.not_before, rules.longest);
                    if about.is_zero() {
                        reason = Reason::NotSeparate;
                    } else if limit.is_none_or(|end| rules::has_ended(end, now)) {
                        reason = Reason::TooOld;
                    } else {
                        answer.permitted |= about;
                    }
                }
                _ => {}
            }
            answer.hear(reason, grantee, &terms, place);
        }
    }

    /// An emergency opens what no provision permits, but for what policy keeps closed.
    fn hear_emergency(&self, asked: &Asked, now: u64, answer: &mut Answer) {
        if now < self.stored_opening(asked.grantor, asked.actor).until {
            let open = self.open_classes(asked.grantor, asked.actor) & !self.closed_classes() & asked.classes;
            if !open.is_zero() {
                answer.set(Reason::Emergency, answer.permitted | open);
            }
        }
    }
}

/// A provision as it is told.
pub(crate) fn stored(terms: &Terms, classes: U256) -> StoredProvision {
    StoredProvision {
        number: terms.number,
        classes,
        purposes: terms.purposes,
        deny: terms.deny,
        not_before: terms.not_before,
        expiry: terms.expiry,
        policy_version: terms.policy,
    }
}
