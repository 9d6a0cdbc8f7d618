//! What is stored, and every read and write of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.
//!
//! All that the contract decides by is one word a pointer: a custodian is in it by its number. What a pointer points to
//! is in words of its own, which erasing clears.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::{entrypoint, packed};
use consilium_components::access_managed::{Authority, ObeysAuthority};
use consilium_components::stored::{Word, number};
use consilium_components::upgradeable::Upgrades;
use consilium_components::words::{Key, Words};
use stylus_sdk::prelude::*;

use crate::rules::{Codes, REGISTERED, REPLACED};

packed! {
    /// Whom to ask, what the DAO set, and how many there are.
    pub(crate) struct Settings {
        /// The consent.
        address consent;
        /// The purpose of storing.
        uint8 store_purpose;
        /// The time to answer a request, in seconds.
        uint32 answer_within;
        /// The number of schemas.
        uint32 schemas;
        /// The number of custodians.
        uint24 custodians;
    }
    /// A custodian.
    pub(crate) struct Custodian {
        /// Its number, from 1.
        uint24 number;
        /// Until when it is admitted.
        uint48 until;
        /// How often its admission began.
        uint16 term;
        /// How many batches it has opened.
        uint32 batches;
        /// How many answers were overdue.
        uint32 overdue;
    }
    /// A pointer but for its contents.
    pub(crate) struct Record {
        /// Whom the data is about.
        address subject;
        /// The number of its custodian.
        uint24 custodian;
        /// Its class.
        uint8 data_class;
        /// Its schema.
        uint32 schema;
        /// How it is encrypted; 0 where its contents are not stored.
        uint16 encryption;
        /// Its state.
        uint8 state;
        byte {
            /// The hash of the digest.
            uint2 hash;
            /// The kind of the locator; 0 where the contents are not stored.
            uint3 kind;
            /// The codec of the CID.
            uint2 codec;
        }
    }
    /// What is left of a pointer that was erased or refused, beside its record.
    pub(crate) struct Tombstone {
        /// Who did it.
        address by;
        /// When.
        uint48 at;
    }
    /// An offer of a pointer.
    pub(crate) struct Offer {
        /// To whom.
        address to;
        /// In which term of its custodian.
        uint16 term;
        /// In which term of the one to whom it is offered.
        uint16 to_term;
    }
    /// A batch of pointers but for its root and its manifest.
    pub(crate) struct Batch {
        /// How many pointers there are.
        uint64 count;
        /// How often a root was published.
        uint32 version;
        /// In which term of its custodian the root was published.
        uint16 term;
        byte {
            /// The hash of the manifest's digest.
            uint2 hash;
            /// The kind of the manifest's locator; 0 where it was cleared.
            uint3 kind;
            /// The codec of its CID.
            uint2 codec;
        }
    }
    /// A request for a key.
    pub(crate) struct Asked {
        /// Who asked.
        address actor;
        /// Until when the answer is due.
        uint48 due_by;
        /// The number of the custodian that was asked.
        uint24 custodian;
        byte {
            /// It was answered.
            bool delivered;
            /// It was counted as overdue.
            bool overdue;
            /// It needs no answer.
            bool declined;
        }
    }
    /// A schema but for its hashes.
    pub(crate) struct SchemaWord {
        /// Its state.
        uint8 state;
        /// The class of its records.
        uint8 data_class;
        /// Its version.
        uint32 version;
        /// From when on nothing is registered under it, if it is deprecated.
        uint48 sunset;
        /// The schema that replaces it.
        uint32 successor;
    }
    /// Who signs.
    pub(crate) struct Signer {
        /// The next nonce under key 0.
        uint64 nonce;
        /// What a passkey is pinned to: the first bytes of rpIdHash.
        bytes16 site;
    }
}

impl Record {
    /// Whether it was registered and not erased.
    pub(crate) fn exists(&self) -> bool {
        matches!(self.state, REGISTERED | REPLACED)
    }

    pub(crate) fn codes(&self) -> Codes {
        Codes { hash: self.hash, kind: self.kind, codec: self.codec }
    }
}

impl Asked {
    /// Whether an answer is still to come.
    pub(crate) fn is_open(&self) -> bool {
        !self.delivered && !self.declined
    }
}

impl Batch {
    pub(crate) fn codes(&self) -> Codes {
        Codes { hash: self.hash, kind: self.kind, codec: self.codec }
    }
}

/// A custodian's number, and the number of one of its batches.
type BatchKey = (u32, u32);

