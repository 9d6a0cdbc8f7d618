//! The content of a proposal: hashed, stored and read back.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::{Encoded, List, Panic, Revert, decode, encode, ensure};
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;
use crate::rules;

/// The calls of a proposal and the hash of its description, as calldata or stored data has them.
#[derive(Clone, Copy)]
pub(crate) struct Details<'a> {
    pub(crate) targets: List<'a, Address>,
    pub(crate) values: List<'a, U256>,
    pub(crate) calldatas: List<'a, &'a [u8]>,
    pub(crate) description_hash: B256,
}

impl<'a> Details<'a> {
    /// Reads what [`Details::encode`] wrote.
    pub(crate) fn decode(data: &'a [u8]) -> Result<Self, Revert> {
        let (targets, values, calldatas, description_hash) =
            decode!(data => (address[], uint256[], bytes[], bytes32)).ok_or_else(Revert::empty)?;
        Ok(Self { targets, values, calldatas, description_hash })
    }

    /// The preimage of the proposal's id.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let Self { targets, values, calldatas, description_hash } = self;
        encode!((address[], uint256[], bytes[], bytes32) => targets, values, calldatas, description_hash)
    }

    /// The proposal's id.
    pub(crate) fn id(&self) -> U256 {
        keccak256(self.encode()).into()
    }

    /// The salt of the timelock's operation.
    pub(crate) fn salt(&self, governor: &Governor) -> B256 {
        rules::salt(governor.vm().contract_address(), self.description_hash)
    }

    /// The id of the timelock's operation with this salt and no predecessor: its `hashOperationBatch`, a fixed rule of
    /// OpenZeppelin's TimelockController.
    pub(crate) fn operation(&self, salt: B256) -> B256 {
        let Self { targets, values, calldatas, .. } = self;
        keccak256(
            encode!((address[], uint256[], bytes[], bytes32, bytes32) => targets, values, calldatas, B256::ZERO, salt),
        )
    }
}

impl Governor {
    #[inline(always)]
    pub(crate) fn hash_proposal(
        targets: List<'_, Address>,
        values: List<'_, U256>,
        calldatas: List<'_, &[u8]>,
        description_hash: B256,
    ) -> U256 {
        Details { targets, values, calldatas, description_hash }.id()
    }

    pub(crate) fn get_proposal_id(
        &self,
        targets: List<'_, Address>,
        values: List<'_, U256>,
        calldatas: List<'_, &[u8]>,
        description_hash: B256,
    ) -> U256 {
        Self::hash_proposal(targets, values, calldatas, description_hash)
    }

    /// The preimage of a stored proposal's id.
    pub(crate) fn details(&self, id: U256) -> Result<Vec<u8>, Revert> {
        self.preimage(id).ok_or_else(|| GovernorNonexistentProposal { proposal_id: &id }.into())
    }

    pub(crate) fn proposal_count(&self) -> u32 {
        self.council().proposals
    }

    /// The stored preimage is the return data.
    pub(crate) fn proposal_details(&self, id: U256) -> Result<Encoded, Revert> {
        self.details(id).map(Encoded)
    }

    pub(crate) fn proposal_details_at(&self, at: U256) -> Result<Encoded, Revert> {
        ensure!(at < U256::from(self.proposal_count()), Panic::OutOfBounds);
        let id = self.proposal_id(at);
        let data = self.details(id)?;
        let Details { targets, values, calldatas, description_hash } = Details::decode(&data)?;
        Ok(Encoded(encode!(
            (uint256, address[], uint256[], bytes[], bytes32) => id, targets, values, calldatas, description_hash
        )))
    }
}
