//! EVM code, and what a message pays before it.

use super::{Used, used};
use crate::support::{Chain, at, message};
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, hex};
use devnode::evm::{Message, Outcome};

/// What a message costs in any case.
const CALL: u64 = 21_000;

/// A chain that counts, with code at the first address. There slot 7 holds 5, and at the eighth is an account without code.
fn chain(code: impl Into<Bytes>) -> Chain {
    let mut chain = Chain::new();
    chain.count_resources();
    chain.put(at(1), code);
    chain.state.insert_account_storage(at(1), U256::from(7), U256::from(5)).expect("in memory");
    chain.put(at(8), Bytes::new());
    chain
}

fn run(chain: &Chain, message: &Message) -> Outcome {
    chain.execute(message, devnode::evm::Mode::Call).expect("not refused")
}

/// Calls the code with a wei.
fn call(chain: &Chain, gas: u64) -> Outcome {
    run(chain, &Message { value: U256::ONE, ..message(at(1), [], gas) })
}

/// What code uses on top of [`CALL`], with gas in plenty.
fn of(code: impl Into<Bytes>) -> Used {
    let outcome = call(&chain(code), 1_000_000);
    assert!(outcome.status.is_success(), "{outcome:?}");
    let all = used(&outcome);
    Used { computation: all.computation - CALL, ..all }
}

fn assert_each(cases: &[(&str, &[u8], Used)]) {
    for (what, code, expected) in cases {
        assert_eq!(of(code.to_vec()), *expected, "{what}");
    }
}

#[test]
fn slots() {
    let none = Used::default();
    assert_each(&[
        ("read", &hex!("5f54"), Used { read: 2_000, computation: 2 + 100, ..none }),
        ("read twice", &hex!("5f54505f54"), Used { read: 2_000, computation: 2 + 100 + 2 + 2 + 100, ..none }),
        ("new", &hex!("60015f55"), Used { read: 2_100, growth: 20_000, computation: 3 + 2, ..none }),
        ("changed", &hex!("6006600755"), Used { read: 2_100, written: 2_900, computation: 3 + 3, ..none }),
        ("cleared", &hex!("5f600755"), Used { read: 2_100, written: 2_900, computation: 2 + 3, ..none }),
        ("written as it was", &hex!("6005600755"), Used { read: 2_100, computation: 3 + 3 + 100, ..none }),
        (
            "new, and changed again",
            &hex!("60015f5560025f55"),
            Used { read: 2_100, growth: 20_000, computation: 5 + 5 + 100, ..none },
        ),
        ("read, then new", &hex!("5f545060015f55"), Used { read: 2_000, growth: 20_000, computation: 104 + 5, ..none }),
        ("transient", &hex!("60015f5d5f5c"), Used { computation: 5 + 100 + 2 + 100, ..none }),
    ]);
}

#[test]
fn accounts() {
    let none = Used::default();
    assert_each(&[
        ("balance", &hex!("61aa0931"), Used { read: 2_500, computation: 3 + 100, ..none }),
        ("balance twice", &hex!("61aa093161aa0931"), Used { read: 2_500, computation: 2 * 103, ..none }),
        ("own balance", &hex!("47"), Used { computation: 5, ..none }),
        ("size of code", &hex!("61aa093b"), Used { read: 2_500, computation: 3 + 100, ..none }),
        ("hash of code", &hex!("61aa093f"), Used { read: 2_500, computation: 3 + 100, ..none }),
        (
            "two words of code into memory",
            &hex!("60215f5f61aa093c"),
            Used { read: 2_500 + 2 * 3, computation: 10 + 100 + 2 * 3, ..none },
        ),
        ("own code", &hex!("60215f5f39"), Used { computation: 7 + 3 + 2 * 3 + 2 * 3, ..none }),
    ]);
}

