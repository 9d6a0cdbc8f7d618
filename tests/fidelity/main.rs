//! The embedded devnode must answer what a real Nitro node answered.

mod comparer;
mod gzip;
mod recordings;
mod replayer;
mod times;
