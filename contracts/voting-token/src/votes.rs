//! Votes (ERC-5805), by the rules of OpenZeppelin's `Votes` and `ERC20Votes`: tokens vote through their delegatee, and
//! each change of a delegatee's votes leaves a checkpoint.
//!
//! Invariant: the votes of a delegatee are the sum of the balances delegated to it, so never above the supply.

use alloy_primitives::{Address, FixedBytes, U256};
use consilium_abi::{Panic, Revert, ensure};
use consilium_components::{
    checkpoints::{Checkpoint, not_after},
    past_votes::PAST_VOTES_INTERFACE_ID,
    receivers::ERC165_INTERFACE_ID,
};
use stylus_sdk::prelude::*;

use crate::{
    VotingToken,
    abi::*,
    keys::Trace,
    words::{Clock, Seat},
};

/// ERC-6372: `clock()` and `CLOCK_MODE()`.
const ERC6372_INTERFACE_ID: [u8; 4] = [0xda, 0x28, 0x7a, 0x1d];

/// Reading.
impl VotingToken {
    pub(crate) fn delegates(&self, account: Address) -> Address {
        self.seat(account).delegatee
    }

    pub(crate) fn num_checkpoints(&self, account: Address) -> u32 {
        self.seat(account).checkpoints
    }

    pub(crate) fn checkpoints(&self, account: Address, position: u32) -> Result<Checkpoint208, Revert> {
        ensure!(position < self.seat(account).checkpoints, Panic::OutOfBounds);
        let Checkpoint { key, value } = self.checkpoint(account.into(), position);
        Ok(Checkpoint208 { key, value })
    }

    pub(crate) fn get_votes(&self, account: Address) -> U256 {
        let count = self.seat(account).checkpoints;
        self.votes_after(account.into(), count)
    }

    pub(crate) fn get_past_votes(&self, account: Address, timepoint: U256) -> Result<U256, Revert> {
        Ok(self.past(account.into(), timepoint)?.1)
    }

    pub(crate) fn get_past_total_supply(&self, timepoint: U256) -> Result<U256, Revert> {
        Ok(self.past(Trace::SUPPLY, timepoint)?.1)
    }

    pub(crate) fn get_past_votes_and_supply(
        &self,
        account: Address,
        timepoint: U256,
    ) -> Result<(u64, U256, U256), Revert> {
        let (now, votes) = self.past(account.into(), timepoint)?;
        Ok((now, votes, self.get_past_total_supply(timepoint)?))
    }

    pub(crate) fn supports_interface(&self, id: FixedBytes<4>) -> bool {
        [ERC165_INTERFACE_ID, ERC6372_INTERFACE_ID, PAST_VOTES_INTERFACE_ID].contains(&id.0)
    }

    /// The present timepoint, and the votes of a past one.
    fn past(&self, trace: Trace, timepoint: U256) -> Result<(u64, U256), Revert> {
        let seat = self.seat(trace);
        let now = self.now(self.clock_of(&seat));
        ensure!(timepoint < U256::from(now), ERC5805FutureLookup { timepoint: &timepoint, clock: now });
        // Below `now`, so it fits.
        let timepoint = timepoint.as_limbs()[0];
        let count = not_after(seat.checkpoints, timepoint, |position| self.checkpoint(trace, position).key);
        Ok((now, self.votes_after(trace, count)))
    }

    /// The votes after the first `count` changes.
    fn votes_after(&self, trace: Trace, count: u32) -> U256 {
        match count {
            0 => U256::ZERO,
            _ => self.checkpoint(trace, count - 1).value,
        }
    }
}

/// Delegating.
impl VotingToken {
    pub(crate) fn delegate(&mut self, delegatee: Address) -> Result<(), Revert> {
        let account = self.vm().msg_sender();
        self.set_delegatee(account, delegatee)
    }

    /// Delegates the votes of `delegator`.
    ///
    /// UNGUARDED: whoever calls this has checked that `delegator` agrees.
    pub(crate) fn set_delegatee(&mut self, delegator: Address, delegatee: Address) -> Result<(), Revert> {
        let seat = self.seat(delegator);
        let clock = self.clock_of(&seat);
        self.set_seat(delegator, &Seat { delegatee, clock: clock as u8, ..seat });

        let from_delegate = seat.delegatee;
        DelegateChanged { delegator: &delegator, from_delegate: &from_delegate, to_delegate: &delegatee }.log(self);
        let units = self.balance(delegator);
        self.move_votes(from_delegate, delegatee, units, clock)
    }

    /// Moves the votes of tokens that have moved.
    pub(crate) fn transfer_votes(&mut self, from: Address, to: Address, amount: U256) -> Result<(), Revert> {
        let (giver, taker) = (self.seat(from), self.seat(to));
        // A seat that has a delegatee has the clock: without a clock there is nobody whose votes change.
        let Some(clock) = giver.clock().or(taker.clock()) else { return Ok(()) };
        self.move_votes(giver.delegatee, taker.delegatee, amount, clock)
    }

    fn move_votes(&mut self, from: Address, to: Address, amount: U256, clock: Clock) -> Result<(), Revert> {
        if from == to || amount.is_zero() {
            return Ok(());
        }
        if !from.is_zero() {
            self.change_votes(from, clock, U256::checked_sub, amount)?;
        }
        if !to.is_zero() {
            self.change_votes(to, clock, U256::checked_add, amount)?;
        }
        Ok(())
    }

    fn change_votes(&mut self, delegate: Address, clock: Clock, by: Step, amount: U256) -> Result<(), Revert> {
        let (previous_votes, new_votes) = self.push(delegate.into(), clock, by, amount)?;
        DelegateVotesChanged { delegate: &delegate, previous_votes: &previous_votes, new_votes: &new_votes }.log(self);
        Ok(())
    }

    /// Writes what a trace holds from now on, and returns what it held and what it holds. One timepoint has one checkpoint.
    pub(crate) fn push(&mut self, trace: Trace, clock: Clock, by: Step, amount: U256) -> Result<(U256, U256), Revert> {
        let now = self.now(clock);
        let seat = self.seat(trace);
        let count = seat.checkpoints;
        let last = if count == 0 { Checkpoint::default() } else { self.checkpoint(trace, count - 1) };
        // The module's invariant excludes it; if it were broken, nothing may move.
        let value = by(last.value, amount).ok_or(Panic::Arithmetic)?;
        ensure!(last.key <= now, CheckpointUnorderedInsertion {});
        let mut position = count.wrapping_sub(1);
        if count == 0 || last.key < now {
            position = count;
            self.set_seat(trace, &Seat { checkpoints: count + 1, clock: clock as u8, ..seat });
        }
        self.set_checkpoint(trace, position, Checkpoint { key: now, value });
        Ok((last.value, value))
    }
}

/// Adding or subtracting, a function pointer so that [`VotingToken::push`] exists once.
type Step = fn(U256, U256) -> Option<U256>;
