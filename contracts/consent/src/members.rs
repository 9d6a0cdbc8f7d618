//! Organisations, their members, and roles.

use alloy_primitives::{Address, B256};
use consilium_abi::{List, Panic, Revert, encode, ensure};
use consilium_components::merkle;
use stylus_sdk::prelude::*;

use crate::Consent;
use crate::abi::*;
use crate::policy;
use crate::question::Asked;
use crate::rules::{self, ROLES, Reason};
use crate::storage::{Member, Organization, Rules};

impl Consent {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn organization(&self, account: Address) -> (u64, u8, u32, B256) {
        let Organization { until, list, jurisdiction, .. } = self.stored_organization(account);
        (until, jurisdiction, list, self.root(account))
    }

    pub(crate) fn member_until(&self, organization: Address, member: Address) -> u64 {
        counted(&self.member(organization, member), &self.stored_organization(organization))
    }

    pub(crate) fn role_until(&self, role: u8, account: Address) -> u64 {
        if role < ROLES { self.stored_role(role, account) } else { 0 }
    }

    pub(crate) fn role_grantee(role: u8) -> Result<Address, Revert> {
        policy::in_table(policy::ROLES, role)?;
        Ok(rules::role_grantee(role))
    }

    // ---------------------------------------------------------------------------------------------- changing

    /// Ending a member bars it from the list as it is now, so that an old proof does not bring it back.
    pub(crate) fn set_member(&mut self, member: Address, until: u64) {
        let organization = self.vm().msg_sender();
        let Organization { list, term, .. } = self.stored_organization(organization);
        let list = if until == 0 { list } else { 0 };
        self.write_member(organization, member, &Member { until, list, term });
        MemberSet { organization, member, until, list: 0 }.log(self);
    }

    pub(crate) fn set_members(&mut self, root: B256) -> Result<(), Revert> {
        let account = self.vm().msg_sender();
        let organization = self.stored_organization(account);
        let list = organization.list.checked_add(1).ok_or(Panic::Arithmetic)?;
        self.write_organization(account, &Organization { list, ..organization });
        self.set_root(account, root);
        MembersPublished { organization: account, list, root }.log(self);
        Ok(())
    }

    pub(crate) fn prove_member(
        &mut self,
        organization: Address,
        member: Address,
        until: u64,
        proof: List<'_, B256>,
    ) -> Result<(), Revert> {
        let admitted = self.stored_organization(organization);
        let Organization { list, term, .. } = admitted;
        let leaf = merkle::leaf(&encode!((address, uint48) => member, until));
        let old = self.member(organization, member);
        let now = self.vm().block_timestamp();
        let is_barred = old.until == 0 && old.list == list;
        // Anybody can bring a proof. What the organisation set itself is not replaced by it.
        let is_set = old.list == 0 && counted(&old, &admitted) > now;
        // Before the first list of a term the root is zero, and no proof leads there.
        let is_proven =
            list != 0 && until > now && !is_barred && !is_set && merkle::verify(proof, self.root(organization), leaf);
        ensure!(is_proven, ConsentInvalidProof { organization, member });
        self.write_member(organization, member, &Member { until, list, term });
        MemberSet { organization, member, until, list }.log(self);
        Ok(())
    }

    /// Whoever has the key of an organisation may be why it is removed. So a removal begins a term, and the admission
    /// after it another one: what was set before or meanwhile counts in neither. An end that comes by itself begins none.
    pub(crate) fn set_organization(
        &mut self,
        organization: Address,
        until: u64,
        jurisdiction: u8,
    ) -> Result<(), Revert> {
        policy::in_table(policy::JURISDICTIONS, jurisdiction)?;
        let old = self.stored_organization(organization);
        let mut new = Organization { until, jurisdiction, known: true, ..old };
        let (was_removed, is_removed) = (old.term % 2 == 1, until <= self.vm().block_timestamp());
        if is_removed != was_removed {
            new.term = old.term.checked_add(1).ok_or(Panic::Arithmetic)?;
            self.set_root(organization, B256::ZERO);
        }
        self.write_organization(organization, &new);
        OrganizationSet { organization, until, jurisdiction }.log(self);
        Ok(())
    }

    pub(crate) fn set_role(&mut self, role: u8, account: Address, until: u64) -> Result<(), Revert> {
        policy::in_table(policy::ROLES, role)?;
        self.write_role(role, account, until);
        RoleSet { role, account, until }.log(self);
        Ok(())
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Why an actor is not heard; nothing if it is. An organisation that the DAO removed, or whose jurisdiction it refuses,
    /// does not get by its own account what its members do not get, nor as a member of another.
    pub(crate) fn excluded(&self, asked: &Asked, alone: bool, rules: &Rules, now: u64) -> Option<Reason> {
        let itself = self.stored_organization(asked.actor);
        let refusal = itself.known.then(|| not_admitted(&itself, rules, now)).flatten();
        if alone || refusal.is_some() {
            return refusal;
        }
        let organization = self.stored_organization(asked.on_behalf_of);
        not_admitted(&organization, rules, now).or_else(|| {
            let member = self.member(asked.on_behalf_of, asked.actor);
            (counted(&member, &organization) <= now).then_some(Reason::NoMember)
        })
    }
}

/// Why an organisation is refused, by itself and with its members.
fn not_admitted(organization: &Organization, rules: &Rules, now: u64) -> Option<Reason> {
    if organization.until <= now {
        return Some(Reason::NotAdmitted);
    }
    (rules.refused_jurisdictions >> organization.jurisdiction & 1 == 1).then_some(Reason::Jurisdiction)
}

/// Until when a member counts: one of an earlier term, or that was proven against an older list, does not.
fn counted(member: &Member, organization: &Organization) -> u64 {
    let is_listed = member.list == 0 || member.list == organization.list;
    if is_listed && member.term == organization.term { member.until } else { 0 }
}
