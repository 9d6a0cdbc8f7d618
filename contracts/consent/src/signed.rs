//! Acts by signature: whoever brings a signed act performs it for its signer.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, FixedBytes, U256, b256, keccak256};
use consilium_abi::{Constant, List, Revert, decode, encode, ensure};
use consilium_components::nonces::InvalidAccountNonce;
use consilium_components::{eip712, signer};
use stylus_sdk::prelude::*;

use crate::Consent;
use crate::abi::*;

/// The domain's name.
const NAME: &str = "Consilium Consent";
/// The domain's version.
const VERSION: &str = "1";
/// Their hashes.
const NAME_HASH: Constant = Constant::new(b256!("b2fd097481b0c64144573084f5f15e1f0e93c346b7d457dc63f254d8d9f06ff4"));
const VERSION_HASH: Constant = Constant::new(b256!("c89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6"));

/// The most gas that a wallet or a verifier gets to check a signature: so that one of a batch cannot use up all of it.
const SIGNATURE_GAS: u64 = 1_000_000;

/// An act that can be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Grant,
    Amend,
    Revoke,
    RevokeGrantee,
    RevokeAll,
    SetRepresentative,
    SetRecovery,
    StartRecovery,
    VetoRecovery,
}

/// The hashes of the acts' EIP-712 types.
const GRANT: Constant = Constant::new(b256!("af9fe6db102d2a5cfa5e072ce66f0d0362259e63c69ccc9541e8692df3065a0a"));
const AMEND: Constant = Constant::new(b256!("91b7c1cddd9c7242baeb3cb02165a3c1b5c7787708a674866779987a7cb730c9"));
const REVOKE: Constant = Constant::new(b256!("e90b8af18ff93767a0b149c423756d301d0c7e91c253d94033661f98fc7348bf"));
const REVOKE_GRANTEE: Constant =
    Constant::new(b256!("d7fb2991e3f221263228f11807e23962c10f51d5e3899172f82630776daf281b"));
const REVOKE_ALL: Constant = Constant::new(b256!("7f1427c7990aea50e8f95a2758b08319d744171b36dae0c60ad348fbb68c97a4"));
const SET_REPRESENTATIVE: Constant =
    Constant::new(b256!("1502a54a69867561e263338073f8b1a2f3bacf3f5f3f965a903179878c51e625"));
const SET_RECOVERY: Constant = Constant::new(b256!("55ce300aea9d2212f88fbf4c8f30a105b6a0f4a0124352ae1b08e2b304a84be5"));
const START_RECOVERY: Constant =
    Constant::new(b256!("9e9bf098a1d8ddb9a4bdf67e53528dd1cb12c71e9caf1f672f78b118d985d6a0"));
const VETO_RECOVERY: Constant =
    Constant::new(b256!("7b19a81a4a949004871209007e3c87ecf0e4517ab1964e1e5dda9eda3eff1421"));

/// Of the act with a selector: its kind, the number of words of its arguments, and the hash of its type. The arguments
/// are words, so calldata without the selector is also EIP-712's encoding of them.
///
/// In code, where a table would be 400 bytes of data, for which every call pays.
#[inline]
fn known(selector: [u8; 4]) -> Option<(Act, usize, B256)> {
    Some(match selector {
        [0x10, 0x90, 0x87, 0xf3] => (Act::Grant, 8, GRANT.hash()),
        [0xac, 0xb7, 0x7d, 0xf9] => (Act::Amend, 9, AMEND.hash()),
        [0x1d, 0xd6, 0x86, 0x4c] => (Act::Revoke, 3, REVOKE.hash()),
        [0x03, 0x82, 0xfd, 0x40] => (Act::RevokeGrantee, 2, REVOKE_GRANTEE.hash()),
        [0xe7, 0xdd, 0x4b, 0x2c] => (Act::RevokeAll, 1, REVOKE_ALL.hash()),
        [0xec, 0x98, 0x27, 0x8b] => (Act::SetRepresentative, 5, SET_REPRESENTATIVE.hash()),
        [0xc8, 0xfc, 0x37, 0x3f] => (Act::SetRecovery, 2, SET_RECOVERY.hash()),
        [0xc8, 0x9e, 0xc6, 0x8a] => (Act::StartRecovery, 2, START_RECOVERY.hash()),
        [0x44, 0x15, 0xbd, 0xe5] => (Act::VetoRecovery, 1, VETO_RECOVERY.hash()),
        _ => return None,
    })
}

impl Consent {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn nonces(&self, owner: Address) -> u64 {
        self.grantor(owner).nonce
    }

    pub(crate) fn keyed_nonces(&self, owner: Address, key: U256) -> U256 {
        if key.is_zero() {
            return U256::from(self.nonces(owner));
        }
        key << 64 | U256::from(self.nonce_count(owner, key))
    }

    pub(crate) fn pinned_site(&self, key: Address) -> FixedBytes<16> {
        self.grantor(key).site
    }

