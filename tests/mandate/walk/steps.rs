//! What can happen.

use proptest::prelude::*;

/// A deed, after some time.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) wait: u64,
    pub(super) deed: Deed,
}

/// What is done. People and monies are named by their places.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// A term of no seconds, and a first date of 0 for none, else that many seconds from now and one less.
    Grant {
        who: usize,
        term: u64,
        every: u32,
        first: u64,
    },
    End {
        who: usize,
    },
    Allow {
        who: usize,
        money: usize,
        limit: u64,
        period: u32,
    },
    Spend {
        who: usize,
        money: usize,
        amount: u64,
    },
    Report {
        who: usize,
    },
    Mark {
        who: usize,
    },
    Recover {
        money: usize,
        amount: u64,
    },
    Pay {
        money: usize,
        amount: u64,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = 0..2_usize;
    let money = 0..2_usize;
    prop_oneof![
        3 => (who.clone(), 0..900_u64, 0..90_u32, 1..120_u64)
            .prop_map(|(who, term, every, first)| Deed::Grant { who, term, every, first }),
        2 => (who.clone(), 100..900_u64).prop_map(|(who, term)| Deed::Grant { who, term, every: 0, first: 0 }),
        1 => who.clone().prop_map(|who| Deed::End { who }),
        4 => (who.clone(), money.clone(), 0..200_u64, prop_oneof![1 => 0..60_u32, 3 => Just(30)])
            .prop_map(|(who, money, limit, period)| Deed::Allow { who, money, limit, period }),
        9 => (who.clone(), money.clone(), 1..60_u64).prop_map(|(who, money, amount)| Deed::Spend { who, money, amount }),
        4 => who.clone().prop_map(|who| Deed::Report { who }),
        3 => who.prop_map(|who| Deed::Mark { who }),
        1 => (money.clone(), 1..400_u64).prop_map(|(money, amount)| Deed::Recover { money, amount }),
        2 => (money, 1..150_u64).prop_map(|(money, amount)| Deed::Pay { money, amount }),
    ]
}

pub(super) fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let wait = prop_oneof![3 => Just(0), 5 => 0..20_u64, 1 => 0..90_u64];
    proptest::collection::vec((wait, deed()).prop_map(|(wait, deed)| Step { wait, deed }), count)
}
