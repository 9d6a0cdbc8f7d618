//! A contract that is made of every component of `consilium-components`. The tests compare it with a Solidity twin that is
//! made of OpenZeppelin's.

#![cfg_attr(not(test), no_std)]
#![allow(missing_docs, reason = "`#[entrypoint]` writes a public function without any")]
extern crate alloc;

mod abi;

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, b256};
use consilium_abi::{Chain, List, Revert, encode, entrypoint};
use consilium_components::access_control::{DEFAULT_ADMIN_ROLE, HasRoles, Roles};
use consilium_components::access_managed::{Authority, ObeysAuthority};
use consilium_components::checkpoints::{self, Trace208};
use consilium_components::nonces::{HasKeyedNonces, HasNonces, KeyedNonces, Nonces};
use consilium_components::receivers::TakesTokens;
use consilium_components::reentrancy::GuardsReentrance;
use consilium_components::upgradeable::Upgrades;
use consilium_components::{merkle, p256, signature, signer, webauthn};
use stylus_sdk::prelude::*;

/// keccak-256 of "WORKER_ROLE".
pub(crate) const WORKER_ROLE: B256 = b256!("f1b411d6abb365480ac902cc153c45e9ded5847a2265ce6d01945d253edb6bc7");

/// The storage of all components.
#[entrypoint(erc7201 = "consilium.storage.Parts")]
#[storage]
pub struct Parts {
    roles: Roles,
    nonces: Nonces,
    keyed_nonces: KeyedNonces,
    history: Trace208,
    authority: Authority,
}

impl HasRoles for Parts {
    fn roles(&self) -> &Roles {
        &self.roles
    }

    fn roles_mut(&mut self) -> &mut Roles {
        &mut self.roles
    }
}

impl ObeysAuthority for Parts {
    fn stored_authority(&self) -> &Authority {
        &self.authority
    }

    fn stored_authority_mut(&mut self) -> &mut Authority {
        &mut self.authority
    }
}

impl HasNonces for Parts {
    fn stored_nonces(&self) -> &Nonces {
        &self.nonces
    }

    fn stored_nonces_mut(&mut self) -> &mut Nonces {
        &mut self.nonces
    }
}

impl HasKeyedNonces for Parts {
    fn stored_keyed_nonces(&self) -> &KeyedNonces {
        &self.keyed_nonces
    }

    fn stored_keyed_nonces_mut(&mut self) -> &mut KeyedNonces {
        &mut self.keyed_nonces
    }
}

impl TakesTokens for Parts {}
impl GuardsReentrance for Parts {}
impl Upgrades for Parts {}

impl Parts {
    fn initialize(&mut self, admin: Address) -> Result<(), Revert> {
        self.grant(DEFAULT_ADMIN_ROLE, admin);
        self.write_authority(admin);
        Ok(())
    }

    fn worker_role(&self) -> B256 {
        WORKER_ROLE
    }

    fn work(&mut self) {}

    fn work_managed(&mut self, _amount: U256, _note: &[u8]) {}

    fn leaf(account: Address, amount: U256) -> B256 {
        merkle::leaf(&encode!((address, uint256) => account, amount))
    }

    fn verify(proof: List<'_, B256>, root: B256, leaf: B256) -> bool {
        merkle::verify(proof, root, leaf)
    }

    fn verify_multi(
        proof: List<'_, B256>,
        proof_flags: List<'_, bool>,
        root: B256,
        leaves: List<'_, B256>,
    ) -> Result<bool, Revert> {
        merkle::verify_multi(proof, proof_flags, root, leaves)
    }

    fn process_multi(
        proof: List<'_, B256>,
        proof_flags: List<'_, bool>,
        leaves: List<'_, B256>,
    ) -> Result<B256, Revert> {
        merkle::process_multi(proof, proof_flags, leaves)
    }

    fn push(&mut self, key: u64, value: U256) -> Result<(U256, U256), Revert> {
        checkpoints::push(&mut self.history, key, value)
    }

    fn latest(&self) -> U256 {
        checkpoints::latest(&self.history)
    }

    fn upper_lookup(&self, key: u64) -> U256 {
        checkpoints::upper_lookup(&self.history, key)
    }

    fn enter(&mut self, target: Address, data: &[u8]) -> Result<(), Revert> {
        self.call(target, U256::ZERO, data).map(|_| ())
    }

    fn guarded(&self) -> bool {
        true
    }

    fn is_valid_signer(&self, signer: &[u8], hash: B256, signature: &[u8]) -> bool {
        signature::is_valid_signer_now(self, signer, hash, signature)
    }

    fn are_valid_signers(&self, hash: B256, signers: List<'_, &[u8]>, signatures: List<'_, &[u8]>) -> bool {
        signature::are_valid_signers_now(self, hash, signers, signatures)
    }
    fn verify_p256(&self, hash: B256, r: B256, s: B256, qx: B256, qy: B256) -> bool {
        p256::verify(self, hash, r, s, &key(qx, qy))
    }

    fn verify_webauthn(&self, challenge: &[u8], signature: &[u8], qx: B256, qy: B256) -> bool {
        let Some(assertion) = webauthn::decode(signature) else { return false };
        webauthn::verify(self, challenge, &assertion, &key(qx, qy))
    }

    fn signer_address(signer: &[u8]) -> Address {
        signer::signer_address(signer).unwrap_or_default()
    }

    fn has_signed(&self, gas_limit: u64, signer: &[u8], hash: B256, signature: &[u8]) -> (bool, B256) {
        let signed = signer::has_signed(self, gas_limit, signer, hash, signature);
        (signed.is_some(), signed.and_then(|signed| signed.rp_id_hash).unwrap_or_default())
    }
}

fn key(qx: B256, qy: B256) -> [u8; 64] {
    let mut key = [0; 64];
    key[..32].copy_from_slice(&qx[..]);
    key[32..].copy_from_slice(&qy[..]);
    key
}
