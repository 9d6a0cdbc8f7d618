//! The call that a step means.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::SolCall,
};
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use harness::merkle::Tree;
use harness::walk::authority::Authority;

use crate::world::id;

use super::World;
use super::people::{
    ACTORS, CLASSES, CUSTODIANS, DAO, DOCTOR, ORGANIZATION, PATIENTS, PURPOSES, of_consent, restricted,
};
use super::state::{Asked, time};
use super::steps::{Asking, Drawn, Leaf, Own, Which};

/// Leaves of a tree.
const LEAVES: u8 = 6;

/// Times around now.
fn second(which: u8, now: u64) -> u64 {
    [0, now, now + 1, now + 3_600, now + 864_000, now - 100, (1 << 48) - 1][usize::from(which % 7)]
}

fn hash(of: &str, number: u64) -> B256 {
    keccak256(format!("{of} {number}"))
}

/// A key whose number is near 2^255 - 19, with the highest bit set.
fn near_p(first: u8) -> B256 {
    let mut key = B256::repeat_byte(0xff);
    key[0] = first;
    key
}

impl World {
    // ------------------------------------------------------------------------------------------------- pointers

    /// A pointer with members that belong together, but for a flaw.
    fn drawn(&self, drawn: &Drawn, by: Address) -> D::Pointer {
        let subject = self.people.subject(drawn.subject);
        let custodian = if drawn.custodian == 255 { by } else { self.people.custodian(drawn.custodian) };
        let class = usize::from(drawn.class) % CLASSES.len();
        let content = u64::from(drawn.content % 24);
        let hashCode = [0x12, 0x1e, 0x1b, 0xb220][usize::from(drawn.content % 4)];
        let locator = hash("locator", content);
        let (locatorKind, locatorCodec, locator) = match drawn.locator {
            0 => (2, 0x71, locator),
            1 => (3, 0, locator),
            2 => (4, 0, locator),
            other => (1, [0x55, 0x70, 0x71][usize::from(other % 3)], B256::ZERO),
        };
        // One that could be superseded, now and then.
        let known = self.model.state.pointers.iter();
        let mine = known.filter(|(_, known)| known.pointer.subject == subject).map(|(id, _)| *id).collect::<Vec<_>>();
        let previous = match drawn.previous {
            255 => B256::repeat_byte(9),
            200.. if !mine.is_empty() => mine[usize::from(drawn.previous) % mine.len()],
            _ => B256::ZERO,
        };
        let mut pointer = D::Pointer {
            subject,
            custodian,
            dataClass: CLASSES[class],
            schema: self.schema_of(CLASSES[class]) + u32::from(drawn.schema),
            hashCode,
            digest: hash("digest", content),
            locatorKind,
            locatorCodec,
            locator,
            encryption: 1 + u16::from(drawn.content % 2),
            keyCommitment: hash("commitment", content),
            previous,
        };
        match drawn.flaw {
            1 => pointer.hashCode = 0x13,
            2 => pointer.digest = B256::ZERO,
            3 => pointer.locatorKind = 0,
            4 => pointer.locatorKind = 5,
            5 => pointer.locatorCodec = 0x72,
            6 => pointer.locatorKind = pointer.locatorKind % 4 + 1,
            7 => pointer.encryption = 9,
            8 => pointer.keyCommitment = B256::ZERO,
            9 => pointer.dataClass = 77,
            10 => pointer.encryption = 0,
            11 => pointer.subject = Address::ZERO,
            _ => {}
        }
        pointer
    }

    /// The newest schema of a class that is in use, or the class's first.
    fn schema_of(&self, class: u8) -> u32 {
        let schemas = &self.model.state.schemas;
        let found = schemas.iter().rposition(|schema| schema.dataClass == class && schema.state == 2);
        found.or_else(|| schemas.iter().position(|schema| schema.dataClass == class)).map_or(1, |place| place as u32 + 1)
    }

