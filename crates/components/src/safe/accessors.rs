//! Reading storage, and simulating.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use consilium_abi::Revert;
use stylus_sdk::prelude::*;

use super::rules;
use super::version::Version;

impl<S: Version> Accessors for S {}

/// Reading storage, and simulating.
pub trait Accessors: Version {
    /// `getStorageAt`: so many words of storage, from a slot on. Each is read and paid for before the next has room.
    fn get_storage_at(&self, offset: U256, length: U256) -> Vec<u8> {
        let (mut words, mut index) = (Vec::new(), U256::ZERO);
        while index < length {
            words.extend_from_slice(&self.word_at(offset.wrapping_add(index))[..]);
            index = rules::next(index);
        }
        words
    }

    /// `simulateAndRevert`: runs the code of `target` in the Safe's storage, and undoes all of it. The answer is in the revert: a word that
    /// is 1 where it succeeded, the length of what it returned, and that.
    fn simulate_and_revert(&mut self, target: Address, payload: &[u8]) -> Result<(), Revert> {
        let success = self.delegate_with_gas(u64::MAX, target, payload);
        let returned = self.vm().read_return_data(0, None);
        let [success, length] =
            [u64::from(success), returned.len() as u64].map(|number| U256::from(number).to_be_bytes());
        let words: [[u8; 32]; 2] = [success, length];
        Err([words.as_flattened(), &returned].concat().into())
    }
}