#[test]
fn logs() {
    let none = Used::default();
    assert_each(&[
        ("nothing", &hex!("5f5fa0"), Used { computation: 4 + 375, ..none }),
        (
            "two topics, ten bytes",
            &hex!("5f5f600a5fa2"),
            Used { history: 2 * 256 + 80, computation: 9 + 375 + 2 * (375 - 256) + 3, ..none },
        ),
        (
            "four topics, no bytes",
            &hex!("5f5f5f5f5f5fa4"),
            Used { history: 4 * 256, computation: 12 + 375 + 4 * (375 - 256), ..none },
        ),
    ]);
}

#[test]
fn calls_and_creations() {
    let none = Used::default();
    assert_each(&[
        ("a cold account", &hex!("5f5f5f5f5f61aa085ff1"), Used { read: 2_500, computation: 15 + 100, ..none }),
        ("a delegate call", &hex!("5f5f5f5f61aa085ff4"), Used { read: 2_500, computation: 13 + 100, ..none }),
        ("a static call", &hex!("5f5f5f5f61aa085ffa"), Used { read: 2_500, computation: 13 + 100, ..none }),
        (
            "a wei for an account, which gives the stipend back",
            &hex!("5f5f5f5f600161aa085ff1"),
            Used { read: 2_500, computation: 16 + 100 + 9_000 - 2_300, ..none },
        ),
        (
            "a wei for nobody",
            &hex!("5f5f5f5f600161aa095ff1"),
            Used { read: 2_500, growth: 25_000, computation: 16 + 100 + 9_000 - 2_300, ..none },
        ),
        (
            "by CALLCODE the wei stays",
            &hex!("5f5f5f5f600161aa095ff2"),
            Used { read: 2_500, computation: 16 + 100 + 9_000 - 2_300, ..none },
        ),
        ("Ethereum's precompiles", &hex!("5f5f5f5f5f600262fffffff1"), Used { computation: 16 + 100 + 60, ..none }),
        (
            "code of three bytes",
            &hex!("6360035ff35f526004601c5ff0"),
            Used { growth: 3 * 200, computation: 3 + 2 + 6 + 3 + 3 + 2 + 32_000 + 2 + (3 + 2 + 3), ..none },
        ),
        (
            "a contract that vanishes, and its wei",
            &hex!("61aa09ff"),
            Used { read: 2_600, written: 4_900, growth: 25_000, computation: 3 + 100, ..none },
        ),
        ("and to an account", &hex!("61aa08ff"), Used { read: 2_600, written: 4_900, computation: 3 + 100, ..none }),
    ]);
}

/// Even a warm delegate counts as read.
#[test]
fn delegations() {
    let twice = hex!("5f5f5f5f5f61aa095ff1 5f5f5f5f5f61aa095ff1");
    let mut chain = chain(twice.to_vec());
    chain.put(at(9), [&hex!("ef0100")[..], at(8).as_slice()].concat());
    let all = used(&call(&chain, 1_000_000));
    let read = 2_500 + 2_600 + 100;
    assert_eq!(all, Used { read, computation: CALL + 2 * (15 + 100), ..Used::default() });
}

#[test]
fn a_revert_takes_nothing_back() {
    // Calls what writes a slot, logs a byte and reverts.
    let mut chain = chain(hex!("5f5f5f5f5f61aa0962fffffff1").to_vec());
    chain.put(at(9), hex!("60015f5560015fa05f5ffd").to_vec());
    let all = used(&call(&chain, 1_000_000));
    let inner = 5 + (5 + 375 + 3) + 4;
    let expected = Used { read: 2_500 + 2_100, growth: 20_000, history: 8, ..Used::default() };
    assert_eq!(all, Used { computation: CALL + 16 + 100 + inner, ..expected });
}

