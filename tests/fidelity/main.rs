//! The embedded devnode must answer what a real Nitro node answered.

mod comparer;
mod recordings;
mod replayer;
