//! What happened inside a message, for `debug_trace…`.
//!
//! Who executes tells a [`Sink`], and knows no more of it. [`Recorder`] is the one that makes a [`Trace`].

mod calls;
mod counts;
mod entry;
mod hosts;
mod made_up;
mod notes;
mod prestate;
mod recorder;
mod room;
mod sink;
mod step;
mod steps;
mod touched;
mod wanted;

pub use calls::{CallFrame, CallLog};
pub use counts::{Counts, LONGEST_SEQUENCE, Sequence, SequenceCounts};
pub use entry::{Entry, EntryKind};
pub use hosts::HostCall;
pub use notes::Notes;
pub use prestate::{Prestate, TouchedAccount};
pub use recorder::Recorder;
pub use room::MOST_RECORDED;
pub use sink::{Sink, Trace};
pub use step::{AccountNow, Beginning, Look, Step, StepFault};
pub use steps::{LoggedStep, StepOptions};
pub use touched::TouchedSlots;
pub use wanted::{CallData, TRACE_TIMEOUT, Wanted};
