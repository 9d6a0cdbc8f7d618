//! What the governor's packed storage words mean. Each is laid out as `solc` lays out a struct of these fields: the
//! first field in the low-order bytes, that is, at the end of the word.
//!
//! A vote pays for every word it reads (2,100 gas) and writes (2,900 to 20,000 more), so fields that are read together
//! stand together, and what changes rarely never shares a word with what each vote changes, unless it is free.

use alloy_primitives::{Address, B256, U256};

/// Settings that every vote reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voting {
    /// The token whose votes count.
    pub token: Address,
    /// The shares of the supply in force, and since when.
    pub shares: Shares,
    /// The voting period, in the clock's unit.
    pub period: u32,
    /// The token has a clock. Found out once, by the constructor. It is the top bit of the super-quorum, which needs seven.
    pub has_clock: bool,
}

/// The bit of [`Voting::has_clock`].
const HAS_CLOCK: u8 = 1 << 7;

/// A checkpoint of quorum and super-quorum, in percent of the supply.
///
/// One history serves both: at each timepoint both values are known, and `quorum <= super_quorum`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// The timepoint from which on they apply; below 2^48.
    pub since: u64,
    /// The quorum, at most 100.
    pub quorum: u8,
    /// The super-quorum, at most 100 and at least the quorum.
    pub super_quorum: u8,
}

/// Settings that proposing and executing read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// The timelock: executor of proposals, owner of the settings.
    pub timelock: Address,
    /// The voting delay, in the clock's unit; below 2^48.
    pub delay: u64,
    /// The late-quorum extension, in the clock's unit; below 2^48.
    pub extension: u64,
}

/// The guardian, and counters, each of which changes only together with a word of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Council {
    /// Who may cancel any proposal; zero for nobody.
    pub guardian: Address,
    /// How many proposals there are.
    pub proposals: u32,
    /// How many superseded [`Shares`] are kept.
    pub superseded: u16,
    /// The first call that is still allowed, in the queue of governance calls.
    pub calls_begin: u16,
    /// The end of the queue of governance calls. Equal to the beginning, and zero, outside of an execution.
    pub calls_end: u16,
}

/// The core of a proposal: all that the state of most proposals follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Core {
    /// Who proposed it.
    pub proposer: Address,
    /// The snapshot; below 2^48, zero for a proposal that does not exist.
    pub start: u64,
    /// The time from the snapshot to the deadline, with the late-quorum extension; below 2^33 (see `vote.rs`).
    pub duration: u64,
    /// It was executed through the governor.
    pub executed: bool,
    /// It was canceled through the governor.
    pub canceled: bool,
    /// The votes cast reached the quorum. Never unset: votes are only added, and the quorum at a past snapshot is fixed.
    pub quorum_reached: bool,
}

/// One of a proposal's three tallies.
///
/// 208 bits hold all votes there can be: OpenZeppelin's checkpoints of votes and of their supply have as many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The votes; below 2^208.
    pub votes: U256,
    /// Beside the votes for: when the proposal may be executed, in seconds; zero where it is not queued. It stands there
    /// since only a proposal with votes for can be queued, so that no word of its own is ever bought for it.
    pub eta: u64,
}

impl Voting {
    /// Reads the word.
    pub fn unpack(word: B256) -> Self {
        let mut shares = Shares::read(&word, 4);
        let has_clock = shares.super_quorum & HAS_CLOCK != 0;
        shares.super_quorum &= !HAS_CLOCK;
        Self { token: address(&word), shares, period: uint(&word[..4]) as u32, has_clock }
    }

    /// Makes the word.
    pub fn pack(&self) -> B256 {
        let mut word = self.token.into_word();
        self.shares.write(&mut word, 4);
        word[4] |= self.has_clock as u8 * HAS_CLOCK;
        set_uint(&mut word[..4], self.period.into());
        word
    }
}

impl Shares {
    /// Reads the word of a superseded checkpoint.
    pub fn unpack(word: B256) -> Self {
        Self::read(&word, 24)
    }

    /// Makes the word of a superseded checkpoint.
    pub fn pack(&self) -> B256 {
        let mut word = B256::ZERO;
        self.write(&mut word, 24);
        word
    }

    fn read(word: &B256, at: usize) -> Self {
        Self { super_quorum: word[at], quorum: word[at + 1], since: uint(&word[at + 2..at + 8]) }
    }

    fn write(&self, word: &mut B256, at: usize) {
        word[at] = self.super_quorum;
        word[at + 1] = self.quorum;
        set_uint(&mut word[at + 2..at + 8], self.since);
    }
}

impl Control {
    /// Reads the word.
    pub fn unpack(word: B256) -> Self {
        Self { timelock: address(&word), delay: uint(&word[6..12]), extension: uint(&word[..6]) }
    }

    /// Makes the word.
    pub fn pack(&self) -> B256 {
        let mut word = self.timelock.into_word();
        set_uint(&mut word[6..12], self.delay);
        set_uint(&mut word[..6], self.extension);
        word
    }
}

