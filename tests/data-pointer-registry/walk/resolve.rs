//! The call of the contract that a step means.

use alloy::{
    primitives::{Address, B256},
    sol_types::SolCall,
};
use consilium_bindings::DataPointerRegistry as D;

use crate::signing::{erase_hash, refuse_hash, register_hash, request_hash};
use crate::world::id;

use super::World;
use super::drawing::{LEAVES, hash};
use super::people::{CUSTODIANS, DAO, DOCTOR};
use super::state::{Batch, time};
use super::steps::{Drawn, Leaf, Own, Which};

impl World {
    // ---------------------------------------------------------------------------------------------------- calls

    /// One who may, mostly.
    pub(super) fn better(&self, by: usize, own: &Own) -> usize {
        let actors = &self.people.actors;
        let place = |account: Address| actors.iter().position(|actor| *actor == account);
        let often = by < 6;
        match own {
            Own::Register { which: Which::Leaf(leaf) } | Own::RegisterSigned { which: Which::Leaf(leaf), .. }
                if often =>
            {
                place(self.leaf(leaf).custodian).unwrap_or(by)
            }
            Own::Register { .. } | Own::RegisterSigned { .. } | Own::PublishRoot { .. } | Own::ClearManifest { .. }
                if often =>
            {
                CUSTODIANS[[0, 0, 1, 1, 0, 2][by]]
            }
            Own::Erase { id } | Own::Offer { id, .. } if often => {
                let known = self.model.state.pointers.get(&self.id(*id));
                let who =
                    known.map(|known| if by == 0 { self.consent.key(known.pointer.subject) } else { known.custodian });
                who.and_then(place).unwrap_or(by)
            }
            Own::Refuse { which } if often => {
                let subject = self.pointer(which, actors[by]).subject;
                place(self.consent.key(subject)).unwrap_or(by)
            }
            Own::Accept { id } if often => {
                let offer = self.model.state.offers.get(&self.offered(*id));
                offer.and_then(|offer| place(offer.to)).unwrap_or(by)
            }
            Own::Request { .. } | Own::RequestMany { .. } if often => {
                if by < 4 {
                    DOCTOR
                } else {
                    by
                }
            }
            Own::Deliver { request } | Own::Decline { request, .. } if often => {
                self.asked(*request).and_then(|(_, asked)| place(asked.custodian)).unwrap_or(by)
            }
            Own::Admit { .. }
            | Own::Activate { .. }
            | Own::Deprecate { .. }
            | Own::Supersede { .. }
            | Own::SetStorePurpose { .. }
            | Own::SetAnswerWithin { .. }
            | Own::SetEncryption { .. }
            | Own::Upgrade { .. }
                if often =>
            {
                DAO
            }
            _ => by,
        }
    }

    /// The calldata of a function that an actor calls.
    pub(super) fn data(&mut self, by: usize, own: &Own, now: u64) -> Vec<u8> {
        let caller = self.people.actors[by];
        match own {
            Own::Register { which } => D::registerCall { pointer: self.pointer(which, caller) }.abi_encode(),
            Own::RegisterSigned { which, signing } => {
                // Of one who signs, mostly.
                let which = match which {
                    Which::New(drawn) if drawn.subject < 6 => {
                        Which::New(Drawn { subject: 2 + drawn.subject % 4, ..drawn.clone() })
                    }
                    other => other.clone(),
                };
                let pointer = self.pointer(&which, caller);
                let signed = self
                    .sign(by, pointer.subject, signing, now, |terms, domain| register_hash(&pointer, terms, domain));
                D::registerSignedCall { pointer, signed }.abi_encode()
            }
            Own::Erase { id } => D::eraseCall { id: self.id(*id) }.abi_encode(),
            Own::EraseSigned { id, signing } => {
                let id = self.of_signer(*id);
                let subject = self.model.state.pointers.get(&id).map(|known| known.pointer.subject);
                let signed = self
                    .sign(by, subject.unwrap_or_default(), signing, now, |terms, domain| erase_hash(id, terms, domain));
                D::eraseSignedCall { id, signed }.abi_encode()
            }
            Own::Refuse { which } => {
                D::refusePointerCall { pointer: self.pointer(which, self.people.custodian(0)) }.abi_encode()
            }
            Own::RefuseSigned { which, signing } => {
                let pointer = self.pointer(which, self.people.custodian(0));
                let signed = self
                    .sign(by, pointer.subject, signing, now, |terms, domain| refuse_hash(id(&pointer), terms, domain));
                D::refusePointerSignedCall { pointer, signed }.abi_encode()
            }
            Own::PublishRoot { batch, tree, flaw } => self.publish(by, *batch, *tree, *flaw),
            Own::ClearManifest { batch } => D::clearManifestCall { batch: (*batch).into() }.abi_encode(),
            Own::Individualize { leaf, batch, flaw } => self.individualize(leaf, *batch, *flaw),
            Own::Request { asking } => {
                let D::Request { id, purpose, onBehalfOf, encryptionKey } = self.request(asking);
                D::requestAccessCall { id, purpose, onBehalfOf, encryptionKey }.abi_encode()
            }
            Own::RequestMany { all } => {
                let requests = all.iter().map(|asking| self.request(asking)).collect();
                D::requestAccessManyCall { requests }.abi_encode()
            }
            Own::RequestSigned { asking, signing } => {
                let (request, actor) = (self.request(asking), self.signing_actor(asking.actor));
                let signed =
                    self.sign_as(by, actor, signing, now, |terms, domain| request_hash(actor, &request, terms, domain));
                D::requestAccessSignedCall { request, actor, signed }.abi_encode()
            }
            Own::Deliver { request } => {
                let (id, requestId) = self.asked(*request).map_or((self.id(*request), B256::ZERO), |(key, _)| key);
                D::deliverKeyCall { id, requestId, wrappedKeyHash: B256::repeat_byte(8) }.abi_encode()
            }
            Own::Decline { request, flaw } => self.decline(*request, *flaw),
            Own::MarkOverdue { request } => {
                let (id, requestId) = self.asked(*request).map_or((self.id(*request), B256::ZERO), |(key, _)| key);
                D::markOverdueCall { id, requestId }.abi_encode()
            }
            Own::Offer { id, to } => {
                let to = if *to > 230 {
                    Address::ZERO
                } else if *to > 210 {
                    self.people.account(*to)
                } else {
                    self.people.custodian(*to)
                };
                D::offerCustodyCall { id: self.id(*id), to }.abi_encode()
            }
            Own::Accept { id } => D::acceptCustodyCall { id: self.offered(*id) }.abi_encode(),
            board => self.board(board, now),
        }
    }

