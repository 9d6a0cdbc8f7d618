//! The proxy that stands before an upgradeable part: the smallest contract that is one by ERC-1967, written in assembly.
//!
//! It has no function, no owner and no admin of its own. Every call, whatever its calldata and ether, runs the code whose address is in
//! the ERC-1967 slot, with the proxy's storage, and is answered as that code answers. Only that code can change the slot.
//!
//! Its creation code takes the implementation as the operand of its first instruction. It has no
//! calldata of an initial call, as OpenZeppelin's `ERC1967Proxy` has: the Founder calls the constructor in the same transaction.

use alloy::primitives::{Address, B256, Bytes, LogData, b256};

/// keccak256("eip1967.proxy.implementation") - 1: where a proxy has its implementation's address.
pub(crate) const SLOT: B256 = b256!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

/// The signature of `Upgraded(address)`.
const UPGRADED: B256 = b256!("bc7cd75a20ee27fd9adebab32041f755214dbc6bffa90cc0225b39da2e5c2d3b");

/// The selector of `ERC1967InvalidImplementation(address)`.
const INVALID: [u8; 4] = [0x4c, 0x9c, 0x8c, 0xe3];

/// The instructions that are used, by their names in the EVM's specification.
mod op {
    pub(super) const CALLDATASIZE: u8 = 0x36;
    pub(super) const CALLDATACOPY: u8 = 0x37;
    pub(super) const CODECOPY: u8 = 0x39;
    pub(super) const EXTCODESIZE: u8 = 0x3b;
    pub(super) const RETURNDATASIZE: u8 = 0x3d;
    pub(super) const RETURNDATACOPY: u8 = 0x3e;
    pub(super) const MSTORE: u8 = 0x52;
    pub(super) const SLOAD: u8 = 0x54;
    pub(super) const SSTORE: u8 = 0x55;
    pub(super) const JUMPI: u8 = 0x57;
    pub(super) const GAS: u8 = 0x5a;
    pub(super) const JUMPDEST: u8 = 0x5b;
    pub(super) const PUSH0: u8 = 0x5f;
    pub(super) const PUSH1: u8 = 0x60;
    pub(super) const PUSH4: u8 = 0x63;
    pub(super) const PUSH32: u8 = 0x7f;
    pub(super) const DUP1: u8 = 0x80;
    pub(super) const SWAP2: u8 = 0x91;
    pub(super) const LOG2: u8 = 0xa2;
    pub(super) const RETURN: u8 = 0xf3;
    pub(super) const DELEGATECALL: u8 = 0xf4;
    pub(super) const REVERT: u8 = 0xfd;
}
use op::*;

/// Where the proxy's code jumps to if the call succeeded.
const SUCCEEDED: u8 = 55;

/// The code of a proxy. The stack is in brackets, its top last.
#[rustfmt::skip]
const CODE: [&[u8]; 6] = [
    // The calldata to memory, from 0 on.
    &[CALLDATASIZE, PUSH0, PUSH0, CALLDATACOPY],
    // [0, 0, calldata size, 0]: no memory for an answer whose size is not known yet; and the memory of the call.
    &[PUSH0, PUSH0, CALLDATASIZE, PUSH0],
    // [.., implementation, all gas] -> [success]
    &[PUSH32], SLOT.as_slice(), &[SLOAD, GAS, DELEGATECALL,
    // The answer to memory, from 0 on.
    RETURNDATASIZE, PUSH0, PUSH0, RETURNDATACOPY,
    // [success, 0, size] -> [size, 0, success]
    PUSH0, RETURNDATASIZE, SWAP2,
    // [size, 0]: what comes back comes back, as an answer or as a refusal.
    PUSH1, SUCCEEDED, JUMPI, REVERT],
    &[JUMPDEST, RETURN],
];

/// The size of [`CODE`].
const SIZE: u8 = 57;
/// Where the creation code goes on if the implementation has code.
const HAS_CODE: u8 = 53;
/// The size of the creation code before [`CODE`].
const CREATION: u8 = 135;

/// The creation code from the operand on, which is a word with the implementation's address.
#[rustfmt::skip]
const CREATE: [&[u8]; 9] = [
    // [implementation], and on if it has code.
    &[DUP1, EXTCODESIZE, PUSH1, HAS_CODE, JUMPI],
    // Reverts with ERC1967InvalidImplementation(implementation): the word at 32, the selector before it.
    &[PUSH1, 32, MSTORE, PUSH4], &INVALID, &[PUSH0, MSTORE, PUSH1, 36, PUSH1, 28, REVERT],
    // [implementation, implementation, slot] -> [implementation]
    &[JUMPDEST, DUP1, PUSH32], SLOT.as_slice(), &[SSTORE,
    // Logs Upgraded(implementation), without data: [implementation, signature, 0, 0] -> []
    PUSH32], UPGRADED.as_slice(), &[PUSH0, PUSH0, LOG2,
    // Leaves the code behind.
    PUSH1, SIZE, PUSH1, CREATION, PUSH0, CODECOPY, PUSH1, SIZE, PUSH0, RETURN],
];

/// The code of every proxy.
pub fn proxy_code() -> Vec<u8> {
    CODE.concat()
}

/// The creation code of a proxy that begins with this implementation. It reverts where that has no code.
pub fn proxy_init_code(implementation: Address) -> Bytes {
    [&[PUSH32], implementation.into_word().as_slice(), &CREATE.concat(), &proxy_code()].concat().into()
}

/// What the creation of a proxy logs.
pub(crate) fn upgraded(implementation: Address) -> LogData {
    LogData::new_unchecked(vec![UPGRADED, implementation.into_word()], Bytes::new())
}

#[cfg(test)]
mod tests;
