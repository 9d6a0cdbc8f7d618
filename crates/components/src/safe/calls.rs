//! Calls in the Safe's name.

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, encode_call, ensure, sol};

use super::rules::Operation;
use super::version::Version;

/// `supportsInterface(bytes4)`.
const SUPPORTS_INTERFACE: [u8; 4] = [0x01, 0xff, 0xc9, 0xa7];

/// Makes one call with at most `gas` gas; whether it succeeded. As with Solidity's low-level call, a target without code
/// succeeds. What was returned is left where it is.
///
/// UNGUARDED: whoever calls this has checked that the caller may do anything with the Safe.
#[inline]
pub fn perform<S: Version>(
    safe: &mut S,
    to: Address,
    value: U256,
    data: &[u8],
    operation: Operation,
    gas: u64,
) -> bool {
    match operation {
        Operation::Call => safe.call_with_gas(gas, to, value, data, 0).is_ok(),
        Operation::DelegateCall => safe.delegate_with_gas(gas, to, data),
    }
}

/// Calls a view that returns a word. As Solidity: a revert is passed on; an account without code, and an answer that is
/// shorter, are refused without data. As Solidity before 0.8: the word is not checked, and what of it counts is for the
/// caller of this to say.
///
/// # Errors
/// As above.
#[inline]
pub fn ask<S: Version>(safe: &S, to: Address, call: &[u8]) -> Result<[u8; 32], Revert> {
    ensure!(safe.has_code(to), Revert::empty());
    safe.static_call(to, call)?.first_chunk().copied().ok_or_else(Revert::empty)
}

/// Whether an account says that it has an interface (ERC-165). Every word but zero is a yes.
///
/// # Errors
/// As [`ask`].
#[inline]
pub fn supports<S: Version>(safe: &S, account: Address, interface: [u8; 4]) -> Result<bool, Revert> {
    let call = encode_call::<(sol::FixedBytes<4>,)>(SUPPORTS_INTERFACE, &(interface,));
    Ok(ask(safe, account, &call)? != [0; 32])
}
