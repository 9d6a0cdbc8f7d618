//! The whole DAO, ours beside OpenZeppelin's: a fixed, seeded share of what `cargo xtask fuzz` runs for as long as one likes,
//! and proof that a fault would be found.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::Timelock;
use eyre::Result;
use test_support::differential::{
    Action, Contract, Pair, Script, Setup, Suite, Tally,
    action::Deed,
    calldata,
    exceptions::{Answer, has_negative_offset},
    fuzz::{Plan, Until, fuzz},
    run,
    shrink::shrink,
    strategy::{runner, scripts},
};
use test_support::encodings::{decode, types};

/// On two threads.
const SCRIPTS: u64 = 32;

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
    let Tally { steps, succeeded, reverted, mutated, ref outcomes, .. } = report.tally;
    assert_eq!(report.scripts, SCRIPTS);
    assert!(report.tally.total() >= SCRIPTS * 50, "{steps:?}");
    assert!(steps.iter().all(|steps| *steps > SCRIPTS * 3), "{steps:?}");
    assert!(succeeded > SCRIPTS * 10 && reverted > SCRIPTS * 10, "{succeeded} succeeded, {reverted} reverted");
    for outcome in OUTCOMES {
        assert!(outcomes.contains_key(outcome), "never {outcome}: {outcomes:#?}");
    }
    assert!(mutated.iter().all(|calls| *calls > SCRIPTS * 10), "{mutated:?}");
    Ok(())
}

/// Every function of every contract, damaged again and again, on a DAO that has something to call.
#[test]
fn mutated_calldata_is_answered_alike() -> Result<()> {
    let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
    for timestamps in [true, false] {
        let setup = Setup { timestamps, admin: true, ..Setup::default() };
        let script = Script { setup, steps: calldata::prelude() };
        let mut tally = Tally::default();
        let difference = calldata::after(&mut pair, &script, &mut runner(2, timestamps.into()), 8, &mut tally)?;
        assert!(difference.is_none(), "{}", difference.expect("a difference").what);
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

/// A token that forgets to use up allowances: found, and brought down to what shows it.
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
    let short = [
        Action::Approve { by: 1, spender: 2, amount: 300 },
        Action::TransferFrom { by: 2, from: 1, to: 3, amount: 40 },
    ];
    assert_eq!(found.script.steps, short, "{}", found.print()?);
    assert!(found.difference.what.starts_with("allowance"), "{}", found.difference.what);

    // What is printed can be run again, and shows the same.
    let again = Script::read(&found.print()?)?;
    assert_eq!(again, found.script);
    let difference = run(&mut pair, &again, &mut Tally::default(), &mut Vec::new())?;
    assert_eq!(difference, Some(found.difference));
    Ok(())
}

/// Steps that say nothing about allowances.
fn unrelated_steps() -> Vec<Action> {
    let votes = |by| Action::Onward { by, support: 1, deeds: vec![Deed::Pay { to: 7, wei: 1 }] };
    (0..10).flat_map(|n| [Action::Wait { ticks: 3 }, votes(n % 4)]).collect()
}

#[test]
fn scripts_survive_being_printed() -> Result<()> {
    use proptest::strategy::{Strategy, ValueTree};
    let mut chance = runner(3, 0);
    for _ in 0..50 {
        let script = scripts(40).new_tree(&mut chance).map_err(|reason| eyre::eyre!("{reason}"))?.current();
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
