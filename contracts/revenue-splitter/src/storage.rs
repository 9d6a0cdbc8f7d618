//! What is stored, and every read and write of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.
//!
//! Two words decide about a release of ether, and both were written before the first release: [`Ether`], and the
//! account's [`Payee`]. So a first release costs what a later one costs.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::{Revert, entrypoint, packed};
use consilium_components::access_managed::{Authority, ObeysAuthority};
use consilium_components::moving::MovesMoney;
use consilium_components::reentrancy::GuardsReentrance;
use consilium_components::stored::{Word, number};
use consilium_components::upgradeable::Upgrades;
use consilium_components::words::{Key, Words};
use stylus_sdk::prelude::*;

packed! {
    /// What the DAO set, and how many epochs there are.
    pub(crate) struct Settings {
        /// Who gets what was not claimed.
        address treasury;
        /// For how many seconds an epoch can be disabled.
        uint32 window;
        /// The number of epochs.
        uint32 epochs;
    }
    /// The ether, and the version of the current table.
    pub(crate) struct Ether {
        /// The version of the current table.
        uint32 version;
        /// What was paid to payees, and what epochs took from the pool.
        uint112 released;
        /// What was received under the tables before, was given to the pool, and is set aside for epochs: the balance
        /// and `released` above this were received under the current table.
        uint112 offset;
    }
    /// An account as a payee, and its ether.
    pub(crate) struct Payee {
        /// The version of the last table that it was in; 0 for none.
        uint32 version;
        /// Its place in that table.
        uint16 index;
        /// Its share in that table, in basis points.
        uint16 share;
        /// Its parts of the ether of the tables that were replaced; of the pool, also what it was given.
        uint96 settled;
        /// What it was paid.
        uint96 released;
    }
    /// A place in a table.
    pub(crate) struct Entry {
        /// Whose it is.
        address account;
        /// Its share, in basis points.
        uint16 share;
        /// The sum of the shares before it.
        uint16 before;
        /// The last table before this one that the account was in; 0 for none.
        uint32 previous;
        /// Its place there.
        uint16 previous_index;
    }
    /// The contract's holdings of a token.
    pub(crate) struct Pool {
        /// The table under which was received what follows.
        uint32 version;
        /// What was received under that table.
        uint112 received;
        /// What the contract owes to all.
        uint112 booked;
    }
    /// An account's part of a token.
    pub(crate) struct Taken {
        /// The first table whose part is not in `settled`.
        uint32 version;
        /// Its parts of the tables before.
        uint112 settled;
        /// What it was paid.
        uint112 released;
    }
    /// An epoch but for its hashes and its money.
    pub(crate) struct EpochWord {
        /// What it pays; zero for ether.
        address token;
        /// From when on it can be claimed.
        uint40 claimable_from;
        /// The last second in which it can be claimed.
        uint40 deadline;
        /// Its state.
        uint8 state;
    }
    /// An epoch's money.
    pub(crate) struct Funds {
        /// What was not claimed yet.
        uint112 remaining;
        /// What was set aside.
        uint112 total;
    }
    /// Who signs.
    pub(crate) struct Signer {
        /// The next nonce under key 0.
        uint64 nonce;
        /// What a passkey is pinned to: the first bytes of rpIdHash.
        bytes16 site;
    }
}

/// A table's version, and a place in it.
type Place = (u32, u16);

/// The contract's storage.
#[entrypoint(erc7201 = "consilium.storage.RevenueSplitter")]
#[storage]
pub struct RevenueSplitter {
    /// Who says who may call the restricted functions.
    authority: Authority,
    /// What the DAO set.
    settings: Word<Settings>,
    /// The registry that is asked about requests.
    registry: Word<Address>,
    /// The ether.
    ether: Word<Ether>,
    /// Payees.
    payees: Words<Address, Payee>,
    /// Places of tables, by version and index.
    entries: Words<(u32, u16), Entry>,
    /// What was received under tables that were replaced, by version and token.
    received: Words<(u32, Address), u128>,
    /// Holdings, by token.
    pools: Words<Address, Pool>,
    /// What was paid to payees in all, by token.
    totals: Words<Address, u128>,
    /// Accounts' parts, by token and account.
    taken: Words<(Address, Address), Taken>,
    /// Epochs, by number and root: so a claim, whose proof leads to the root, need not read it.
    epochs: Words<(u32, B256), EpochWord>,
    /// Their roots.
    roots: Words<u32, B256>,
    /// The hashes of their lists.
    manifests: Words<u32, B256>,
    /// Their money.
    funds: Words<u32, Funds>,
    /// Epochs, by root and manifest.
    published: Words<(B256, B256), u32>,
    /// 256 indexes of an epoch a word: which were claimed.
    claimed: Words<(u32, U256), U256>,
    /// Those who signed.
    signers: Words<Address, Signer>,
    /// Next counts of nonces, by signer and key; key 0 is in [`Signer`].
    nonces: Words<(Address, U256), u64>,
}

impl RevenueSplitter {
    // ---------------------------------------------------------------------------------------------- settings

    pub(crate) fn settings(&self) -> Settings {
        Settings::unpack(self.settings.get())
    }

    pub(crate) fn set_settings(&mut self, settings: &Settings) {
        self.settings.set(settings.pack());
    }

    pub(crate) fn stored_registry(&self) -> Address {
        Address::from_word(self.registry.get())
    }

    pub(crate) fn write_registry(&mut self, registry: Address) {
        self.registry.set(registry.into_word());
    }

    // ------------------------------------------------------------------------------------------------ tables

    pub(crate) fn ether(&self) -> Ether {
        Ether::unpack(self.ether.get())
    }

    pub(crate) fn set_ether(&mut self, ether: &Ether) {
        self.ether.set(ether.pack());
    }

