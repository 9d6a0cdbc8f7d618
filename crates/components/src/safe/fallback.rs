//! Ether that comes in, and calls of functions that a Safe does not have.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use super::abi::ChangedFallbackHandler;
use super::reasons::HANDLER_IS_SAFE;
use super::setup::{close_singleton, is_open_singleton};
use super::storage::Slots;
use super::version::Version;

/// What StylusDeployer calls in the transaction that deploys a program: `stylus_constructor()`.
const CONSTRUCTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

impl<S: Version> Fallback for S {}

/// What a Safe does with ether and with unknown functions.
pub trait Fallback: Version {
    /// Hands the call to the handler, with the caller's address behind it. The handler's answer, or its revert, is that
    /// of the Safe.
    fn forward(&mut self, calldata: &[u8]) -> Result<Vec<u8>, Revert> {
        if calldata.starts_with(&CONSTRUCTOR) && is_open_singleton(self) {
            close_singleton(self);
            return Ok(Vec::new());
        }
        let handler = self.handler();
        if handler.is_zero() {
            return Ok(Vec::new());
        }
        let sender = self.vm().msg_sender();
        self.call(Address::from_word(handler), U256::ZERO, &[calldata, &sender[..]].concat())
    }

    /// `setFallbackHandler`.
    fn set_fallback_handler(&mut self, handler: Address) -> Result<(), Revert> {
        change_handler(self, handler)?;
        ChangedFallbackHandler { handler }.log(self);
        Ok(())
    }
}

/// Not the Safe itself: it would call its own functions then, in its own name, with what a stranger sent.
///
/// UNGUARDED: whoever calls this has checked that the caller may do anything with the Safe.
pub(super) fn change_handler<S: Version>(safe: &mut S, handler: Address) -> Result<(), Revert> {
    ensure!(handler != safe.vm().contract_address(), HANDLER_IS_SAFE);
    safe.set_handler(handler);
    Ok(())
}