/// The contract's storage.
#[entrypoint(erc7201 = "consilium.storage.DataPointerRegistry")]
#[storage]
pub struct DataPointerRegistry {
    /// Who says who may call the restricted functions.
    authority: Authority,
    /// Whom to ask, what the DAO set, and how many there are.
    settings: Word<Settings>,
    /// Custodians.
    custodians: Words<Address, Custodian>,
    /// Custodians' accounts, by number.
    accounts: Words<u32, Address>,
    /// Pointers, by id.
    records: Words<B256, Record>,
    /// Digests of the contents, by id of the pointer.
    digests: Words<B256, B256>,
    /// Locators of the contents.
    locators: Words<B256, B256>,
    /// Commitments to the keys.
    key_commitments: Words<B256, B256>,
    /// The pointers that superseded others.
    successors: Words<B256, B256>,
    /// Who erased and refused pointers.
    tombstones: Words<B256, Tombstone>,
    /// Offers of pointers.
    offers: Words<B256, Offer>,
    /// Batches, by custodian's number and number.
    batches: Words<(u32, u32), Batch>,
    /// Their roots.
    roots: Words<(u32, u32), B256>,
    /// Digests of their manifests.
    manifests: Words<(u32, u32), B256>,
    /// Locators of their manifests.
    manifest_locators: Words<(u32, u32), B256>,
    /// Requests, by the hash of the pointer's id and the request's.
    requests: Words<(B256, B256), Asked>,
    /// Schemas.
    schemas: Words<u32, SchemaWord>,
    /// The hashes of their canonical URLs.
    schema_urls: Words<u32, B256>,
    /// The hashes of the schemas themselves.
    schema_contents: Words<u32, B256>,
    /// What numbers of encryptions mean.
    encryptions: Words<u16, B256>,
    /// Those who signed.
    signers: Words<Address, Signer>,
    /// Next counts of nonces, by signer and key; key 0 is in [`Signer`].
    nonces: Words<(Address, U256), u64>,
    /// How many pointers of subjects were registered.
    pointer_counts: Words<Address, u64>,
    /// Their ids, by subject and place.
    pointers: Words<(Address, u64), B256>,
}

impl DataPointerRegistry {
    // ---------------------------------------------------------------------------------------------- settings

    pub(crate) fn settings(&self) -> Settings {
        Settings::unpack(self.settings.get())
    }

    pub(crate) fn set_settings(&mut self, settings: &Settings) {
        self.settings.set(settings.pack());
    }

    pub(crate) fn stored_encryption(&self, number: u16) -> B256 {
        self.encryptions.get(u64::from(number).into())
    }

    pub(crate) fn write_encryption(&mut self, number: u16, code: B256) {
        self.encryptions.insert(u64::from(number).into(), code);
    }

    // -------------------------------------------------------------------------------------------- custodians

    pub(crate) fn stored_custodian(&self, account: Address) -> Custodian {
        Custodian::unpack(self.custodians.get(account.into()))
    }

    pub(crate) fn set_custodian(&mut self, account: Address, custodian: &Custodian) {
        self.custodians.insert(account.into(), custodian.pack());
    }

    /// The account of a custodian's number.
    pub(crate) fn account(&self, number: u32) -> Address {
        Address::from_word(self.accounts.get(u64::from(number).into()))
    }

    pub(crate) fn set_account(&mut self, number: u32, account: Address) {
        self.accounts.insert(u64::from(number).into(), account.into_word());
    }

    pub(crate) fn offer(&self, id: B256) -> Offer {
        Offer::unpack(self.offers.get(id.into()))
    }

    pub(crate) fn set_offer(&mut self, id: B256, offer: &Offer) {
        self.offers.insert(id.into(), offer.pack());
    }

    // ---------------------------------------------------------------------------------------------- pointers

    /// A pointer, with state 0 if it was never registered.
    pub(crate) fn record(&self, id: B256) -> Record {
        Record::unpack(self.records.get(id.into()))
    }

    pub(crate) fn set_record(&mut self, id: B256, record: &Record) {
        self.records.insert(id.into(), record.pack());
    }

    pub(crate) fn digest(&self, id: B256) -> B256 {
        self.digests.get(id.into())
    }

    pub(crate) fn locator(&self, id: B256) -> B256 {
        self.locators.get(id.into())
    }

    pub(crate) fn key_commitment(&self, id: B256) -> B256 {
        self.key_commitments.get(id.into())
    }

    /// Sets the contents of a new pointer.
    pub(crate) fn set_contents(&mut self, id: B256, digest: B256, locator: B256, key_commitment: B256) {
        self.digests.insert(id.into(), digest);
        self.key_commitments.insert(id.into(), key_commitment);
        if !locator.is_zero() {
            self.locators.insert(id.into(), locator);
        }
    }

    /// Clears the contents of a pointer, which was as `record` says.
    pub(crate) fn clear_contents(&mut self, id: B256, record: &Record) {
        if record.kind != 0 {
            self.digests.insert(id.into(), B256::ZERO);
            self.locators.insert(id.into(), B256::ZERO);
            self.key_commitments.insert(id.into(), B256::ZERO);
        }
    }

    pub(crate) fn stored_successor(&self, id: B256) -> B256 {
        self.successors.get(id.into())
    }

    pub(crate) fn set_successor(&mut self, id: B256, successor: B256) {
        self.successors.insert(id.into(), successor);
    }

    pub(crate) fn stored_tombstone(&self, id: B256) -> Tombstone {
        Tombstone::unpack(self.tombstones.get(id.into()))
    }