    pub(super) fn pointer(&self, which: &Which, by: Address) -> D::Pointer {
        match which {
            Which::New(drawn) => self.drawn(drawn, by),
            Which::Leaf(leaf) => self.leaf(leaf),
        }
    }

    /// A custodian's trees are the same in every script: their leaves follow from these numbers alone.
    fn leaf(&self, leaf: &Leaf) -> D::Pointer {
        let Leaf { custodian, tree, place } = leaf;
        let (tree, place) = (tree % 3, place % LEAVES);
        let number = 1_000 + u64::from(custodian % 3) * 100 + u64::from(tree) * 10 + u64::from(place);
        let class = usize::from(place % 2);
        D::Pointer {
            subject: self.people.subject(place + tree),
            custodian: self.people.custodian(*custodian),
            dataClass: CLASSES[class],
            schema: class as u32 + 1,
            // The fifth of a tree is malformed.
            hashCode: if place == 4 { 0x13 } else { 0x12 },
            digest: hash("digest", number),
            locatorKind: 3,
            locatorCodec: 0,
            locator: hash("locator", number),
            encryption: 1,
            keyCommitment: hash("commitment", number),
            previous: B256::ZERO,
        }
    }

    /// The pointers of a tree, and the tree.
    pub(super) fn tree(&self, custodian: u8, tree: u8) -> (Vec<D::Pointer>, Tree) {
        let leaf = |place| self.leaf(&Leaf { custodian, tree, place });
        let pointers: Vec<_> = (0..LEAVES).map(leaf).collect();
        let tree = Tree::of(&pointers.iter().map(id).collect::<Vec<_>>());
        (pointers, tree)
    }

    /// An id: of a pointer that is there, mostly.
    fn id(&self, which: u8) -> B256 {
        let state = &self.model.state;
        let known: Vec<_> = state.pointers.keys().filter(|id| which >= 200 || state.existing(**id).is_some()).collect();
        match which {
            250.. => B256::repeat_byte(which),
            240.. => id(&self.leaf(&Leaf { custodian: 0, tree: 0, place: which % LEAVES })),
            _ if known.is_empty() => B256::ZERO,
            _ => *known[usize::from(which) % known.len()],
        }
    }

    /// The id of a pointer of one who signs, mostly.
    fn of_signer(&self, which: u8) -> B256 {
        let signs = |subject: Address| self.people.signers.iter().any(|signer| signer.account() == subject);
        let known = self.model.state.pointers.iter();
        let all: Vec<_> = known.filter(|(_, known)| signs(self.consent.key(known.pointer.subject))).collect();
        if all.is_empty() || which > 220 { self.id(which) } else { *all[usize::from(which) % all.len()].0 }
    }

    /// A request that was made, mostly one of the last.
    fn asked(&self, which: u8) -> Option<((B256, B256), &Asked)> {
        let order = &self.model.state.order;
        let key = order.iter().rev().nth(usize::from(which) % order.len().clamp(1, 8))?;
        Some((*key, self.model.state.requests.get(key)?))
    }

