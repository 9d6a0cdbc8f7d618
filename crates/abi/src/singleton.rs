//! What a program does that other people's proxies delegate to, and whose owners may run any code in their storage.

use alloy_primitives::{Address, B256, U256};

use crate::Chain;

/// A contract whose storage begins at slot 0 with the address of its own code, which a proxy of somebody else keeps
/// there. `#[entrypoint(singleton)]` implements it, so no other contract can write a chosen slot or delegate a call to
/// a chosen account.
///
/// UNGUARDED: whoever calls these has checked that the caller of the contract may do anything with it.
pub trait Singleton: Chain {
    /// The word in a slot.
    fn word_at(&self, slot: U256) -> B256;
    /// Writes a slot.
    fn set_word_at(&mut self, slot: U256, word: B256);
    /// Runs the code of `to` with this contract's storage, ether, caller and value, and at most `gas` gas; whether it
    /// succeeded. What it returned is left where it is, for who wants it.
    ///
    /// The storage is written out before, and read again after: the code may have changed all of it.
    fn delegate_with_gas(&mut self, gas: u64, to: Address, data: &[u8]) -> bool;
}
