//! The constructor. It runs once, in the deploying transaction, and gives nobody any power over the token.

use alloy_primitives::{Address, U256};
use consilium_abi::{List, Panic, Revert, ensure};

use crate::{
    VotingToken,
    abi::*,
    keys::Trace,
    words::{Clock, Seat},
};

/// The largest supply: votes are kept in 208 bits, as OpenZeppelin's `ERC20Votes` keeps them.
const MAX_SUPPLY: U256 = U256::from_limbs([u64::MAX, u64::MAX, u64::MAX, 0xffff]);

impl VotingToken {
    pub(crate) fn initialize(
        &mut self,
        name: &[u8],
        symbol: &[u8],
        holders: List<'_, Address>,
        amounts: List<'_, U256>,
        timestamp_clock: bool,
    ) -> Result<(), Revert> {
        let (count, amounts_count) = (holders.len(), amounts.len());
        ensure!(
            count == amounts_count,
            VotingTokenUnevenHolders { holders: count as u32, amounts: amounts_count as u32 }
        );
        self.set_names(name, symbol);
        let clock = if timestamp_clock { Clock::Timestamp } else { Clock::BlockNumber };
        self.set_seat(Trace::SUPPLY, &Seat { clock: clock as u8, ..Seat::default() });

        for (holder, amount) in holders.iter().zip(amounts.iter()) {
            self.mint(holder, amount)?;
        }
        // Nobody has delegated yet: only the supply's history moves.
        let supply = self.supply();
        self.push(Trace::SUPPLY, clock, U256::checked_add, supply)?;
        Ok(())
    }

    /// Makes `amount` new tokens.
    ///
    /// UNGUARDED: only the constructor calls this.
    fn mint(&mut self, holder: Address, amount: U256) -> Result<(), Revert> {
        ensure!(!holder.is_zero(), ERC20InvalidReceiver { receiver: &holder });
        // OpenZeppelin's crate stops the program on overflow without data. Solidity reverts with a panic code.
        let increased_supply = self.supply().checked_add(amount).ok_or(Panic::Arithmetic)?;
        ensure!(
            increased_supply <= MAX_SUPPLY,
            ERC20ExceededSafeSupply { increased_supply: &increased_supply, cap: &MAX_SUPPLY }
        );
        self.update(Address::ZERO, holder, amount)
    }
}
