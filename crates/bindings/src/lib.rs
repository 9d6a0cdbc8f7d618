// Made by `cargo xtask abi`: do not edit.

//! Typed alloy bindings of every contract, made from the interfaces that the contracts declare.
//!
//! `Governor::new(address, provider)` calls one that is deployed; the modules of the same names hold calls, events and
//! errors. `Governor::constructorCall { name, token, … }` names what a deployment gives to the constructor: see [`Construct`].

// The code that `sol!` makes.
#![allow(missing_docs, clippy::too_many_arguments)]

use alloy::{primitives::Bytes, sol_types::SolConstructor};

mod access_manager;
mod consent;
mod data_pointer_registry;
mod governor;
mod mandate;
mod notice_board;
mod revenue_splitter;
mod safe;
mod safe_v15;
mod timelock;
mod voting_token;

pub use access_manager::AccessManager;
pub use consent::Consent;
pub use data_pointer_registry::DataPointerRegistry;
pub use governor::Governor;
pub use mandate::Mandate;
pub use notice_board::NoticeBoard;
pub use revenue_splitter::RevenueSplitter;
pub use safe::Safe;
pub use safe_v15::SafeV15;
pub use timelock::Timelock;
pub use voting_token::VotingToken;

/// The four bytes by which StylusDeployer calls a constructor: the selector of `stylus_constructor()`.
pub const CONSTRUCTOR_SELECTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

/// What calls a constructor. Each contract's `constructorCall` has the arguments as fields with names and types: two
/// addresses are not mistaken for one another, as they are in a tuple. `abi_encode` gives the arguments alone, as they
/// stand behind the code of a Solidity contract.
pub trait Construct: SolConstructor {
    /// StylusDeployer's `initData`: the selector, then the arguments.
    fn init_data(&self) -> Bytes {
        [&CONSTRUCTOR_SELECTOR[..], &self.abi_encode()].concat().into()
    }
}

impl<C: SolConstructor> Construct for C {}
