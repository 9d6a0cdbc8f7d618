//! The constructor. It runs once, in the deploying transaction, and leaves no one with any power over the token.

use alloy_primitives::{Address, U256};
use consilium_abi::{List, Revert};
use openzeppelin_stylus::token::erc20::IErc20;

use crate::{
    VotingToken,
    abi::*,
    keys::Trace,
    rules::{Clock, MAX_SUPPLY, Seat},
    storage::write_text,
    votes::{OVERFLOW, panic},
};

impl VotingToken {
    pub(crate) fn create(
        &mut self,
        name: &[u8],
        symbol: &[u8],
        holders: List<'_, Address>,
        amounts: List<'_, U256>,
        timestamp_clock: bool,
    ) -> Result<(), Revert> {
        if holders.len() != amounts.len() {
            let (holders, amounts) = (U256::from(holders.len()), U256::from(amounts.len()));
            return Err(VotingTokenUnevenHolders { holders, amounts }.into());
        }
        write_text(&mut self.name, name);
        write_text(&mut self.symbol, symbol);
        let clock = if timestamp_clock { Clock::Timestamp } else { Clock::BlockNumber };
        self.set_seat(Trace::SUPPLY, Seat { clock: Some(clock), ..Seat::default() });

        for (holder, amount) in holders.iter().zip(amounts.iter()) {
            self.mint(holder, amount)?;
        }
        // Nobody has delegated yet: only the supply's history moves.
        let supply = self.erc20.total_supply();
        self.push(Trace::SUPPLY, clock, U256::checked_add, supply)?;
        Ok(())
    }

    /// Makes `amount` new tokens. Unguarded: only the constructor may.
    fn mint(&mut self, holder: Address, amount: U256) -> Result<(), Revert> {
        if holder.is_zero() {
            return Err(ERC20InvalidReceiver { receiver: holder }.into());
        }
        // OpenZeppelin's crate stops the program on overflow; Solidity says why.
        let Some(increased_supply) = self.erc20.total_supply().checked_add(amount) else {
            return Err(panic(OVERFLOW));
        };
        if increased_supply > MAX_SUPPLY {
            return Err(ERC20ExceededSafeSupply { increased_supply, cap: MAX_SUPPLY }.into());
        }
        self.update(Address::ZERO, holder, amount)
    }
}
