//! Several calls of a contract in one.

use alloc::vec::Vec;

use consilium_abi::{Answers, List, Revert, ensure};

use crate::upgradeable::{FailedCall, UPGRADE_TO_AND_CALL};

/// OpenZeppelin's `Multicall` delegates each call to itself. Here the table of functions is asked again, from within: caller
/// and storage are the same, the guard of each function runs on its own calldata, and the first failure undoes all.
///
/// A contract that obeys an authority also asks [`crate::access_managed::ObeysAuthority::not_authority`] first. One that is
/// upgraded takes [`multicall_at_rest`].
///
/// # Errors
/// What the first call that fails reverts with; `FailedCall` if that is nothing.
pub fn multicall(contract: &mut impl Answers, data: List<'_, &[u8]>) -> Result<Vec<Vec<u8>>, Revert> {
    data.iter().map(|call| one(contract, call)).collect()
}

/// The same of an [`crate::upgradeable`] contract. `upgradeToAndCall` is no function here: the calls behind it would run old
/// code, and write by the old layout.
///
/// # Errors
/// As [`multicall`]; `FailedCall` at an upgrade.
pub fn multicall_at_rest(contract: &mut impl Answers, data: List<'_, &[u8]>) -> Result<Vec<Vec<u8>>, Revert> {
    let at_rest = |call: &[u8]| {
        ensure!(!call.starts_with(&UPGRADE_TO_AND_CALL), FailedCall {});
        one(contract, call)
    };
    data.iter().map(at_rest).collect()
}

#[inline(always)]
fn one(contract: &mut impl Answers, call: &[u8]) -> Result<Vec<u8>, Revert> {
    match contract.answer(call) {
        Err(reason) if reason.data().is_empty() => Err(FailedCall {}.into()),
        answer => answer,
    }
}
