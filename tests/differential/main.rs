//! The whole DAO, ours beside OpenZeppelin's: a fixed, seeded share of what `cargo xtask fuzz` runs for as long as one likes,
//! and proof that a fault would be found.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Timelock, VotingToken};
use eyre::Result;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::Value;
use test_support::differential::{
    Action, Contract, Pair, Script, Setup, Suite, Tally,
    action::Deed,
    calldata::{self, Manner},
    exceptions::{Answer, LONGEST_NAME, has_negative_offset},
    fuzz::{Plan, Until, fuzz, script_and_calldata},
    run,
    setup::Oddity,
    shrink::shrink,
    simpler::simpler,
    strategy::{odd_setups, runner, scripts},
};
use test_support::encodings::{decode, types};

/// On two threads.
const SCRIPTS: u64 = 32;

/// Deployments with odd arguments.
const DEPLOYMENTS: usize = 150;

/// What must have been said against some of them, by which contract.
const REFUSALS: [&str; 8] = [
    "voting-token: ERC20InvalidReceiver",
    "voting-token: ERC20ExceededSafeSupply",
    "voting-token: (nothing)",
    "timelock: (nothing)",
    "governor: GovernorInvalidVotingPeriod",
    "governor: GovernorInvalidQuorumFraction",
    "governor: GovernorInvalidSuperQuorumTooSmall",
    "governor: (nothing)",
];

/// What must have happened, or the scripts did not go far.
const OUTCOMES: [&str; 26] = [
    "voting-token transfer: succeeded",
    "voting-token transferFrom: succeeded",
    "voting-token transferFrom: ERC20InsufficientAllowance",
    "voting-token permit: succeeded",
    "voting-token permit: ERC2612InvalidSigner",
    "voting-token delegateBySig: succeeded",
    "voting-token delegateBySig: InvalidAccountNonce",
    "governor propose: succeeded",
    "governor propose: GovernorInvalidProposalLength",
    "governor propose: GovernorRestrictedProposer",
    "governor castVote: succeeded",
    "governor castVote: GovernorAlreadyCastVote",
    "governor castVoteWithReasonAndParamsBySig: succeeded",
    "governor castVoteWithReasonAndParamsBySig: GovernorInvalidSignature",
    "governor castVoteBySig: GovernorInvalidSignature",
    "governor queue: succeeded",
    "governor queue: GovernorUnexpectedProposalState",
    "governor execute: succeeded",
    "governor cancel: succeeded",
    "timelock schedule: succeeded",
    "timelock scheduleBatch: succeeded",
    "timelock scheduleBatch: TimelockInvalidOperationLength",
    "timelock execute: succeeded",
    "timelock executeBatch: succeeded",
    "timelock grantRole: succeeded",
    "arm: succeeded",
];

/// Both clocks, every contract, every kind of step: nothing differs, and each kind happened often enough to mean something.
#[test]
fn random_scripts_are_answered_alike() -> Result<()> {
    let report = fuzz(Plan { seed: 1, threads: 2, until: Until::Scripts(SCRIPTS) }, |_| {})?;
    assert!(report.found.is_none(), "{}", report.found.expect("a finding").print()?);
    let Tally { steps, succeeded, reverted, mutated, deployments, ref outcomes, .. } = report.tally;
    assert_eq!(report.scripts, SCRIPTS);
    assert!(report.tally.total() >= SCRIPTS * 50, "{steps:?}");
    assert!(steps.iter().all(|steps| *steps > SCRIPTS * 3), "{steps:?}");
    assert!(succeeded > SCRIPTS * 10 && reverted > SCRIPTS * 10, "{succeeded} succeeded, {reverted} reverted");
    for outcome in OUTCOMES {
        assert!(outcomes.contains_key(outcome), "never {outcome}: {outcomes:#?}");
    }
    assert!(mutated.iter().all(|calls| *calls > SCRIPTS * 10), "{mutated:?}");
    assert!(deployments[0] > SCRIPTS && deployments[1] > SCRIPTS / 4, "{deployments:?}");
    Ok(())
}

