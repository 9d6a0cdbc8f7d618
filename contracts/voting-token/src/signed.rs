//! Permits (ERC-2612), delegations by signature (ERC-5805) and the domain they are signed in (EIP-712, ERC-5267).
//!
//! Nonces and the typed-data hash are OpenZeppelin's. Two things are not:
//! - recovering the signer. `openzeppelin-stylus` 0.3.0 slices the precompile's answer without a check, and the precompile
//!   answers nothing if nobody made the signature: the program stops with an empty revert. Solidity, and [`VotingToken::recover`],
//!   revert with `ECDSAInvalidSignature`. Its `Erc20Permit` recovers in that way, so `permit` is written here as well.
//! - the domain. Its `IEip712` needs the name at compile time; ours is an argument of the constructor.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Chain, Constant, Revert, ensure};
use openzeppelin_stylus::utils::cryptography::{
    ecdsa::{ECRECOVER_ADDR, SIGNATURE_S_UPPER_BOUND},
    eip712::to_typed_data_hash,
};
use stylus_sdk::{keccak_const::Keccak256, prelude::*};

use crate::{VotingToken, abi::*};

/// The domain's version; OpenZeppelin's `ERC20Permit` has the same.
const VERSION: &str = "1";
const VERSION_HASH: Constant = Constant::new(B256::new(Keccak256::new().update(VERSION.as_bytes()).finalize()));
const DOMAIN_TYPEHASH: Constant = Constant::new(B256::new(
    Keccak256::new()
        .update(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
        .finalize(),
));
const PERMIT_TYPEHASH: Constant = Constant::new(B256::new(
    Keccak256::new()
        .update(b"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)")
        .finalize(),
));
const DELEGATION_TYPEHASH: Constant = Constant::new(B256::new(
    Keccak256::new().update(b"Delegation(address delegatee,uint256 nonce,uint256 expiry)").finalize(),
));

/// Reading.
impl VotingToken {
    pub(crate) fn nonces(&self, owner: Address) -> U256 {
        self.nonce(owner)
    }

    /// Computed at each call, so that a signature for one side of a forked chain is not valid on the other.
    pub(crate) fn domain_separator(&self) -> B256 {
        let name = self.vm().native_keccak256(&self.name());
        self.hash([
            DOMAIN_TYPEHASH.word(),
            name.0,
            VERSION_HASH.word(),
            word(U256::from(self.vm().chain_id())),
            self.vm().contract_address().into_word().0,
        ])
    }

    #[allow(clippy::type_complexity, reason = "the seven values that ERC-5267 names")]
    pub(crate) fn eip712_domain(&self) -> ([u8; 1], Vec<u8>, &'static str, u64, Address, B256, [U256; 0]) {
        // Bits 0 to 3: name, version, chain id and contract are used; no salt, no extensions.
        let (chain_id, contract) = (self.vm().chain_id(), self.vm().contract_address());
        ([0x0f], self.name(), VERSION, chain_id, contract, B256::ZERO, [])
    }
}

/// Acting for the signer.
impl VotingToken {
    #[allow(clippy::too_many_arguments, reason = "ERC-2612 names them")]
    pub(crate) fn permit(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<(), Revert> {
        ensure!(!self.expired(deadline), ERC2612ExpiredSignature { deadline: &deadline });
        let nonce = self.use_nonce(owner);
        let permit = [
            PERMIT_TYPEHASH.word(),
            owner.into_word().0,
            spender.into_word().0,
            word(value),
            word(nonce),
            word(deadline),
        ];
        let signer = self.recover(self.hash(permit), v, r, s)?;
        ensure!(signer == owner, ERC2612InvalidSigner { signer: &signer, owner: &owner });
        self.set_allowance(owner, spender, value)?;
        Approval { owner: &owner, spender: &spender, value: &value }.log(self);
        Ok(())
    }

    pub(crate) fn delegate_by_sig(
        &mut self,
        delegatee: Address,
        nonce: U256,
        expiry: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Result<(), Revert> {
        ensure!(!self.expired(expiry), VotesExpiredSignature { expiry: &expiry });
        let delegation = [DELEGATION_TYPEHASH.word(), delegatee.into_word().0, word(nonce), word(expiry)];
        let signer = self.recover(self.hash(delegation), v, r, s)?;
        self.use_checked_nonce(signer, nonce)?;
        self.set_delegatee(signer, delegatee)
    }

    /// Whether a deadline in seconds has passed. Deadlines are time in both clock modes.
    fn expired(&self, deadline: U256) -> bool {
        U256::from(self.vm().block_timestamp()) > deadline
    }

    /// Who signed the struct of hash `message` in this contract's domain. Never the zero address.
    fn recover(&self, message: B256, v: u8, r: B256, s: B256) -> Result<Address, Revert> {
        ensure!(U256::from_be_bytes(s.0) <= SIGNATURE_S_UPPER_BOUND, ECDSAInvalidSignatureS { s: &s });
        let digest = to_typed_data_hash(&self.domain_separator(), &message);
        let input = [digest.0, word(U256::from(v)), r.0, s.0].concat();
        // The precompile answers one word, or nothing where nobody made this signature.
        let answer = self.static_call(ECRECOVER_ADDR, &input)?;
        match <[u8; 32]>::try_from(answer.as_slice()).map(|word| Address::from_word(word.into())) {
            Ok(signer) if !signer.is_zero() => Ok(signer),
            _ => Err(ECDSAInvalidSignature {}.into()),
        }
    }

    /// keccak256(abi.encode(words)).
    fn hash<const N: usize>(&self, words: [[u8; 32]; N]) -> B256 {
        self.vm().native_keccak256(words.as_flattened())
    }
}

/// A number as an ABI word.
fn word(number: U256) -> [u8; 32] {
    number.to_be_bytes()
}
