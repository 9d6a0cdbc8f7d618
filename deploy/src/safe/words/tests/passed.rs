//! Calls that other calls pass on. Whoever is called reads calldata with more bytes behind it, and such as is encoded in
//! another manner; so a delegated call in it is found all the same.

use consilium_bindings::Timelock;

use super::*;

/// A module's call by DELEGATECALL.
fn delegated() -> Vec<u8> {
    let data = Bytes::from_static(&[1, 2, 3, 4]);
    Safe::execTransactionFromModuleCall { to: OTHER, value: U256::ZERO, data, operation: 1 }.abi_encode()
}

/// With a word of the arguments set to another.
fn set(mut data: Vec<u8>, word: usize, to: U256) -> Vec<u8> {
    data[4 + 32 * word..][..32].copy_from_slice(&to.to_be_bytes::<32>());
    data
}

/// What a Safe, ours or Safe's own, or another contract that was made by Solidity, takes for that call.
fn encodings() -> Vec<(&'static str, Vec<u8>)> {
    let usual = delegated();
    let mut moved = set(usual.clone(), 2, U256::from(0xa0));
    moved.splice(4 + 32 * 4..4 + 32 * 4, [0; 32]);
    let word = |at: usize| U256::from_be_slice(&usual[4 + 32 * at..][..32]);
    vec![
        ("usual", usual.clone()),
        ("a byte behind", [&usual[..], &[0]].concat()),
        ("a word behind", [&usual[..], &[7; 32]].concat()),
        ("no padding", usual[..usual.len() - 28].to_vec()),
        ("half of the padding", usual[..usual.len() - 14].to_vec()),
        ("other padding", [&usual[..usual.len() - 28], &[9; 28]].concat()),
        ("a word further on", moved),
        ("among the arguments", [&set(usual.clone(), 2, U256::from(0x60))[..4 + 32 * 4], &[0xaa]].concat()),
        ("dirty bits before the address", set(usual.clone(), 0, word(0) | U256::from(1) << 255)),
        ("dirty bits before the operation", set(usual.clone(), 3, U256::from(257))),
        ("the highest bit before the operation", set(usual.clone(), 3, U256::from(1) << 255 | U256::from(1))),
    ]
}

/// What is nobody's call as it stands, though the selector is known.
fn unreadable() -> Vec<(&'static str, Vec<u8>)> {
    let usual = delegated();
    vec![
        ("no arguments", usual[..4].to_vec()),
        ("cut off", usual[..usual.len() - 40].to_vec()),
        ("an offset beyond the end", set(usual.clone(), 2, U256::from(0x1000))),
        ("an offset beyond all ends", set(usual.clone(), 2, U256::MAX)),
        ("too long", set(usual, 4, U256::from(1_000))),
    ]
}

type Wrap = fn(Vec<u8>) -> Vec<u8>;

/// Who passes calls on.
const WRAPS: [(&str, Wrap); 6] = [
    ("schedule", |data| {
        Timelock::scheduleCall {
            target: OTHER,
            value: U256::ZERO,
            data: data.into(),
            predecessor: B256::ZERO,
            salt: B256::ZERO,
            delay: U256::from(1),
        }
        .abi_encode()
    }),
    ("scheduleBatch", |data| {
        Timelock::scheduleBatchCall {
            targets: vec![OTHER; 2],
            values: vec![U256::ZERO; 2],
            payloads: vec![Bytes::new(), data.into()],
            predecessor: B256::ZERO,
            salt: B256::ZERO,
            delay: U256::from(1),
        }
        .abi_encode()
    }),
    ("the access manager's execute", |data| {
        AccessManager::executeCall { target: OTHER, data: data.into() }.abi_encode()
    }),
    ("a module's call", |data| {
        let data = data.into();
        Safe::execTransactionFromModuleCall { to: OTHER, value: U256::ZERO, data, operation: 0 }.abi_encode()
    }),
    ("propose", |data| {
        Governor::proposeCall {
            targets: vec![OTHER],
            values: vec![U256::ZERO],
            calldatas: vec![data.into()],
            description: String::new(),
        }
        .abi_encode()
    }),
    ("a batch", |data| multi_send(&[packed(0, OTHER, 5, &[]), packed(0, OTHER, 0, &data)])),
];

