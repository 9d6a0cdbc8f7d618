//! Settings: what they are, and how a proposal changes them.
//!
//! The guard of what a proposal changes is part of the declaration, in `abi.rs`. UNGUARDED: the methods `write_…`, which
//! the constructor calls too; whoever calls one has checked that the caller may.

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};

use crate::Governor;
use crate::abi::*;
use crate::rules;

impl Governor {
    pub(crate) fn voting_delay(&self) -> u64 {
        self.control().delay
    }

    pub(crate) fn voting_period(&self) -> u32 {
        self.voting().period
    }

    pub(crate) fn proposal_threshold(&self) -> U256 {
        self.threshold()
    }

    pub(crate) fn late_quorum_vote_extension(&self) -> u64 {
        self.control().extension
    }

    pub(crate) fn proposal_guardian(&self) -> Address {
        self.council().guardian
    }

    pub(crate) fn timelock(&self) -> Address {
        self.control().timelock
    }

    pub(crate) fn set_voting_delay(&mut self, delay: u64) -> Result<(), Revert> {
        self.write_voting_delay(delay);
        Ok(())
    }

    pub(crate) fn set_voting_period(&mut self, period: u32) -> Result<(), Revert> {
        self.write_voting_period(period)
    }

    pub(crate) fn set_proposal_threshold(&mut self, threshold: U256) -> Result<(), Revert> {
        self.write_proposal_threshold(threshold);
        Ok(())
    }

    pub(crate) fn set_late_quorum_vote_extension(&mut self, extension: u64) -> Result<(), Revert> {
        self.write_extension(extension)
    }

    pub(crate) fn set_proposal_guardian(&mut self, guardian: Address) -> Result<(), Revert> {
        self.write_guardian(guardian);
        Ok(())
    }

    pub(crate) fn update_timelock(&mut self, timelock: Address) -> Result<(), Revert> {
        self.write_timelock(timelock);
        Ok(())
    }

    pub(crate) fn update_quorum_numerator(&mut self, quorum: U256) -> Result<(), Revert> {
        let old = self.voting().shares();
        let new = rules::check_quorum(quorum, old.super_quorum)?;
        self.push_shares(new, old.super_quorum)?;
        QuorumNumeratorUpdated { old_quorum_numerator: old.quorum, new_quorum_numerator: new }.log(self);
        Ok(())
    }

    pub(crate) fn update_super_quorum_numerator(&mut self, share: U256) -> Result<(), Revert> {
        let old = self.voting().shares();
        let new = rules::check_super_quorum(share, old.quorum)?;
        self.push_shares(old.quorum, new)?;
        SuperQuorumNumeratorUpdated { old_super_quorum_numerator: old.super_quorum, new_super_quorum_numerator: new }
            .log(self);
        Ok(())
    }

    pub(crate) fn write_voting_delay(&mut self, delay: u64) {
        let mut control = self.control();
        let old = core::mem::replace(&mut control.delay, delay);
        self.set_control(&control);
        VotingDelaySet { old_voting_delay: old, new_voting_delay: delay }.log(self);
    }

    pub(crate) fn write_voting_period(&mut self, period: u32) -> Result<(), Revert> {
        ensure!(period != 0, GovernorInvalidVotingPeriod { voting_period: period });
        let mut voting = self.voting();
        let old = core::mem::replace(&mut voting.period, period);
        self.set_voting(&voting);
        VotingPeriodSet { old_voting_period: old, new_voting_period: period }.log(self);
        Ok(())
    }

    pub(crate) fn write_proposal_threshold(&mut self, threshold: U256) {
        let old = self.proposal_threshold();
        self.set_threshold(threshold);
        ProposalThresholdSet { old_proposal_threshold: &old, new_proposal_threshold: &threshold }.log(self);
    }

    pub(crate) fn write_extension(&mut self, extension: u64) -> Result<(), Revert> {
        let longest = self.voting().period;
        ensure!(
            extension <= u64::from(longest),
            GovernorPreventLateQuorumVoteExtensionTooLarge {
                new_vote_extension: extension,
                max_vote_extension: longest,
            }
        );
        let mut control = self.control();
        let old_vote_extension = core::mem::replace(&mut control.extension, extension);
        self.set_control(&control);
        LateQuorumVoteExtensionSet { old_vote_extension, new_vote_extension: extension }.log(self);
        Ok(())
    }

    pub(crate) fn write_guardian(&mut self, guardian: Address) {
        let mut council = self.council();
        let old = core::mem::replace(&mut council.guardian, guardian);
        self.set_council(&council);
        ProposalGuardianSet { old_proposal_guardian: &old, new_proposal_guardian: &guardian }.log(self);
    }

    pub(crate) fn write_timelock(&mut self, timelock: Address) {
        let mut control = self.control();
        let old = core::mem::replace(&mut control.timelock, timelock);
        self.set_control(&control);
        TimelockChange { old_timelock: &old, new_timelock: &timelock }.log(self);
    }
}
