//! Settings by chance: such that something can be decided, and such as nobody would deploy with.

use proptest::{collection::vec, option, prelude::*};

use super::{
    exceptions::LONGEST_NAME,
    setup::{EACH, Oddity, Setup},
    strategy::{amounts, people},
};

/// Settings with which something can be decided.
pub(super) fn setups() -> BoxedStrategy<Setup> {
    let times = (any::<bool>(), prop_oneof![1 => Just(0u64), 4 => 1u64..20], 30u64..300, 0u64..30, 0u64..60);
    let votes = (prop_oneof![1 => Just(0u64), 2 => 1u64..EACH], 0u64..30, 50u64..=100);
    let council = (option::weighted(0.3, people()), prop::bool::weighted(0.7), prop::bool::weighted(0.5));
    (times, votes, council)
        .prop_map(|(times, votes, (guardian, open, admin))| {
            let (timestamps, voting_delay, voting_period, extension, delay) = times;
            let (threshold, quorum, super_quorum) = votes;
            Setup {
                timestamps,
                voting_delay,
                voting_period,
                threshold,
                quorum,
                super_quorum,
                extension,
                guardian,
                delay,
                open,
                admin,
                oddities: Vec::new(),
            }
        })
        .boxed()
}

/// Settings that nobody would deploy with, good ones among them.
pub fn odd_setups() -> BoxedStrategy<Setup> {
    let places = || 0u8..3;
    let oddities = prop_oneof![
        1 => Just(Oddity::Nobody),
        3 => people().prop_map(Oddity::Holder),
        2 => amounts().prop_map(Oddity::Amount),
        1 => (0..=LONGEST_NAME).prop_map(Oddity::Name),
        2 => people().prop_map(Oddity::Token),
        2 => people().prop_map(Oddity::Timelock),
        2 => (places(), 0u8..100).prop_map(|(place, bytes)| Oddity::Cut { place, bytes }),
        1 => places().prop_map(Oddity::Paid),
    ];
    let numbers =
        prop_oneof![1 => Just(0u64), 4 => 0u64..130, 1 => Just(1 << 32), 1 => Just(1 << 48), 1 => any::<u64>()];
    (setups(), vec((0u8..7, numbers), 0..3), vec(oddities, 0..3))
        .prop_map(|(mut setup, numbers, oddities)| {
            for (which, number) in numbers {
                *match which {
                    0 => &mut setup.voting_delay,
                    1 => &mut setup.voting_period,
                    2 => &mut setup.threshold,
                    3 => &mut setup.quorum,
                    4 => &mut setup.super_quorum,
                    5 => &mut setup.extension,
                    _ => &mut setup.delay,
                } = number;
            }
            Setup { oddities, ..setup }
        })
        .boxed()
}
