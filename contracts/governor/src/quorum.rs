//! Votes of the token, and the shares of its supply that make a quorum and a super-quorum.

use alloy_primitives::{Address, U256};
use consilium_abi::{Panic, Revert};

use crate::Governor;
use crate::abi::*;
use crate::rules::{self, DENOMINATOR};
use crate::storage::index;
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
        self.share(timepoint, |shares| shares.quorum)
    }

    pub(crate) fn super_quorum(&self, timepoint: U256) -> Result<U256, Revert> {
        self.share(timepoint, |shares| shares.super_quorum)
    }

    /// A share of the supply at `timepoint`, as the checkpoint of that time has it.
    fn share(&self, timepoint: U256, percent: impl Fn(Shares) -> u8) -> Result<U256, Revert> {
        let voting = self.voting();
        let supply = IVotes::at(voting.token).get_past_total_supply(self, timepoint)?;
        Ok(rules::share(supply, percent(self.shares_at(&voting, timepoint))))
    }

    pub(crate) fn quorum_denominator(&self) -> u8 {
        DENOMINATOR
    }

    pub(crate) fn quorum_numerator(&self) -> u8 {
        self.voting().shares.quorum
    }

    pub(crate) fn quorum_numerator_at(&self, timepoint: U256) -> u8 {
        self.shares_at(&self.voting(), timepoint).quorum
    }

    pub(crate) fn super_quorum_numerator(&self) -> u8 {
        self.voting().shares.super_quorum
    }

    pub(crate) fn super_quorum_numerator_at(&self, timepoint: U256) -> u8 {
        self.shares_at(&self.voting(), timepoint).super_quorum
    }

    /// The checkpoint in force at `timepoint`: mostly the last one, which each vote has read already.
    fn shares_at(&self, voting: &Voting, timepoint: U256) -> Shares {
        if U256::from(voting.shares.since) <= timepoint {
            return voting.shares;
        }
        // Below `since`, so it fits.
        rules::shares_at(self.council().superseded.into(), timepoint.to::<u64>(), |at| {
            Shares::unpack(self.superseded.get(index(at)))
        })
    }

    /// Puts a new checkpoint in force, now. Two in one timepoint are one.
    pub(crate) fn push_shares(&mut self, quorum: u8, super_quorum: u8) -> Result<(), Revert> {
        // Never before the last checkpoint.
        let now = self.clock()?;
        let mut voting = self.voting();
        if now > voting.shares.since {
            let mut council = self.council();
            self.superseded.insert(index(council.superseded.into()), voting.shares.pack());
            // One a proposal: it never gets to 2^16, and stops the program there.
            council.superseded = council.superseded.checked_add(1).ok_or(Panic::Arithmetic)?;
            self.set_council(&council);
        }
        voting.shares = Shares { since: now, quorum, super_quorum };
        self.voting.set(voting.pack());
        Ok(())
    }
}
