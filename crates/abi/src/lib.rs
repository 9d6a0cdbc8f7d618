#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod chain;
mod check;
mod constant;
mod decode;
mod dispatch;
mod encode;
mod list;
mod log;
mod outcome;
mod packed;
mod panic;
mod proxied;
mod reason;
#[cfg(doctest)]
mod refusals;
mod revert;
mod singleton;
pub mod sol;
mod values;
mod word;
mod zeros;

pub use chain::{Answered, Chain, Limited, call_checked, static_call_checked};
pub use check::{check, kind};
#[doc(hidden)]
pub use consilium_abi_macros::__sol_abi_compose;
pub use consilium_abi_macros::{decode, encode, entrypoint, packed, sol_abi};
pub use constant::Constant;
pub use decode::{Args, Decode};
pub use dispatch::{Answers, Find, Row, answer, dispatch};
pub use encode::{Encode, Encoder, Outer, Parameters, encode_call, encode_with_prefix};
pub use list::{Iter, List};
pub use log::{Event, ether_event};
pub use outcome::{Encoded, Outcome};
pub use packed::Field;
pub use panic::Panic;
pub use proxied::{IMPLEMENTATION_SLOT, Proxied, places, slot};
pub use reason::Reason;
pub use revert::Revert;
pub use singleton::Singleton;
pub use word::{number_of, word_of};
pub use zeros::append_zeros;

/// The types that generated code names; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use alloc::{string::String, vec::Vec};
    pub use alloy_primitives::{Address, B256, FixedBytes, I256, U256, keccak256};
}