impl Council {
    /// Reads the word.
    pub fn unpack(word: B256) -> Self {
        Self {
            guardian: address(&word),
            proposals: uint(&word[8..12]) as u32,
            superseded: uint(&word[6..8]) as u16,
            calls_begin: uint(&word[4..6]) as u16,
            calls_end: uint(&word[2..4]) as u16,
        }
    }

    /// Makes the word.
    pub fn pack(&self) -> B256 {
        let mut word = self.guardian.into_word();
        set_uint(&mut word[8..12], self.proposals.into());
        set_uint(&mut word[6..8], self.superseded.into());
        set_uint(&mut word[4..6], self.calls_begin.into());
        set_uint(&mut word[2..4], self.calls_end.into());
        word
    }
}

/// Bits of the flags of [`Core`].
const EXECUTED: u8 = 1;
const CANCELED: u8 = 2;
const QUORUM_REACHED: u8 = 4;

impl Core {
    /// Reads the word.
    pub fn unpack(word: B256) -> Self {
        let flags = word[0];
        Self {
            proposer: address(&word),
            start: uint(&word[6..12]),
            duration: uint(&word[1..6]),
            executed: flags & EXECUTED != 0,
            canceled: flags & CANCELED != 0,
            quorum_reached: flags & QUORUM_REACHED != 0,
        }
    }

    /// Makes the word.
    pub fn pack(&self) -> B256 {
        let mut word = self.proposer.into_word();
        set_uint(&mut word[6..12], self.start);
        set_uint(&mut word[1..6], self.duration);
        word[0] = (self.executed as u8 * EXECUTED)
            | (self.canceled as u8 * CANCELED)
            | (self.quorum_reached as u8 * QUORUM_REACHED);
        word
    }
}

impl Tally {
    /// Reads the word.
    pub fn unpack(mut word: B256) -> Self {
        let eta = uint(&word[..6]);
        word[..6].fill(0);
        Self { votes: word.into(), eta }
    }

    /// Makes the word. `votes` must be below 2^208: [`crate::rules::add_votes`] is the only place that raises them.
    pub fn pack(&self) -> B256 {
        let mut word = B256::from(self.votes);
        set_uint(&mut word[..6], self.eta);
        word
    }
}

/// The address in the low-order bytes of a word.
fn address(word: &B256) -> Address {
    Address::from_slice(&word[12..])
}

/// A big-endian integer of up to 8 bytes.
fn uint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// Writes the low-order bytes of `value`. Every field has the width of the ABI type its values come from, or is checked
/// against it where it is computed.
fn set_uint(bytes: &mut [u8], mut value: u64) {
    for byte in bytes.iter_mut().rev() {
        *byte = value as u8;
        value >>= 8;
    }
    debug_assert!(value == 0, "a field overflows its place");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_address() -> impl Strategy<Value = Address> {
        any::<[u8; 20]>().prop_map(Address::from)
    }

    const U48: u64 = 1 << 48;

    proptest! {
        #[test]
        fn voting_survives_its_word(
            token in any_address(), since in 0..U48, quorum: u8, super_quorum in 0..HAS_CLOCK, period: u32, has_clock: bool,
        ) {
            let voting = Voting { token, shares: Shares { since, quorum, super_quorum }, period, has_clock };
            prop_assert_eq!(Voting::unpack(voting.pack()), voting);
            prop_assert_eq!(Shares::unpack(voting.shares.pack()), voting.shares);
        }

        #[test]
        fn control_survives_its_word(timelock in any_address(), delay in 0..U48, extension in 0..U48) {
            let control = Control { timelock, delay, extension };
            prop_assert_eq!(Control::unpack(control.pack()), control);
        }

        #[test]
        fn council_survives_its_word(
            guardian in any_address(), proposals: u32, superseded: u16, calls_begin: u16, calls_end: u16,
        ) {
            let council = Council { guardian, proposals, superseded, calls_begin, calls_end };
            prop_assert_eq!(Council::unpack(council.pack()), council);
        }

        #[test]
        fn core_survives_its_word(
            proposer in any_address(), start in 0..U48, duration in 0..1u64 << 40,
            executed: bool, canceled: bool, quorum_reached: bool,
        ) {
            let core = Core { proposer, start, duration, executed, canceled, quorum_reached };
            prop_assert_eq!(Core::unpack(core.pack()), core);
        }

        #[test]
        fn tally_survives_its_word(votes: [u8; 26], eta in 0..U48) {
            let tally = Tally { votes: U256::from_be_slice(&votes), eta };
            prop_assert_eq!(Tally::unpack(tally.pack()), tally);
        }

        /// The layout itself: what `solc` makes of a struct with these fields in this order.
        #[test]
        fn first_fields_are_low(
            token in any_address(), since in 0..U48, quorum: u8, super_quorum in 0..HAS_CLOCK, period: u32, has_clock: bool,
        ) {
            let voting = Voting { token, shares: Shares { since, quorum, super_quorum }, period, has_clock };
            let word = U256::from_be_bytes(voting.pack().0);
            let expected = U256::from_be_slice(token.as_slice())
                | U256::from(since) << 160
                | U256::from(quorum) << 208
                | U256::from(super_quorum) << 216
                | U256::from(has_clock) << 223
                | U256::from(period) << 224;
            prop_assert_eq!(word, expected);
        }
    }
}
