//! `packed!`: what goes into a word comes out of it, and lies where Solidity puts it.

// The structs here are for comparing, not for reading.
#![allow(missing_docs)]

use alloy_primitives::{Address, B256, FixedBytes, U256};
use consilium_abi::packed;
use proptest::prelude::*;

packed! {
    /// A proposal.
    struct Core {
        /// Who proposed it.
        address proposer;
        uint48 voteStart;
        uint32 voteDuration;
        bool executed;
        uint8 flags;
    }

    struct Tally {
        uint208 votes;
        uint48 eta;
    }

    struct Other {
        bytes4 kind;
        uint128 amount;
        uint72 wide;
        uint16 count;
        bool last;
    }

    struct Whole {
        uint256 all;
    }
}

const U48: u64 = 1 << 48;

proptest! {
    #[test]
    fn what_goes_in_comes_out(
        proposer: [u8; 20], vote_start in 0..U48, vote_duration: u32, executed: bool, flags: u8,
        votes: [u8; 26], kind: [u8; 4], amount: u128, wide in 0..1u128 << 72, count: u16,
    ) {
        let core = Core { proposer: proposer.into(), vote_start, vote_duration, executed, flags };
        prop_assert_eq!(Core::unpack(core.pack()), core);
        let tally = Tally { votes: U256::from_be_slice(&votes), eta: vote_start };
        prop_assert_eq!(Tally::unpack(tally.pack()), tally);
        let other = Other { kind: FixedBytes(kind), amount, wide, count, last: executed };
        prop_assert_eq!(Other::unpack(other.pack()), other);
        let all = U256::from(amount) << 100;
        prop_assert_eq!(Whole { all }.pack(), B256::from(all));
    }

    /// As shifts say it: the first field is in the low-order bits.
    #[test]
    fn first_fields_are_low(
        proposer: [u8; 20], vote_start in 0..U48, vote_duration: u32, executed: bool, flags: u8,
    ) {
        let core = Core { proposer: proposer.into(), vote_start, vote_duration, executed, flags };
        let expected = U256::from_be_slice(&proposer)
            | U256::from(vote_start) << 160
            | U256::from(vote_duration) << 208
            | U256::from(executed) << 240
            | U256::from(flags) << 248;
        prop_assert_eq!(U256::from_be_bytes(core.pack().0), expected);
    }

    #[test]
    fn wider_numbers_are_refused(above in U48..) {
        let refused = std::panic::catch_unwind(|| Tally { votes: U256::ZERO, eta: above }.pack());
        prop_assert!(refused.is_err());
        let votes = U256::from(above) << 160;
        let refused = std::panic::catch_unwind(|| Tally { votes, eta: 0 }.pack());
        prop_assert!(refused.is_err());
    }
}

#[test]
fn the_layout_counts_from_the_low_end() {
    let expected = [
        ("proposer", "address", 0),
        ("voteStart", "uint48", 20),
        ("voteDuration", "uint32", 26),
        ("executed", "bool", 30),
        ("flags", "uint8", 31),
    ];
    assert_eq!(Core::LAYOUT, expected);
}

#[test]
fn an_empty_word_is_zeros() {
    let zero = Core { proposer: Address::ZERO, vote_start: 0, vote_duration: 0, executed: false, flags: 0 };
    assert_eq!(Core::unpack(B256::ZERO), zero);
}
