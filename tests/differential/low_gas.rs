//! What a call says when its target has used up all the gas, through one program or several: with little gas, and as much as
//! OpenZeppelin's needs. The drawn scripts do the same with every call there is.

use eyre::Result;
use harness::differential::{
    Action, Pair, Script, Setup, Suite, Tally,
    action::{Ballot, Boundary, Deed, Flaw, Skew, Tail},
    run,
    shrink::shrink,
};

/// The ERC-1271 wallet among the people.
const WALLET: u8 = 6;

/// A proposal with one deed, from its beginning to its execution, which gets `share` 128ths of the least gas that it needs.
fn proposal(deed: Deed, share: u16) -> Vec<Action> {
    let until = |what, offset| Action::Until { proposal: 0, what, offset };
    let vote = |by| Action::Vote { by, proposal: 0, ballot: Ballot { support: 1, reason: None, params: None } };
    vec![
        Action::Propose { by: 0, deeds: vec![deed], tail: Tail::None, skew: Skew::None },
        until(Boundary::Snapshot, 1),
        vote(0),
        vote(1),
        vote(2),
        until(Boundary::Deadline, 1),
        Action::Queue { by: 0, proposal: 0, by_id: true },
        until(Boundary::Eta, 0),
        Action::Scarce { share },
        Action::Execute { by: 1, proposal: 0, by_id: true, wei: 0 },
    ]
}

/// An operation of the timelock with one deed.
fn operation(deed: Deed, batch: bool, share: u16) -> Vec<Action> {
    let (predecessor, salt, delay) = (None, batch.into(), 20);
    vec![
        Action::Schedule { by: 0, deeds: vec![deed], batch, predecessor, salt, delay, skew: Skew::None },
        Action::Wait { ticks: 20 },
        Action::Scarce { share },
        Action::ExecuteOperation { by: 1, operation: 0, wei: 0 },
    ]
}

/// A vote of a wallet that uses up all the gas when it is asked.
fn wallet(share: u16) -> Vec<Action> {
    let ballot = Ballot { support: 1, reason: None, params: None };
    vec![
        Action::Propose { by: 0, deeds: vec![Deed::Fail], tail: Tail::None, skew: Skew::None },
        Action::Until { proposal: 0, what: Boundary::Snapshot, offset: 1 },
        Action::Scarce { share },
        Action::VoteBySig { by: 0, signer: 0, voter: WALLET, proposal: 0, ballot, flaw: Flaw::Noise(0) },
    ]
}

/// Runs the steps: no difference, and the scarce call said what it should.
fn said(pair: &mut Pair, steps: Vec<Action>, outcome: &str) -> Result<()> {
    let (script, mut tally) = (Script { setup: Setup { open: true, ..Setup::default() }, steps }, Tally::default());
    let mut comments = Vec::new();
    let difference = run(pair, &script, &mut tally, &mut comments)?;
    assert!(difference.is_none(), "{}", shrink(pair, &script)?.print()?);
    assert!(tally.outcomes.contains_key(outcome), "never {outcome}: {comments:#?}");
    Ok(())
}

#[test]
fn a_reason_is_told_with_as_little_gas_as_openzeppelins() -> Result<()> {
    let mut pair = Pair::start(Suite::Ours, Suite::OpenZeppelin)?;
    for share in [128, 160, 127] {
        said(&mut pair, operation(Deed::Burn, false, share), "scarce timelock execute: FailedCall")?;
        said(&mut pair, operation(Deed::Burn, true, share), "scarce timelock executeBatch: FailedCall")?;
        said(&mut pair, proposal(Deed::Burn, share), "scarce governor execute: FailedCall")?;
        let relayed = Deed::Relay(Box::new(Deed::Burn));
        said(&mut pair, proposal(relayed, share), "scarce governor execute: FailedCall")?;
        said(&mut pair, wallet(share), "scarce governor castVoteBySig: GovernorInvalidSignature")?;
        said(&mut pair, proposal(Deed::Quorum(31), share), "scarce governor execute: succeeded")?;
    }
    Ok(())
}

/// A token that forgets an approval where gas is short says that it approved: found, and brought down to the two steps that
/// show it.
#[test]
fn a_fault_at_low_gas_is_found_and_made_short() -> Result<()> {
    let mut pair = Pair::start(Suite::OpenZeppelin, Suite::Forgetful)?;
    let mut steps = vec![Action::Wait { ticks: 3 }, Action::Delegate { by: 1, to: 2 }, Action::Scarce { share: 150 }];
    steps.extend([Action::Approve { by: 1, spender: 2, amount: 300 }, Action::Wait { ticks: 5 }]);
    let found = shrink(&mut pair, &Script { setup: Setup::default(), steps })?;
    let short = [Action::Scarce { share: 0 }, Action::Approve { by: 0, spender: 0, amount: 1 }];
    assert_eq!(found.script.steps, short, "{}", found.print()?);
    Ok(())
}