    pub(crate) fn stored_payee(&self, account: Address) -> Payee {
        Payee::unpack(self.payees.get(account.into()))
    }

    pub(crate) fn set_payee(&mut self, account: Address, payee: &Payee) {
        self.payees.insert(account.into(), payee.pack());
    }

    /// A place of a table, with an account of zero if there is none.
    pub(crate) fn entry(&self, place: Place) -> Entry {
        Entry::unpack(self.entries.get(of(place)))
    }

    pub(crate) fn set_entry(&mut self, place: Place, entry: &Entry) {
        self.entries.insert(of(place), entry.pack());
    }

    /// What was received under a table that was replaced, as far as it is known to be replaced.
    pub(crate) fn closed(&self, version: u32, token: Address) -> u128 {
        amount(self.received.get(closing(version, token)))
    }

    pub(crate) fn set_closed(&mut self, version: u32, token: Address, received: u128) {
        self.received.insert(closing(version, token), word(received));
    }

    // ------------------------------------------------------------------------------------------------ tokens

    pub(crate) fn pool(&self, token: Address) -> Pool {
        Pool::unpack(self.pools.get(token.into()))
    }

    pub(crate) fn set_pool(&mut self, token: Address, pool: &Pool) {
        self.pools.insert(token.into(), pool.pack());
    }

    pub(crate) fn total(&self, token: Address) -> u128 {
        amount(self.totals.get(token.into()))
    }

    pub(crate) fn set_total(&mut self, token: Address, total: u128) {
        self.totals.insert(token.into(), word(total));
    }

    pub(crate) fn taken(&self, token: Address, account: Address) -> Taken {
        Taken::unpack(self.taken.get(both(token, account)))
    }

    pub(crate) fn set_taken(&mut self, token: Address, account: Address, taken: &Taken) {
        self.taken.insert(both(token, account), taken.pack());
    }

    // ------------------------------------------------------------------------------------------------ epochs

    /// An epoch, with state 0 if there is none, or it has another root.
    pub(crate) fn stored_epoch(&self, number: u32, root: B256) -> EpochWord {
        EpochWord::unpack(self.epochs.get(numbered(number, root)))
    }

    pub(crate) fn set_epoch(&mut self, number: u32, root: B256, epoch: &EpochWord) {
        self.epochs.insert(numbered(number, root), epoch.pack());
    }

    pub(crate) fn root(&self, number: u32) -> B256 {
        self.roots.get(u64::from(number).into())
    }

    pub(crate) fn manifest(&self, number: u32) -> B256 {
        self.manifests.get(u64::from(number).into())
    }

    pub(crate) fn set_hashes(&mut self, number: u32, root: B256, manifest: B256) {
        self.roots.insert(u64::from(number).into(), root);
        self.manifests.insert(u64::from(number).into(), manifest);
    }

    pub(crate) fn funds(&self, number: u32) -> Funds {
        Funds::unpack(self.funds.get(u64::from(number).into()))
    }

    pub(crate) fn set_funds(&mut self, number: u32, funds: &Funds) {
        self.funds.insert(u64::from(number).into(), funds.pack());
    }

    /// The epoch of a root and a manifest; 0 for none.
    pub(crate) fn epoch_of(&self, root: B256, manifest: B256) -> u32 {
        number(self.published.get(pair(root, manifest))).as_limbs()[0] as u32
    }

    pub(crate) fn set_epoch_of(&mut self, root: B256, manifest: B256, number: u32) {
        self.published.insert(pair(root, manifest), Key::from(u64::from(number)).0);
    }

    /// The word that has the bit of an index.
    pub(crate) fn claimed(&self, number: u32, index: U256) -> B256 {
        self.claimed.get(bitmap(number, index))
    }

    pub(crate) fn set_claimed(&mut self, number: u32, index: U256, bits: B256) {
        self.claimed.insert(bitmap(number, index), bits);
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

fn amount(word: B256) -> u128 {
    u128::from_be_bytes(*word.0.last_chunk().expect("a word has 16 bytes"))
}

fn word(amount: u128) -> B256 {
    let mut word = B256::ZERO;
    word[16..].copy_from_slice(&amount.to_be_bytes());
    word
}

/// Two numbers fit a word.
fn of((version, index): Place) -> Key {
    Key::from(u64::from(version) << 16 | u64::from(index))
}

/// A number and an address fit a word.
fn closing(version: u32, token: Address) -> Key {
    let mut key = token.into_word();
    key[8..12].copy_from_slice(&version.to_be_bytes());
    Key(key)
}

fn both(token: Address, account: Address) -> Key {
    pair(token.into_word(), account.into_word())
}

/// An index has 256 bits, so it does not fit a word together with the epoch.
fn bitmap(number: u32, index: U256) -> Key {
    let bucket: U256 = index >> 8;
    numbered(number, bucket.into())
}

fn numbered(number: u32, word: B256) -> Key {
    pair(Key::from(u64::from(number)).0, word)
}

fn pair(a: B256, b: B256) -> Key {
    Key(keccak256([a.0, b.0].as_flattened()))
}

fn nonce(signer: Address, key: U256) -> Key {
    Key(keccak256([&signer[..], &key.to_be_bytes::<32>()].concat()))
}

impl ObeysAuthority for RevenueSplitter {
    fn stored_authority(&self) -> &Authority {
        &self.authority
    }

    fn stored_authority_mut(&mut self) -> &mut Authority {
        &mut self.authority
    }
}

impl Upgrades for RevenueSplitter {
    fn only_at_rest(&self) -> Result<(), Revert> {
        self.non_reentrant()
    }
}

impl GuardsReentrance for RevenueSplitter {}

impl MovesMoney for RevenueSplitter {}
