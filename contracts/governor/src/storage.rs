//! What is stored of a proposal, and access to the packed words.
//!
//! All maps are from words to words, as Solidity's `mapping(uint256 => uint256)`: one kind of map is a quarter of the code
//! of four, and an account or an index is a word like any other.

use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{B256, U256};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageArray, StorageB256, StorageMap};

use crate::Governor;
use crate::codec;
use crate::words::{Control, Core, Council, Tally, Voting};

/// A map of words.
pub(crate) type Words = StorageMap<B256, StorageB256>;

/// The votes against, in [`Proposal::words`]: a [`Tally`]. The tallies stand in the order of `support`.
pub(crate) const AGAINST: usize = 0;
/// The votes for: a [`Tally`], with the eta.
pub(crate) const FOR: usize = 1;
/// The votes of abstention: a [`Tally`].
pub(crate) const ABSTAIN: usize = 2;
/// The [`Core`].
const CORE: usize = 3;
/// The timelock's id of the operation, while the proposal is queued.
const OPERATION: usize = 4;

/// A proposal's storage.
#[storage]
pub struct Proposal {
    /// Its packed words, by the constants above.
    pub(crate) words: StorageArray<StorageB256, 5>,
    /// The votes that each account has cast.
    pub(crate) used: Words,
    /// The content of the proposal, in words; [`crate::codec`] says how.
    pub(crate) details: Words,
}

/// Stores data of any length, packed by [`codec`].
pub(crate) fn store(words: &mut Words, data: &[u8]) {
    codec::pack(data, &mut |at, word| words.insert(index(at), word));
}

/// The data that [`store`] stored, if it did.
pub(crate) fn load(words: &Words) -> Option<Vec<u8>> {
    codec::unpack(&|at| words.get(index(at)))
}

/// The key of position `index`. One copy serves all maps.
#[inline(never)]
pub(crate) fn index(index: u32) -> B256 {
    let mut key = B256::ZERO;
    key[28..].copy_from_slice(&index.to_be_bytes());
    key
}

/// A number's word.
pub(crate) fn number(word: B256) -> U256 {
    U256::from_be_bytes(word.0)
}

impl Governor {
    pub(crate) fn voting(&self) -> Voting {
        Voting::unpack(self.voting.get())
    }

    pub(crate) fn control(&self) -> Control {
        Control::unpack(self.control.get())
    }

    pub(crate) fn set_control(&mut self, control: &Control) {
        self.control.set(control.pack());
    }

    pub(crate) fn council(&self) -> Council {
        Council::unpack(self.council.get())
    }

    pub(crate) fn set_council(&mut self, council: &Council) {
        self.council.set(council.pack());
    }

    #[inline(always)]
    pub(crate) fn core(&self, id: U256) -> Core {
        Core::unpack(self.word(id, CORE))
    }

    #[inline(always)]
    pub(crate) fn set_core(&mut self, id: U256, core: &Core) {
        self.set_word(id, CORE, core.pack());
    }

    #[inline(always)]
    pub(crate) fn tally(&self, id: U256, kind: usize) -> Tally {
        Tally::unpack(self.word(id, kind))
    }

    pub(crate) fn set_tally(&mut self, id: U256, kind: usize, tally: &Tally) {
        self.set_word(id, kind, tally.pack());
    }

    pub(crate) fn operation(&self, id: U256) -> B256 {
        self.word(id, OPERATION)
    }

    pub(crate) fn set_operation(&mut self, id: U256, operation: B256) {
        self.set_word(id, OPERATION, operation);
    }

    #[inline(never)]
    fn word(&self, id: U256, at: usize) -> B256 {
        self.proposals.getter(id.into()).words.get(at).unwrap_or_default()
    }

    #[inline(never)]
    fn set_word(&mut self, id: U256, at: usize, value: B256) {
        if let Some(mut word) = self.proposals.setter(id.into()).words.setter(at) {
            word.set(value);
        }
    }
}
