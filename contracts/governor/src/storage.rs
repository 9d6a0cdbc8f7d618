//! What is stored of a proposal, and access to the packed words.

use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{B256, U256};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageArray, StorageB256, StorageMap, StorageU256};

use crate::Governor;
use crate::words::{Control, Core, Council, Tally, Voting};

/// Index of the votes against in [`Proposal::tallies`].
pub(crate) const AGAINST: usize = 0;
/// Index of the votes for.
pub(crate) const FOR: usize = 1;
/// Index of the votes of abstention.
pub(crate) const ABSTAIN: usize = 2;

/// A proposal's storage.
#[storage]
pub struct Proposal {
    /// [`Core`].
    pub(crate) core: StorageB256,
    /// [`Tally`] of each kind of vote, in the order of `support`.
    pub(crate) tallies: StorageArray<StorageB256, 3>,
    /// The timelock's id of the operation, while the proposal is queued.
    pub(crate) operation: StorageB256,
    /// The votes that each account has cast.
    pub(crate) used: StorageMap<alloy_primitives::Address, StorageU256>,
    /// The content of the proposal, in words; [`crate::codec`] says how.
    pub(crate) details: StorageMap<u32, StorageB256>,
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

    pub(crate) fn core(&self, id: U256) -> Core {
        Core::unpack(self.proposals.getter(id).core.get())
    }

    pub(crate) fn set_core(&mut self, id: U256, core: &Core) {
        self.proposals.setter(id).core.set(core.pack());
    }

    pub(crate) fn tally(&self, id: U256, kind: usize) -> Tally {
        let word = self.proposals.getter(id).tallies.get(kind).unwrap_or(B256::ZERO);
        Tally::unpack(word)
    }

    pub(crate) fn set_tally(&mut self, id: U256, kind: usize, tally: &Tally) {
        if let Some(mut word) = self.proposals.setter(id).tallies.setter(kind) {
            word.set(tally.pack());
        }
    }
}
