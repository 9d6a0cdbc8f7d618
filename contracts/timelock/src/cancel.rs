//! Cancelling.

use alloy_primitives::B256;
use consilium_abi::Revert;

use crate::Timelock;
use crate::abi::Cancelled;
use crate::rules::State;

impl Timelock {
    pub(crate) fn cancel(&mut self, id: B256) -> Result<(), Revert> {
        self.expect(id, State::Waiting.bit() | State::Ready.bit())?;
        self.forget(id);
        Cancelled { id }.log(self);
        Ok(())
    }
}
