use std::collections::HashMap;

use alloy_primitives::{Address, U256, keccak256};
use consilium_abi::encode;
use proptest::prelude::*;

use super::*;

/// A time in 48 bits, often near its ends.
fn time() -> impl Strategy<Value = u64> {
    prop_oneof![0..1u64 << 48, 0..100u64, (1u64 << 48) - 100..1 << 48]
}

/// A delay in its bits, as `Time.sol` packs it.
fn bits(before: u32, after: u32, effect: u64) -> U256 {
    (U256::from(effect) << 64) | (U256::from(before) << 32) | U256::from(after)
}

fn delay() -> impl Strategy<Value = Delay> {
    (any::<u32>(), any::<u32>(), time()).prop_map(|(before, after, effect)| Delay { before, after, effect })
}

/// As OpenZeppelin's AccessManager has them.
#[test]
fn waits_are_a_week_and_five_days() {
    assert_eq!((EXPIRATION, MIN_SETBACK), (604_800, 432_000));
}

#[test]
fn a_selector_is_the_first_four_bytes() {
    assert_eq!(selector_of(&[1, 2, 3, 4, 5]).unwrap(), Selector::new([1, 2, 3, 4]));
    assert!(selector_of(&[1, 2, 3]).unwrap_err().data().is_empty());
}

proptest! {
    #[test]
    fn a_delay_has_always_had_its_value(seconds: u32, now in time()) {
        prop_assert_eq!(Delay::of(seconds).get(now), seconds);
    }

    #[test]
    fn a_time_has_48_bits(time in time(), seconds: u32) {
        let sum = U256::from(time) + U256::from(seconds);
        match after(time, seconds) {
            Ok(later) => prop_assert_eq!(U256::from(later), sum),
            Err(panic) => {
                prop_assert_eq!(panic, Panic::Arithmetic);
                prop_assert!(sum >= U256::from(1u64 << 48));
            }
        }
    }

    #[test]
    fn a_delay_is_packed_as_openzeppelin_packs_it(delay in delay()) {
        let packed = u128::from(delay);
        prop_assert_eq!(U256::from(packed), bits(delay.before, delay.after, delay.effect));
        prop_assert!(packed >> 112 == 0);
        prop_assert_eq!(Delay::from(packed), delay);
    }

    /// At the second `effect` the new value applies, and the second before it does not.
    #[test]
    fn a_delay_changes_at_its_second(delay in delay(), now in time()) {
        let seen = delay.seen(now);
        if now >= delay.effect {
            prop_assert_eq!(delay.get(now), delay.after);
            prop_assert_eq!(seen, Delay { before: delay.after, after: 0, effect: 0 });
        } else {
            prop_assert_eq!(delay.get(now), delay.before);
            prop_assert_eq!(seen, delay);
        }
        prop_assert_eq!(seen.before, delay.get(now));
    }

    /// Nobody gets round a delay by shortening it: what is started at any time after the change ends no earlier than what
    /// could have been started before it.
    #[test]
    fn shortening_a_delay_wins_no_time(delay in delay(), now in time(), value: u32, least: u32, later in 0..u64::MAX >> 16) {
        let Ok(updated) = delay.update(value, least, now) else {
            let setback = least.max(delay.get(now).saturating_sub(value));
            prop_assert!(now + u64::from(setback) >= 1 << 48);
            return Ok(());
        };
        prop_assert!(updated.effect >= now + u64::from(least));
        prop_assert_eq!(updated.get(updated.effect), value);
        let later = now.saturating_add(later);
        let ends = later.saturating_add(updated.get(later).into());
        prop_assert!(ends >= now + u64::from(delay.get(now)));
        if value >= delay.get(now) && least == 0 {
            prop_assert_eq!(updated.get(now), value, "a longer delay applies at once");
        } else if updated.effect > now {
            prop_assert_eq!(updated.get(now), delay.get(now), "nothing changes before");
        }
    }

    #[test]
    fn an_operation_expires_a_week_after_it_is_ready(timepoint in time(), now in time()) {
        let end = timepoint + 604_800;
        match is_expired(timepoint, now) {
            Ok(expired) => prop_assert_eq!(expired, now >= end),
            Err(_) => prop_assert!(end >= 1 << 48),
        }
    }

    #[test]
    fn a_grant_ends_at_its_second(until in time(), now in time()) {
        prop_assert_eq!(has_ended(until, now), until > 0 && now >= until);
    }

    /// The five entries and a map for the rest are one table, whatever was set in which order.
    #[test]
    fn functions_are_one_table(steps in proptest::collection::vec(
        (0u8..9, prop_oneof![Just(0), 1u64..70_000, Just(u64::MAX)]), 0..60,
    )) {
        let (mut functions, mut rest, mut expected) = (Functions::default(), HashMap::new(), HashMap::new());
        for (selector, role) in steps {
            let selector = Selector::new([0, 0, 0, selector]);
            let has_room = functions.set(selector, role);
            rest.insert(selector, if has_room { 0 } else { role });
            prop_assert!(role != 0 || has_room, "what is for ADMIN_ROLE needs no room");
            expected.insert(selector, role);
            for selector in (0..9).map(|selector| Selector::new([0, 0, 0, selector])) {
                let found = functions.get(selector).or(rest.get(&selector).copied()).unwrap_or(0);
                prop_assert_eq!(found, expected.get(&selector).copied().unwrap_or(0));
            }
        }
    }
}

