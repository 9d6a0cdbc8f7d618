//! The governor's storage, and all reads and writes of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Panic, Revert, entrypoint};
use consilium_components::nonces::{HasNonces, Nonces};
use consilium_components::stored::{Map, Row, Word, index, number};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageMap;

use crate::codec;
use crate::words::{Control, Core, Council, Shares, Tally, Voting};

/// The governor's storage.
#[entrypoint]
#[storage]
pub struct Governor {
    /// What each vote reads.
    voting: Word<Voting>,
    /// What proposing and executing read.
    control: Word<Control>,
    /// The guardian, and counters.
    council: Word<Council>,
    /// The votes a proposer must have.
    proposal_threshold: Word<U256>,
    /// The governor's name, packed by [`codec`].
    name: Map<u32, B256>,
    /// The next nonce of each voter's ballots.
    nonces: Nonces,
    /// All proposals by their id.
    proposals: StorageMap<B256, Proposal>,
    /// The ids of all proposals, in the order they were made; [`Council`] has their number.
    proposal_ids: Map<u32, U256>,
    /// The shares that were superseded, in the order of their time; [`Council`] has their number.
    superseded: Map<u32, Shares>,
    /// The hashes of the calls to this governor that the proposal in execution makes; a queue, empty at other times.
    calls: Map<u32, B256>,
}

/// A proposal's storage.
#[storage]
struct Proposal {
    /// The tallies of the votes against, for and abstaining, in the order of `support`; the core; and the timelock's id of
    /// the operation, while the proposal is queued.
    words: Row<(Tally, Tally, Tally, Core, B256)>,
    /// The votes that each account has cast.
    used: Map<Address, U256>,
    /// The content of the proposal, packed by [`codec`].
    details: Map<u32, B256>,
}

/// The tally of the votes against, in [`Proposal::words`].
pub(crate) const AGAINST: usize = 0;
/// The tally of the votes for.
pub(crate) const FOR: usize = 1;
/// The tally of abstentions.
pub(crate) const ABSTAIN: usize = 2;
/// The [`Core`].
const CORE: usize = 3;
/// The timelock's id of the operation.
const OPERATION: usize = 4;

/// Settings and counters.
impl Governor {
    pub(crate) fn voting(&self) -> Voting {
        Voting::unpack(self.voting.get())
    }

    pub(crate) fn set_voting(&mut self, voting: &Voting) {
        self.voting.set(voting.pack());
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

    pub(crate) fn threshold(&self) -> U256 {
        number(self.proposal_threshold.get())
    }

    pub(crate) fn set_threshold(&mut self, threshold: U256) {
        self.proposal_threshold.set(threshold.into());
    }

    pub(crate) fn stored_name(&self) -> Vec<u8> {
        load(&self.name).unwrap_or_default()
    }

    pub(crate) fn set_name(&mut self, name: &[u8]) {
        store(&mut self.name, name);
    }

    /// The superseded shares number `at`.
    pub(crate) fn superseded(&self, at: u32) -> Shares {
        Shares::unpack(self.superseded.get(index(at)))
    }

    /// Keeps shares that another checkpoint takes the place of.
    pub(crate) fn keep_superseded(&mut self, shares: Shares) -> Result<(), Revert> {
        let mut council = self.council();
        self.superseded.insert(index(council.superseded.into()), shares.pack());
        // One a proposal: it never gets to 2^16, and stops the program there.
        council.superseded = council.superseded.checked_add(1).ok_or(Panic::Arithmetic)?;
        self.set_council(&council);
        Ok(())
    }

    /// Puts a call of this governor into the queue of those that are allowed.
    pub(crate) fn set_call(&mut self, at: u16, hash: B256) {
        self.calls.insert(index(at.into()), hash);
    }

    /// Takes a call out of the queue.
    pub(crate) fn take_call(&mut self, at: u16) -> B256 {
        self.calls.replace(index(at.into()), B256::ZERO)
    }
}

/// Proposals.
impl Governor {
    /// The id of the proposal that was made as number `at`.
    pub(crate) fn proposal_id(&self, at: U256) -> U256 {
        number(self.proposal_ids.get(at.into()))
    }

    /// Stores the content of a new proposal: the preimage of its id.
    pub(crate) fn add_proposal(&mut self, id: U256, preimage: &[u8]) {
        let mut council = self.council();
        self.proposal_ids.insert(index(council.proposals), id.into());
        // One a transaction at least: it never gets to 2^32.
        council.proposals += 1;
        self.set_council(&council);
        store(&mut self.proposals.setter(id.into()).details, preimage);
    }

    /// The content of a proposal; none if it was never proposed.
    pub(crate) fn preimage(&self, id: U256) -> Option<Vec<u8>> {
        load(&self.proposals.getter(id.into()).details)
    }

    pub(crate) fn core(&self, id: U256) -> Core {
        Core::unpack(self.word(id, CORE))
    }

    #[inline(always)]
    pub(crate) fn set_core(&mut self, id: U256, core: &Core) {
        self.set_word(id, CORE, core.pack());
    }

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

    /// The votes that an account has cast on a proposal.
    pub(crate) fn used(&self, id: U256, account: Address) -> U256 {
        number(self.proposals.getter(id.into()).used.get(account.into_word()))
    }

    pub(crate) fn set_used(&mut self, id: U256, account: Address, votes: U256) {
        self.proposals.setter(id.into()).used.insert(account.into_word(), votes.into());
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

impl HasNonces for Governor {
    fn stored_nonces(&self) -> &Nonces {
        &self.nonces
    }

    fn stored_nonces_mut(&mut self) -> &mut Nonces {
        &mut self.nonces
    }
}

/// Stores data of any length, packed by [`codec`].
fn store(words: &mut Map<u32, B256>, data: &[u8]) {
    codec::pack(data, &mut |at, word| words.insert(index(at), word));
}

/// The data that [`store`] stored, if it did.
fn load(words: &Map<u32, B256>) -> Option<Vec<u8>> {
    codec::unpack(&|at| words.get(index(at)))
}
