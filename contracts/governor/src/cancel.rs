//! Cancellation.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{List, Revert, ensure};
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;
use crate::rules::{CANCELABLE, State};

impl Governor {
    pub(crate) fn cancel(
        &mut self,
        targets: List<'_, Address>,
        values: List<'_, U256>,
        calldatas: List<'_, &[u8]>,
        description_hash: B256,
    ) -> Result<U256, Revert> {
        let id = Self::hash_proposal(targets, values, calldatas, description_hash);
        self.call_off(id)?;
        Ok(id)
    }

    pub(crate) fn cancel_by_id(&mut self, id: U256) -> Result<(), Revert> {
        self.call_off(id)
    }

    fn call_off(&mut self, id: U256) -> Result<(), Revert> {
        let caller = self.vm().msg_sender();
        let mut core = self.core(id);
        let guardian = self.council().guardian;
        let (state, _) = self.state_and_time(id, &core)?;
        let at_any_time = guardian == caller || (guardian.is_zero() && caller == core.proposer);
        let in_time = state == State::Pending && caller == core.proposer;
        ensure!(at_any_time || in_time, GovernorUnableToCancel { proposal_id: &id, account: &caller });
        state.expect(id, CANCELABLE)?;

        core.canceled = true;
        self.set_core(id, &core);
        let operation = self.operation(id);
        self.set_operation(id, B256::ZERO);
        ProposalCanceled { proposal_id: &id }.log(self);

        if !operation.is_zero() {
            ITimelock::at(self.timelock()).cancel(self, operation)?;
        }
        Ok(())
    }
}
