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
        function owner() external view returns (uint256) => owner;
    }
}

#[entrypoint]
#[storage]
pub struct Box {
    number: StorageU256,
    owner: StorageAddress,
}

impl Box {
    fn owner(&self) -> Result<Address, Revert> {
        Ok(self.owner.get())
    }
}

fn main() {}