    pub(crate) fn eip712_domain(&self) -> ([u8; 1], &'static str, &'static str, u64, Address, B256, [U256; 0]) {
        let vm = self.vm();
        (eip712::DOMAIN_FIELDS, NAME, VERSION, vm.chain_id(), vm.contract_address(), B256::ZERO, [])
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn act(&mut self, signed: SignedAct<'_>) -> Result<(), Revert> {
        self.perform(&signed)
    }

    /// An act that fails has written nothing: it checks everything first.
    pub(crate) fn relay(&mut self, signed: List<'_, SignedAct<'_>>) -> Vec<bool> {
        let mut done = Vec::with_capacity(signed.len());
        for (index, signed) in signed.iter().enumerate() {
            let result = self.perform(&signed);
            done.push(result.is_ok());
            if let Err(reason) = result {
                let signer = signer::signer_address(signed.signer).unwrap_or_default();
                let (index, reason) = (index as u64, reason.data());
                ActSkipped { index, signer, nonce: signed.nonce, reason }.log(self);
            }
        }
        done
    }

    /// Performs one act. Its nonce is used up, and its site pinned, only if it succeeds.
    fn perform(&mut self, signed: &SignedAct<'_>) -> Result<(), Revert> {
        let &SignedAct { act, nonce, deadline, relayer, .. } = signed;
        ensure!(self.vm().block_timestamp() <= deadline, ConsentExpiredSignature { deadline });
        ensure!(relayer.is_zero() || relayer == self.vm().msg_sender(), ConsentWrongRelayer { relayer });
        let by = signer::signer_address(signed.signer).unwrap_or_default();
        let key: U256 = nonce >> 64;
        let current_nonce = self.keyed_nonces(by, key);
        ensure!(nonce == current_nonce, InvalidAccountNonce { account: by, current_nonce });
        let (kind, arguments, type_hash) = parse(act)?;
        let tail = encode!((uint256, uint48, address) => nonce, deadline, relayer);
        let hash = self.typed_data_hash(keccak256([&type_hash[..], arguments, &tail].concat()));
        let site = self.site_of(by, hash, signed)?;

        self.perform_as(by, kind, arguments)?;

        // The act may have written the signer's word.
        let mut state = self.grantor(by);
        let is_first = site != state.site;
        state.site = site;
        if key.is_zero() {
            state.nonce += 1;
        } else {
            self.set_nonce_count(by, key, self.nonce_count(by, key) + 1);
        }
        if key.is_zero() || is_first {
            self.set_grantor(by, &state);
        }
        if is_first {
            SitePinned { key: by, site }.log(self);
        }
        Ok(())
    }

    /// The site that the signer is pinned to from this signature on; zero for what is no passkey.
    fn site_of(&self, by: Address, hash: B256, signed: &SignedAct<'_>) -> Result<FixedBytes<16>, Revert> {
        let found = signer::has_signed(self, SIGNATURE_GAS, signed.signer, hash, signed.signature);
        let pinned = self.grantor(by).site;
        let site = found.map(|signed| match signed.rp_id_hash.as_ref().and_then(|hash| hash.first_chunk()) {
            Some(site) => FixedBytes::new(*site),
            None => pinned,
        });
        match site {
            Some(site) if pinned.is_zero() || site == pinned => Ok(site),
            _ => Err(ConsentInvalidSignature { signer: by }.into()),
        }
    }

    /// What an act does, for the signer as its caller. UNGUARDED: the caller of this has checked the signature.
    fn perform_as(&mut self, by: Address, kind: Act, arguments: &[u8]) -> Result<(), Revert> {
        let grantor = Address::from_slice(&arguments[12..32]);
        let rest = &arguments[32..];
        let done = match kind {
            Act::Grant => provision(rest).map(|provision| self.grant_by(by, grantor, provision).map(drop)),
            Act::Amend => decode!(&rest[..32] => (uint32))
                .zip(provision(&rest[32..]))
                .map(|(number, provision)| self.amend_by(by, grantor, number, provision)),
            Act::Revoke => {
                decode!(rest => (address, uint32)).map(|(grantee, number)| self.revoke_by(by, grantor, grantee, number))
            }
            Act::RevokeGrantee => {
                decode!(rest => (address)).map(|grantee| self.revoke_grantee_by(by, grantor, grantee))
            }
            Act::RevokeAll => Some(self.revoke_all_by(by, grantor)),
            Act::SetRepresentative => {
                decode!(rest => (address, uint256, uint64, uint48)).map(|(account, classes, purposes, until)| {
                    self.set_representative_by(by, grantor, account, classes, purposes, until)
                })
            }
            Act::SetRecovery => decode!(rest => (address)).map(|to| self.set_recovery_by(by, grantor, to)),
            Act::StartRecovery => decode!(rest => (address)).map(|to| self.start_recovery_by(by, grantor, to)),
            Act::VetoRecovery => Some(self.veto_recovery_by(by, grantor)),
        };
        done.unwrap_or_else(|| Err(ConsentInvalidAct {}.into()))
    }

    fn typed_data_hash(&self, struct_hash: B256) -> B256 {
        let vm = self.vm();
        let separator =
            eip712::domain_separator(NAME_HASH.hash(), VERSION_HASH.hash(), vm.chain_id(), vm.contract_address());
        eip712::typed_data_hash(separator, struct_hash)
    }
}

/// The kind of an act, its arguments, and the hash of its type. An address comes first in all of them.
fn parse(act: &[u8]) -> Result<(Act, &[u8], B256), Revert> {
    let (selector, arguments) = act.split_first_chunk::<4>().ok_or(ConsentInvalidAct {})?;
    let (kind, words, type_hash) = known(*selector).ok_or(ConsentInvalidAct {})?;
    ensure!(arguments.len() == 32 * words, ConsentInvalidAct {});
    ensure!(decode!(&arguments[..32] => (address)).is_some(), ConsentInvalidAct {});
    Ok((kind, arguments, type_hash))
}

fn provision(words: &[u8]) -> Option<Provision> {
    let (grantee, classes, purposes, deny, not_before, expiry, document) =
        decode!(words => (address, uint256, uint64, bool, uint48, uint48, bytes32))?;
    Some(Provision { grantee, classes, purposes, deny, not_before, expiry, document })
}

#[cfg(test)]
mod tests;