    pub(super) fn request(&self, asking: &Asking) -> D::Request {
        let purpose = PURPOSES.get(usize::from(asking.purpose)).copied().unwrap_or(60 + asking.purpose);
        let onBehalfOf = if asking.organization { self.people.actors[ORGANIZATION] } else { Address::ZERO };
        let encryptionKey = match asking.key {
            // 0, one of order 8, 2^255 - 19 with the highest bit, and what is next to them.
            0 => B256::ZERO,
            9 => alloy::primitives::b256!("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
            10 => alloy::primitives::b256!("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b801"),
            11 => near_p(0xed),
            12 => near_p(0xef),
            key => B256::repeat_byte(key),
        };
        D::Request { id: self.id(asking.id), purpose, onBehalfOf, encryptionKey }
    }

    // ---------------------------------------------------------------------------------------------------- calls

    /// One who may, mostly.
    pub(super) fn better(&self, by: usize, own: &Own) -> usize {
        let actors = &self.people.actors;
        let place = |account: Address| actors.iter().position(|actor| *actor == account);
        let often = by < 6;
        match own {
            Own::Register { which: Which::Leaf(leaf) } | Own::RegisterSigned { which: Which::Leaf(leaf), .. } if often => {
                place(self.leaf(leaf).custodian).unwrap_or(by)
            }
            Own::Register { .. } | Own::RegisterSigned { .. } | Own::PublishRoot { .. } | Own::ClearManifest { .. }
                if often =>
            {
                CUSTODIANS[[0, 0, 1, 1, 0, 2][by]]
            }
            Own::Erase { id } | Own::Offer { id, .. } if often => {
                let known = self.model.state.pointers.get(&self.id(*id));
                let who = known.map(|known| if by == 0 { self.consent.key(known.pointer.subject) } else { known.custodian });
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
            Own::Request { .. } | Own::RequestMany { .. } if often => if by < 4 { DOCTOR } else { by },
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

    /// A pointer that is offered, mostly.
    fn offered(&self, which: u8) -> B256 {
        let offers: Vec<_> = self.model.state.offers.keys().collect();
        if offers.is_empty() || which > 230 { self.id(which) } else { *offers[usize::from(which) % offers.len()] }
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
                let signed = self.sign(by, pointer.subject, signing, now, |terms, domain| {
                    crate::signing::register_hash(&pointer, terms, domain)
                });
                D::registerSignedCall { pointer, signed }.abi_encode()
            }
            Own::Erase { id } => D::eraseCall { id: self.id(*id) }.abi_encode(),
            Own::EraseSigned { id, signing } => {
                let id = self.of_signer(*id);
                let subject = self.model.state.pointers.get(&id).map(|known| known.pointer.subject);
                let signed = self.sign(by, subject.unwrap_or_default(), signing, now, |terms, domain| {
                    crate::signing::erase_hash(id, terms, domain)
                });
                D::eraseSignedCall { id, signed }.abi_encode()
            }
            Own::Refuse { which } => D::refusePointerCall { pointer: self.pointer(which, self.people.custodian(0)) }.abi_encode(),
            Own::RefuseSigned { which, signing } => {
                let pointer = self.pointer(which, self.people.custodian(0));
                let signed = self.sign(by, pointer.subject, signing, now, |terms, domain| {
                    crate::signing::refuse_hash(id(&pointer), terms, domain)
                });
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
                let signed = self.sign_as(by, actor, signing, now, |terms, domain| {
                    crate::signing::request_hash(actor, &request, terms, domain)
                });
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
                let to = if *to > 230 { Address::ZERO } else if *to > 210 { self.people.account(*to) } else { self.people.custodian(*to) };
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
        let (locatorKind, locator) = if batch % 2 == 0 { (1, B256::ZERO) } else { (2, hash("list", 1)) };
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
        let has_it = |((account, _), batch): &(&(Address, u32), &super::state::Batch)| {
            *account == pointer.custodian && batch.root == tree.root()
        };
        let found = self.model.state.batches.iter().find(has_it).map(|((_, number), _)| *number);
        let mut batch = found.unwrap_or(u32::from(batch % 4));
        match flaw {
            1 => drop(proof.pop()),
            2 => proof.push(B256::ZERO),
            3 => pointer.keyCommitment = B256::repeat_byte(1),
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

    fn board(&self, own: &Own, now: u64) -> Vec<u8> {
        let number = |which: &u8| u32::from(*which) + 1;
        match own {
            Own::Admit { account, until } => {
                let account = if *account > 200 { self.people.account(*account) } else { self.people.custodian(*account) };
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
            Own::SetAuthority { to } => {
                D::setAuthorityCall { newAuthority: self.people.account(*to) }.abi_encode()
            }
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
    pub(super) fn change(&mut self, what: &super::steps::Change, now: u64) -> (usize, Vec<u8>) {
        use super::steps::Change;
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
