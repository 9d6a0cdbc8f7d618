//! Several calls in one.

use alloc::vec::Vec;

use consilium_abi::{List, Revert};
use consilium_components::multicall;

use crate::AccessManager;

impl AccessManager {
    /// Calls of `multicall` within `multicall` take stack: it ends after more than 130 levels, which undoes all.
    pub(crate) fn multicall(&mut self, data: List<'_, &[u8]>) -> Result<Vec<Vec<u8>>, Revert> {
        multicall::multicall(self, data)
    }
}
