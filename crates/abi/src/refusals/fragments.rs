//! Fragments.

/// The fragment that a contract is made of is there.
///
/// ```compile_fail
/// extern crate alloc;
///
/// use alloc::{vec, vec::Vec};
/// use consilium_abi::{Revert, sol_abi};
/// use stylus_sdk::{
///     alloy_primitives::{Address, U256},
///     prelude::*,
///     storage::{StorageAddress, StorageU256},
/// };
///
/// sol_abi! {
///     interface IBox for Box is Owned {
///         /// The owner.
///         guard only_owner reverts NotOwner => only_owner;
///         function set(uint256 number) external only_owner => set;
///         error NotOwner();
///     }
/// }
///
/// #[entrypoint]
/// #[storage]
/// pub struct Box {
///     number: StorageU256,
///     owner: StorageAddress,
/// }
///
/// impl Box {
///     fn set(&mut self, number: U256) {
///         self.number.set(number);
///     }
///
///     fn only_owner(&self) -> Result<(), Revert> {
///         if self.vm().msg_sender() == self.owner.get() { Ok(()) } else { Err(NotOwner {}.into()) }
///     }
/// }
/// fn main() {}
/// ```
struct NoSuchFragment;