#[test]
fn a_delegated_call_is_found_in_every_encoding() {
    for (how, call) in encodings() {
        let told = whole(&plain(OTHER, call.clone()));
        assert!(told.delegates, "{how}: {told:?}");
        for (who, wrap) in WRAPS {
            // Also where what passes it on has more bytes behind it.
            for data in [wrap(call.clone()), [&wrap(call.clone())[..], &[0]].concat()] {
                let told = whole(&plain(OTHER, data.clone()));
                let is_loud = told.lines.iter().any(|line| line.contains("DELEGATECALL: the code of "));
                assert!(told.delegates && is_loud, "{who}, {how}: {told:?}");
                let twice = AccessManager::executeCall { target: OTHER, data: data.into() }.abi_encode();
                assert!(whole(&plain(OTHER, twice)).delegates, "{who} twice, {how}");
            }
        }
    }
}

/// Nobody knows what whoever is called makes of it.
#[test]
fn what_cannot_be_read_may_be_a_delegated_call() {
    for (how, call) in unreadable() {
        assert!(whole(&plain(OTHER, call.clone())).delegates, "{how}");
        for (who, wrap) in WRAPS {
            let told = whole(&plain(OTHER, wrap(call.clone())));
            assert!(told.delegates, "{who}, {how}: {told:?}");
            let whole = hex::encode_prefixed(&call);
            assert!(told.lines.iter().any(|line| line.contains(&whole)), "{who}, {how}: {told:?}");
        }
    }
    // What only reads does nothing, whatever it is asked.
    let mut view = Safe::getThresholdCall {}.abi_encode();
    assert!(!whole(&plain(OTHER, view.clone())).delegates);
    view.extend([1; 40]);
    assert!(!whole(&plain(OTHER, view)).delegates);
    let cut = Safe::isOwnerCall { owner: OTHER }.abi_encode()[..20].to_vec();
    assert!(!whole(&plain(OTHER, cut)).delegates);
}

/// The line has such bytes whole; the words come behind it.
#[test]
fn the_rest_of_what_is_passed_on_is_told() {
    let vote = Governor::castVoteCall { proposalId: U256::from(7), support: 1 }.abi_encode();
    let more = [&vote[..], &[0xab]].concat();
    let told =
        lines(&plain(OTHER, AccessManager::executeCall { target: OTHER, data: more.clone().into() }.abi_encode()));
    assert!(told[0].contains(&format!("data: {})", hex::encode_prefixed(&more))), "{told:?}");
    assert_eq!(told[1..], ["  passes on castVote(proposalId: 7, support: 1)", "  and 1 bytes more: 0xab"]);

    let (_, moved) = encodings().into_iter().find(|(how, _)| *how == "a word further on").expect("one");
    let told = lines(&plain(OTHER, WRAPS[0].1(moved.clone())));
    assert!(told[1].starts_with("  passes on execTransactionFromModule(to: "), "{told:?}");
    assert_eq!(told[2], format!("  and in an unusual encoding: {}", hex::encode_prefixed(moved)));
}

#[test]
fn a_hash_that_is_approved_is_to_be_compared_whatever_is_behind_it() {
    let mut approve = Safe::approveHashCall { hashToApprove: B256::repeat_byte(3) }.abi_encode();
    approve.push(0);
    for (who, wrap) in WRAPS {
        let told = lines(&plain(OTHER, wrap(approve.clone())));
        let is_told = told.iter().any(|line| line.contains("this approves a transaction that is not shown"));
        assert!(is_told, "{who}: {told:?}");
    }
}

/// The setup of a Safe runs code as that Safe's own.
#[test]
fn the_setup_of_a_safe_can_delegate() {
    let setup = |to| {
        let (owners, data, nobody) = (vec![OTHER], vec![1, 2, 3, 4].into(), Address::ZERO);
        Safe::setupCall {
            owners,
            threshold: U256::from(1),
            to,
            data,
            fallbackHandler: nobody,
            paymentToken: nobody,
            payment: U256::ZERO,
            paymentReceiver: nobody,
        }
        .abi_encode()
    };
    for (to, delegates) in [(GOVERNOR, true), (Address::ZERO, false)] {
        assert_eq!(whole(&plain(OTHER, setup(to))).delegates, delegates);
        let told = whole(&plain(OTHER, WRAPS[0].1(setup(to))));
        let is_loud = told.lines.iter().any(|line| line.contains("DELEGATECALL: the code of the governor"));
        assert_eq!((told.delegates, is_loud), (delegates, delegates), "{told:?}");
    }
}

/// However deep they are, all of it is read in little time and little stack.
#[test]
fn calls_in_calls_end() {
    let deep = (0..400).fold(delegated(), |data, _| {
        let data = data.into();
        Safe::execTransactionFromModuleCall { to: OTHER, value: U256::ZERO, data, operation: 1 }.abi_encode()
    });
    let told = whole(&plain(OTHER, deep));
    assert!(told.delegates && told.lines.len() < 20, "{}", told.lines.len());
}
