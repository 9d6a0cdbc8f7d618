extern crate alloc;

use alloc::{vec, vec::Vec};
use consilium_abi::{Revert, sol_abi};
use stylus_sdk::{
    alloy_primitives::{Address, U256},
    prelude::*,
    storage::{StorageAddress, StorageU256},
};

sol_abi! {
    interface IBox for Box {
        function set(uint256 number, address owner) external => set;
    }
}

#[entrypoint]
#[storage]
pub struct Box {
    number: StorageU256,
    owner: StorageAddress,
}

impl Box {
    fn set(&mut self, number: U256, owner: U256) -> Result<(), Revert> {
        self.number.set(number + owner);
        Ok(())
    }
}

fn main() {}