    fn publish(&self, by: usize, batch: u8, tree: u8, flaw: u8) -> Vec<u8> {
        let own = CUSTODIANS.iter().position(|custodian| *custodian == by).unwrap_or_default();
        let (pointers, tree) = self.tree(own as u8, tree);
        let digest = hash("manifest", u64::from(batch));
        let (locatorKind, locator) = if batch.is_multiple_of(2) { (1, B256::ZERO) } else { (2, hash("list", 1)) };
        let mut manifest = D::Manifest { hashCode: 0x12, digest, locatorKind, locatorCodec: 0x55, locator };
        let mut call = D::publishRootCall {
            batch: batch.into(),
            root: tree.root(),
            manifest: manifest.clone(),
            count: pointers.len() as u64 + u64::from(batch),
        };
        match flaw {
            1 => call.root = B256::ZERO,
            2 => call.count = 0,
            3 => call.count = 1,
            4 => manifest.hashCode = 0,
            5 => manifest.locatorKind = 0,
            6 => manifest.digest = B256::ZERO,
            7 => call.count = u64::MAX,
            8 => call.batch = u32::MAX,
            _ => {}
        }
        D::publishRootCall { manifest, ..call }.abi_encode()
    }

    fn individualize(&self, leaf: &Leaf, batch: u8, flaw: u8) -> Vec<u8> {
        // Of a tree that was published, mostly.
        let places = (0..3u8).flat_map(|custodian| (0..3u8).map(move |tree| (custodian, tree)));
        let is_published = |(custodian, tree): &(u8, u8)| {
            let root = self.tree(*custodian, *tree).1.root();
            self.model.state.batches.values().any(|batch| batch.root == root)
        };
        let published: Vec<_> = places.filter(is_published).collect();
        let (custodian, tree) = match published.len() {
            0 => (leaf.custodian, leaf.tree),
            _ if batch > 230 => (leaf.custodian, leaf.tree),
            count => published[usize::from(batch) % count],
        };
        let (pointers, tree) = self.tree(custodian, tree);
        let place = usize::from(leaf.place % LEAVES);
        let (mut pointer, mut proof) = (pointers[place].clone(), tree.proof(place));
        // A batch that has this tree, mostly.
        let has_it = |((account, _), batch): &(&(Address, u32), &Batch)| {
            *account == pointer.custodian && batch.root == tree.root()
        };
        let found = self.model.state.batches.iter().find(has_it).map(|((_, number), _)| *number);
        let mut batch = found.unwrap_or(u32::from(batch % 4));
        match flaw {
            1 => drop(proof.pop()),
            2 => proof.push(B256::ZERO),
            3 => pointer.keyCommitment = hash("another commitment", 1),
            4 => batch += 1,
            5 => proof.clear(),
            _ => {}
        }
        D::individualizeCall { pointer, batch, proof }.abi_encode()
    }

    fn decline(&self, request: u8, flaw: u8) -> Vec<u8> {
        let nothing = D::declineKeyCall {
            id: self.id(request),
            requestId: B256::ZERO,
            purpose: 0,
            onBehalfOf: Address::ZERO,
            encryptionKey: B256::ZERO,
            askedAt: time(1),
        };
        let mut call = self.asked(request).map_or(nothing, |((id, requestId), asked)| {
            let D::Request { purpose, onBehalfOf, encryptionKey, .. } = asked.request;
            D::declineKeyCall { id, requestId, purpose, onBehalfOf, encryptionKey, askedAt: time(asked.at) }
        });
        match flaw {
            1 => call.purpose ^= 1,
            2 => call.onBehalfOf = self.people.actors[0],
            3 => call.encryptionKey = B256::repeat_byte(0xee),
            4 => call.askedAt += time(1),
            5 => call.id = B256::repeat_byte(4),
            _ => {}
        }
        call.abi_encode()
    }
}
