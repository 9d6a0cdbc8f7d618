//! The declarations of `sol_abi!`: parsed once, with spans, and printed as Solidity and as a JSON ABI.
//!
//! The macro and `cargo xtask abi` read the same text through [`Interface::parse_all`], so what a contract answers and
//! what `abi/` says cannot differ.

mod access;
mod compose;
mod docs;
mod items;
mod json;
mod layout;
mod names;
mod namespace;
mod natspec;
mod packed;
mod parse;
mod permissions;
mod signature;
mod solidity;
mod source;
mod stored;
mod types;

pub use access::{Access, Guard, Refusal, Takes};
pub use docs::Docs;
pub use items::{Event, EventParam, Fallback, Function, Interface, Mutability, Param, Record, SolError};
pub use names::snake_case;
pub use namespace::{Namespace, is_singleton};
pub use packed::{Packed, Part};
pub use signature::{CONSTRUCTOR_SELECTOR, keccak256, selector};
pub use solidity::Form;
pub use source::{Fault, answered_in, contracts, interfaces_in};
pub use stored::{Storage, storage};
pub use types::{Type, TypeKind};
