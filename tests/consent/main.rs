//! The consent on a chain, as deployed, behind a proxy: each function with its return, its event and each of its refusals.

mod setup;
