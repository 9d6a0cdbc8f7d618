//! A random walk.
pub(crate) mod acts;
