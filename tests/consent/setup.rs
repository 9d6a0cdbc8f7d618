//! A contract on a chain of its own.
