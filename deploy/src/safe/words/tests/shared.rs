//! Calls whose arguments share bytes. A file of them could fill the machine of each owner that looks at it.

use consilium_bindings::Timelock;

use super::*;

/// `multicall(bytes[])` of `count` elements that are all the same bytes.
fn multicall(count: usize, element: &[u8]) -> Vec<u8> {
    let word = |number: usize| U256::from(number).to_be_bytes::<32>();
    let mut data = vec![0xac, 0x96, 0x50, 0xd8];
    data.extend([word(32), word(count)].concat());
    (0..count).for_each(|_| data.extend(word(count * 32)));
    data.extend(word(element.len()));
    data.extend(element);
    data.resize(4 + (data.len() - 4).next_multiple_of(32), 0);
    data
}

fn size(told: &Told) -> usize {
    told.lines.iter().map(String::len).sum()
}

#[test]
fn arguments_that_share_bytes_are_told_raw_and_may_delegate() {
    let data = multicall(1_000, &[7; 32_000]);
    let told = whole(&plain(OTHER, data.clone()));
    assert!(told.delegates && told.moves);
    assert!(
        told.lines[1].contains("calls multicall of") && told.lines[1].contains("too large to be told"),
        "{told:.200?}"
    );
    assert_eq!(told.lines[2], format!("  {}", hex::encode_prefixed(&data)));
    assert_eq!(told.lines.len(), 3);

    // Another call passes it on.
    let passed = Timelock::scheduleCall {
        target: OTHER,
        value: U256::ZERO,
        data: data.clone().into(),
        predecessor: B256::ZERO,
        salt: B256::ZERO,
        delay: U256::ZERO,
    };
    let told = whole(&plain(OTHER, passed.abi_encode()));
    assert!(told.delegates && told.moves && size(&told) < 4 * data.len(), "{}", size(&told));
}

/// Each level is no larger than twice its bytes, and has the same one twice.
#[test]
fn what_doubles_at_each_level_ends() {
    let deep = (0..40).fold(vec![7; 20_000], |element, _| multicall(2, &element));
    let told = whole(&plain(OTHER, deep.clone()));
    assert!(told.delegates && size(&told) < 64 * deep.len(), "{} of {}", size(&told), deep.len());
}
