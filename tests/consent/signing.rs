//! What is signed, as EIP-712 has it, by alloy's own encoder and not the contract's.

use alloy::{
    primitives::{Address, B256, Bytes, U256, aliases::U48},
    signers::SignerSync,
    sol,
    sol_types::{Eip712Domain, SolCall, SolStruct, eip712_domain},
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::chain::Account;

use crate::world::*;

sol! {
    struct Grant { address grantor; address grantee; uint256 classes; uint64 purposes; bool deny; uint48 notBefore; uint48 expiry; bytes32 document; uint256 nonce; uint48 deadline; address relayer; }
    struct Amend { address grantor; uint32 number; address grantee; uint256 classes; uint64 purposes; bool deny; uint48 notBefore; uint48 expiry; bytes32 document; uint256 nonce; uint48 deadline; address relayer; }
    struct Revoke { address grantor; address grantee; uint32 number; uint256 nonce; uint48 deadline; address relayer; }
    struct RevokeGrantee { address grantor; address grantee; uint256 nonce; uint48 deadline; address relayer; }
    struct RevokeAll { address grantor; uint256 nonce; uint48 deadline; address relayer; }
    struct SetRepresentative { address grantor; address representative; uint256 classes; uint64 purposes; uint48 until; uint256 nonce; uint48 deadline; address relayer; }
    struct SetRecovery { address grantor; address recoverer; uint256 nonce; uint48 deadline; address relayer; }
    struct StartRecovery { address grantor; address newKey; uint256 nonce; uint48 deadline; address relayer; }
    struct VetoRecovery { address grantor; uint256 nonce; uint48 deadline; address relayer; }
}

/// What is signed beside an act.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) nonce: U256,
    pub(crate) deadline: U48,
    pub(crate) relayer: Address,
}

/// A call that can be signed.
pub(crate) trait Signable: SolCall {
    /// The hash of the typed data.
    fn hash(&self, terms: Terms, domain: &Eip712Domain) -> B256;
}

macro_rules! signable {
    ($($call:ty => $name:ident { $($field:ident),* } $({ $($part:ident),* })?;)*) => { $(
        impl Signable for $call {
            fn hash(&self, Terms { nonce, deadline, relayer }: Terms, domain: &Eip712Domain) -> B256 {
                let typed = $name {
                    $($field: self.$field,)*
                    $($($part: self.provision.$part,)*)?
                    nonce, deadline, relayer,
                };
                typed.eip712_signing_hash(domain)
            }
        }
    )* };
}

signable! {
    grantCall => Grant { grantor } { grantee, classes, purposes, deny, notBefore, expiry, document };
    amendCall => Amend { grantor, number } { grantee, classes, purposes, deny, notBefore, expiry, document };
    revokeCall => Revoke { grantor, grantee, number };
    revokeGranteeCall => RevokeGrantee { grantor, grantee };
    revokeAllCall => RevokeAll { grantor };
    setRepresentativeCall => SetRepresentative { grantor, representative, classes, purposes, until };
    setRecoveryCall => SetRecovery { grantor, recoverer };
    startRecoveryCall => StartRecovery { grantor, newKey };
    vetoRecoveryCall => VetoRecovery { grantor };
}

/// The domain of a consent.
pub(crate) fn domain(at: Address, chain: u64) -> Eip712Domain {
    eip712_domain! { name: "Consilium Consent", version: "1", chain_id: chain, verifying_contract: at, }
}

/// A key's signature of a hash.
pub(crate) fn sign(by: &Account, hash: B256) -> Bytes {
    by.signer.sign_hash_sync(&hash).expect("a key signs any hash").as_bytes().into()
}

/// What an account signs in a domain.
pub(crate) fn signed_in(domain: &Eip712Domain, by: &Account, call: &impl Signable, terms: Terms) -> SignedAct {
    let signature = sign(by, call.hash(terms, domain));
    unsigned(by.address().as_slice(), call, terms, signature)
}

/// An act with any signature.
pub(crate) fn unsigned(signer: &[u8], call: &impl SolCall, terms: Terms, signature: impl Into<Bytes>) -> SignedAct {
    let Terms { nonce, deadline, relayer } = terms;
    let (signer, act) = (Bytes::copy_from_slice(signer), call.abi_encode().into());
    SignedAct { signer, act, nonce, deadline, relayer, signature: signature.into() }
}

impl World {
    /// The next nonce of an account, a month to bring the message, and anybody as relayer.
    pub(crate) async fn terms(&self, owner: Address) -> Result<Terms> {
        let nonce = self.read(nonces_0Call { owner }).await?;
        Ok(Terms { nonce, deadline: time(self.chain.now().await? + 30 * DAY), relayer: Address::ZERO })
    }

    pub(crate) fn domain(&self) -> Eip712Domain {
        domain(self.at, nitro::CHAIN_ID)
    }

    /// What an account signs, by its next nonce.
    pub(crate) async fn message(&self, by: &Account, call: impl Signable) -> Result<SignedAct> {
        Ok(self.signs(by, &call, self.terms(by.address()).await?))
    }

    pub(crate) fn signs(&self, by: &Account, call: &impl Signable, terms: Terms) -> SignedAct {
        signed_in(&self.domain(), by, call, terms)
    }
}
