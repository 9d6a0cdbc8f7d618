//! What the DAO and the authority do, and what happens in the consent.

use alloy::primitives::Address;
use alloy::{
    primitives::{B256, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use harness::walk::authority::Authority;

use super::World;
use super::drawing::{hash, second};
use super::people::{ACTORS, CLASSES, DAO, DOCTOR, ORGANIZATION, PATIENTS, PURPOSES, of_consent, restricted};
use super::state::time;
use super::steps::{Change, Own};

impl World {
    pub(super) fn board(&self, own: &Own, now: u64) -> Vec<u8> {
        let number = |which: &u8| u32::from(*which) + 1;
        match own {
            Own::Admit { account, until } => {
                let account =
                    if *account > 200 { self.people.account(*account) } else { self.people.custodian(*account) };
                D::admitCustodianCall { account, until: time(second(*until, now)) }.abi_encode()
            }
            Own::Propose { class } => {
                let (url, content) = (hash("url", (*class).into()), hash("schema", (*class).into()));
                let dataClass = CLASSES[usize::from(class % 2)];
                D::proposeSchemaCall { url, version: (*class).into(), content, dataClass }.abi_encode()
            }
            Own::Activate { number: which } => D::activateSchemaCall { number: number(which) }.abi_encode(),
            Own::Deprecate { number: which, sunset } => {
                let sunset = time(second(*sunset, now));
                D::deprecateSchemaCall { number: number(which), sunset }.abi_encode()
            }
            Own::Supersede { number: which, successor } => {
                D::supersedeSchemaCall { number: number(which), successor: number(successor) }.abi_encode()
            }
            Own::SetStorePurpose { purpose } => {
                let purpose = [PURPOSES[2], PURPOSES[2], PURPOSES[2], 63, 64][usize::from(purpose % 5)];
                D::setStorePurposeCall { purpose }.abi_encode()
            }
            Own::SetAnswerWithin { period } => {
                let period = [3_600, 60, 0, 86_400, u32::MAX][usize::from(period % 5)];
                D::setAnswerWithinCall { period }.abi_encode()
            }
            Own::SetEncryption { number, code } => {
                let code = if code % 4 == 0 { B256::ZERO } else { B256::right_padding_from(b"A256GCM") };
                D::setEncryptionCall { number: (number % 5).into(), code }.abi_encode()
            }
            Own::Upgrade { to } => {
                let people = &self.people;
                let newImplementation = if to % 2 == 0 { people.implementation } else { people.account(to / 2) };
                D::upgradeToAndCallCall { newImplementation, data: Bytes::new() }.abi_encode()
            }
            Own::SetAuthority { to } => D::setAuthorityCall { newAuthority: self.people.account(*to) }.abi_encode(),
            other => unreachable!("{other:?} is not the DAO's"),
        }
    }

    // ------------------------------------------------------------------------------------------- the authority's

    pub(super) fn allow(&self, who: u8, which: u8, kind: u8) -> Vec<u8> {
        let all: Vec<_> = restricted().into_iter().chain(of_consent()).collect();
        let (caller, selector) = match who {
            255 => (self.people.contract, *all.last().unwrap_or(&all[0])),
            _ => (self.people.actors[usize::from(who) % ACTORS], all[usize::from(which) % all.len()]),
        };
        Authority::allowCall { caller, selector, kind }.abi_encode()
    }

    pub(super) fn by_authority(&self, to: u8) -> Vec<u8> {
        let newAuthority = if to == 0 { self.people.signers[0].account() } else { self.people.authority };
        let data = D::setAuthorityCall { newAuthority }.abi_encode();
        let all = |data: Vec<u8>| D::multicallCall { data: vec![data.into()] }.abi_encode();
        let data = if to == 3 { all(data) } else { data }.into();
        Authority::callAsCall { target: self.people.contract, data }.abi_encode()
    }

    // ------------------------------------------------------------------------------------------- in the consent

    /// Who calls the consent, and with what.
    pub(super) fn change(&mut self, what: &Change, now: u64) -> (usize, Vec<u8>) {
        let people = &self.people;
        let until = |which: &u8| time(second(*which, now));
        // Those who cannot call have a representative.
        let acts_for = |subject: Address| {
            let place = people.actors.iter().position(|actor| *actor == self.consent.key(subject));
            place.unwrap_or(PATIENTS[0])
        };
        match what {
            Change::Grant { subject, grantee, class, purpose, deny } => {
                let (grantor, grantee) = (people.subject(*subject), people.account(*grantee));
                let bit = |class: u8| U256::ONE << usize::from(class);
                let both = bit(CLASSES[0]) | bit(CLASSES[1]);
                let classes = [bit(CLASSES[0]), bit(CLASSES[1]), both][usize::from(class % 3)];
                let purposes = 1 << PURPOSES[usize::from(purpose % 3)];
                let (notBefore, expiry, document) = (time(0), time(0), B256::ZERO);
                let deny = *deny;
                let provision = C::Provision { grantee, classes, purposes, deny, notBefore, expiry, document };
                (acts_for(grantor), C::grantCall { grantor, provision }.abi_encode())
            }
            Change::Deny { request } => {
                let asked = self.asked(*request).map(|((id, _), asked)| (id, asked.actor));
                let subject = |id: B256| self.model.state.pointers.get(&id).map(|known| known.pointer.subject);
                let (grantor, grantee) = asked
                    .and_then(|(id, actor)| Some((subject(id)?, actor)))
                    .unwrap_or((people.subject(*request), people.actors[DOCTOR]));
                let (classes, purposes, deny) = (U256::MAX, u64::MAX, true);
                let (notBefore, expiry, document) = (time(0), time(0), B256::ZERO);
                let provision = C::Provision { grantee, classes, purposes, deny, notBefore, expiry, document };
                (acts_for(grantor), C::grantCall { grantor, provision }.abi_encode())
            }
            Change::RevokeAll { subject } => {
                let grantor = people.subject(*subject);
                (acts_for(grantor), C::revokeAllCall { grantor }.abi_encode())
            }
            Change::NewKey { patient, key } => {
                let place = PATIENTS[usize::from(*patient) % 2];
                let grantor = people.actors[place];
                let newKey = if key % 3 == 0 { grantor } else { people.account(*key) };
                let start = C::startRecoveryCall { grantor, newKey }.abi_encode();
                let finish = C::finishRecoveryCall { grantor }.abi_encode();
                (place, C::multicallCall { data: vec![start.into(), finish.into()] }.abi_encode())
            }
            Change::Emergency { by, subject } => {
                let (classes, reason, statement) = (U256::MAX >> 1, 1, B256::ZERO);
                let grantor = people.subject(*subject);
                let call = C::declareEmergencyCall { grantor, classes, reason, statement };
                (usize::from(*by) % ACTORS, call.abi_encode())
            }
            Change::Admit { until: end } => {
                let organization = people.actors[ORGANIZATION];
                let call = C::setOrganizationCall { organization, until: until(end), jurisdiction: 1 };
                (DAO, call.abi_encode())
            }
            Change::Member { who, until: end } => {
                let member = people.account(if who % 2 == 0 { 4 } else { *who });
                (ORGANIZATION, C::setMemberCall { member, until: until(end) }.abi_encode())
            }
            Change::Represent { subject } => {
                let (grantor, representative) = (people.subject(*subject), people.actors[PATIENTS[0]]);
                let (classes, purposes, until) = (U256::MAX, u64::MAX, time((1 << 48) - 1));
                let call = C::appointRepresentativeCall { grantor, representative, classes, purposes, until };
                (DAO, call.abi_encode())
            }
            Change::Recoverer { patient } => {
                let place = PATIENTS[usize::from(*patient) % 2];
                let grantor = people.actors[place];
                (place, C::setRecoveryCall { grantor, recoverer: grantor }.abi_encode())
            }
            Change::Pin { elsewhere } => (DAO, self.pin(*elsewhere, now)),
        }
    }
}