/// The first five roles of 16 bits have room, and leave it when they go.
#[test]
fn five_functions_have_room() {
    let mut functions = Functions::default();
    let selector = |n: u8| Selector::new([n, 0, 0, 0]);
    for n in 0..5 {
        assert!(functions.set(selector(n), 65_535));
    }
    assert!(!functions.set(selector(5), 1));
    assert!(functions.set(selector(4), 7), "an entry is replaced in its place");
    assert_eq!(functions.get(selector(4)), Some(7));
    assert!(!functions.set(selector(4), 65_536), "a role of more than 16 bits has no room");
    assert_eq!(functions.get(selector(4)), None);
    assert!(functions.set(selector(5), 1), "and leaves its own");
}

/// The selectors are those of the names in their documentation.
#[test]
fn selectors() {
    let own = include_str!("../rules.rs").lines().collect::<Vec<_>>();
    let mut found = 0;
    for pair in own.windows(2) {
        let Some(signature) = pair[0].strip_prefix("/// `").and_then(|rest| rest.strip_suffix("`.")) else { continue };
        let Some((_, value)) = pair[1].split_once(": u32 = 0x") else { continue };
        let value = u32::from_str_radix(&value.trim_end_matches(';').replace('_', ""), 16).unwrap();
        assert_eq!(value.to_be_bytes(), keccak256(signature)[..4], "{signature}");
        found += 1;
    }
    assert_eq!(found, 11);
    assert_eq!(SET_AUTHORITY[..], keccak256("setAuthority(address)")[..4]);
}

/// What a function's declaration says of its callers is what decides.
#[test]
fn restrictions_are_as_declared() {
    // Two folders up, or more where these rules are tested by themselves (`cargo xtask mutants`).
    let package = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.ancestors().find(|folder| folder.join("contracts/access-manager").exists()).unwrap();
    let contracts = consilium_abi_syntax::contracts(root).unwrap();
    let (_, interface) = contracts.iter().find(|(_, found)| found.contract_name() == "AccessManager").unwrap();
    let mut guarded = 0;
    for function in interface.all_functions() {
        let selector = Selector::new(function.selector());
        let data = [&selector[..], &encode!((uint64) => 5u64)].concat();
        let expected = match interface.guard_of(function).map(|guard| guard.name.to_string()).as_deref() {
            Some("admin") => Restriction::Admin,
            Some("admin_of_target") => Restriction::AdminOfTarget(Address::with_last_byte(5)),
            Some("admin_of_role") => Restriction::AdminOfRole(5),
            Some(other) => panic!("what does {other} ask for?"),
            None => Restriction::None,
        };
        assert_eq!(restriction(selector, &data), Ok(expected), "{}", function.signature());
        guarded += usize::from(expected != Restriction::None);
    }
    assert_eq!(guarded, 11);
}

/// What decides has to be there whole, as for Solidity's decoder; what follows it does not matter.
#[test]
fn the_first_argument_decides() {
    let target = Address::repeat_byte(7);
    let call = |selector: u32, argument: &[u8]| {
        let data = [&selector.to_be_bytes()[..], argument].concat();
        restriction(Selector::from(selector.to_be_bytes()), &data)
    };
    assert_eq!(call(LABEL_ROLE, &[]), Ok(Restriction::Admin));
    assert_eq!(call(SET_TARGET_CLOSED, &encode!((address) => target)), Ok(Restriction::AdminOfTarget(target)));
    assert_eq!(call(GRANT_ROLE_UNTIL, &encode!((uint64, bool) => 9u64, true)), Ok(Restriction::AdminOfRole(9)));
    assert_eq!(call(GRANT_ROLE, &[0; 31]), Err(Revert::empty()));
    assert_eq!(call(GRANT_ROLE, &encode!((uint256) => 1u128 << 64)), Err(Revert::empty()));
    assert_eq!(call(UPDATE_AUTHORITY, &[255; 32]), Err(Revert::empty()));
    assert_eq!(call(0x1234_5678, &[]), Ok(Restriction::None));
}

/// As Solidity hashes them.
#[test]
fn ids() {
    let (caller, target) = (Address::repeat_byte(1), Address::repeat_byte(2));
    let word = |address: Address| address.into_word().0;
    let mut bytes = [[0; 32]; 2].concat();
    bytes[31] = 0x60;
    bytes[63] = 2;
    let data =
        [&word(caller)[..], &word(target), &bytes[..32], &bytes[32..], &[[0xab; 2].as_slice(), &[0; 30]].concat()];
    assert_eq!(operation_id(caller, target, &[0xab; 2]), keccak256(data.concat()));
    let selector = [[1, 2, 3, 4].as_slice(), &[0; 28]].concat();
    assert_eq!(execution_id(target, Selector::new([1, 2, 3, 4])), keccak256([&word(target)[..], &selector].concat()));
}
