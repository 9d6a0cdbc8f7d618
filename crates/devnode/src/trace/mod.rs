//! What happened inside a message, for `debug_trace…`.
//!
//! Who executes tells a [`Sink`], and knows no more of it. [`Recorder`] is the one that makes a [`Trace`].

mod calls;
mod entry;
mod hosts;
mod made_up;
mod notes;
mod prestate;
mod recorder;
mod sink;
mod step;
mod steps;
mod touched;

pub use calls::{CallFrame, CallLog};
pub use entry::{Entry, EntryKind};
pub use hosts::HostCall;
pub use notes::Notes;
pub use prestate::{Prestate, TouchedAccount};
pub use recorder::{Recorder, Wanted};
pub use sink::{Sink, Trace};
pub use step::{AccountNow, Beginning, Look, Step, StepFault};
pub use steps::{LoggedStep, StepOptions};
pub use touched::Touched;