    pub(crate) fn write_tombstone(&mut self, id: B256, tombstone: &Tombstone) {
        self.tombstones.insert(id.into(), tombstone.pack());
    }

    /// How many pointers of a subject were registered.
    pub(crate) fn stored_pointer_count(&self, subject: Address) -> u64 {
        number(self.pointer_counts.get(subject.into())).as_limbs()[0]
    }

    /// The id of a subject's pointer at a place.
    pub(crate) fn stored_pointer(&self, subject: Address, place: u64) -> B256 {
        self.pointers.get(of_subject(subject, place))
    }

    pub(crate) fn add_pointer(&mut self, subject: Address, id: B256) {
        let count = self.stored_pointer_count(subject);
        self.pointers.insert(of_subject(subject, count), id);
        self.pointer_counts.insert(subject.into(), Key::from(count + 1).0);
    }

    // ----------------------------------------------------------------------------------------------- batches

    pub(crate) fn stored_batch(&self, key: BatchKey) -> Batch {
        Batch::unpack(self.batches.get(of(key)))
    }

    pub(crate) fn write_batch(&mut self, key: BatchKey, batch: &Batch) {
        self.batches.insert(of(key), batch.pack());
    }

    pub(crate) fn root(&self, key: BatchKey) -> B256 {
        self.roots.get(of(key))
    }

    pub(crate) fn set_root(&mut self, key: BatchKey, root: B256) {
        self.roots.insert(of(key), root);
    }

    /// Digest and locator of a batch's manifest.
    pub(crate) fn manifest(&self, key: BatchKey) -> (B256, B256) {
        (self.manifests.get(of(key)), self.manifest_locators.get(of(key)))
    }

    pub(crate) fn set_manifest(&mut self, key: BatchKey, digest: B256, locator: B256) {
        self.manifests.insert(of(key), digest);
        self.manifest_locators.insert(of(key), locator);
    }

    // ---------------------------------------------------------------------------------------------- requests

    /// A request, with an actor of zero if there is none.
    pub(crate) fn asked(&self, id: B256, request_id: B256) -> Asked {
        Asked::unpack(self.requests.get(request(id, request_id)))
    }

    pub(crate) fn set_asked(&mut self, id: B256, request_id: B256, asked: &Asked) {
        self.requests.insert(request(id, request_id), asked.pack());
    }

    // ----------------------------------------------------------------------------------------------- schemas

    /// A schema, with state 0 if there is none.
    pub(crate) fn stored_schema(&self, number: u32) -> SchemaWord {
        SchemaWord::unpack(self.schemas.get(u64::from(number).into()))
    }

    pub(crate) fn write_schema(&mut self, number: u32, schema: &SchemaWord) {
        self.schemas.insert(u64::from(number).into(), schema.pack());
    }

    /// The hashes of its URL and of itself.
    pub(crate) fn schema_hashes(&self, number: u32) -> (B256, B256) {
        let key = Key::from(u64::from(number));
        (self.schema_urls.get(key), self.schema_contents.get(key))
    }

    pub(crate) fn set_schema_hashes(&mut self, number: u32, url: B256, content: B256) {
        let key = Key::from(u64::from(number));
        self.schema_urls.insert(key, url);
        self.schema_contents.insert(key, content);
    }

    // ----------------------------------------------------------------------------------------------- signers

    pub(crate) fn signer(&self, account: Address) -> Signer {
        Signer::unpack(self.signers.get(account.into()))
    }

    pub(crate) fn set_signer(&mut self, account: Address, signer: &Signer) {
        self.signers.insert(account.into(), signer.pack());
    }

    /// The next count under a key of nonces other than 0.
    pub(crate) fn nonce_count(&self, signer: Address, key: U256) -> u64 {
        number(self.nonces.get(nonce(signer, key))).as_limbs()[0]
    }

    pub(crate) fn set_nonce_count(&mut self, signer: Address, key: U256, count: u64) {
        self.nonces.insert(nonce(signer, key), Key::from(count).0);
    }
}

/// Two numbers fit a word.
fn of((custodian, batch): BatchKey) -> Key {
    Key::from(u64::from(custodian) << 32 | u64::from(batch))
}

/// An address and a number fit a word.
fn of_subject(subject: Address, place: u64) -> Key {
    let mut word = Key::from(place).0;
    word[..20].copy_from_slice(&subject[..]);
    Key(word)
}

fn request(id: B256, request_id: B256) -> Key {
    Key(keccak256([id.0, request_id.0].as_flattened()))
}

fn nonce(signer: Address, key: U256) -> Key {
    Key(keccak256([&signer[..], &key.to_be_bytes::<32>()].concat()))
}

impl ObeysAuthority for DataPointerRegistry {
    fn stored_authority(&self) -> &Authority {
        &self.authority
    }

    fn stored_authority_mut(&mut self) -> &mut Authority {
        &mut self.authority
    }
}

impl Upgrades for DataPointerRegistry {}
