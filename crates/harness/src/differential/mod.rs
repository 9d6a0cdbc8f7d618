//! The whole DAO as a differential state machine: token, governor and timelock, ours and OpenZeppelin's, taken through the
//! same generated steps.
//!
//! The two DAOs stand on two devnodes that start alike, **at the same addresses**, and every transaction goes to both, byte for
//! byte and at the same second. So nothing has to be translated: proposal ids, domain separators and signatures are the
//! same where the contracts are. After each step the logs (with return or revert data) and every view are compared.
//!
//! | module | what it holds |
//! |---|---|
//! | [`action`], [`parts`] | what can happen, as a script writes it |
//! | [`strategy`], [`setups`] | how likely it is |
//! | [`world`] | what is known while a script runs |
//! | [`resolve`], [`of_token`], [`of_governor`], [`deed`] | the call that an action means then |
//! | [`sign`] | signatures, good and bad |
//! | [`views`] | every question asked after a step |
//! | [`side`], [`pair`] | one DAO on its chain, and the two |
//! | [`mod@run`], [`shrink`], [`simpler`] | running a script, and making it simple |
//! | [`script`], [`setup`] | a script as text, and the settings in it: what the constructors are given, odd things among it |
//! | [`scarce`] | calls with little gas |
//! | [`calldata`] | calldata that no compiler makes, and ether where none is taken |
//! | [`mod@fuzz`] | all of it for as long as one likes |
//!
//! # Where ours differs on purpose
//! At two points, which [`exceptions`] tells: what malformed calldata is refused with, and that it is refused. Contract
//! addresses in hashes are no exception here, since the addresses are the same.

pub mod action;
pub mod calldata;
mod deed;
pub mod exceptions;
pub mod fuzz;
mod of_governor;
mod of_token;
mod pair;
mod parts;
mod people;
mod resolve;
pub mod run;
pub(crate) mod scarce;
pub mod script;
pub mod setup;
mod setups;
pub mod shrink;
mod side;
mod sign;
pub mod simpler;
pub mod strategy;
pub mod views;
mod world;

pub use action::Action;
pub use pair::{Contract, Pair, Suite};
pub use run::{Difference, Tally, run};
pub use script::Script;
pub use setup::Setup;
pub use setups::odd_setups;
