//! What happened inside a message, for `debug_trace…`.
//!
//! Who executes tells a [`Sink`], and knows no more of it. [`Recorder`] is the one that makes a [`Trace`].

mod calls;
mod entry;
mod hosts;
mod recorder;
mod sink;

pub use calls::{CallFrame, CallLog};
pub use entry::{Entry, EntryKind};
pub use hosts::HostCall;
pub use recorder::Recorder;
pub use sink::{Sink, Trace};