/// Arguments of constructors, good and bad: refused alike with the same data, or taken, and then all views are alike.
#[test]
fn deployments_are_taken_and_refused_alike() -> Result<()> {
    let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
    let (mut chance, mut tally) = (runner(4, 0), Tally::default());
    for _ in 0..DEPLOYMENTS {
        let script = Script { setup: draw(&odd_setups(), &mut chance)?, steps: Vec::new() };
        let difference = run(&mut pair, &script, &mut tally, &mut Vec::new())?;
        assert!(difference.is_none(), "{}", shrink(&mut pair, &script)?.print()?);
    }
    for refusal in REFUSALS {
        let told = format!("deployment: {refusal}");
        assert!(
            tally.outcomes.keys().any(|outcome| outcome.starts_with(&told)),
            "never {refusal}: {:#?}",
            tally.outcomes
        );
    }
    assert!(tally.deployments[0] > 10, "{:?}", tally.deployments);
    Ok(())
}

/// A deployment differs by the clock's argument where the peer has another clock than ours: the setting is all that is left.
#[test]
fn a_deployment_that_differs_is_made_short() -> Result<()> {
    let mut pair = Pair::start(Suite::OpenZeppelin, Suite::Forgetful)?;
    let oddities = vec![Oddity::Name(20), Oddity::Holder(7)];
    let setup = Setup { timestamps: false, quorum: 12, oddities, ..Setup::default() };
    let found = shrink(&mut pair, &Script { setup, steps: unrelated_steps() })?;
    assert_eq!(found.script, Script { setup: Setup { timestamps: false, ..Setup::default() }, steps: Vec::new() });
    Ok(())
}

/// Every function of every contract, called in good order with a wei: what takes none refuses it.
#[test]
fn ether_is_taken_and_refused_alike() -> Result<()> {
    let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
    let script = Script { setup: Setup::default(), steps: calldata::prelude() };
    let mut tally = Tally::default();
    let found = script_and_calldata(&mut pair, script, &mut runner(5, 0), (Manner::Paid, 1), &mut tally)?;
    assert!(found.is_none(), "{}", found.expect("a difference").print()?);
    let refused: Vec<_> = tally.outcomes.keys().filter(|outcome| outcome.ends_with("with ether: refused")).collect();
    for function in [
        "voting-token transfer",
        "voting-token delegate",
        "governor propose",
        "governor castVote",
        "governor name",
        "timelock schedule",
        "timelock hasRole",
    ] {
        assert!(refused.iter().any(|outcome| outcome.starts_with(function)), "{function}: {refused:?}");
    }
    assert_eq!(tally.outcomes.keys().filter(|outcome| outcome.ends_with("with ether: taken")).count(), 0);
    Ok(())
}

/// Every function of every contract, damaged again and again, on a DAO that has something to call.
#[test]
fn mutated_calldata_is_answered_alike() -> Result<()> {
    let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
    for timestamps in [true, false] {
        let setup = Setup { timestamps, admin: true, ..Setup::default() };
        let script = Script { setup, steps: calldata::prelude() };
        let (mut tally, mut chance) = (Tally::default(), runner(2, timestamps.into()));
        let found = script_and_calldata(&mut pair, script, &mut chance, (Manner::Damaged, 8), &mut tally)?;
        assert!(found.is_none(), "{}", found.expect("a difference").print()?);
        assert!(tally.mutated.iter().sum::<u64>() > 800, "{:?}", tally.mutated);
    }
    Ok(())
}

