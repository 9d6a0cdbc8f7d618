//! What does not compile. Each block is an example for `rustdoc`, and fails with the error named.
//!
//! The compiler points at the word that is wrong: in the declaration where a type differs, at the method's name where the
//! receiver does.

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

/// A word has 32 bytes.
///
/// ```compile_fail
/// consilium_abi::packed! { struct Core { address proposer; uint104 start; } }
/// fn main() {}
/// ```
struct WordOfTooManyBytes;

/// What has no fixed width is not packed.
///
/// ```compile_fail
/// consilium_abi::packed! { struct Core { string name; } }
/// fn main() {}
/// ```
struct PackedText;

/// The same, right: the word is full.
///
/// ```
/// consilium_abi::packed! { struct Core { address proposer; uint96 start; } }
/// fn main() {}
/// ```
struct FullWord;

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
