//! Votes by signature (EIP-712): anyone may relay them, and pays the gas.

use alloy_primitives::{Address, B256, U256, keccak256};
use consilium_abi::{Constant, Revert, encode, ensure};
use consilium_components::{eip712, nonces::HasNonces, signature};
use stylus_sdk::keccak_const::Keccak256;

use crate::Governor;
use crate::abi::*;

/// The EIP-712 type of a ballot.
const BALLOT: Constant = Constant::new(B256::new(
    Keccak256::new().update(b"Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)").finalize(),
));

/// The EIP-712 type of a ballot with a reason and parameters.
const EXTENDED_BALLOT: Constant = Constant::new(B256::new(
    Keccak256::new()
        .update(
            b"ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)",
        )
        .finalize(),
));

impl Governor {
    pub(crate) fn ballot_typehash(&self) -> B256 {
        BALLOT.hash()
    }

    pub(crate) fn extended_ballot_typehash(&self) -> B256 {
        EXTENDED_BALLOT.hash()
    }

    pub(crate) fn cast_vote_by_sig(
        &mut self,
        id: U256,
        support: u8,
        voter: Address,
        signature: &[u8],
    ) -> Result<U256, Revert> {
        // Used up before the signature is checked: a contract that checks it (ERC-1271) sees the new nonce.
        let nonce = self.use_nonce(voter);
        let ballot = encode!((bytes32, uint256, uint8, address, uint256) => BALLOT, id, support, voter, nonce);
        self.check_signature(voter, &ballot, signature)?;
        self.cast(id, voter, support, b"", b"")
    }

    pub(crate) fn cast_vote_with_reason_and_params_by_sig(
        &mut self,
        id: U256,
        support: u8,
        voter: Address,
        reason: &[u8],
        params: &[u8],
        signature: &[u8],
    ) -> Result<U256, Revert> {
        // As above.
        let nonce = self.use_nonce(voter);
        let (reason_hash, params_hash) = (keccak256(reason), keccak256(params));
        let ballot = encode!(
            (bytes32, uint256, uint8, address, uint256, bytes32, bytes32)
                => EXTENDED_BALLOT, id, support, voter, nonce, reason_hash, params_hash
        );
        self.check_signature(voter, &ballot, signature)?;
        self.cast(id, voter, support, reason, params)
    }

    /// Reverts unless `voter` signed the ballot, which is given as what EIP-712 hashes of it.
    fn check_signature(&self, voter: Address, ballot: &[u8], signature: &[u8]) -> Result<(), Revert> {
        let hash = eip712::typed_data_hash(self.domain_separator(), keccak256(ballot));
        ensure!(signature::is_valid_now(self, voter, hash, signature), GovernorInvalidSignature { voter: &voter });
        Ok(())
    }
}
