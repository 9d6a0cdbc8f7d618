//! What there is, in plain lists and maps, with nothing packed and no epochs to compare.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, FixedBytes, U256};
use consilium_bindings::Consent as C;

use super::acts::time;
use super::people::{first_codes, first_longest, first_policy, role_grantee};

/// A provision in force.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Given {
    pub(super) grantor: Address,
    pub(super) grantee: Address,
    pub(super) number: u32,
    pub(super) classes: U256,
    pub(super) purposes: u64,
    pub(super) deny: bool,
    pub(super) begins: u64,
    pub(super) ends: u64,
    pub(super) version: u32,
}

/// A representative.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Scope {
    pub(super) classes: U256,
    pub(super) purposes: u64,
    pub(super) until: u64,
    pub(super) appointed: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Recovery {
    pub(super) recoverer: Address,
    /// The new key, and when it can be finished.
    pub(super) under_way: Option<(Address, u64)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Organization {
    pub(super) until: u64,
    pub(super) jurisdiction: u8,
    /// The DAO said something of it.
    pub(super) known: bool,
    pub(super) list: u32,
    pub(super) root: B256,
    /// Odd while it is removed.
    pub(super) term: u32,
}

/// How somebody is, or is not, a member.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Member {
    Set { until: u64, term: u32 },
    Proven { until: u64, list: u32, term: u32 },
    Barred { list: u32 },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Opening {
    pub(super) classes: U256,
    pub(super) until: u64,
    pub(super) id: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Emergency {
    pub(super) grantor: Address,
    pub(super) actor: Address,
    pub(super) until: u64,
    pub(super) review_by: u64,
    pub(super) verdict: u8,
    /// The hook failed when it was told.
    pub(super) untold: bool,
}

/// Everything that the events tell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    pub(super) version: u32,
    pub(super) policy: C::Policy,
    pub(super) longest: [u16; 64],
    /// In the order in which they are listed and asked.
    pub(super) provisions: Vec<Given>,
    /// The last number of a pair.
    pub(super) last: BTreeMap<(Address, Address), u32>,
    pub(super) epochs: BTreeMap<Address, u32>,
    pub(super) keys: BTreeMap<Address, Address>,
    pub(super) sites: BTreeMap<Address, FixedBytes<16>>,
    pub(super) scopes: BTreeMap<(Address, Address), Scope>,
    pub(super) recoveries: BTreeMap<Address, Recovery>,
    pub(super) organizations: BTreeMap<Address, Organization>,
    pub(super) members: BTreeMap<(Address, Address), Member>,
    pub(super) roles: BTreeMap<(u8, Address), u64>,
    pub(super) openings: BTreeMap<(Address, Address), Opening>,
    pub(super) emergencies: Vec<Emergency>,
    /// When an actor's window began, and how many it has declared in it.
    pub(super) rates: BTreeMap<Address, (u64, u16)>,
    pub(super) logs: BTreeMap<Address, (u64, B256)>,
    pub(super) codes: BTreeMap<(u8, u8), B256>,
}

pub(super) fn has_ended(end: u64, now: u64) -> bool {
    end != 0 && end <= now
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            version: 1,
            policy: first_policy(),
            longest: first_longest(),
            provisions: Vec::new(),
            last: BTreeMap::new(),
            epochs: BTreeMap::new(),
            keys: BTreeMap::new(),
            sites: BTreeMap::new(),
            scopes: BTreeMap::new(),
            recoveries: BTreeMap::new(),
            organizations: BTreeMap::new(),
            members: BTreeMap::new(),
            roles: BTreeMap::new(),
            openings: BTreeMap::new(),
            emergencies: Vec::new(),
            rates: BTreeMap::new(),
            logs: BTreeMap::new(),
            codes: (first_codes().into_iter())
                .flat_map(|C::Codes { table, first, codes }| (first..).map(move |number| (table, number)).zip(codes))
                .collect(),
        }
    }

    pub(super) fn pair(&self, grantor: Address, grantee: Address) -> impl Iterator<Item = &Given> {
        self.provisions.iter().filter(move |given| given.grantor == grantor && given.grantee == grantee)
    }

    pub(super) fn find(&self, grantor: Address, grantee: Address, number: u32) -> Option<&Given> {
        self.pair(grantor, grantee).find(|given| given.number == number)
    }

    pub(super) fn key(&self, grantor: Address) -> Address {
        self.keys.get(&grantor).copied().unwrap_or(grantor)
    }

    pub(super) fn organization(&self, account: Address) -> Organization {
        self.organizations.get(&account).cloned().unwrap_or_default()
    }

    pub(super) fn member_until(&self, organization: Address, member: Address) -> u64 {
        let Organization { list: last, term: current, .. } = self.organization(organization);
        match self.members.get(&(organization, member)) {
            Some(Member::Set { until, term }) if *term == current => *until,
            Some(Member::Proven { until, list, term }) if (*list, *term) == (last, current) => *until,
            _ => 0,
        }
    }

    /// A word of the DAO about an organisation. A removal and the admission after it end its members and its list.
    pub(super) fn admit(&mut self, account: Address, until: u64, jurisdiction: u8, now: u64) {
        let organization = self.organizations.entry(account).or_default();
        if (until <= now) != (organization.term % 2 == 1) {
            (organization.term, organization.root) = (organization.term + 1, B256::ZERO);
        }
        (organization.until, organization.jurisdiction, organization.known) = (until, jurisdiction, true);
    }

    pub(super) fn role_until(&self, role: u8, account: Address) -> u64 {
        self.roles.get(&(role, account)).copied().unwrap_or_default()
    }

    /// The roles that a grantor's provisions name.
    pub(super) fn named_roles(&self, grantor: Address) -> Vec<u8> {
        let named = |role: &u8| self.pair(grantor, role_grantee(*role)).next().is_some();
        (0..32).filter(named).collect()
    }

    /// Takes a provision out: the last of its pair comes to its place.
    pub(super) fn take_out(&mut self, grantor: Address, grantee: Address, number: u32) -> Option<Given> {
        let of_pair = |given: &Given| given.grantor == grantor && given.grantee == grantee;
        let place = self.provisions.iter().position(|given| of_pair(given) && given.number == number)?;
        let last = self.provisions.iter().rposition(of_pair)?;
        let moved = self.provisions.remove(last);
        if place == last { Some(moved) } else { Some(std::mem::replace(&mut self.provisions[place], moved)) }
    }

    /// Seconds ahead at which something changes by itself.
    pub(super) fn seconds_that_matter(&self, now: u64) -> Vec<u64> {
        let provisions = self.provisions.iter().flat_map(|given| {
            let by_policy = self.longest[1..=9].iter().map(|days| given.begins + u64::from(*days) * 86_400);
            by_policy.chain([given.begins, given.ends]).collect::<Vec<_>>()
        });
        let scopes = self.scopes.values().map(|scope| scope.until);
        let recoveries = self.recoveries.values().filter_map(|recovery| Some(recovery.under_way?.1));
        let organizations = self.organizations.values().map(|organization| organization.until);
        let members = self.members.keys().map(|(organization, member)| self.member_until(*organization, *member));
        let openings = self.openings.values().map(|opening| opening.until);
        let rates = self.rates.values().map(|(since, _)| since + u64::from(self.policy.window));
        let all = provisions.chain(scopes).chain(recoveries).chain(organizations).chain(members).chain(openings);
        let mut all: Vec<_> = all.chain(rates).chain(self.roles.values().copied()).collect();
        all.retain(|second| *second > now && *second < now + (1 << 33));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A provision as it is told.
pub(super) fn stored(given: &Given) -> C::StoredProvision {
    C::StoredProvision {
        number: given.number,
        classes: given.classes,
        purposes: given.purposes,
        deny: given.deny,
        notBefore: time(given.begins),
        expiry: time(given.ends),
        policyVersion: given.version,
    }
}
