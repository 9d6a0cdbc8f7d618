//! How likely each step is.

use harness::walk::messages::signing;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::wild::PLAIN;

use super::people::{ACTORS, restricted};
use super::steps::{CALLS, Claiming, Own, Step, Told};
use super::tokens::{BURNS, HEAVY, MOODS};

/// So many steps, after a few that give them something to do.
pub(super) fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
    vec(step(), count).prop_map(|steps| prelude().into_iter().chain(steps).collect()).boxed()
}

/// The DAO may do everything, and the guardian disable; the payer has tokens; the pool has money, and there is an epoch
/// of each asset.
fn prelude() -> Vec<Step> {
    let allowed = (0..restricted().len() as u8).map(|which| Step::Allow { who: 0, which, kind: 1 });
    let guardian = Step::Allow { who: 1, which: 2, kind: 1 };
    let of_tokens = (0..3u8).flat_map(|which| {
        let told = |what| Step::Token { which, what };
        [told(Told::Mint { to: 2, amount: 15 }), told(Told::Mint { to: 2, amount: 15 })]
    });
    let approve = Step::Token { which: 0, what: Told::Approve { by: 2 } };
    let own = |by: u8, own: Own| Step::Do { by, own };
    let funds = (0..4u8).map(move |asset| own(2, Own::Fund { asset, amount: 12, flaw: 0 }));
    let pays = (0..4u8).map(move |asset| own(2, Own::Pay { asset, amount: 11, flaw: 0 }));
    let epochs =
        (0..4u8).map(move |asset| own(0, Own::Publish { asset, list: asset + 2, part: 3, deadline: 4, flaw: 0 }));
    let requests = (0..2).map(|request| Step::Registry { request, mute: false });
    allowed
        .chain([guardian, approve])
        .chain(of_tokens)
        .chain(funds)
        .chain(pays)
        .chain(epochs)
        .chain(requests)
        .chain([Step::Wait { seconds: 1_000 }])
        .collect()
}

fn step() -> impl Strategy<Value = Step> {
    let by = || 0..ACTORS as u8;
    let waits = prop::sample::select(vec![1u32, 1, 60, 60, 60, 1_000, 1_000, 3_600, 86_400]);
    let which = prop_oneof![3 => 0u8..2, 1 => any::<u8>()];
    let kind = prop_oneof![3 => Just(1u8), 2 => 0u8..4];
    let byte = || any::<u8>();
    prop_oneof![
        3 => waits.prop_map(|seconds| Step::Wait { seconds }),
        6 => (which, 0u8..3).prop_map(|(which, late)| Step::Until { which, late }),
        1 => (by(), any::<u64>()).prop_map(|(by, seed)| Step::Damage { by, seed }),
        60 => (by(), own()).prop_map(|(by, own)| Step::Do { by, own }),
        4 => (by(), vec(own(), 0..=CALLS)).prop_map(|(by, all)| Step::Multicall { by, all }),
        14 => (0u8..3, told()).prop_map(|(which, what)| Step::Token { which, what }),
        3 => (0u8..2, prop_oneof![6 => Just(0u8), 1 => Just(BURNS), 6 => 3u8..7, 2 => 0u8..2], byte())
            .prop_map(|(which, mood, call)| Step::Payee { which, mood, call }),
        1 => (byte(), prop::bool::weighted(0.2)).prop_map(|(request, mute)| Step::Registry { request, mute }),
        1 => (2..ACTORS as u8, byte(), kind).prop_map(|(who, which, kind)| Step::Allow { who, which, kind }),
        1 => (0u8..4).prop_map(|to| Step::Authority { to }),
    ]
}

fn told() -> impl Strategy<Value = Told> {
    let byte = || any::<u8>();
    let actor = || prop_oneof![3 => Just(2u8), 1 => 0..ACTORS as u8];
    prop_oneof![
        4 => (actor(), byte()).prop_map(|(to, amount)| Told::Mint { to, amount }),
        6 => (actor(), byte()).prop_map(|(by, amount)| Told::Transfer { by, amount }),
        1 => actor().prop_map(|by| Told::Approve { by }),
        6 => mood().prop_map(|mood| Told::Mood { mood }),
        2 => (byte(), prop::bool::weighted(0.4)).prop_map(|(account, yes)| Told::Ban { account, yes }),
        2 => (0u8..6).prop_map(|percent| Told::Rebase { percent }),
        2 => byte().prop_map(|call| Told::Arm { call }),
    ]
}

/// Those in which a token uses up much gas cost the walk much time, and are rarer.
fn mood() -> impl Strategy<Value = u8> {
    let heavy = prop::sample::select(HEAVY.to_vec());
    let light = prop::sample::select((1..MOODS).filter(|mood| !HEAVY.contains(mood)).collect::<Vec<_>>());
    prop_oneof![12 => Just(PLAIN), 14 => light, 1 => heavy]
}

fn own() -> impl Strategy<Value = Own> {
    let byte = || any::<u8>();
    let asset = || 0u8..4;
    let rarely = |of: u8| prop_oneof![8 => Just(0u8), 1 => 1..of];
    let claiming = || (byte(), 0u8..7, rarely(9)).prop_map(|(which, row, flaw)| Claiming { which, row, flaw });
    let money = prop_oneof![
        4 => byte().prop_map(|amount| Own::Send { amount }),
        8 => (asset(), byte(), rarely(4)).prop_map(|(asset, amount, flaw)| Own::Pay { asset, amount, flaw }),
        3 => (asset(), byte(), byte())
            .prop_map(|(asset, amount, request)| Own::PayLicence { asset, amount, request }),
        4 => (asset(), byte(), rarely(3)).prop_map(|(asset, amount, flaw)| Own::Fund { asset, amount, flaw }),
        2 => asset().prop_map(|asset| Own::Notice { asset }),
        7 => byte().prop_map(|account| Own::Release { account }),
        14 => (asset(), byte()).prop_map(|(asset, account)| Own::ReleaseToken { asset, account }),
    ];
    let epochs = prop_oneof![
        8 => (asset(), 0u8..8, 0u8..8, 1u8..7, rarely(7))
            .prop_map(|(asset, list, part, deadline, flaw)| Own::Publish { asset, list, part, deadline, flaw }),
        2 => byte().prop_map(|which| Own::Disable { which }),
        3 => byte().prop_map(|which| Own::Recover { which }),
        12 => claiming().prop_map(|of| Own::Claim { of }),
        8 => (byte(), vec((0u8..7, rarely(9)), 0..5)).prop_map(|(which, rows)| Own::ClaimMany { which, rows }),
        8 => (claiming(), byte(), signing()).prop_map(|(of, to, signing)| Own::ClaimSigned { of, to, signing }),
    ];
    let board = prop_oneof![
        12 => (vec((byte(), any::<u16>()), 0..6), byte(), rarely(8))
            .prop_map(|(table, listed, flaw)| Own::SetTable { table, listed, flaw }),
        1 => byte().prop_map(|to| Own::SetTreasury { to }),
        1 => byte().prop_map(|to| Own::SetRegistry { to }),
        2 => byte().prop_map(|window| Own::SetWindow { window }),
        1 => byte().prop_map(|to| Own::Upgrade { to }),
        1 => byte().prop_map(|to| Own::SetAuthority { to }),
    ];
    prop_oneof![6 => money, 5 => epochs, 2 => board]
}
