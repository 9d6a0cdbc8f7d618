//! Methods: their receiver, and that they exist.

/// A `view` is answered by a method with `&self`.
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
///         function number() external view returns (uint256) => number;
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
///     fn number(&mut self) -> U256 {
///         self.number.get()
///     }
/// }
/// fn main() {}
/// ```
struct ViewThatWrites;

/// A `view` does not log.
///
/// ```compile_fail,E0596
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
///         event Read(uint256 number);
///         function number() external view returns (uint256) => number;
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
///     fn number(&self) -> U256 {
///         let number = self.number.get();
///         Read { number }.log(self);
///         number
///     }
/// }
/// fn main() {}
/// ```
struct EventInAView;

/// A `pure` function has no `self` to read from.
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
///         function number() external pure returns (uint256) => number;
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
///     fn number(&self) -> U256 {
///         self.number.get()
///     }
/// }
/// fn main() {}
/// ```
struct PureWithSelf;

/// The method exists.
///
/// ```compile_fail,E0599
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
///         function number() external view returns (uint256) => nummer;
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
///     fn number(&self) -> U256 {
///         self.number.get()
///     }
/// }
/// fn main() {}
/// ```
struct NoSuchMethod;

/// The same, right: it compiles, so that what fails above fails for its own reason.
///
/// ```
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
///         function number() external view returns (uint256) => number;
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
///     fn number(&self) -> U256 {
///         self.number.get()
///     }
/// }
/// fn main() {}
/// ```
struct Right;
