//! What is stored, and every read and write of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.
//!
//! The slots are those of every Safe since 1.3.0. Libraries that a Safe runs by a delegated call know them, and a proxy
//! may have had another singleton before.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, b256};
use consilium_abi::{Chain, Constant, Singleton};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageMap;

use crate::stored::{Number, Word};
use crate::words::Words;

/// Where the fallback handler is: keccak256("fallback_manager.handler.address").
const HANDLER_SLOT: Constant = Constant::new(b256!("6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5"));
/// Where the guard is: keccak256("guard_manager.guard.address").
const GUARD_SLOT: Constant = Constant::new(b256!("4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8"));

/// The first and the last of a list: the first owner follows it, and it follows the last one. Of modules alike.
pub(super) const SENTINEL: Address = Address::with_last_byte(1);

/// A Safe's storage. A contract keeps it as its first field.
#[storage]
pub struct SafeStorage {
    /// The code's address, which the proxy reads. Zero at the singleton itself.
    singleton: Word<Address>,
    /// Which module follows which.
    modules: Words<Address, Address>,
    /// Which owner follows which.
    owners: Words<Address, Address>,
    /// The number of owners.
    owner_count: Number<U256>,
    /// How many signatures a transaction needs.
    threshold: Number<U256>,
    /// The nonce of the next transaction.
    nonce: Number<U256>,
    /// Of Safes before 1.3.0, and not read.
    #[allow(dead_code, reason = "it keeps the slots behind it in their places")]
    deprecated_domain_separator: Word<B256>,
    /// Which messages the Safe signed: 1 for those. A library writes them, by a delegated call.
    signed_messages: Words<B256, U256>,
    /// Which hashes owners approved: 1 for those.
    approved_hashes: StorageMap<Address, Words<B256, U256>>,
}

/// A contract that is a Safe, and says where its storage is.
pub trait Stored: HostAccess + Chain + Singleton + Sized {
    /// A Safe's storage.
    fn stored(&self) -> &SafeStorage;
    /// The same, to write.
    fn stored_mut(&mut self) -> &mut SafeStorage;
}

impl<S: Stored> Slots for S {}

/// What the modules of this component read and write.
pub(super) trait Slots: Stored {
    /// Whether this is the storage of a proxy, and not the singleton's own.
    fn is_behind_proxy(&self) -> bool {
        !self.stored().singleton.get().is_zero()
    }

    // ------------------------------------------------------------------------------------------------ owners

    /// The owner that follows another, or the sentinel. Zero for who is no owner.
    fn owner_after(&self, owner: Address) -> Address {
        Address::from_word(self.stored().owners.get(owner.into()))
    }

    fn set_owner_after(&mut self, owner: Address, next: Address) {
        let word = with_address(self.stored().owners.get(owner.into()), next);
        self.stored_mut().owners.insert(owner.into(), word);
    }

    fn owner_count(&self) -> U256 {
        self.stored().owner_count.get()
    }

    fn set_owner_count(&mut self, count: U256) {
        self.stored_mut().owner_count.set(count);
    }

    fn stored_threshold(&self) -> U256 {
        self.stored().threshold.get()
    }

    fn set_threshold(&mut self, threshold: U256) {
        self.stored_mut().threshold.set(threshold);
    }

    // ----------------------------------------------------------------------------------------------- modules

    /// The module that follows another, or the sentinel. Zero for what is no module.
    fn module_after(&self, module: Address) -> Address {
        Address::from_word(self.stored().modules.get(module.into()))
    }

    fn set_module_after(&mut self, module: Address, next: Address) {
        let word = with_address(self.stored().modules.get(module.into()), next);
        self.stored_mut().modules.insert(module.into(), word);
    }

    // --------------------------------------------------------------------------------- transactions, messages

    fn stored_nonce(&self) -> U256 {
        self.stored().nonce.get()
    }

    fn set_nonce(&mut self, nonce: U256) {
        self.stored_mut().nonce.set(nonce);
    }

    fn signed_message(&self, hash: B256) -> B256 {
        self.stored().signed_messages.get(hash.into())
    }

    fn approved_hash(&self, owner: Address, hash: B256) -> B256 {
        self.stored().approved_hashes.getter(owner).get(hash.into())
    }

    fn set_approved_hash(&mut self, owner: Address, hash: B256) {
        self.stored_mut().approved_hashes.setter(owner).insert(hash.into(), B256::with_last_byte(1));
    }

    // ------------------------------------------------------------------------------------ handler and guard

    /// The word with the fallback handler: zero for none.
    fn handler(&self) -> B256 {
        self.word_at(HANDLER_SLOT.number())
    }

    fn set_handler(&mut self, handler: Address) {
        self.set_word_at(HANDLER_SLOT.number(), handler.into_word());
    }

    /// The guard: zero for none.
    fn guard(&self) -> Address {
        Address::from_word(self.word_at(GUARD_SLOT.number()))
    }

    fn set_stored_guard(&mut self, guard: Address) {
        self.set_word_at(GUARD_SLOT.number(), guard.into_word());
    }
}

/// A word with another address in it. What else is in the word stays, as Solidity lets it.
fn with_address(mut word: B256, address: Address) -> B256 {
    word[12..].copy_from_slice(&address[..]);
    word
}
