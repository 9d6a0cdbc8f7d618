//! The whole DAO, ours and OpenZeppelin's: a fixed, seeded share of what `cargo xtask fuzz` runs for as long as you like,
//! and proof that a fault would be found.

mod deployments;
mod low_gas;
mod shrinking;

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::Timelock;
use encodings::{decode, types};
use eyre::Result;
use harness::differential::{
    Contract, Pair, Script, Setup, Suite, Tally,
    calldata::{self, Manner},
    exceptions::{Answer, has_negative_offset},
    fuzz::{Plan, Until, fuzz, script_and_calldata},
    strategy::runner,
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

/// On two threads.
const SCRIPTS: u64 = 36;

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
    let [answered, cut_short] = report.tally.scarce;
    assert!(answered > SCRIPTS && cut_short > SCRIPTS / 2, "{:?}", report.tally.scarce);
    assert!(mutated.iter().all(|calls| *calls > SCRIPTS * 10), "{mutated:?}");
    assert!(deployments[0] > SCRIPTS && deployments[1] > SCRIPTS / 4, "{deployments:?}");
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

pub(crate) fn draw<S: Strategy>(strategy: &S, chance: &mut TestRunner) -> Result<S::Value> {
    Ok(strategy.new_tree(chance).map_err(|reason| eyre::eyre!("{reason}"))?.current())
}
