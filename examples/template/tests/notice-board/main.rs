//! The notice board on a chain, as deployed: each function with its return, its event and each of its refusals.

mod notices;
mod setup;
