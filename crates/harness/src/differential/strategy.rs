//! How likely each thing is to happen: often enough what brings a proposal on its way, and everything else in between.
//!
//! Groups are boxed: nested as they are, they would not fit on a thread's stack.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{
    action::{Action, Amount, Back, Ballot, Boundary, Deed, Flaw, Params, Person, Skew, Tail},
    people::{ACTORS, HOLDERS, SIGNERS},
    scarce::WHOLE,
    script::Script,
    setup::EACH,
    setups::setups,
};

/// A source of chance that is the same for the same seed and part.
pub fn runner(seed: u64, part: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    bytes[8..16].copy_from_slice(&part.to_be_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Scripts of so many steps.
pub fn scripts(steps: usize) -> impl Strategy<Value = Script> {
    (setups(), vec(actions(), steps)).prop_map(|(setup, steps)| Script { setup, steps })
}

fn actors() -> impl Strategy<Value = u8> + Clone {
    0..ACTORS as u8
}

pub(super) fn people() -> impl Strategy<Value = Person> + Clone {
    prop_oneof![5 => 0..HOLDERS as u8, 2 => HOLDERS as u8..HOLDERS as u8 + 7]
}

pub(super) fn amounts() -> impl Strategy<Value = Amount> + Clone {
    prop_oneof![
        6 => 0..=EACH / 2,
        2 => Just(EACH),
        1 => Just(0),
        1 => Just(u64::MAX),
        1 => (1u64 << 62)..u64::MAX,
    ]
}

fn wei() -> impl Strategy<Value = u64> + Clone {
    prop_oneof![5 => Just(0u64), 2 => 1u64..50, 1 => Just(u64::MAX)]
}

/// Most often the last proposal or operation; at times one that never was.
fn recent() -> impl Strategy<Value = u8> + Clone {
    prop_oneof![6 => Just(0u8), 3 => 1u8..4, 1 => 4u8..30]
}

/// Most often votes for.
fn supports() -> impl Strategy<Value = u8> + Clone {
    prop_oneof![8 => Just(1u8), 2 => Just(0), 2 => Just(2), 1 => any::<u8>()]
}

fn ballots() -> BoxedStrategy<Ballot> {
    let reasons = option::weighted(0.3, select(vec!["", "Because", "A reason of more than thirty-two bytes, ünïcödé"]));
    let split = prop_oneof![4 => 0..EACH / 2, 1 => 0..2 * EACH, 1 => any::<u64>()];
    let params = prop_oneof![
        6 => [split.clone(), split.clone(), split].prop_map(Params::Split),
        1 => vec(any::<u8>(), 0..50).prop_map(Params::Bytes),
    ];
    prop_oneof![
        3 => (supports(), reasons.clone()).prop_map(|(support, reason)| (support, reason, None)),
        2 => (prop_oneof![8 => Just(255u8), 1 => supports()], reasons, params)
            .prop_map(|(support, reason, params)| (support, reason, Some(params))),
    ]
    .prop_map(|(support, reason, params)| Ballot { support, reason: reason.map(str::to_owned), params })
    .boxed()
}

/// Settings stay such that a script can go on.
fn deeds() -> BoxedStrategy<Deed> {
    let settings = prop_oneof![
        prop_oneof![4 => 0u64..20, 1 => Just(1 << 48)].prop_map(Deed::VotingDelay),
        prop_oneof![1 => Just(0u32), 6 => 30u32..300].prop_map(Deed::VotingPeriod),
        (0..EACH).prop_map(Deed::Threshold),
        (0u64..400).prop_map(Deed::Extension),
        prop_oneof![4 => 0u64..50, 1 => 50u64..110].prop_map(Deed::Quorum),
        (20u64..110).prop_map(Deed::SuperQuorum),
        people().prop_map(Deed::Guardian),
        prop_oneof![Just(11u8), Just(11), Just(11), Just(10), people()].prop_map(Deed::Timelock),
    ];
    let of_timelock = prop_oneof![
        2 => prop_oneof![8 => 0u64..40, 1 => Just(u64::MAX)].prop_map(Deed::MinDelay),
        2 => (0u8..4, people()).prop_map(|(role, account)| Deed::Grant { role, account }),
        1 => (0u8..4, people()).prop_map(|(role, account)| Deed::Revoke { role, account }),
    ];
    let simple = prop_oneof![
        6 => settings,
        3 => of_timelock,
        4 => (people(), wei()).prop_map(|(to, wei)| Deed::Pay { to, wei }),
        2 => (people(), amounts()).prop_map(|(to, amount)| Deed::MoveTokens { to, amount }),
        1 => people().prop_map(Deed::DelegateTokens),
        1 => Just(Deed::Fail),
        1 => Just(Deed::Burn),
        1 => people().prop_map(Deed::Unknown),
        2 => Just(Deed::Trigger),
    ]
    .boxed();
    prop_oneof![8 => simple.clone(), 1 => simple.prop_map(|deed| Deed::Relay(Box::new(deed)))].boxed()
}

fn lists_of_deeds() -> BoxedStrategy<Vec<Deed>> {
    prop_oneof![1 => Just(Vec::new()), 8 => vec(deeds(), 1..2), 3 => vec(deeds(), 2..5)].boxed()
}

fn flaws() -> BoxedStrategy<Flaw> {
    prop_oneof![
        10 => Just(Flaw::None),
        1 => Just(Flaw::Expired),
        2 => (-2i8..3).prop_map(Flaw::Nonce),
        1 => Just(Flaw::Chain),
        1 => Just(Flaw::Contract),
        1 => any::<u8>().prop_map(Flaw::Recovery),
        1 => Just(Flaw::Flipped),
        1 => Just(Flaw::UpperHalf),
        1 => any::<u8>().prop_map(Flaw::Noise),
        1 => (0u8..100).prop_map(Flaw::Length),
    ]
    .boxed()
}

fn skews() -> impl Strategy<Value = Skew> {
    prop_oneof![4 => Just(Skew::None), 1 => select(vec![Skew::Targets, Skew::Values, Skew::Calldatas])]
}

fn tails() -> impl Strategy<Value = Tail> {
    prop_oneof![
        5 => Just(Tail::None),
        2 => actors().prop_map(Tail::Proposer),
        1 => people().prop_map(Tail::Broken),
        1 => actors().prop_map(Tail::Capitals),
    ]
}

fn backs() -> BoxedStrategy<Back> {
    prop_oneof![
        recent().prop_map(Back::Queue),
        recent().prop_map(Back::Execute),
        recent().prop_map(Back::Cancel),
        recent().prop_map(Back::Vote),
        recent().prop_map(Back::ExecuteOperation),
        recent().prop_map(Back::CancelOperation),
        deeds().prop_map(Back::Deed),
    ]
    .boxed()
}

/// A step.
pub fn actions() -> BoxedStrategy<Action> {
    let ticks = prop_oneof![3 => Just(0u64), 12 => 1u64..12, 2 => 12u64..60, 1 => 60u64..300];
    let boundaries = select(vec![Boundary::Snapshot, Boundary::Deadline, Boundary::Eta]);
    let time = prop_oneof![
        3 => ticks.prop_map(|ticks| Action::Wait { ticks }),
        2 => (recent(), boundaries, -1i8..2)
            .prop_map(|(proposal, what, offset)| Action::Until { proposal, what, offset }),
    ];
    let onward =
        (actors(), supports(), lists_of_deeds()).prop_map(|(by, support, deeds)| Action::Onward { by, support, deeds });
    let scarce = prop_oneof![
        2 => Just(WHOLE),
        3 => WHOLE..2 * WHOLE,
        3 => 0..WHOLE,
    ]
    .prop_map(|share| Action::Scarce { share });
    prop_oneof![8 => time, 8 => scarce, 40 => onward, 20 => of_token(), 22 => of_governor(), 20 => of_timelock(), 4 => others()]
        .boxed()
}

fn of_token() -> BoxedStrategy<Action> {
    let signers = || 0..SIGNERS as u8;
    // Mostly the signer's own permit.
    let owners = prop_oneof![6 => Just(None), 1 => people().prop_map(Some)];
    prop_oneof![
        6 => (actors(), people(), amounts()).prop_map(|(by, to, amount)| Action::Transfer { by, to, amount }),
        4 => (actors(), people(), people(), amounts())
            .prop_map(|(by, from, to, amount)| Action::TransferFrom { by, from, to, amount }),
        4 => (actors(), people(), amounts()).prop_map(|(by, spender, amount)| Action::Approve { by, spender, amount }),
        4 => (actors(), people()).prop_map(|(by, to)| Action::Delegate { by, to }),
        4 => (actors(), signers(), owners, people(), amounts(), flaws()).prop_map(
            |(by, signer, owner, spender, amount, flaw)| {
                let owner = owner.unwrap_or(ACTORS as u8 + signer);
                Action::Permit { by, signer, owner, spender, amount, flaw }
            }
        ),
        4 => (actors(), signers(), people(), flaws())
            .prop_map(|(by, signer, to, flaw)| Action::DelegateBySig { by, signer, to, flaw }),
        2 => (actors(), 0u8..10, people(), -3i16..60).prop_map(|(by, what, who, back)| Action::Look { by, what, who, back }),
    ]
    .boxed()
}

fn of_governor() -> BoxedStrategy<Action> {
    let forms = || (actors(), recent(), any::<bool>());
    // Mostly the signer's own vote, or the wallet's.
    let voters = prop_oneof![5 => Just(None), 3 => Just(Some(HOLDERS as u8 - 1)), 1 => people().prop_map(Some)];
    prop_oneof![
        4 => (actors(), lists_of_deeds(), tails(), skews())
            .prop_map(|(by, deeds, tail, skew)| Action::Propose { by, deeds, tail, skew }),
        1 => (actors(), recent()).prop_map(|(by, proposal)| Action::ProposeAgain { by, proposal }),
        7 => (actors(), recent(), ballots()).prop_map(|(by, proposal, ballot)| Action::Vote { by, proposal, ballot }),
        6 => (actors(), 0..SIGNERS as u8, voters, recent(), ballots(), flaws()).prop_map(
            |(by, signer, voter, proposal, ballot, flaw)| {
                let voter = voter.unwrap_or(ACTORS as u8 + signer);
                Action::VoteBySig { by, signer, voter, proposal, ballot, flaw }
            }
        ),
        2 => forms().prop_map(|(by, proposal, by_id)| Action::Queue { by, proposal, by_id }),
        2 => (forms(), wei()).prop_map(|((by, proposal, by_id), wei)| Action::Execute { by, proposal, by_id, wei }),
        5 => forms().prop_map(|(by, proposal, by_id)| Action::Cancel { by, proposal, by_id }),
        1 => (actors(), deeds()).prop_map(|(by, deed)| Action::Direct { by, deed }),
        2 => (actors(), backs()).prop_map(|(by, back)| Action::Arm { by, back }),
    ]
    .boxed()
}

fn of_timelock() -> BoxedStrategy<Action> {
    // Mostly the proposer, and mostly long enough.
    let proposers = || prop_oneof![5 => Just(0u8), 1 => actors()];
    let delays = prop_oneof![1 => Just(0u64), 8 => 20u64..60, 1 => Just(u64::MAX)];
    let salts = prop_oneof![2 => Just(0u8), 3 => any::<u8>()];
    let admins = || prop_oneof![5 => Just(3u8), 1 => actors()];
    let roles = || (admins(), 0u8..4, people());
    prop_oneof![
        5 => (proposers(), lists_of_deeds(), any::<bool>(), option::weighted(0.3, recent()), salts, delays, skews())
            .prop_map(|(by, deeds, batch, predecessor, salt, delay, skew)| {
                Action::Schedule { by, deeds, batch, predecessor, salt, delay, skew }
            }),
        9 => (actors(), lists_of_deeds(), any::<bool>())
            .prop_map(|(by, deeds, batch)| Action::OnwardOperation { by, deeds, batch }),
        3 => (actors(), recent(), wei())
            .prop_map(|(by, operation, wei)| Action::ExecuteOperation { by, operation, wei }),
        2 => (proposers(), recent()).prop_map(|(by, operation)| Action::CancelOperation { by, operation }),
        2 => roles().prop_map(|(by, role, account)| Action::Grant { by, role, account }),
        1 => roles().prop_map(|(by, role, account)| Action::Revoke { by, role, account }),
        1 => (actors(), 0u8..4, people()).prop_map(|(by, role, account)| Action::Renounce { by, role, account }),
    ]
    .boxed()
}

fn others() -> BoxedStrategy<Action> {
    prop_oneof![
        (actors(), people(), wei()).prop_map(|(by, to, wei)| Action::Pay { by, to, wei }),
        (actors(), prop_oneof![Just(10u8), Just(11), people()], any::<u8>())
            .prop_map(|(by, to, kind)| Action::Receive { by, to, kind }),
    ]
    .boxed()
}
