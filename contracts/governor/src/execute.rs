//! Execution: the timelock makes the calls of a queued proposal.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Answered, List, Revert};
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;
use crate::details::Details;
use crate::rules::State;

impl Governor {
    pub(crate) fn execute(
        &mut self,
        targets: List<'_, Address>,
        values: List<'_, U256>,
        calldatas: List<'_, &[u8]>,
        description_hash: B256,
    ) -> Result<U256, Revert> {
        let details = Details { targets, values, calldatas, description_hash };
        let id = details.id();
        self.carry_out(id, &details)?;
        Ok(id)
    }

    pub(crate) fn execute_by_id(&mut self, id: U256) -> Result<(), Revert> {
        let data = self.details(id)?;
        self.carry_out(id, &Details::decode(&data)?)
    }

    fn carry_out(&mut self, id: U256, details: &Details<'_>) -> Result<(), Revert> {
        let mut core = self.core(id);
        self.expect_state(id, &core, State::Queued)?;

        // It counts as executed before its calls are made: they may come back into this contract.
        core.executed = true;
        self.set_core(id, &core);
        self.set_operation(id, B256::ZERO);
        self.allow_calls(details);

        let Details { targets, values, calldatas, .. } = *details;
        let salt = details.salt(self);
        let value = self.vm().msg_value();
        // The timelock has answered that the operation is pending.
        let timelock = ITimelock::at(self.timelock());
        timelock.execute_batch(&mut Answered(self), value, targets, values, calldatas, B256::ZERO, salt)?;

        self.forbid_calls();
        ProposalExecuted { proposal_id: &id }.log(self);
        Ok(())
    }
}
