//! What members sign: ballots, delegations and permits, in the domain of a DAO's contracts (EIP-712).

use alloy::{
    primitives::{Address, Bytes, U256},
    signers::SignerSync,
    sol_types::{Eip712Domain, SolStruct, eip712_domain},
};
use consilium_bindings::{Governor, VotingToken};
use eyre::Result;

use super::Dao;
use crate::{
    chain::Account,
    typed_data::{Ballot, Delegation, Permit},
};

impl Dao {
    /// A ballot that `voter` signs with `nonce` for a chain, as anyone may bring it.
    ///
    /// # Errors
    /// Where the key does not sign.
    pub fn ballot(
        &self,
        voter: &Account,
        id: U256,
        support: u8,
        nonce: U256,
        chain: u64,
    ) -> Result<Governor::castVoteBySigCall> {
        let ballot = Ballot { proposalId: id, support, voter: voter.address(), nonce };
        let hash = ballot.eip712_signing_hash(&domain(&self.config.governor().name, chain, self.governor));
        let signature = Bytes::from(voter.signer.sign_hash_sync(&hash)?.as_bytes());
        Ok(Governor::castVoteBySigCall { proposalId: id, support, voter: voter.address(), signature })
    }

    /// A delegation that `signer` signs with `nonce` for a chain, as anyone may bring it.
    ///
    /// # Errors
    /// Where the key does not sign.
    pub fn delegation(
        &self,
        signer: &Account,
        delegatee: Address,
        nonce: U256,
        expiry: U256,
        chain: u64,
    ) -> Result<VotingToken::delegateBySigCall> {
        let delegation = Delegation { delegatee, nonce, expiry };
        let hash = delegation.eip712_signing_hash(&domain(&self.config.token().name, chain, self.token));
        let signature = signer.signer.sign_hash_sync(&hash)?;
        let v = 27 + u8::from(signature.v());
        Ok(VotingToken::delegateBySigCall {
            delegatee,
            nonce,
            expiry,
            v,
            r: signature.r().into(),
            s: signature.s().into(),
        })
    }

    /// A permit over `owner`'s tokens that `signer` signs, as anyone may bring it.
    ///
    /// # Errors
    /// Where the key does not sign.
    pub fn permit(
        &self,
        signer: &Account,
        owner: Address,
        (spender, value): (Address, U256),
        (nonce, deadline): (U256, U256),
    ) -> Result<VotingToken::permitCall> {
        let permit = Permit { owner, spender, value, nonce, deadline };
        let hash = permit.eip712_signing_hash(&domain(&self.config.token().name, self.config.chain.id, self.token));
        let signature = signer.signer.sign_hash_sync(&hash)?;
        let (v, r, s) = (27 + u8::from(signature.v()), signature.r().into(), signature.s().into());
        Ok(VotingToken::permitCall { owner, spender, value, deadline, v, r, s })
    }
}

fn domain(name: &str, chain: u64, contract: Address) -> Eip712Domain {
    eip712_domain! { name: name.to_owned(), version: "1", chain_id: chain, verifying_contract: contract, }
}
