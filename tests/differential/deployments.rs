//! What the constructors take and refuse.

use eyre::Result;
use harness::differential::{
    Pair, Script, Setup, Suite, Tally, exceptions::LONGEST_NAME, odd_setups, run, setup::Oddity, shrink::shrink,
    strategy::runner,
};

use crate::draw;

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
        assert!(tally.outcomes.contains_key(&told), "never {refusal}: {:#?}", tally.outcomes);
    }
    assert!(tally.deployments[0] > 10, "{:?}", tally.deployments);
    Ok(())
}

/// The third of the exceptions: a name that does not fit in a word with its length.
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
