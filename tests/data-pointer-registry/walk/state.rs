//! What there is, in plain lists and maps, with nothing packed.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, FixedBytes, U256, aliases::U48};
use consilium_bindings::DataPointerRegistry as D;

use super::people::{ANSWER_WITHIN, PURPOSES, encryptions};

pub(super) const REGISTERED: u8 = 1;
pub(super) const REPLACED: u8 = 2;
pub(super) const ERASED: u8 = 3;
pub(super) const REFUSED: u8 = 4;

pub(super) const PROPOSED: u8 = 1;
pub(super) const ACTIVE: u8 = 2;
pub(super) const DEPRECATED: u8 = 3;
pub(super) const SUPERSEDED: u8 = 4;

/// A second as the interface has it.
pub(super) fn time(second: u64) -> U48 {
    U48::from(second)
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Custodian {
    pub(super) account: Address,
    pub(super) until: u64,
    pub(super) term: u16,
    pub(super) batches: u32,
    pub(super) overdue: u32,
}

/// A pointer that was registered or refused.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// What the id stands for.
    pub(super) pointer: D::Pointer,
    pub(super) state: u8,
    /// Who has it now.
    pub(super) custodian: Address,
    /// Its contents are stored.
    pub(super) stored: bool,
    pub(super) successor: B256,
    /// Who erased or refused it, and when.
    pub(super) tombstone: (Address, u64),
}

/// An offer, with the terms of both.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    pub(super) to: Address,
    pub(super) terms: [u16; 2],
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Batch {
    pub(super) root: B256,
    pub(super) count: u64,
    pub(super) version: u32,
    /// The term of its custodian in which the root was published.
    pub(super) term: u16,
    pub(super) manifest: D::Manifest,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) request: D::Request,
    pub(super) actor: Address,
    pub(super) custodian: Address,
    pub(super) at: u64,
    pub(super) due: u64,
    pub(super) delivered: bool,
    pub(super) overdue: bool,
    pub(super) declined: bool,
}

/// Everything.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    pub(super) store_purpose: u8,
    pub(super) answer_within: u32,
    /// By number, from 1.
    pub(super) custodians: Vec<Custodian>,
    pub(super) pointers: BTreeMap<B256, Known>,
    /// Of each subject, in the order of registering.
    pub(super) lists: BTreeMap<Address, Vec<B256>>,
    pub(super) offers: BTreeMap<B256, Offer>,
    pub(super) batches: BTreeMap<(Address, u32), Batch>,
    /// By pointer and request, and in their order.
    pub(super) requests: BTreeMap<(B256, B256), Asked>,
    pub(super) order: Vec<(B256, B256)>,
    /// By number, from 1.
    pub(super) schemas: Vec<D::Schema>,
    pub(super) encryptions: BTreeMap<u16, B256>,
    pub(super) sites: BTreeMap<Address, FixedBytes<16>>,
    /// The next count by signer and key.
    pub(super) nonces: BTreeMap<(Address, U256), u64>,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            store_purpose: PURPOSES[2],
            answer_within: ANSWER_WITHIN,
            custodians: Vec::new(),
            pointers: BTreeMap::new(),
            lists: BTreeMap::new(),
            offers: BTreeMap::new(),
            batches: BTreeMap::new(),
            requests: BTreeMap::new(),
            order: Vec::new(),
            schemas: Vec::new(),
            encryptions: (1..).zip(encryptions()).collect(),
            sites: BTreeMap::new(),
            nonces: BTreeMap::new(),
        }
    }

    pub(super) fn custodian(&self, account: Address) -> Option<&Custodian> {
        self.custodians.iter().find(|custodian| custodian.account == account)
    }

    pub(super) fn custodian_mut(&mut self, account: Address) -> Option<&mut Custodian> {
        self.custodians.iter_mut().find(|custodian| custodian.account == account)
    }

    /// A custodian whose admission has not ended.
    pub(super) fn is_admitted(&self, account: Address, now: u64) -> bool {
        self.custodian(account).is_some_and(|custodian| now < custodian.until)
    }

    pub(super) fn schema(&self, number: u32) -> Option<&D::Schema> {
        self.schemas.get((number as usize).wrapping_sub(1))
    }

    pub(super) fn state(&self, id: B256) -> u8 {
        self.pointers.get(&id).map_or(0, |known| known.state)
    }

    /// A pointer that was registered and not erased.
    pub(super) fn existing(&self, id: B256) -> Option<&Known> {
        self.pointers.get(&id).filter(|known| matches!(known.state, REGISTERED | REPLACED))
    }

    /// To whom a pointer is offered.
    pub(super) fn offered(&self, id: B256, now: u64) -> Option<Address> {
        let (offer, known) = (self.offers.get(&id)?, self.pointers.get(&id)?);
        let of = |account, term| {
            self.is_admitted(account, now) && self.custodian(account).is_some_and(|custodian| custodian.term == term)
        };
        let stands = known.state == REGISTERED && of(known.custodian, offer.terms[0]) && of(offer.to, offer.terms[1]);
        stands.then_some(offer.to)
    }

    pub(super) fn nonce(&self, owner: Address, key: U256) -> U256 {
        key << 64usize | U256::from(self.nonces.get(&(owner, key)).copied().unwrap_or_default())
    }

    pub(super) fn term(&self, account: Address) -> u16 {
        self.custodian(account).map_or(0, |custodian| custodian.term)
    }

    /// What is told of a pointer.
    pub(super) fn status(&self, id: B256) -> D::Status {
        let Some(known) = self.pointers.get(&id) else { return nothing() };
        let &D::Pointer { subject, dataClass, schema, .. } = &known.pointer;
        D::Status { state: known.state, subject, custodian: known.custodian, dataClass, schema }
    }

    /// Seconds ahead at which something changes by itself.
    pub(super) fn seconds_that_matter(&self, now: u64) -> Vec<u64> {
        let custodians = self.custodians.iter().map(|custodian| custodian.until);
        let schemas = self.schemas.iter().map(|schema| schema.sunset.to());
        // An answer is late after the second it is due by.
        let requests = self.requests.values().filter(|asked| !asked.delivered).map(|asked| asked.due + 1);
        let mut all: Vec<u64> = custodians.chain(schemas).chain(requests).collect();
        all.retain(|second| *second > now && *second < now + (1 << 33));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// What is told of what was never registered.
pub(super) fn nothing() -> D::Status {
    D::Status { state: 0, subject: Address::ZERO, custodian: Address::ZERO, dataClass: 0, schema: 0 }
}
