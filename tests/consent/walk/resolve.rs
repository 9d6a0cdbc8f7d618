//! The call that a step means.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::SolCall,
};
use consilium_bindings::Consent as C;
use harness::walk::authority::Authority;

use super::World;
use super::acts::time;
use super::people::{ACTORS, List, restricted};
use super::steps::{Giving, Own};

/// Masks of classes and purposes: some are separate by the first policy, some are not, some are both.
fn classes(which: u8) -> U256 {
    let bit = |class: usize| U256::from(1) << class;
    [bit(0) | bit(3), bit(3), bit(200), bit(3) | bit(0), U256::MAX, bit(0), bit(200) | bit(3), U256::ZERO]
        [usize::from(which % 8)]
}

fn purposes(which: u8) -> u64 {
    [1 << 1, 1 << 9, 1 << 1 | 1 << 3, 1 << 3, u64::MAX, 1 << 1 | 1 << 9, 1 << 2 | 1, 0][usize::from(which % 8)]
}

/// Times around now.
fn second(which: u8, now: u64) -> u64 {
    let limit = (1 << 40) - 1;
    [0, now + 60, now + 3_600, now + 864_000, 1 << 39, now, now - 100, limit + 1][usize::from(which % 8)]
}

/// A representative's scope.
fn scope(which: u8) -> (U256, u64) {
    [(U256::MAX, u64::MAX), (classes(0), 1 << 1 | 1 << 3), (U256::MAX, 1 << 9), (classes(2), u64::MAX)]
        [usize::from(which % 4)]
}

fn policy(seed: u64, hook: Address, stranger: Address) -> (C::Policy, [u16; 64]) {
    // Three bits a choice.
    let pick = |place: u32| (seed >> (3 * place) & 7) as usize;
    let days = [u16::MAX, u16::MAX, 365, 30, 1, 10, 0, u16::MAX];
    let mut longest = [u16::MAX; 64];
    for (purpose, place) in [(1, 0), (3, 1), (9, 2)] {
        longest[purpose] = days[pick(place)];
    }
    let policy = C::Policy {
        separatePurposes: [1 << 9, 1 << 9, 0, 1 << 1 | 1 << 9, 1 << 9, 0, u64::MAX, 1 << 9][pick(3)],
        separateClasses: [1 << 8, 0, 1 << 8, u64::MAX, 0, 1 << 8, 1 << 8, 0][pick(4)],
        emergencyPurposes: [1 << 3, 1 << 3, 0, 1 << 3 | 1, u64::MAX, 1 << 3, 1 << 3, 0][pick(5)],
        refusedJurisdictions: [0, 0, 1 << 7, 1 << 1, 0, 1 << 31, 0, u32::MAX][pick(6)],
        closedClasses: [U256::ZERO, classes(2), classes(2), classes(5)][pick(7) % 4],
        openFor: [60, 3_600, 86_400, 3_600, 0, 3_600, (1 << 24) - 1, 1 << 24][pick(8)],
        reviewWithin: [86_400, u32::MAX][pick(9) % 2],
        window: [7_200, 60, 0, 864_000, 7_200, 7_200, (1 << 24) - 1, 1 << 24][pick(10)],
        limit: [2, 1, 3, 0, 2, 5, 1, u16::MAX][pick(11)],
        recoveryDelay: [86_400, 60, 0, 3_600, 86_400, 60, 86_400, u32::MAX][pick(12)],
        hook: [Address::ZERO, hook, hook, stranger][pick(13) % 4],
    };
    (policy, longest)
}

impl World {
    /// Who calls the contract with what.
    pub(super) fn own(&self, by: usize, own: &Own, now: u64) -> (usize, Vec<u8>) {
        let by = self.better(by, own);
        (by, self.data(self.people.actors[by], own, now))
    }

