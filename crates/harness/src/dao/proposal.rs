//! A proposal, and what is hashed from it, by its definition rather than by the contract's word.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::{Governor, Timelock};

/// Calls and a description.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// Whom to call.
    pub targets: Vec<Address>,
    /// The wei to send along.
    pub values: Vec<U256>,
    /// The calldata.
    pub calldatas: Vec<Bytes>,
    /// Why.
    pub description: String,
}

impl Proposal {
    /// A proposal that does nothing yet.
    pub fn new(description: impl Into<String>) -> Self {
        Self { description: description.into(), ..Self::default() }
    }

    /// Pays ether out of the treasury.
    #[must_use]
    pub fn paying(self, to: Address, wei: U256) -> Self {
        self.sending(to, wei, Bytes::new())
    }

    /// Makes a call.
    #[must_use]
    pub fn calling(self, target: Address, call: impl SolCall) -> Self {
        self.sending(target, U256::ZERO, call.abi_encode())
    }

    /// Makes a call with ether.
    #[must_use]
    pub fn sending(mut self, target: Address, wei: U256, data: impl Into<Bytes>) -> Self {
        self.targets.push(target);
        self.values.push(wei);
        self.calldatas.push(data.into());
        self
    }

    /// The hash of the description.
    pub fn description_hash(&self) -> B256 {
        keccak256(&self.description)
    }

    /// The governor's id of it.
    pub fn id(&self) -> U256 {
        let Self { targets, values, calldatas, .. } = self.clone();
        let content = (targets, values, calldatas, self.description_hash());
        keccak256(content.abi_encode_params()).into()
    }

    /// The salt under which a governor has it scheduled.
    pub fn salt(&self, governor: Address) -> B256 {
        let mut salt = B256::ZERO;
        salt[..20].copy_from_slice(governor.as_slice());
        salt ^ self.description_hash()
    }

    /// The timelock's id of it, where a governor has it scheduled.
    pub fn operation(&self, governor: Address) -> B256 {
        self.operation_with(B256::ZERO, self.salt(governor))
    }

    /// The timelock's id of it under any predecessor and salt.
    pub fn operation_with(&self, predecessor: B256, salt: B256) -> B256 {
        let Self { targets, values, calldatas, .. } = self.clone();
        keccak256((targets, values, calldatas, predecessor, salt).abi_encode_params())
    }

    /// The call that proposes it.
    pub fn propose(&self) -> Governor::proposeCall {
        let Self { targets, values, calldatas, description } = self.clone();
        Governor::proposeCall { targets, values, calldatas, description }
    }

    /// The call that executes it in the timelock, past the governor.
    pub fn execute_batch(&self, predecessor: B256, salt: B256) -> Timelock::executeBatchCall {
        let Self { targets, values, calldatas: payloads, .. } = self.clone();
        Timelock::executeBatchCall { targets, values, payloads, predecessor, salt }
    }

    /// The call that schedules it in the timelock, past the governor.
    pub fn schedule_batch(&self, predecessor: B256, salt: B256, delay: u64) -> Timelock::scheduleBatchCall {
        let Self { targets, values, calldatas: payloads, .. } = self.clone();
        Timelock::scheduleBatchCall { targets, values, payloads, predecessor, salt, delay: U256::from(delay) }
    }
}
