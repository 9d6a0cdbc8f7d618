//! The pointers, ids and requests that a step's numbers stand for.

use alloy::primitives::{Address, B256, b256, keccak256};
use consilium_bindings::DataPointerRegistry as D;
use harness::merkle::Tree;

use crate::world::id;

use super::World;
use super::people::{CLASSES, ORGANIZATION, PURPOSES};
use super::state::Asked;
use super::steps::{Asking, Drawn, Leaf, Which};

/// Leaves of a tree.
pub(super) const LEAVES: u8 = 6;

/// Times around now.
pub(super) fn second(which: u8, now: u64) -> u64 {
    [0, now, now + 1, now + 3_600, now + 864_000, now - 100, (1 << 48) - 1][usize::from(which % 7)]
}

pub(super) fn hash(of: &str, number: u64) -> B256 {
    keccak256(format!("{of} {number}"))
}

/// A key whose number is near 2^255 - 19, with the highest bit set.
fn near_p(first: u8) -> B256 {
    let mut key = B256::repeat_byte(0xff);
    key[0] = first;
    key
}

impl World {
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
        found
            .or_else(|| schemas.iter().position(|schema| schema.dataClass == class))
            .map_or(1, |place| place as u32 + 1)
    }

    pub(super) fn pointer(&self, which: &Which, by: Address) -> D::Pointer {
        match which {
            Which::New(drawn) => self.drawn(drawn, by),
            Which::Leaf(leaf) => self.leaf(leaf),
        }
    }

    /// A custodian's trees are the same in every script: their leaves follow from these numbers alone.
    pub(super) fn leaf(&self, leaf: &Leaf) -> D::Pointer {
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
    pub(super) fn id(&self, which: u8) -> B256 {
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
    pub(super) fn of_signer(&self, which: u8) -> B256 {
        let signs = |subject: Address| self.people.signers.iter().any(|signer| signer.account() == subject);
        let known = self.model.state.pointers.iter();
        let all: Vec<_> = known.filter(|(_, known)| signs(self.consent.key(known.pointer.subject))).collect();
        if all.is_empty() || which > 220 { self.id(which) } else { *all[usize::from(which) % all.len()].0 }
    }

    /// A request that was made, mostly one of the last.
    pub(super) fn asked(&self, which: u8) -> Option<((B256, B256), &Asked)> {
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
            9 => b256!("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
            10 => b256!("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b801"),
            11 => near_p(0xed),
            12 => near_p(0xef),
            key => B256::repeat_byte(key),
        };
        D::Request { id: self.id(asking.id), purpose, onBehalfOf, encryptionKey }
    }

    /// A pointer that is offered, mostly.
    pub(super) fn offered(&self, which: u8) -> B256 {
        let offers: Vec<_> = self.model.state.offers.keys().collect();
        if offers.is_empty() || which > 230 { self.id(which) } else { *offers[usize::from(which) % offers.len()] }
    }
}