    /// One who may, mostly.
    fn better(&self, by: usize, own: &Own) -> usize {
        match own {
            Own::SetOrganization { .. }
            | Own::SetRole { .. }
            | Own::Appoint { .. }
            | Own::SetPolicy { .. }
            | Own::SetCode { .. }
            | Own::Upgrade { .. } => {
                if by < 6 {
                    0
                } else {
                    by
                }
            }
            Own::Declare { .. } => {
                if by < 4 {
                    1
                } else {
                    by
                }
            }
            Own::Review { .. } | Own::Record { .. } => {
                if by < 5 {
                    2
                } else {
                    by
                }
            }
            Own::SetMember { organization, .. } | Own::SetMembers { organization, .. } => {
                if by < 6 {
                    3 + usize::from(*organization % 2)
                } else {
                    by
                }
            }
            Own::StartRecovery { grantor, .. } => {
                let grantor = self.people.grantor(*grantor);
                let recovery = self.model.state.recoveries.get(&grantor);
                let is_it = |actor: &Address| recovery.is_some_and(|recovery| recovery.recoverer == *actor);
                self.people.actors.iter().position(is_it).unwrap_or(by)
            }
            Own::Grant { .. } | Own::Amend { .. } | Own::Revoke { .. } => {
                if by < 3 {
                    5 + by % 2
                } else {
                    by
                }
            }
            _ => by,
        }
    }

    /// 255 is the caller itself.
    fn grantor(&self, which: u8, by: Address) -> Address {
        let all = self.people.grantors();
        if which == 255 && all.contains(&by) { by } else { all[usize::from(which) % all.len()] }
    }

    fn provision(&self, given: &Giving, grantee: Address, now: u64) -> C::Provision {
        C::Provision {
            grantee,
            classes: classes(given.classes),
            purposes: purposes(given.purposes),
            deny: given.deny,
            notBefore: time(second(given.begins, now)),
            expiry: time(second(given.ends, now)),
            document: B256::repeat_byte(given.classes),
        }
    }

    /// A provision in force of a grantor, mostly; its grantee and number.
    fn known(&self, grantor: Address, which: u8) -> (Address, u32) {
        let of_it = self.model.state.provisions.iter().filter(|given| given.grantor == grantor);
        let all: Vec<_> = of_it.map(|given| (given.grantee, given.number)).collect();
        if all.is_empty() || which % 8 == 7 {
            return (self.people.grantee(which / 8), u32::from(which / 16));
        }
        all[usize::from(which) % all.len()]
    }

