//! Arguments and returns.

/// An argument has the declared type.
///
/// ```compile_fail,E0308
/// extern crate alloc;
///
/// use alloc::{vec, vec::Vec};
/// use consilium_abi::{Revert, entrypoint, sol_abi};
/// use stylus_sdk::{
///     alloy_primitives::{Address, U256},
///     prelude::*,
///     storage::{StorageAddress, StorageU256},
/// };
///
/// sol_abi! {
///     interface IBox for Box {
///         function set(uint256 number, address owner) external => set;
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
///     fn set(&mut self, number: U256, owner: U256) -> Result<(), Revert> {
///         self.number.set(number + owner);
///         Ok(())
///     }
/// }
/// fn main() {}
/// ```
struct ArgumentOfAnotherType;

/// A method takes all arguments.
///
/// ```compile_fail,E0061
/// extern crate alloc;
///
/// use alloc::{vec, vec::Vec};
/// use consilium_abi::{Revert, entrypoint, sol_abi};
/// use stylus_sdk::{
///     alloy_primitives::{Address, U256},
///     prelude::*,
///     storage::{StorageAddress, StorageU256},
/// };
///
/// sol_abi! {
///     interface IBox for Box {
///         function set(uint256 number) external => set;
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
///     fn set(&mut self) -> Result<(), Revert> {
///         Ok(())
///     }
/// }
/// fn main() {}
/// ```
struct TooFewArguments;

/// A method returns the declared type.
///
/// ```compile_fail,E0277
/// extern crate alloc;
///
/// use alloc::{vec, vec::Vec};
/// use consilium_abi::{Revert, entrypoint, sol_abi};
/// use stylus_sdk::{
///     alloy_primitives::{Address, U256},
///     prelude::*,
///     storage::{StorageAddress, StorageU256},
/// };
///
/// sol_abi! {
///     interface IBox for Box {
///         function owner() external view returns (uint256) => owner;
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
///     fn owner(&self) -> Result<Address, Revert> {
///         Ok(self.owner.get())
///     }
/// }
/// fn main() {}
/// ```
struct ReturnOfAnotherType;