/// The second of the exceptions: the offset of a payload is negative to Solidity, which reads nothing there. Ours refuses.
#[test]
fn a_negative_offset_is_refused_by_ours_alone() -> Result<()> {
    let (targets, values) = (vec![Address::repeat_byte(1)], vec![U256::ZERO]);
    let mut call = Timelock::hashOperationBatchCall {
        targets,
        values,
        payloads: vec![Bytes::new()],
        predecessor: B256::ZERO,
        salt: B256::ZERO,
    }
    .abi_encode();
    // Five heads, two lists of one element, the length of the third, and its element's offset.
    let offset = 4 + 32 * (5 + 2 + 2 + 1);
    let inputs = types("(address[], uint256[], bytes[], bytes32, bytes32)");
    assert!(!has_negative_offset(&inputs, &call[4..]));
    call[offset] = 0xff;
    assert!(has_negative_offset(&inputs, &call[4..]) && decode(&inputs, &call[4..]).is_none());

    let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
    let [ours, peer] = pair.ask(&Setup::default(), Contract::Timelock, &call)?;
    assert_eq!(ours, Answer { success: false, data: Vec::new() });
    assert!(peer.success, "{peer:?}");
    Ok(())
}

/// The third of the exceptions: a name that does not fit in a word beside its length.
#[test]
fn a_long_name_is_taken_by_ours_alone() -> Result<()> {
    let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
    let mut named = |length| {
        let setup = Setup { oddities: vec![Oddity::Name(length)], ..Setup::default() };
        run(&mut pair, &Script { setup, steps: Vec::new() }, &mut Tally::default(), &mut Vec::new())
    };
    assert_eq!(named(LONGEST_NAME)?, None);
    let difference = named(LONGEST_NAME + 1)?.expect("ours takes it");
    let [_, ours, peer] = difference.what.lines().collect::<Vec<_>>()[..] else { panic!("{}", difference.what) };
    assert!(ours.contains("ours governor: [Log"), "all of ours are made: {ours}");
    assert!(peer.contains("peer voting-token: StringTooLong"), "{peer}");
    Ok(())
}

/// A token that forgets to use up allowances of 25 and more: found, and brought down to what shows it, to the number.
#[test]
fn a_fault_is_found_and_made_short() -> Result<()> {
    let mut pair = Pair::start(Suite::OpenZeppelin, Suite::Forgetful)?;
    let setup = Setup { threshold: 17, ..Setup::default() };
    let mut steps = unrelated_steps();
    let middle = steps.len() / 2;
    steps.splice(
        middle..middle,
        [
            Action::Approve { by: 1, spender: 2, amount: 300 },
            Action::Delegate { by: 3, to: 5 },
            Action::TransferFrom { by: 2, from: 1, to: 3, amount: 40 },
        ],
    );
    let found = shrink(&mut pair, &Script { setup, steps })?;
    assert_eq!(found.script.setup, Setup::default(), "the settings do not matter");
    let short =
        [Action::Approve { by: 1, spender: 2, amount: 25 }, Action::TransferFrom { by: 2, from: 1, to: 0, amount: 25 }];
    assert_eq!(found.script.steps, short, "{}", found.print()?);
    assert!(found.difference.what.starts_with("allowance"), "{}", found.difference.what);

    // What is printed can be run again, and shows the same.
    let again = Script::read(&found.print()?)?;
    assert_eq!(again, found.script);
    let difference = run(&mut pair, &again, &mut Tally::default(), &mut Vec::new())?;
    assert_eq!(difference, Some(found.difference));
    Ok(())
}

/// A token that takes what is no function, where its sixth byte is set: of many calls after many steps one is left, and of
/// its bytes those that show it.
#[test]
fn a_fault_in_calldata_is_made_short() -> Result<()> {
    let mut pair = Pair::start(Suite::OpenZeppelin, Suite::Forgetful)?;
    let good =
        Bytes::from(VotingToken::transferCall { to: Address::repeat_byte(9), value: U256::from(7) }.abi_encode());
    let odd = Bytes::from([&[0xde, 0xad, 0xbe, 0xef], &[0x55; 70][..]].concat());
    let calls = vec![good.clone(), good[..3].to_vec().into(), odd, good];
    let token = 12;
    let mut steps = unrelated_steps();
    steps.insert(9, Action::Probe { by: 2, to: token, wei: 0, calls });
    let found = shrink(&mut pair, &Script { setup: Setup::default(), steps })?;
    let [Action::Probe { by: 0, to, wei: 0, calls }] = &found.script.steps[..] else { panic!("{}", found.print()?) };
    assert_eq!(*to, token);
    assert_eq!(calls[..], [Bytes::from_static(&[0, 0, 0, 0, 0, 0x55])]);
    assert_eq!(Script::read(&found.print()?)?, found.script);
    Ok(())
}

