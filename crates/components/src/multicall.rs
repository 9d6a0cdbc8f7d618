//! Several calls of a contract in one.

use alloc::vec::Vec;

use consilium_abi::{Answers, List, Revert};

use crate::upgradeable::FailedCall;

/// OpenZeppelin's `Multicall` delegates each call to itself. Here the table of functions is asked again, from within: caller
/// and storage are the same, the guard of each function runs on its own calldata, and the first failure undoes all.
///
/// A contract that obeys an authority also asks [`crate::access_managed::ObeysAuthority::not_authority`] first.
///
/// # Errors
/// What the first call that fails reverts with; `FailedCall` if that is nothing.
pub fn multicall(contract: &mut impl Answers, data: List<'_, &[u8]>) -> Result<Vec<Vec<u8>>, Revert> {
    let one = |call| match contract.answer(call) {
        Err(reason) if reason.data().is_empty() => Err(FailedCall {}.into()),
        answer => answer,
    };
    data.iter().map(one).collect()
}
