//! Votes of the token, and the shares of its supply that make a quorum and a super-quorum.

use alloy_primitives::{Address, U256};
use consilium_abi::Revert;

use crate::Governor;
use crate::abi::*;
use crate::at_once::Told;
use crate::rules::{self, DENOMINATOR};
use crate::words::{Shares, Voting};

impl Governor {
    pub(crate) fn token(&self) -> Address {
        self.voting().token
    }

    pub(crate) fn counting_mode() -> &'static str {
        "support=bravo,fractional&quorum=for,abstain&params=fractional"
    }

    pub(crate) fn get_votes(&self, account: Address, timepoint: U256) -> Result<U256, Revert> {
        IVotes::at(self.token()).get_past_votes(self, account, timepoint)
    }

    pub(crate) fn get_votes_with_params(&self, account: Address, timepoint: U256, _: &[u8]) -> Result<U256, Revert> {
        self.get_votes(account, timepoint)
    }

    pub(crate) fn quorum(&self, timepoint: U256) -> Result<U256, Revert> {
        self.share(timepoint, None, |shares| shares.quorum)
    }

    pub(crate) fn super_quorum(&self, timepoint: U256) -> Result<U256, Revert> {
        self.share(timepoint, None, |shares| shares.super_quorum)
    }

    /// The quorum at a snapshot, by the supply that the token has told already.
    pub(crate) fn quorum_by(&self, snapshot: u64, told: Option<&Told>) -> Result<U256, Revert> {
        self.share(U256::from(snapshot), told, |shares| shares.quorum)
    }

    /// The same of the super-quorum.
    pub(crate) fn super_quorum_by(&self, snapshot: u64, told: Option<&Told>) -> Result<U256, Revert> {
        self.share(U256::from(snapshot), told, |shares| shares.super_quorum)
    }

    /// A share of the supply at `timepoint`, as the checkpoint of that time has it.
    fn share(&self, timepoint: U256, told: Option<&Told>, percent: fn(Shares) -> u8) -> Result<U256, Revert> {
        let voting = self.voting();
        let supply = match told {
            Some(told) => told.supply,
            None => IVotes::at(voting.token).get_past_total_supply(self, timepoint)?,
        };
        Ok(rules::share(supply, percent(self.shares_at(&voting, timepoint))))
    }

    pub(crate) fn quorum_denominator(&self) -> u8 {
        DENOMINATOR
    }

    pub(crate) fn quorum_numerator(&self) -> u8 {
        self.voting().quorum
    }

    pub(crate) fn quorum_numerator_at(&self, timepoint: U256) -> u8 {
        self.shares_at(&self.voting(), timepoint).quorum
    }

    pub(crate) fn super_quorum_numerator(&self) -> u8 {
        self.voting().super_quorum
    }

    pub(crate) fn super_quorum_numerator_at(&self, timepoint: U256) -> u8 {
        self.shares_at(&self.voting(), timepoint).super_quorum
    }

    /// The checkpoint in force at `timepoint`: mostly the last one, which each vote has read already.
    fn shares_at(&self, voting: &Voting, timepoint: U256) -> Shares {
        if U256::from(voting.since) <= timepoint {
            return voting.shares();
        }
        // Below `since`, so it fits.
        rules::shares_at(self.council().superseded.into(), timepoint.to::<u64>(), |at| self.superseded(at))
    }

    /// Puts a new checkpoint in force, now. Two in one timepoint are one.
    pub(crate) fn push_shares(&mut self, quorum: u8, super_quorum: u8) -> Result<(), Revert> {
        // Never before the last checkpoint.
        let now = self.clock()?;
        let mut voting = self.voting();
        if now > voting.since {
            self.keep_superseded(voting.shares())?;
        }
        voting.set_shares(Shares { since: now, quorum, super_quorum });
        self.set_voting(&voting);
        Ok(())
    }
}
