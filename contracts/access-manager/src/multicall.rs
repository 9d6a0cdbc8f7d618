//! Several calls in one.

use alloc::vec::Vec;

use consilium_abi::{Answers, List, Revert};

use crate::AccessManager;
use crate::abi::FailedCall;

impl AccessManager {
    /// OpenZeppelin delegates each call to itself. Here the table of functions is asked again, from within: caller and
    /// storage are the same, the guard of each function runs on its own calldata, and the first failure undoes all.
    ///
    /// Calls of `multicall` within `multicall` take stack: it ends after more than 150 levels, which undoes all.
    pub(crate) fn multicall(&mut self, data: List<'_, &[u8]>) -> Result<Vec<Vec<u8>>, Revert> {
        data.iter()
            .map(|call| match self.answer(call) {
                Err(reason) if reason.data().is_empty() => Err(FailedCall {}.into()),
                answer => answer,
            })
            .collect()
    }
}
