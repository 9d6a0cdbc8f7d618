//! Execution of one message: what an EVM does on Arbitrum, and the seam between the chain and ArbOS.
//!
//! The chain makes an [`Execution`] of a view of the state and a block, and lets it run a [`Message`]; it gets back an
//! [`Outcome`] with the state changes, or a [`Refusal`] if the message cannot start. ArbOS (prices, precompiles, the records of
//! programs) is reached through [`Hooks`], and works on the same journal as the code that runs, so that a revert
//! undoes what it did. Frames whose code is a program are handed to a [`ProgramRunner`], which Stylus
//! is. A caller that needs to know what happens inside a message gives a [`crate::trace::Sink`].
//!
//! revm's context is not `Send`: everything in here stays on the thread that began the [`Execution`]. Calls nest on the
//! native stack, so that thread needs [`STACK_BYTES`] of it.

mod checks;
mod context;
mod costs;
mod counted;
mod create;
mod deadline;
mod execution;
mod fees;
mod first;
mod fork;
mod frame;
mod hooks;
mod message;
mod moved;
mod opcodes;
mod outcome;
mod precompile_errors;
mod precompiles;
mod prepare;
mod recent;
mod resources;
mod runtime;
mod status;
mod steps;
mod system;
pub(crate) mod target;
mod told;
mod transaction;

pub use context::{ColdAccess, Context, ReadableState, STACK_BYTES, Session, State};
pub use deadline::Deadline;
pub use execution::Execution;
pub use fees::Fees;
pub use frame::Machine;
pub use hooks::{Charge, Hooks, PrecompileCall, PrecompileResult, PrecompileStatus, ProgramTerms, Settlement};
pub use message::{BlockContext, Message, Mode, RETRY_TYPE};
pub use moved::MovedPrecompiles;
pub use nitro::MAX_CODE;
pub use outcome::{Outcome, Refusal, Status};
pub(crate) use precompiles::name as precompile_name;
pub use recent::RecentPrograms;
pub use resources::{KINDS, Resource, Resources};
pub use runtime::{ProgramRunner, Runtime};
pub use system::{system, trace_system};
pub(crate) use told::tell;
