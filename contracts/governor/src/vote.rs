//! Casting votes.

use alloy_primitives::{Address, U256};
use consilium_abi::Revert;
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;
use crate::at_once::Told;
use crate::rules::{self, State};
use crate::storage::{ABSTAIN, FOR};
use crate::words::Core;

impl Governor {
    pub(crate) fn cast_vote(&mut self, id: U256, support: u8) -> Result<U256, Revert> {
        self.cast(id, self.vm().msg_sender(), support, b"", b"")
    }

    pub(crate) fn cast_vote_with_reason(&mut self, id: U256, support: u8, reason: &[u8]) -> Result<U256, Revert> {
        self.cast(id, self.vm().msg_sender(), support, reason, b"")
    }

    pub(crate) fn cast_vote_with_reason_and_params(
        &mut self,
        id: U256,
        support: u8,
        reason: &[u8],
        params: &[u8],
    ) -> Result<U256, Revert> {
        self.cast(id, self.vm().msg_sender(), support, reason, params)
    }

    /// Casts votes of `voter`.
    ///
    /// UNGUARDED: whoever calls this has checked that `voter` is the caller of the contract or has signed.
    pub(crate) fn cast(
        &mut self,
        id: U256,
        voter: Address,
        support: u8,
        reason: &[u8],
        params: &[u8],
    ) -> Result<U256, Revert> {
        let core = self.core(id);
        let told = self.ask_at_once(voter, &core);
        let (state, now) = self.state_by(id, &core, told.as_ref())?;
        state.expect(id, State::Active.bit())?;

        let weight = match &told {
            Some(told) => told.votes,
            None => self.get_votes(voter, U256::from(core.start))?,
        };
        let used = self.used_votes(id, voter);
        let split = rules::count(voter, support, weight, used, params)?;
        let cast = rules::total(&split);

        for (kind, votes) in split.iter().enumerate() {
            if !votes.is_zero() {
                let mut tally = self.tally(id, kind);
                rules::add_votes(&mut tally, *votes)?;
                self.set_tally(id, kind, &tally);
            }
        }
        // At most `weight`: `count` saw to it.
        self.set_used(id, voter, used + cast);

        if params.is_empty() {
            VoteCast { voter: &voter, proposal_id: &id, support, weight: &cast, reason }.log(self);
        } else {
            VoteCastWithParams { voter: &voter, proposal_id: &id, support, weight: &cast, reason, params }.log(self);
        }

        if !core.quorum_reached {
            self.look_for_quorum(id, core, now, told.as_ref())?;
        }
        Ok(cast)
    }

    /// Extends the vote if this ballot reaches quorum, so that others have time to oppose a decision of the last moment.
    fn look_for_quorum(&mut self, id: U256, mut core: Core, now: u64, told: Option<&Told>) -> Result<(), Revert> {
        let quorum = self.quorum_by(core.start, told)?;
        // Two tallies of 208 bits: no overflow.
        if self.tally(id, FOR).votes + self.tally(id, ABSTAIN).votes < quorum {
            return Ok(());
        }
        let extended = rules::reach_quorum(&mut core, now, self.control().extension)?;
        self.set_core(id, &core);
        if let Some(extended_deadline) = extended {
            ProposalExtended { proposal_id: &id, extended_deadline }.log(self);
        }
        Ok(())
    }
}
