//! The minimum delay.

use alloy_primitives::U256;
use consilium_abi::Revert;

use crate::Timelock;
use crate::abi::MinDelayChange;

impl Timelock {
    pub(crate) fn get_min_delay(&self) -> U256 {
        self.min_delay()
    }

    pub(crate) fn update_delay(&mut self, new_delay: U256) -> Result<(), Revert> {
        MinDelayChange { old_duration: self.min_delay(), new_duration: new_delay }.log(self);
        self.set_min_delay(new_delay);
        Ok(())
    }
}