    pub(super) fn data(&self, by: Address, own: &Own, now: u64) -> Vec<u8> {
        let people = &self.people;
        let until = |which: &u8| time(second(*which % 7, now));
        let account = |which: &u8| people.account(*which);
        let organization = |which: &u8| people.organizations()[usize::from(*which % 2)];
        let grantor = |which: &u8| self.grantor(*which, by);
        match own {
            Own::Grant { grantor: of, given } => {
                let provision = self.provision(given, people.grantee(given.grantee), now);
                C::grantCall { grantor: grantor(of), provision }.abi_encode()
            }
            Own::Amend { grantor: of, number, given } => {
                let (grantee, number) = self.known(grantor(of), *number);
                let provision = self.provision(given, grantee, now);
                C::amendCall { grantor: grantor(of), number, provision }.abi_encode()
            }
            Own::Revoke { grantor: of, number } => {
                let (grantee, number) = self.known(grantor(of), *number);
                C::revokeCall { grantor: grantor(of), grantee, number }.abi_encode()
            }
            Own::RevokeGrantee { grantor: of, grantee } => {
                C::revokeGranteeCall { grantor: grantor(of), grantee: people.grantee(*grantee) }.abi_encode()
            }
            Own::RevokeAll { grantor: of } => C::revokeAllCall { grantor: grantor(of) }.abi_encode(),
            Own::SetRepresentative { grantor: of, account: to, scope: which, until: end } => {
                let ((classes, purposes), until, representative) = (scope(*which), until(end), account(to));
                let grantor = grantor(of);
                C::setRepresentativeCall { grantor, representative, classes, purposes, until }.abi_encode()
            }
            Own::Appoint { grantor: of, account: to, scope: which, until: end } => {
                let ((classes, purposes), until, representative) = (scope(*which), until(end), account(to));
                let grantor = grantor(of);
                C::appointRepresentativeCall { grantor, representative, classes, purposes, until }.abi_encode()
            }
            Own::SetRecovery { grantor: of, to } => {
                C::setRecoveryCall { grantor: grantor(of), recoverer: account(to) }.abi_encode()
            }
            Own::StartRecovery { grantor: of, key } => {
                let new_key = if *key == 0 { Address::ZERO } else { account(key) };
                C::startRecoveryCall { grantor: grantor(of), newKey: new_key }.abi_encode()
            }
            Own::VetoRecovery { grantor: of } => C::vetoRecoveryCall { grantor: grantor(of) }.abi_encode(),
            Own::FinishRecovery { grantor: of } => C::finishRecoveryCall { grantor: grantor(of) }.abi_encode(),
            Own::SetMember { member, until: end, .. } => {
                C::setMemberCall { member: account(member), until: until(end) }.abi_encode()
            }
            Own::SetMembers { list, .. } => C::setMembersCall { root: self.list(*list).root }.abi_encode(),
            Own::ProveMember { organization: of, list, member, wrong } => {
                let list = self.list(*list);
                let (who, until, mut proof) = list.proof(usize::from(*member % 4));
                if *wrong == 1 {
                    proof.pop();
                }
                let until = if *wrong == 2 { until + 1 } else { until };
                let organization = organization(of);
                C::proveMemberCall { organization, member: who, until: time(until), proof }.abi_encode()
            }
            Own::SetOrganization { which, until: end, jurisdiction } => {
                let (organization, until, jurisdiction) = (organization(which), until(end), *jurisdiction);
                C::setOrganizationCall { organization, until, jurisdiction }.abi_encode()
            }
            Own::SetRole { role, account: to, until: end } => {
                C::setRoleCall { role: *role, account: account(to), until: until(end) }.abi_encode()
            }
            Own::SetPolicy { seed } => {
                let (policy, longest) = policy(*seed, people.hook, people.signers[0].account());
                C::setPolicyCall { policy, longest }.abi_encode()
            }
            Own::SetCode { table, number } => {
                let code = B256::right_padding_from(b"TREAT");
                C::setCodeCall { table: *table, number: *number, code }.abi_encode()
            }
            Own::Declare { grantor: of, classes: which } => {
                let (classes, statement) = (classes(*which), B256::repeat_byte(9));
                C::declareEmergencyCall { grantor: grantor(of), classes, reason: *which, statement }.abi_encode()
            }
            Own::Review { id, justified } => {
                let count = self.model.state.emergencies.len() as u64;
                let (id, justified, statement) = (u64::from(*id) % (count + 2), *justified, B256::repeat_byte(8));
                C::reviewEmergencyCall { id, justified, statement }.abi_encode()
            }
            Own::RetryHook { id } => {
                let count = self.model.state.emergencies.len() as u64;
                C::retryHookCall { id: u64::from(*id) % (count + 2) }.abi_encode()
            }
            Own::Record { question } => {
                let asked = &self.asked[usize::from(*question) % self.asked.len()];
                let C::Question { grantor, actor, onBehalfOf, dataClass, purpose } = *asked;
                let request = keccak256(question.to_be_bytes());
                C::recordCall { grantor, actor, onBehalfOf, dataClass, purpose, request }.abi_encode()
            }
            Own::Upgrade { to } => {
                let implementation = if to % 2 == 0 { people.implementation } else { account(&(to / 2)) };
                C::upgradeToAndCallCall { newImplementation: implementation, data: Bytes::new() }.abi_encode()
            }
            Own::SetAuthority { to } => C::setAuthorityCall { newAuthority: account(to) }.abi_encode(),
        }
    }

    /// One of two lists of members.
    fn list(&self, which: u8) -> List {
        let people = &self.people;
        let begin = 4_000_000_000u64 + u64::from(which) * 1_000;
        let members = vec![
            (people.actors[6], begin + 8_640_000),
            (people.actors[1], begin + 864_000),
            (people.signers[0].account(), begin + 86_400),
            (people.actors[5], begin - 1),
        ];
        List::new(members)
    }

    pub(super) fn allow(&self, who: u8, which: u8, kind: u8) -> Vec<u8> {
        let all = restricted();
        let caller = self.people.actors[usize::from(who) % ACTORS];
        let selector = all[usize::from(which) % all.len()];
        Authority::allowCall { caller, selector, kind }.abi_encode()
    }

    pub(super) fn hand_over(&self, to: u8) -> Vec<u8> {
        let newAuthority = if to == 0 { self.people.signers[0].account() } else { self.people.authority };
        let data = C::setAuthorityCall { newAuthority }.abi_encode();
        let all = |data: Vec<u8>| C::multicallCall { data: vec![data.into()] }.abi_encode();
        let data = if to == 3 { all(data) } else { data }.into();
        Authority::callAsCall { target: self.people.contract, data }.abi_encode()
    }
}
