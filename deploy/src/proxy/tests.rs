//! The assembly is what the comments say: read back from the bytes, with every jump at its target. tests/deploy/proxy.rs runs it.

use alloy::primitives::{U256, address, hex, keccak256};

use super::*;

/// The instructions of some code, with their offsets.
fn disassembled(code: &[u8]) -> Vec<(usize, String)> {
    let names = [
        (CALLDATASIZE, "CALLDATASIZE"),
        (CALLDATACOPY, "CALLDATACOPY"),
        (CODECOPY, "CODECOPY"),
        (EXTCODESIZE, "EXTCODESIZE"),
        (RETURNDATASIZE, "RETURNDATASIZE"),
        (RETURNDATACOPY, "RETURNDATACOPY"),
        (MSTORE, "MSTORE"),
        (SLOAD, "SLOAD"),
        (SSTORE, "SSTORE"),
        (JUMPI, "JUMPI"),
        (GAS, "GAS"),
        (JUMPDEST, "JUMPDEST"),
        (DUP1, "DUP1"),
        (SWAP2, "SWAP2"),
        (LOG2, "LOG2"),
        (RETURN, "RETURN"),
        (DELEGATECALL, "DELEGATECALL"),
        (REVERT, "REVERT"),
    ];
    let (mut all, mut at) = (Vec::new(), 0);
    while let Some(op) = code.get(at) {
        let size = usize::from(op.saturating_sub(PUSH0)) * usize::from((PUSH0..=PUSH32).contains(op));
        let operand = hex::encode(&code[at + 1..at + 1 + size]);
        let text = match names.iter().find(|(known, _)| known == op) {
            Some((_, name)) => (*name).to_owned(),
            None if (PUSH0..=PUSH32).contains(op) => format!("PUSH{size} {operand}").trim().to_owned(),
            None => panic!("{op:02x} at {at} is not used here"),
        };
        all.push((at, text));
        at += 1 + size;
    }
    all
}

/// The offsets to jump to, and those where a jump may end.
fn jumps(listing: &[(usize, String)]) -> (Vec<usize>, Vec<usize>) {
    let targets = listing.windows(2).filter(|pair| pair[1].1 == "JUMPI").map(|pair| {
        let operand = pair[0].1.strip_prefix("PUSH1 ").expect("a jump to a constant");
        usize::from_str_radix(operand, 16).expect("hexadecimal")
    });
    let ends = listing.iter().filter(|(_, text)| text == "JUMPDEST").map(|(at, _)| *at);
    (targets.collect(), ends.collect())
}

#[test]
fn the_code_of_a_proxy() {
    let code = proxy_code();
    assert_eq!(code.len(), usize::from(SIZE));
    let listing = disassembled(&code);
    let texts: Vec<_> = listing.iter().map(|(_, text)| text.as_str()).collect();
    let slot = format!("PUSH32 {}", hex::encode(SLOT));
    let expected = format!(
        "CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY PUSH0 PUSH0 CALLDATASIZE PUSH0 {slot} SLOAD GAS DELEGATECALL \
         RETURNDATASIZE PUSH0 PUSH0 RETURNDATACOPY PUSH0 RETURNDATASIZE SWAP2 PUSH1 37 JUMPI REVERT JUMPDEST RETURN"
    );
    assert_eq!(texts.join(" "), expected);
    let (targets, ends) = jumps(&listing);
    assert_eq!(targets, ends);
}

#[test]
fn the_creation_code_of_a_proxy() {
    let implementation = address!("00112233445566778899aabbccddeeff00112233");
    let code = proxy_init_code(implementation);
    assert_eq!(code[1..33], implementation.into_word()[..]);
    assert_eq!(code[usize::from(CREATION)..], proxy_code());
    let listing = disassembled(&code[..usize::from(CREATION)]);
    let (targets, ends) = jumps(&listing);
    assert_eq!(targets, ends);
    assert_eq!(listing.last().map(|(_, text)| text.as_str()), Some("RETURN"));
}

#[test]
fn the_constants_are_the_standard_s() {
    let hash = U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0);
    assert_eq!(SLOT.0, (hash - U256::from(1)).to_be_bytes::<32>());
    assert_eq!(UPGRADED, keccak256("Upgraded(address)"));
    assert_eq!(INVALID, keccak256("ERC1967InvalidImplementation(address)")[..4]);
}
