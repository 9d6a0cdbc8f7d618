//! What the methods work on.

use super::{filters::Filters, hardhat::Hardhat};
use crate::chain::Chain;

/// What the methods work on.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) chain: Chain,
    pub(super) filters: Filters,
    /// Where the node behaves as Hardhat's network.
    pub(super) hardhat: Option<Hardhat>,
}
