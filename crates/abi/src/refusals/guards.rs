//! Guards.

/// A guard has a method.
///
/// ```compile_fail,E0599
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
///     interface IBox for Box {
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
/// }
/// fn main() {}
/// ```
struct GuardWithoutMethod;

/// A guard refuses by a `Result`: one that only answers yes or no would be forgotten.
///
/// ```compile_fail,E0599
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
///     interface IBox for Box {
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
///     fn only_owner(&self) -> bool {
///         self.vm().msg_sender() == self.owner.get()
///     }
/// }
/// fn main() {}
/// ```
struct GuardThatAnswers;

/// A guard takes what the interface says it does.
///
/// ```compile_fail,E0061
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
///     interface IBox for Box {
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
///     fn only_owner(&self, account: Address) -> Result<(), Revert> {
///         if account == self.owner.get() { Ok(()) } else { Err(NotOwner {}.into()) }
///     }
/// }
/// fn main() {}
/// ```
struct GuardWithAnotherConstant;

/// The constant that a guard is given has the type that its method takes.
///
/// ```compile_fail,E0308
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
///     interface IBox for Box {
///         /// The owner.
///         guard only(role) reverts NotOwner => only;
///         function set(uint256 number) external only(KEEPER) => set;
///         error NotOwner();
///     }
/// }
///
/// const KEEPER: u8 = 1;
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
///     fn only(&self, role: Address) -> Result<(), Revert> {
///         if role == self.owner.get() { Ok(()) } else { Err(NotOwner {}.into()) }
///     }
/// }
/// fn main() {}
/// ```
struct ConstantOfAnotherType;

/// The same, right.
///
/// ```
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
///     interface IBox for Box {
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
struct RightGuard;
