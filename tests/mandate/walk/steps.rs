//! What can happen, and how likely it is.

use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::wild::{LONG, PLAIN};

use super::money::HEAVY;
use super::people::{ACTORS, restricted};

/// A step. Numbers name people, monies, amounts and times by their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Time passes.
    Wait { seconds: u32 },
    /// Time passes until a second before something changes, until it does, or a second more.
    Until { which: u8, late: u8 },
    /// Every function with damaged calldata.
    Damage { by: u8, seed: u64 },
    /// A call of the contract by one who may, mostly.
    Do { by: u8, own: Own },
    /// The wild token behaves otherwise from now on.
    Mood { mood: u8 },
    /// A token comes.
    Mint { which: u8, amount: u8 },
    /// The wild token refuses a payee, or takes it again.
    Ban { who: u8, yes: bool },
    /// What the wild token calls while it pays.
    Arm { call: u8 },
    /// A payee takes ether otherwise from now on, and calls back so.
    Payee { which: u8, mood: u8, call: u8 },
    /// The authority lets an account call a function: 0 never, 1 at once, 2 and 3 after a delay, scheduled or not.
    Allow { who: u8, which: u8, kind: u8 },
    /// The authority hands the contract over to what is no authority, or to itself.
    Authority { to: u8 },
}

/// A function of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Own {
    /// Ether by itself.
    Send {
        amount: u8,
    },
    /// For so many seconds; a first date of 0 is none, else that many seconds from now and one less.
    Grant {
        who: u8,
        term: u32,
        every: u32,
        first: u32,
    },
    /// Until the last second that can be said, with reports at the longest interval, or at the very end.
    GrantForEver {
        who: u8,
        last: bool,
    },
    End {
        who: u8,
    },
    Allow {
        who: u8,
        money: u8,
        limit: u8,
        period: u32,
    },
    Spend {
        money: u8,
        to: u8,
        amount: u8,
    },
    Report {
        flaw: u8,
    },
    Mark {
        who: u8,
    },
    Recover {
        money: u8,
        to: u8,
        amount: u8,
    },
    SetAuthority {
        to: u8,
    },
    Upgrade {
        to: u8,
        wei: bool,
    },
}

/// So many steps, after a few that give them something to do.
pub(super) fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
    vec(step(), count).prop_map(|steps| prelude().into_iter().chain(steps).collect()).boxed()
}

/// The DAO may do everything, money is there, and two holders have a mandate with allowances.
fn prelude() -> Vec<Step> {
    let allowed = (0..restricted().len() as u8).map(|which| Step::Allow { who: 0, which, kind: 1 });
    let money = [Step::Mint { which: 0, amount: 250 }, Step::Mint { which: 1, amount: 250 }];
    let own = |by: u8, own: Own| Step::Do { by, own };
    let grants = [
        own(0, Own::Grant { who: 0, term: 5_000, every: 60, first: 100 }),
        own(0, Own::Grant { who: 1, term: 2_000, every: 0, first: 0 }),
    ];
    let allowances = (0..6u8).map(move |at| own(0, Own::Allow { who: at / 3, money: at % 3, limit: 3, period: 30 }));
    allowed.chain(money).chain([own(5, Own::Send { amount: 250 })]).chain(grants).chain(allowances).collect()
}

fn step() -> impl Strategy<Value = Step> {
    let by = || 0..ACTORS as u8;
    let waits = prop::sample::select(vec![1u32, 1, 5, 5, 5, 20, 20, 20, 60, 300]);
    let kind = prop_oneof![3 => Just(1u8), 2 => 0u8..4];
    let which = prop_oneof![12 => 0u8..2, 1 => any::<u8>()];
    let byte = || any::<u8>();
    let mood = prop_oneof![6 => Just(0u8), 1 => Just(2u8), 5 => 3u8..7, 2 => Just(1u8)];
    prop_oneof![
        8 => waits.prop_map(|seconds| Step::Wait { seconds }),
        8 => (which, 0u8..3).prop_map(|(which, late)| Step::Until { which, late }),
        2 => (by(), any::<u64>()).prop_map(|(by, seed)| Step::Damage { by, seed }),
        70 => (by(), own()).prop_map(|(by, own)| Step::Do { by, own }),
        4 => moods().prop_map(|mood| Step::Mood { mood }),
        4 => (0u8..2, byte()).prop_map(|(which, amount)| Step::Mint { which, amount }),
        2 => (byte(), prop::bool::weighted(0.3)).prop_map(|(who, yes)| Step::Ban { who, yes }),
        3 => byte().prop_map(|call| Step::Arm { call }),
        4 => (0u8..2, mood, byte()).prop_map(|(which, mood, call)| Step::Payee { which, mood, call }),
        2 => (byte(), byte(), kind).prop_map(|(who, which, kind)| Step::Allow { who, which, kind }),
        1 => (0u8..2).prop_map(|to| Step::Authority { to }),
    ]
}

/// Those in which a token uses up much gas cost the walk much time, and are rarer. Two are left out (`wild.rs` tries both):
/// in one `balanceOf` answers with a megabyte, for which all questions together have too little gas, and in the other with
/// the largest number.
fn moods() -> impl Strategy<Value = u8> {
    let heavy = prop::sample::select(HEAVY.to_vec());
    let light = prop::sample::select((1..LONG).filter(|mood| !HEAVY.contains(mood)).collect::<Vec<_>>());
    prop_oneof![10 => Just(PLAIN), 12 => light, 1 => heavy]
}

fn own() -> impl Strategy<Value = Own> {
    let byte = || any::<u8>();
    let money = || 0u8..3;
    let who = || prop_oneof![12 => 0u8..4, 1 => 253u8..];
    let rarely = |of: u8| prop_oneof![8 => Just(0u8), 1 => 1..of];
    let term = || prop_oneof![1 => Just(0u32), 4 => 0u32..400, 8 => 1_000u32..9_000];
    let period = prop_oneof![4 => Just(30u32), 2 => 0u32..60, 1 => Just(0), 1 => Just(u32::MAX)];
    prop_oneof![
        3 => byte().prop_map(|amount| Own::Send { amount }),
        7 => (who(), term(), prop_oneof![1 => 0u32..90, 2 => 60u32..900], 1u32..400)
            .prop_map(|(who, term, every, first)| Own::Grant { who, term, every, first }),
        5 => (who(), term(), prop_oneof![9 => Just(0u32), 1 => 0u32..9])
            .prop_map(|(who, term, first)| Own::Grant { who, term, every: 0, first }),
        1 => (0u8..4, any::<bool>()).prop_map(|(who, last)| Own::GrantForEver { who, last }),
        2 => who().prop_map(|who| Own::End { who }),
        14 => (who(), money(), byte(), period)
            .prop_map(|(who, money, limit, period)| Own::Allow { who, money, limit, period }),
        34 => (money(), byte(), byte()).prop_map(|(money, to, amount)| Own::Spend { money, to, amount }),
        9 => rarely(3).prop_map(|flaw| Own::Report { flaw }),
        8 => who().prop_map(|who| Own::Mark { who }),
        4 => (money(), byte(), byte()).prop_map(|(money, to, amount)| Own::Recover { money, to, amount }),
        1 => byte().prop_map(|to| Own::SetAuthority { to }),
        1 => (byte(), prop::bool::weighted(0.2)).prop_map(|(to, wei)| Own::Upgrade { to, wei }),
    ]
}
