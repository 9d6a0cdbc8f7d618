//! What differs is found, and brought down to what shows it. Scripts can be printed and read again.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::SolCall,
};
use consilium_bindings::VotingToken;
use eyre::Result;
use harness::differential::{
    Action, Pair, Script, Setup, Suite, Tally,
    action::Deed,
    calldata::{self, Manner},
    fuzz::script_and_calldata,
    odd_setups, run,
    setup::Oddity,
    shrink::shrink,
    simpler::simpler,
    strategy::{runner, scripts},
};
use serde_json::Value;

use crate::draw;

/// The token among the people.
const TOKEN: u8 = 12;

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
    let mut steps = unrelated_steps();
    steps.insert(9, Action::Probe { by: 2, to: TOKEN, wei: 0, calls });
    let found = shrink(&mut pair, &Script { setup: Setup::default(), steps })?;
    let [Action::Probe { by: 0, to, wei: 0, calls }] = &found.script.steps[..] else { panic!("{}", found.print()?) };
    assert_eq!(*to, TOKEN);
    assert_eq!(calls[..], [Bytes::from_static(&[0, 0, 0, 0, 0, 0x55])]);
    assert_eq!(Script::read(&found.print()?)?, found.script);
    Ok(())
}

/// The same token takes two bytes: rounds of damaged calldata come upon that, and it is made short like any other step.
#[test]
fn a_fault_that_damaged_calldata_finds_is_made_short() -> Result<()> {
    let mut pair = Pair::start(Suite::OpenZeppelin, Suite::Forgetful)?;
    let script = Script { setup: Setup { quorum: 12, ..Setup::default() }, steps: calldata::prelude() };
    let (mut chance, rounds) = (runner(7, 0), (Manner::Damaged, 20));
    let found = script_and_calldata(&mut pair, script, &mut chance, rounds, &mut Tally::default())?;
    let found = found.expect("a call of two bytes is drawn");
    let short = Action::Probe { by: 0, to: TOKEN, wei: 0, calls: vec![Bytes::from_static(&[0, 0])] };
    assert_eq!(found.script, Script { setup: Setup::default(), steps: vec![short] });
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

/// Steps that say nothing about allowances.
fn unrelated_steps() -> Vec<Action> {
    let votes = |by| Action::Onward { by, support: 1, deeds: vec![Deed::Pay { to: 7, wei: 1 }] };
    (0..10).flat_map(|n| [Action::Wait { ticks: 3 }, votes(n % 4)]).collect()
}

/// Going to simpler scripts comes to an end, wherever one begins and whichever one takes: each is smaller than the one before.
#[test]
fn simpler_scripts_are_smaller() -> Result<()> {
    let mut chance = runner(6, 0);
    for _ in 0..5 {
        let mut script = draw(&scripts(4), &mut chance)?;
        script.setup = draw(&odd_setups(), &mut chance)?;
        loop {
            let all: Vec<_> = simpler(&script)?.collect();
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

#[test]
fn scripts_survive_being_printed() -> Result<()> {
    let mut chance = runner(3, 0);
    for _ in 0..20 {
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
