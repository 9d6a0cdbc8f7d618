//! Claims by the signature of the account (EIP-712), to any other account.

use alloy_primitives::{Address, B256, FixedBytes, U256, b256, keccak256};
use consilium_abi::{Constant, Revert, encode, ensure};
use consilium_components::nonces::InvalidAccountNonce;
use consilium_components::{eip712, signer};
use stylus_sdk::prelude::*;

use crate::RevenueSplitter;
use crate::abi::*;
use crate::claims::Way;

/// The domain's name.
const NAME: &str = "Consilium Revenue Splitter";
/// The domain's version.
const VERSION: &str = "1";
/// Their hashes.
const NAME_HASH: Constant = Constant::new(b256!("4a7fc5893d0199c492f52ae1c6e6ece1ff493c1c68579333d3eee3c443561597"));
const VERSION_HASH: Constant = Constant::new(b256!("c89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6"));

/// The hash of the type `Claim`.
const CLAIM: Constant = Constant::new(b256!("955cd88fab949b7b8a03e209c4bda7eace5ad175898ac952f0711983dab3ea0b"));

/// The most gas that a wallet or a verifier gets to check a signature, as in the consent.
const SIGNATURE_GAS: u64 = 1_000_000;

impl RevenueSplitter {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn nonces(&self, owner: Address) -> u64 {
        self.signer(owner).nonce
    }

    pub(crate) fn keyed_nonces(&self, owner: Address, key: U256) -> U256 {
        if key.is_zero() {
            return U256::from(self.nonces(owner));
        }
        key << 64 | U256::from(self.nonce_count(owner, key))
    }

    pub(crate) fn pinned_site(&self, key: Address) -> FixedBytes<16> {
        self.signer(key).site
    }

    pub(crate) fn eip712_domain(&self) -> ([u8; 1], &'static str, &'static str, u64, Address, B256, [U256; 0]) {
        let vm = self.vm();
        (eip712::DOMAIN_FIELDS, NAME, VERSION, vm.chain_id(), vm.contract_address(), B256::ZERO, [])
    }

    // ---------------------------------------------------------------------------------------------- changing

    /// The proof is checked after the signature; if it fails, the nonce is not used up.
    pub(crate) fn claim_signed(
        &mut self,
        number: u32,
        claim: Claim<'_>,
        to: Address,
        signed: Signed<'_>,
    ) -> Result<(), Revert> {
        let (index, amount) = (claim.index, claim.amount);
        let members = encode!((uint32, uint256, uint256, address) => number, index, amount, to);
        self.use_signature(claim.account, &members, &signed)?;
        // Who brings a message chooses the second, so a loss is taken only where the account chose who that is.
        let at_a_loss = !signed.relayer.is_zero();
        self.claim_to(number, &claim, &Way { to, own: true, at_a_loss, gas: u64::MAX })
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Uses up a signature of an account. Signers are called statically, before anything is written. `members` are
    /// those of the type, each in a word.
    fn use_signature(&mut self, account: Address, members: &[u8], signed: &Signed<'_>) -> Result<(), Revert> {
        let &Signed { nonce, deadline, relayer, .. } = signed;
        ensure!(self.vm().block_timestamp() <= deadline, SplitterExpiredSignature { deadline });
        ensure!(relayer.is_zero() || relayer == self.vm().msg_sender(), SplitterWrongRelayer { relayer });
        let by = signer::signer_address(signed.signer).unwrap_or_default();
        let key: U256 = nonce >> 64;
        let current_nonce = self.keyed_nonces(by, key);
        ensure!(nonce == current_nonce, InvalidAccountNonce { account: by, current_nonce });
        let invalid = SplitterInvalidSignature { signer: by };
        ensure!(by == account, invalid);
        let tail = encode!((uint256, uint48, address) => nonce, deadline, relayer);
        let hash = self.typed_data_hash(keccak256([&CLAIM.word()[..], members, &tail].concat()));
        let found = signer::has_signed(self, SIGNATURE_GAS, signed.signer, hash, signed.signature);
        let Some(found) = found else { return Err(invalid.into()) };

        let mut signer = self.signer(by);
        if let Some(rp_id_hash) = found.rp_id_hash {
            let site = FixedBytes::<16>::from_slice(&rp_id_hash[..16]);
            ensure!(signer.site.is_zero() || signer.site == site, invalid);
            if signer.site.is_zero() {
                signer.site = site;
                SitePinned { key: by, site }.log(self);
            }
        }
        if key.is_zero() {
            signer.nonce += 1;
        } else {
            self.set_nonce_count(by, key, self.nonce_count(by, key) + 1);
        }
        self.set_signer(by, &signer);
        Ok(())
    }

    fn typed_data_hash(&self, struct_hash: B256) -> B256 {
        let vm = self.vm();
        let separator =
            eip712::domain_separator(NAME_HASH.hash(), VERSION_HASH.hash(), vm.chain_id(), vm.contract_address());
        eip712::typed_data_hash(separator, struct_hash)
    }
}

#[cfg(test)]
mod tests;