/// Going to simpler scripts comes to an end, wherever one begins and whichever one takes: each is smaller than the one before.
#[test]
fn simpler_scripts_are_smaller() -> Result<()> {
    let mut chance = runner(6, 0);
    for _ in 0..30 {
        let mut script = draw(&scripts(6), &mut chance)?;
        script.setup = draw(&odd_setups(), &mut chance)?;
        loop {
            let all = simpler(&script)?;
            for simple in &all {
                assert!(size(simple)? < size(&script)?, "{simple:?} is not simpler than {script:?}");
            }
            let Some(next) = all.get(draw(&proptest::num::usize::ANY, &mut chance)? % all.len().max(1)) else { break };
            script = next.clone();
        }
        assert_eq!(script, Script { setup: Setup::default(), steps: Vec::new() }, "as simple as it gets");
    }
    Ok(())
}

/// How many settings are not as they are by default, how large those are, and how large the steps.
fn size(script: &Script) -> Result<(usize, u128, u128)> {
    let (setup, plain) = (serde_json::to_value(&script.setup)?, serde_json::to_value(Setup::default())?);
    let odd: Vec<_> =
        setup.as_object().into_iter().flatten().filter(|(name, value)| plain.get(name) != Some(*value)).collect();
    let steps = serde_json::to_value(&script.steps)?;
    Ok((odd.len(), odd.iter().map(|(_, value)| weight(value)).sum(), weight(&steps)))
}

fn weight(value: &Value) -> u128 {
    let letters = |text: &str| text.bytes().map(u128::from).sum::<u128>();
    match value {
        Value::Null => 0,
        // More than nothing: what may be left out.
        Value::Bool(is) => 1 + u128::from(*is),
        Value::Number(number) => {
            1 + number.as_u64().map_or(number.as_i64().unwrap_or_default().unsigned_abs().into(), u128::from)
        }
        Value::String(text) => 1 + letters(text),
        Value::Array(items) => 1 + items.iter().map(weight).sum::<u128>(),
        Value::Object(members) => 1 + members.iter().map(|(name, member)| letters(name) + weight(member)).sum::<u128>(),
    }
}

/// Steps that say nothing about allowances.
fn unrelated_steps() -> Vec<Action> {
    let votes = |by| Action::Onward { by, support: 1, deeds: vec![Deed::Pay { to: 7, wei: 1 }] };
    (0..10).flat_map(|n| [Action::Wait { ticks: 3 }, votes(n % 4)]).collect()
}

fn draw<S: Strategy>(strategy: &S, chance: &mut TestRunner) -> Result<S::Value> {
    Ok(strategy.new_tree(chance).map_err(|reason| eyre::eyre!("{reason}"))?.current())
}

#[test]
fn scripts_survive_being_printed() -> Result<()> {
    let mut chance = runner(3, 0);
    for _ in 0..50 {
        let mut script = draw(&scripts(40), &mut chance)?;
        script.setup = draw(&odd_setups(), &mut chance)?;
        script.steps.push(Action::Probe { by: 1, to: 2, wei: 3, calls: vec![Bytes::from_static(&[4, 5])] });
        let comments = vec!["a comment\nof two lines".to_owned(); 20];
        assert_eq!(Script::read(&script.print(&comments)?)?, script);
    }
    Ok(())
}

#[test]
fn a_bad_script_is_refused_with_its_line() {
    let setup = serde_json::to_string(&Setup::default()).expect("settings are JSON");
    for (text, told) in [
        (String::new(), "empty"),
        ("{}".to_owned(), "first line"),
        (format!("# why\n{setup}\n\n{{\"fly\":{{}}}}"), "line 4"),
    ] {
        let error = Script::read(&text).expect_err("it is no script");
        assert!(format!("{error:#}").contains(told), "{error:#}");
    }
}
