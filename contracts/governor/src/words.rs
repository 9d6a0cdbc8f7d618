//! What the governor's packed storage words mean. Each is laid out as `solc` lays out a struct of these fields: the
//! first field in the low-order bytes, that is, at the end of the word.
//!
//! A vote pays for every word it reads (2,100 gas) and writes (2,900 to 20,000 more). So fields that are read together
//! share a word. A field that changes rarely shares a word with one that each vote changes only where that is free.

use consilium_abi::packed;

packed! {
    /// Settings that every vote reads.
    pub(crate) struct Voting {
        /// The token whose votes count.
        address token;
        /// The timepoint from which on the two shares apply: see [`Shares`].
        uint48 since;
        byte {
            /// The quorum, in percent of the supply. Seven bits hold it.
            uint7 quorum;
            /// The token answers all that a vote asks in one call. The constructor finds it out once.
            bool answersAtOnce;
        }
        byte {
            /// The super-quorum, in percent of the supply. Seven bits hold it.
            uint7 superQuorum;
            /// The token has a clock. The constructor finds it out once.
            bool hasClock;
        }
        /// The voting period, in the clock's unit.
        uint32 period;
    }

    /// A checkpoint of quorum and super-quorum, in percent of the supply.
    ///
    /// One history serves both: at each timepoint both values are known, and `quorum <= super_quorum`.
    pub(crate) struct Shares {
        /// The timepoint from which on they apply.
        uint48 since;
        /// The quorum, at most 100.
        uint8 quorum;
        /// The super-quorum, at most 100 and at least the quorum.
        uint8 superQuorum;
    }

    /// Settings that proposing and executing read.
    pub(crate) struct Control {
        /// The timelock: executor of proposals, owner of the settings.
        address timelock;
        /// The voting delay, in the clock's unit.
        uint48 delay;
        /// The late-quorum extension, in the clock's unit.
        uint48 extension;
    }

    /// The guardian, and counters, each of which changes only together with a word of its own.
    pub(crate) struct Council {
        /// Who may cancel any proposal; zero for nobody.
        address guardian;
        /// How many proposals there are.
        uint32 proposals;
        /// How many superseded [`Shares`] are kept.
        uint16 superseded;
        /// The first call that is still allowed, in the queue of governance calls.
        uint16 callsBegin;
        /// The end of the queue of governance calls. Equal to the beginning, and zero, outside of an execution.
        uint16 callsEnd;
    }

    /// The core of a proposal: all that the state of most proposals follows from.
    pub(crate) struct Core {
        /// Who proposed it.
        address proposer;
        /// The snapshot; zero for a proposal that does not exist.
        uint48 start;
        /// The time from the snapshot to the deadline, with the late-quorum extension; below 2^33 (see `vote.rs`).
        uint40 duration;
        byte {
            /// It was executed through the governor.
            bool executed;
            /// It was canceled through the governor.
            bool canceled;
            /// The votes cast reached the quorum. Never unset: votes are only added, and the quorum at a past snapshot
            /// is fixed.
            bool quorumReached;
        }
    }

    /// One of a proposal's three tallies.
    ///
    /// 208 bits hold all votes there can be: OpenZeppelin's checkpoints of votes and of their supply have as many.
    pub(crate) struct Tally {
        /// The votes. [`crate::rules::add_votes`] is the only place that raises them.
        uint208 votes;
        /// In the tally of the votes for: when the proposal may be executed, in seconds; zero where it is not queued.
        /// Only a proposal with votes for can be queued, so the eta never needs a word of its own.
        uint48 eta;
    }
}

impl Voting {
    /// The shares of the supply in force, and since when.
    pub(crate) fn shares(&self) -> Shares {
        Shares { since: self.since, quorum: self.quorum, super_quorum: self.super_quorum }
    }

    /// Puts other shares in force.
    pub(crate) fn set_shares(&mut self, shares: Shares) {
        (self.since, self.quorum, self.super_quorum) = (shares.since, shares.quorum, shares.super_quorum);
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, U256};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The layout of the fullest word: what `solc` makes of a struct with these fields in this order.
        #[test]
        fn first_fields_are_low(
            token: [u8; 20], since in 0..1u64 << 48, quorum in 0..1u8 << 7, answers_at_once: bool,
            super_quorum in 0..1u8 << 7, has_clock: bool, period: u32,
        ) {
            let token = Address::from(token);
            let voting = Voting { token, since, quorum, answers_at_once, super_quorum, has_clock, period };
            prop_assert_eq!(Voting::unpack(voting.pack()), voting);
            let word = U256::from_be_bytes(voting.pack().0);
            let expected = U256::from_be_slice(token.as_slice())
                | U256::from(since) << 160
                | U256::from(quorum) << 208
                | U256::from(answers_at_once) << 215
                | U256::from(super_quorum) << 216
                | U256::from(has_clock) << 223
                | U256::from(period) << 224;
            prop_assert_eq!(word, expected);
        }

        /// A superseded checkpoint is what was in force.
        #[test]
        fn shares_are_kept_as_they_were(since in 0..1u64 << 48, quorum in 0..=100u8, super_quorum in 0..=100u8) {
            let shares = Shares { since, quorum, super_quorum };
            let mut voting = Voting { period: 7, has_clock: true, ..Voting::default() };
            voting.set_shares(shares);
            let stored = Voting::unpack(voting.pack());
            prop_assert_eq!(Shares::unpack(stored.shares().pack()), shares);
            prop_assert!(stored.period == 7 && stored.has_clock);
        }
    }
}
