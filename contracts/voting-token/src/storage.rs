//! The token's storage, and all reads and writes of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.
//!
//! `openzeppelin-stylus` has checkpoints (`Trace<S208>`). They are not used: their length takes a slot of its own, which a
//! transfer between delegated holders reads and writes twice, and their generic 256-bit search and square root are more
//! code than all of this. Here the length shares a word with the account's delegatee ([`Seat`]), so a first delegation to
//! oneself writes one new slot less. The checkpoint itself keeps Solidity's layout.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, entrypoint};
use consilium_components::{checkpoints::Checkpoint, stored::Number};
use openzeppelin_stylus::{
    token::erc20::{Erc20, IErc20},
    utils::nonces::{INonces, Nonces},
};
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
};

use crate::{
    keys::{Allowance, At, Chunk, Trace},
    words::{Clock, Seat},
};

/// The token's storage. Only the functions of [`crate::abi`] change it: there is no owner.
#[entrypoint]
#[storage]
pub struct VotingToken {
    /// Balances and supply. Its own allowances stay empty: see [`crate::token`].
    erc20: Erc20,
    /// One nonce an account, for permits and delegations alike.
    nonces: Nonces,
    /// What a spender may still move.
    allowances: StorageMap<Allowance, StorageU256>,
    /// A packed [`Seat`] of each account, and of the supply.
    seats: StorageMap<Trace, Number<Seat>>,
    /// Packed [`Checkpoint`]s.
    checkpoints: StorageMap<At, Number<Checkpoint>>,
    /// The name.
    name: Text,
    /// The symbol.
    symbol: Text,
}

/// Tokens, as OpenZeppelin's `Erc20` keeps them; allowances; nonces.
impl VotingToken {
    pub(crate) fn supply(&self) -> U256 {
        self.erc20.total_supply()
    }

    pub(crate) fn balance(&self, account: Address) -> U256 {
        self.erc20.balance_of(account)
    }

    /// Moves tokens and logs `Transfer`. OpenZeppelin's errors encode themselves.
    pub(crate) fn update(&mut self, from: Address, to: Address, value: U256) -> Result<(), Revert> {
        self.erc20._update(from, to, value).map_err(|error| Revert::from(Vec::from(error)))
    }

    pub(crate) fn allowed(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.get(Allowance { owner, spender })
    }

    pub(crate) fn set_allowed(&mut self, owner: Address, spender: Address, value: U256) {
        self.allowances.insert(Allowance { owner, spender }, value);
    }

    pub(crate) fn nonce(&self, owner: Address) -> U256 {
        self.nonces.nonces(owner)
    }

    /// The next nonce of `owner`, which is used up by this.
    pub(crate) fn use_nonce(&mut self, owner: Address) -> U256 {
        self.nonces.use_nonce(owner)
    }

    /// Uses up `nonce`, which must be the next one of `owner`.
    pub(crate) fn use_checked_nonce(&mut self, owner: Address, nonce: U256) -> Result<(), Revert> {
        self.nonces.use_checked_nonce(owner, nonce).map_err(|error| Revert::from(Vec::from(error)))
    }
}

/// Votes and the clock.
impl VotingToken {
    pub(crate) fn seat(&self, trace: impl Into<Trace>) -> Seat {
        Seat::unpack(self.seats.get(trace.into()).into())
    }

    pub(crate) fn set_seat(&mut self, trace: impl Into<Trace>, seat: &Seat) {
        self.seats.insert(trace.into(), seat.pack().into());
    }

    /// The checkpoint at `position`; zero where there is none.
    pub(crate) fn checkpoint(&self, trace: Trace, position: u32) -> Checkpoint {
        Checkpoint::from_number(self.checkpoints.get(At(trace, position)))
    }

    /// Writes a checkpoint. The key is a reading of the clock, below 2^48, and the value at most the supply, below 2^208.
    pub(crate) fn set_checkpoint(&mut self, trace: Trace, position: u32, checkpoint: Checkpoint) {
        self.checkpoints.insert(At(trace, position), checkpoint.to_number());
    }

    /// The token's clock, from a seat that was read anyway, or else from the supply's, which the constructor wrote.
    pub(crate) fn clock_of(&self, seat: &Seat) -> Clock {
        seat.clock().or_else(|| self.seat(Trace::SUPPLY).clock()).unwrap_or(Clock::Timestamp)
    }
}

/// Names.
impl VotingToken {
    pub(crate) fn stored_name(&self) -> Vec<u8> {
        read_text(&self.name)
    }

    pub(crate) fn stored_symbol(&self) -> Vec<u8> {
        read_text(&self.symbol)
    }

    pub(crate) fn set_names(&mut self, name: &[u8], symbol: &[u8]) {
        write_text(&mut self.name, name);
        write_text(&mut self.symbol, symbol);
    }
}

/// A text that is written once: its length in four bytes, then its bytes, cut in words. The SDK's `StorageBytes` would bring
/// a 256-bit division and all of appending and erasing, a fifth of this program.
type Text = StorageMap<Chunk, StorageU256>;

const LENGTH: usize = 4;

fn write_text(text: &mut Text, bytes: &[u8]) {
    let mut content = Vec::with_capacity(LENGTH + bytes.len());
    content.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    content.extend_from_slice(bytes);
    for (index, chunk) in content.chunks(32).enumerate() {
        let mut word = [0; 32];
        word[..chunk.len()].copy_from_slice(chunk);
        text.insert(Chunk(index as u32), U256::from_be_bytes(word));
    }
}

fn read_text(text: &Text) -> Vec<u8> {
    let mut content = text.get(Chunk(0)).to_be_bytes::<32>().to_vec();
    let length = LENGTH + u32::from_be_bytes([content[0], content[1], content[2], content[3]]) as usize;
    for index in 1..length.div_ceil(32) {
        content.extend_from_slice(&text.get(Chunk(index as u32)).to_be_bytes::<32>());
    }
    content.truncate(length);
    content.split_off(LENGTH)
}
