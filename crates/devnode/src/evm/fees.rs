//! What ArbOS gives on of what a sender paid.

use alloy_primitives::{Address, U256};

/// Fees of one message, in the order in which ArbOS moves them; amounts in wei.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fees {
    /// What was paid above the base fee, and to whom; `None` where no tips are collected.
    pub tip: Option<(Address, U256)>,
    /// The part of the base fee that is the infrastructure's; `None` if there is no account for it.
    pub infrastructure: Option<(Address, U256)>,
    /// The rest of it; `None` if there is none.
    pub network: Option<(Address, U256)>,
    /// What pays for L1 data.
    pub poster: U256,
    /// What the network's account owes the sender for gas that no resource was counted for (ArbOS 60).
    pub refund: Option<(Address, U256)>,
}
