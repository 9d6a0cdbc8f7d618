//! Signatures (EIP-712): of the subject's key, to register, erase and refuse; of an actor, to ask for access.

use alloy_primitives::{Address, B256, FixedBytes, U256, b256, keccak256};
use consilium_abi::{Constant, Revert, encode, ensure};
use consilium_components::nonces::InvalidAccountNonce;
use consilium_components::{eip712, signer};
use stylus_sdk::prelude::*;

use crate::DataPointerRegistry;
use crate::abi::*;
use crate::pointers::{id, words};

/// The domain's name.
const NAME: &str = "Consilium Data Pointer Registry";
/// The domain's version.
const VERSION: &str = "1";
/// Their hashes.
const NAME_HASH: Constant = Constant::new(b256!("10c15b7dc733e21a5ea03b2fb83bb45f86defa3312bd3d3a1ad60711c3b57d56"));
const VERSION_HASH: Constant = Constant::new(b256!("c89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6"));

/// The hash of the type `Register`: the pointer's members, nonce, deadline, relayer.
const REGISTER: Constant = Constant::new(b256!("4907518b3e6725ba5d4438f076b6243401c4bc2708eaf70afcda77dce02a2205"));
/// The hash of the type `Erase`.
const ERASE: Constant = Constant::new(b256!("b6af6d48cf401cb5ba77d89d6e15e6f98fafc28fd844f4d1fab6f7002c0cb759"));

/// The hash of the type `Refuse`.
const REFUSE: Constant = Constant::new(b256!("21c6d0183e49e2c3a511789fd64eab02e154dbfba5b0269c0435e9c250aaf8bf"));
/// The hash of the type `RequestAccess`.
const REQUEST_ACCESS: Constant =
    Constant::new(b256!("b60a01df8b6287c1d628e28a54b3d6ea67144a06a46f928264c7ffe5d003dc4a"));

/// The most gas that a wallet or a verifier gets to check a signature, as in the consent.
const SIGNATURE_GAS: u64 = 1_000_000;

impl DataPointerRegistry {
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

    pub(crate) fn register_signed(&mut self, pointer: Pointer, signed: Signed<'_>) -> Result<B256, Revert> {
        let custodian = self.registering(&pointer)?;
        let id = id(&pointer);
        let codes = self.registrable(id, &pointer, custodian)?;
        self.use_signature(self.key_of(pointer.subject)?, REGISTER.hash(), &words(&pointer), &signed)?;
        self.add_with_contents(id, &pointer, custodian, codes, 0);
        Ok(id)
    }

    pub(crate) fn erase_signed(&mut self, id: B256, signed: Signed<'_>) -> Result<(), Revert> {
        let record = self.existing(id)?;
        let by = self.key_of(record.subject)?;
        self.use_signature(by, ERASE.hash(), &id[..], &signed)?;
        self.bury(id, &record, by);
        Ok(())
    }

    pub(crate) fn refuse_pointer_signed(&mut self, pointer: Pointer, signed: Signed<'_>) -> Result<(), Revert> {
        let (id, custodian) = self.refusable(&pointer)?;
        let by = self.key_of(pointer.subject)?;
        self.use_signature(by, REFUSE.hash(), &id[..], &signed)?;
        self.refuse(id, &pointer, custodian, by);
        Ok(())
    }

    pub(crate) fn request_access_signed(
        &mut self,
        request: Request,
        actor: Address,
        signed: Signed<'_>,
    ) -> Result<B256, Revert> {
        let (request_id, record) = self.requestable(&request, actor)?;
        ensure!(signer::signer_address(signed.signer) == Some(actor), RegistryInvalidSignature { signer: actor });
        let &Request { id, purpose, on_behalf_of, encryption_key } = &request;
        let words = encode!(
            (address, bytes32, uint8, address, bytes32) => actor, id, purpose, on_behalf_of, encryption_key
        );
        self.use_signature(actor, REQUEST_ACCESS.hash(), &words, &signed)?;
        self.add_request(&request, request_id, actor, &record, &self.settings())?;
        Ok(request_id)
    }

    // --------------------------------------------------------------------------------------------- unguarded

    /// Uses up a signature of `by`. Signers are called statically, before anything is written. `arguments` are the
    /// members of the type, each in a word.
    fn use_signature(
        &mut self,
        by: Address,
        type_hash: B256,
        arguments: &[u8],
        signed: &Signed<'_>,
    ) -> Result<(), Revert> {
        let &Signed { nonce, deadline, relayer, .. } = signed;
        ensure!(self.vm().block_timestamp() <= deadline, RegistryExpiredSignature { deadline });
        ensure!(relayer.is_zero() || relayer == self.vm().msg_sender(), RegistryWrongRelayer { relayer });
        let signer = signer::signer_address(signed.signer).unwrap_or_default();
        ensure!(signer == by, RegistryInvalidSignature { signer });
        let key: U256 = nonce >> 64;
        let current_nonce = self.keyed_nonces(by, key);
        ensure!(nonce == current_nonce, InvalidAccountNonce { account: by, current_nonce });
        let tail = encode!((uint256, uint48, address) => nonce, deadline, relayer);
        let hash = self.typed_data_hash(keccak256([&type_hash[..], arguments, &tail].concat()));
        let site = self.new_site(by, hash, signed)?;

        let mut signer = self.signer(by);
        if key.is_zero() {
            signer.nonce += 1;
        } else {
            self.set_nonce_count(by, key, self.nonce_count(by, key) + 1);
        }
        if let Some(site) = site {
            signer.site = site;
            SitePinned { key: by, site }.log(self);
        }
        self.set_signer(by, &signer);
        Ok(())
    }

    /// The site that a signature pins its passkey to, if it does. The consent's pin counts first, then the one here.
    fn new_site(&self, by: Address, hash: B256, signed: &Signed<'_>) -> Result<Option<FixedBytes<16>>, Revert> {
        let invalid = RegistryInvalidSignature { signer: by };
        let Some(found) = signer::has_signed(self, SIGNATURE_GAS, signed.signer, hash, signed.signature) else {
            return Err(invalid.into());
        };
        let Some(rp_id_hash) = found.rp_id_hash else { return Ok(None) };
        let site = FixedBytes::<16>::from_slice(&rp_id_hash[..16]);
        let in_consent = IConsent::at(self.settings().consent).pinned_site(self, by)?;
        let pinned = if in_consent.is_zero() { self.signer(by).site } else { in_consent };
        ensure!(pinned.is_zero() || pinned == site, invalid);
        Ok(pinned.is_zero().then_some(site))
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
