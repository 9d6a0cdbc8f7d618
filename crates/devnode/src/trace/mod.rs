//! What happened inside a message, for `debug_trace…`.

mod calls;

pub use calls::{CallFrame, CallLog, CallRecorder};
