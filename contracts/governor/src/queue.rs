//! Queuing: a succeeded proposal becomes an operation of the timelock.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Answered, List, Panic, Revert};
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;
use crate::details::Details;
use crate::rules::{self, State};
use crate::storage::FOR;

impl Governor {
    pub(crate) fn queue(
        &mut self,
        targets: List<'_, Address>,
        values: List<'_, U256>,
        calldatas: List<'_, &[u8]>,
        description_hash: B256,
    ) -> Result<U256, Revert> {
        let details = Details { targets, values, calldatas, description_hash };
        let id = details.id();
        self.schedule(id, &details)?;
        Ok(id)
    }

    pub(crate) fn queue_by_id(&mut self, id: U256) -> Result<(), Revert> {
        let data = self.details(id)?;
        self.schedule(id, &Details::decode(&data)?)
    }

    fn schedule(&mut self, id: U256, details: &Details<'_>) -> Result<(), Revert> {
        self.expect_state(id, &self.core(id), State::Succeeded)?;

        let Details { targets, values, calldatas, .. } = *details;
        let salt = details.salt(self);
        let timelock = ITimelock::at(self.timelock());
        let delay = timelock.get_min_delay(self)?;
        let now = U256::from(self.vm().block_timestamp());
        let eta = rules::to_time(now.checked_add(delay).ok_or(Panic::Arithmetic)?)?;

        self.set_operation(id, details.operation(salt));
        let mut ayes = self.tally(id, FOR);
        ayes.eta = eta;
        self.set_tally(id, FOR, &ayes);

        // It has answered what its delay is.
        timelock.schedule_batch(&mut Answered(self), targets, values, calldatas, B256::ZERO, salt, delay)?;
        // A timelock that names operations by another rule would hold one that nobody finds, cancels or executes from here.
        self.state_in_timelock(id)?.expect(id, State::Queued.bit())?;
        // Last, so that the logs have OpenZeppelin's order: the timelock's before the governor's.
        ProposalQueued { proposal_id: &id, eta_seconds: eta }.log(self);
        Ok(())
    }
}