#[test]
fn what_is_lost_in_a_failure_is_computation() {
    // The slot can just not be paid for.
    let code = hex!("5f5460015f55");
    let before = CALL + 102 + 2_000 + 5;
    let all = used(&call(&chain(code.to_vec()), before + 20_000 - 1));
    assert_eq!(all, Used { read: 2_000, computation: before - 2_000 + 20_000 - 1, ..Used::default() });
    // Of an instruction that vanishes, what it costs in any case is counted.
    let all = used(&call(&chain(hex!("61aa09ff").to_vec()), CALL + 3 + 5_000 + 27_599));
    assert_eq!(all, Used { written: 4_900, computation: CALL + 3 + 100 + 27_599, ..Used::default() });
    // A touch of a call is taken before the touch of its delegate.
    let mut delegating = chain(hex!("5f5f5f5f5f61aa095ff1").to_vec());
    delegating.put(at(9), [&hex!("ef0100")[..], at(8).as_slice()].concat());
    let all = used(&call(&delegating, CALL + 15 + 100 + 5_099));
    assert_eq!(all, Used { read: 2_500, computation: CALL + 15 + 100 + 2_599, ..Used::default() });
    // But where the call as a whole cannot be paid for, none is counted.
    let sends = hex!("5f5f5f5f600161aa095ff1");
    let all = used(&call(&chain(sends.to_vec()), CALL + 16 + 100 + 2_500 + 33_999));
    assert_eq!(all, Used { computation: CALL + 16 + 100 + 2_500 + 33_999, ..Used::default() });
}

/// Nitro looks for the protection after it has taken the gas.
#[test]
fn what_must_not_write_has_paid_for_it() {
    let outer = hex!("5f5f5f5f61aa09620186a0fa");
    let base = Used { read: 2_500, computation: CALL + 14 + 100, ..Used::default() };
    let given = 100_000;
    let of = |code: &[u8]| {
        let mut chain = chain(outer.to_vec());
        chain.put(at(9), code.to_vec());
        used(&call(&chain, 1_000_000))
    };
    let read = base.read + 2_100;
    let expected = Used { read, growth: 20_000, computation: base.computation + given - 22_100, ..base };
    assert_eq!(of(&hex!("60015f55")), expected, "a new slot");
    let expected = Used { history: 8, computation: base.computation + given - 8, ..base };
    assert_eq!(of(&hex!("60015fa0")), expected, "a log");
    let expected =
        Used { read: base.read + 2_600, written: 4_900, computation: base.computation + given - 7_500, ..base };
    assert_eq!(of(&hex!("61aa07ff")), expected, "a contract that vanishes");
    let expected =
        Used { read: base.read + 2_500, growth: 25_000, computation: base.computation + given - 27_500, ..base };
    assert_eq!(of(&hex!("5f5f5f5f600161aa075ff1")), expected, "a wei");
}

#[test]
fn what_a_message_costs_before_it_runs() {
    let chain = chain(Bytes::new());
    let keys = vec![B256::ZERO, B256::with_last_byte(1)];
    let access_list = vec![alloy::eips::eip2930::AccessListItem { address: at(3), storage_keys: keys }].into();
    let all = used(&run(&chain, &Message { access_list, ..message(at(1), [0, 0, 0, 1], 100_000) }));
    let expected = Used { computation: CALL, ..Used::default() };
    assert_eq!(all, Used { read: 2_400 + 2 * 1_900, calldata: 3 * 4 + 16, ..expected });

    let delegation = alloy::eips::eip7702::Authorization { chain_id: U256::ZERO, address: at(3), nonce: 0 };
    let delegation = alloy::eips::eip7702::SignedAuthorization::new_unchecked(delegation, 0, U256::ONE, U256::ONE);
    let authorizations = Some(vec![delegation; 2]);
    let all = used(&run(&chain, &Message { authorizations, ..message(at(1), [], 100_000) }));
    assert_eq!(all, Used { growth: 2 * 25_000, ..expected });

    let input = hex!("60035ff3");
    let all = used(&run(&chain, &Message { to: TxKind::Create, ..message(Address::ZERO, input, 100_000) }));
    assert_eq!(
        all,
        Used { growth: 3 * 200, calldata: 4 * 16, computation: 53_000 + 2 + (3 + 2 + 3), ..Used::default() }
    );
}
