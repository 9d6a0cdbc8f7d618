//! What governors are made with.

use alloy::{
    primitives::{Address, U256, aliases::U48},
    sol_types::SolConstructor,
};
use consilium_bindings::Governor;

/// The constructor's arguments, and the delay of the timelock.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The token, by its name among the peers: its clock is the governor's.
    pub(crate) token: &'static str,
    pub(crate) voting_delay: u64,
    pub(crate) voting_period: u32,
    pub(crate) threshold: u64,
    pub(crate) quorum: u64,
    pub(crate) super_quorum: u64,
    pub(crate) extension: u64,
    pub(crate) guardian: Address,
    /// The timelock's, in seconds.
    pub(crate) delay: u64,
}

pub(crate) const NAME: &str = "Health Exchange Governor";

impl Default for Settings {
    fn default() -> Self {
        Self {
            token: "PeerTokenTime",
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
    pub(crate) fn arguments(&self, token: Address, timelock: Address) -> Vec<u8> {
        let constructor = Governor::constructorCall {
            name: NAME.into(),
            token,
            timelock,
            votingDelay: U48::from(self.voting_delay),
            votingPeriod: self.voting_period,
            proposalThreshold: U256::from(self.threshold),
            quorumNumerator: U256::from(self.quorum),
            superQuorumNumerator: U256::from(self.super_quorum),
            lateQuorumVoteExtension: U48::from(self.extension),
            proposalGuardian: self.guardian,
        };
        constructor.abi_encode()
    }
}
