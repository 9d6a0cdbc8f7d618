//! The state of a proposal, and its other views.

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};

use crate::Governor;
use crate::abi::*;
use crate::at_once::Told;
use crate::clock::inconsistent;
use crate::rules::{self, State};
use crate::storage::{ABSTAIN, AGAINST, FOR};
use crate::words::Core;

impl Governor {
    pub(crate) fn state(&self, id: U256) -> Result<u8, Revert> {
        Ok(self.state_and_time(id, &self.core(id))?.0 as u8)
    }

    /// The state, and the time at which it was found (zero where the time does not matter).
    pub(crate) fn state_and_time(&self, id: U256, core: &Core) -> Result<(State, u64), Revert> {
        self.state_by(id, core, None)
    }

    /// The same, by what the token has answered about this proposal's snapshot already.
    pub(crate) fn state_by(&self, id: U256, core: &Core, told: Option<&Told>) -> Result<(State, u64), Revert> {
        if core.executed {
            return Ok((State::Executed, 0));
        }
        if core.canceled {
            return Ok((State::Canceled, 0));
        }
        ensure!(core.start != 0, GovernorNonexistentProposal { proposal_id: &id });
        let now = told.map_or_else(|| self.clock(), |told| Ok(told.now))?;
        // Votes have reached the quorum: the clock was beyond the snapshot before.
        ensure!(!core.quorum_reached || core.start < now, inconsistent());
        let state = rules::state(
            core,
            now,
            || self.tally(id, FOR),
            || self.tally(id, AGAINST).votes,
            || self.super_quorum_by(core.start, told),
            || self.state_in_timelock(id),
        )?;
        Ok((state, now))
    }

    /// Reverts unless the proposal is in the `expected` state.
    #[inline(always)]
    pub(crate) fn expect_state(&self, id: U256, core: &Core, expected: State) -> Result<(), Revert> {
        self.state_and_time(id, core)?.0.expect(id, expected.bit())
    }

    /// The state of a proposal that was queued: the timelock knows whether it was executed or canceled there.
    pub(crate) fn state_in_timelock(&self, id: U256) -> Result<State, Revert> {
        let operation = self.operation(id);
        let timelock = ITimelock::at(self.timelock());
        if timelock.is_operation_pending(self, operation)? {
            Ok(State::Queued)
        } else if timelock.is_operation_done(self, operation)? {
            Ok(State::Executed)
        } else {
            Ok(State::Canceled)
        }
    }

    pub(crate) fn proposal_snapshot(&self, id: U256) -> u64 {
        self.core(id).start
    }

    pub(crate) fn proposal_deadline(&self, id: U256) -> Result<u64, Revert> {
        rules::deadline(&self.core(id))
    }

    pub(crate) fn proposal_proposer(&self, id: U256) -> Address {
        self.core(id).proposer
    }

    pub(crate) fn proposal_eta(&self, id: U256) -> u64 {
        self.tally(id, FOR).eta
    }

    pub(crate) fn proposal_needs_queuing(&self, _: U256) -> bool {
        true
    }

    pub(crate) fn proposal_votes(&self, id: U256) -> (U256, U256, U256) {
        (self.tally(id, AGAINST).votes, self.tally(id, FOR).votes, self.tally(id, ABSTAIN).votes)
    }

    pub(crate) fn has_voted(&self, id: U256, account: Address) -> bool {
        !self.used_votes(id, account).is_zero()
    }

    pub(crate) fn used_votes(&self, id: U256, account: Address) -> U256 {
        self.used(id, account)
    }
}
