//! What governors are made with.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolValue,
};

/// The constructor's arguments, and the delay of the timelock.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The token's clock: timestamps, or block numbers.
    pub timestamps: bool,
    pub voting_delay: u64,
    pub voting_period: u32,
    pub threshold: u64,
    pub quorum: u64,
    pub super_quorum: u64,
    pub extension: u64,
    pub guardian: Address,
    /// The timelock's, in seconds.
    pub delay: u64,
}

pub const NAME: &str = "Health Exchange Governor";

impl Default for Settings {
    fn default() -> Self {
        Self {
            timestamps: true,
            voting_delay: 100,
            voting_period: 1_000,
            threshold: 10,
            quorum: 10,
            super_quorum: 90,
            extension: 200,
            guardian: Address::ZERO,
            delay: 500,
        }
    }
}

impl Settings {
    pub fn arguments(&self, token: Address, timelock: Address) -> Vec<u8> {
        (
            NAME,
            token,
            timelock,
            U256::from(self.voting_delay),
            U256::from(self.voting_period),
            U256::from(self.threshold),
            U256::from(self.quorum),
            U256::from(self.super_quorum),
            U256::from(self.extension),
            self.guardian,
        )
            .abi_encode_params()
    }
}
