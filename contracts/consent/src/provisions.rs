//! Granting, amending and revoking.
//!
//! Each function that changes something has two forms. One is called by the grantor or its representative. The other, with
//! `by`, is UNGUARDED until it has asked [`Consent::authorize`] itself, and is also what a signed act performs.
//! It checks everything before it writes anything, so that one that fails leaves nothing behind.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{List, Revert, ensure};
use consilium_components::access_managed::ObeysAuthority;
use consilium_components::multicall;
use stylus_sdk::prelude::*;

use crate::Consent;
use crate::abi::*;
use crate::question::stored;
use crate::rules;
use crate::storage::{Grantor, MOST, MOST_ROLES, Terms};

impl Consent {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn provisions(&self, grantor: Address, grantee: Address) -> Vec<StoredProvision> {
        let first = self.first(grantor, grantee, &self.grantor(grantor));
        let at = |place| stored(&self.terms(grantor, grantee, place), self.classes(grantor, grantee, place));
        (0..first.count).map(at).collect()
    }

    pub(crate) fn key_of(&self, grantor: Address) -> Address {
        self.key(grantor, &self.grantor(grantor))
    }

    pub(crate) fn epoch(&self, grantor: Address) -> u32 {
        self.grantor(grantor).epoch
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn grant(&mut self, grantor: Address, provision: Provision) -> Result<u32, Revert> {
        self.grant_by(self.vm().msg_sender(), grantor, provision)
    }

    pub(crate) fn amend(&mut self, grantor: Address, number: u32, provision: Provision) -> Result<(), Revert> {
        self.amend_by(self.vm().msg_sender(), grantor, number, provision)
    }

    pub(crate) fn revoke(&mut self, grantor: Address, grantee: Address, number: u32) -> Result<(), Revert> {
        self.revoke_by(self.vm().msg_sender(), grantor, grantee, number)
    }

    pub(crate) fn revoke_grantee(&mut self, grantor: Address, grantee: Address) -> Result<(), Revert> {
        self.revoke_grantee_by(self.vm().msg_sender(), grantor, grantee)
    }

    pub(crate) fn revoke_all(&mut self, grantor: Address) -> Result<(), Revert> {
        self.revoke_all_by(self.vm().msg_sender(), grantor)
    }

    pub(crate) fn multicall(&mut self, data: List<'_, &[u8]>) -> Result<Vec<Vec<u8>>, Revert> {
        self.not_authority()?;
        multicall::multicall_at_rest(self, data)
    }

    // ---------------------------------------------------------------------------------------------- by whom

    pub(crate) fn grant_by(&mut self, by: Address, grantor: Address, provision: Provision) -> Result<u32, Revert> {
        let Provision { grantee, classes, purposes, .. } = provision;
        let mut state = self.grantor(grantor);
        self.authorize(by, grantor, &state, classes, purposes)?;
        let given = self.checked(grantor, &provision)?;
        let before = state;
        if state.epoch == 0 {
            state.epoch = 1;
        }
        if let Some(role) = rules::role_of(grantee) {
            state.roles |= 1 << role;
        }
        let first = self.first(grantor, grantee, &state);
        let has_room = first.count < MOST && state.roles.count_ones() <= MOST_ROLES;
        ensure!(has_room, ConsentTooManyProvisions { grantor, grantee });

        let (place, number) = (first.count, rules::next(first.last)?);
        let given = Terms { number, ..given };
        if place > 0 {
            self.set_terms(grantor, grantee, place, &given);
        }
        let kept = if place > 0 { first } else { given };
        let first = Terms { count: place + 1, last: number, epoch: state.epoch, ..kept };
        self.set_terms(grantor, grantee, 0, &first);
        self.set_classes(grantor, grantee, place, classes);
        if state != before {
            self.set_grantor(grantor, &state);
        }

        let Terms { not_before, expiry, policy: policy_version, .. } = given;
        let Provision { deny, document, .. } = provision;
        ConsentGranted {
            grantor,
            grantee,
            number,
            classes,
            purposes,
            deny,
            not_before,
            expiry,
            document,
            policy_version,
            by,
        }
        .log(self);
        Ok(number)
    }

    pub(crate) fn amend_by(
        &mut self,
        by: Address,
        grantor: Address,
        number: u32,
        provision: Provision,
    ) -> Result<(), Revert> {
        let Provision { grantee, classes, purposes, .. } = provision;
        let state = self.grantor(grantor);
        let (place, old) = self.find(grantor, grantee, number, &state)?;
        let all = self.classes(grantor, grantee, place) | classes;
        self.authorize(by, grantor, &state, all, old.purposes | purposes)?;
        let given = self.checked(grantor, &provision)?;

        let Terms { count, last, epoch, .. } = old;
        self.set_terms(grantor, grantee, place, &Terms { number, count, last, epoch, ..given });
        self.set_classes(grantor, grantee, place, classes);

        let Terms { not_before, expiry, policy: policy_version, .. } = given;
        let Provision { deny, document, .. } = provision;
        ConsentAmended {
            grantor,
            grantee,
            number,
            classes,
            purposes,
            deny,
            not_before,
            expiry,
            document,
            policy_version,
            by,
        }
        .log(self);
        Ok(())
    }

    /// The last provision of the pair takes the place of the revoked one.
    pub(crate) fn revoke_by(
        &mut self,
        by: Address,
        grantor: Address,
        grantee: Address,
        number: u32,
    ) -> Result<(), Revert> {
        let state = self.grantor(grantor);
        let (place, old) = self.find(grantor, grantee, number, &state)?;
        self.authorize(by, grantor, &state, self.classes(grantor, grantee, place), old.purposes)?;

        let first = self.first(grantor, grantee, &state);
        let last = first.count - 1;
        let moved = self.terms(grantor, grantee, last);
        let moved_classes = self.classes(grantor, grantee, last);
        self.set_classes(grantor, grantee, last, U256::ZERO);
        if last > 0 {
            self.set_terms(grantor, grantee, last, &Terms::default());
        }
        if place < last {
            self.set_classes(grantor, grantee, place, moved_classes);
            if place > 0 {
                self.set_terms(grantor, grantee, place, &moved);
            }
        }
        let kept = match place {
            0 if last == 0 => Terms::default(),
            0 => moved,
            _ => first,
        };
        self.set_pair(grantor, grantee, &state, Terms { count: last, last: first.last, ..kept });

        ConsentRevoked { grantor, grantee, number, by }.log(self);
        Ok(())
    }

    pub(crate) fn revoke_grantee_by(&mut self, by: Address, grantor: Address, grantee: Address) -> Result<(), Revert> {
        let state = self.grantor(grantor);
        self.authorize(by, grantor, &state, U256::MAX, u64::MAX)?;

        let first = self.first(grantor, grantee, &state);
        self.set_pair(grantor, grantee, &state, Terms { count: 0, ..first });

        ConsentsRevoked { grantor, grantee, by }.log(self);
        Ok(())
    }

    pub(crate) fn revoke_all_by(&mut self, by: Address, grantor: Address) -> Result<(), Revert> {
        let state = self.grantor(grantor);
        self.authorize(by, grantor, &state, U256::MAX, u64::MAX)?;

        let epoch = rules::next(state.epoch)?;
        self.set_grantor(grantor, &Grantor { epoch, roles: 0, ..state });

        AllConsentsRevoked { grantor, epoch, by }.log(self);
        Ok(())
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// The first provision of a pair, with a count that holds in the grantor's epoch.
    pub(crate) fn first(&self, grantor: Address, grantee: Address, state: &Grantor) -> Terms {
        let first = self.terms(grantor, grantee, 0);
        if first.epoch == state.epoch { first } else { Terms { count: 0, ..first } }
    }

    /// A provision in force, and its place.
    fn find(&self, grantor: Address, grantee: Address, number: u32, state: &Grantor) -> Result<(u8, Terms), Revert> {
        let count = self.first(grantor, grantee, state).count;
        let found = (0..count)
            .map(|place| (place, self.terms(grantor, grantee, place)))
            .find(|(_, terms)| terms.number == number);
        found.ok_or_else(|| ConsentNoSuchProvision { grantor, grantee, number }.into())
    }

    /// A provision as it is stored, without what the pair adds. One that begins at 0 begins now.
    fn checked(&self, grantor: Address, provision: &Provision) -> Result<Terms, Revert> {
        let now = self.vm().block_timestamp();
        let &Provision { grantee, classes, purposes, deny, not_before, expiry, .. } = provision;
        let not_before = if not_before == 0 { now } else { not_before };
        let is_someone = !grantee.is_zero() && grantee != grantor;
        let says_something = !classes.is_zero() && purposes != 0;
        let lasts = expiry == 0 || expiry > not_before.max(now);
        let fits = (not_before | expiry) >> 40 == 0;
        ensure!(is_someone && says_something && lasts && fits, ConsentInvalidProvision {});
        let policy = self.counters().version;
        Ok(Terms { purposes, deny, not_before, expiry, policy, ..Terms::default() })
    }

    /// Writes the first word of a pair with fewer provisions than before. A role that none names is asked no more.
    /// UNGUARDED: the caller of this has checked that the actor may.
    fn set_pair(&mut self, grantor: Address, grantee: Address, state: &Grantor, first: Terms) {
        self.set_terms(grantor, grantee, 0, &Terms { epoch: state.epoch, ..first });
        if let Some(role) = rules::role_of(grantee)
            && first.count == 0
        {
            self.set_grantor(grantor, &Grantor { roles: state.roles & !(1 << role), ..*state });
        }
    }
}
