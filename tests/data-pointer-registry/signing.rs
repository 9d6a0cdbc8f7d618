//! What is signed, as EIP-712 has it, by alloy's own encoder and not the contract's.

use alloy::{
    primitives::{Address, B256, Bytes, U256, aliases::U48},
    signers::SignerSync,
    sol,
    sol_types::{Eip712Domain, SolCall, SolStruct, eip712_domain},
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;
use harness::chain::Account;

use crate::world::*;

sol! {
    struct Register {
        address subject; address custodian; uint8 dataClass; uint32 schema; uint64 hashCode; bytes32 digest;
        uint8 locatorKind; uint64 locatorCodec; bytes32 locator; uint16 encryption; bytes32 keyCommitment;
        bytes32 previous; uint256 nonce; uint48 deadline; address relayer;
    }
    struct RevokeAll { address grantor; uint256 nonce; uint48 deadline; address relayer; }
    struct Refuse { bytes32 id; uint256 nonce; uint48 deadline; address relayer; }
    struct RequestAccess {
        address actor; bytes32 id; uint8 purpose; address onBehalfOf; bytes32 encryptionKey; uint256 nonce;
        uint48 deadline; address relayer;
    }
    struct Erase { bytes32 id; uint256 nonce; uint48 deadline; address relayer; }
}

/// What is signed beside the act.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) nonce: U256,
    pub(crate) deadline: U48,
    pub(crate) relayer: Address,
}

impl Terms {
    /// What a signer says by a signature under these terms.
    pub(crate) fn signed(self, signer: &[u8], signature: impl Into<Bytes>) -> Signed {
        let Self { nonce, deadline, relayer } = self;
        Signed { signer: Bytes::copy_from_slice(signer), nonce, deadline, relayer, signature: signature.into() }
    }
}

/// The hash of the typed data of a registration.
pub(crate) fn register_hash(pointer: &Pointer, terms: Terms, domain: &Eip712Domain) -> B256 {
    let &Pointer { subject, custodian, dataClass, schema, hashCode, digest, locatorKind, locatorCodec, .. } = pointer;
    let &Pointer { locator, encryption, keyCommitment, previous, .. } = pointer;
    let Terms { nonce, deadline, relayer } = terms;
    let typed = Register {
        subject,
        custodian,
        dataClass,
        schema,
        hashCode,
        digest,
        locatorKind,
        locatorCodec,
        locator,
        encryption,
        keyCommitment,
        previous,
        nonce,
        deadline,
        relayer,
    };
    typed.eip712_signing_hash(domain)
}

/// The hash of the typed data of an erasure.
pub(crate) fn erase_hash(id: B256, terms: Terms, domain: &Eip712Domain) -> B256 {
    let Terms { nonce, deadline, relayer } = terms;
    Erase { id, nonce, deadline, relayer }.eip712_signing_hash(domain)
}

/// The hash of the typed data of a refusal.
pub(crate) fn refuse_hash(id: B256, terms: Terms, domain: &Eip712Domain) -> B256 {
    let Terms { nonce, deadline, relayer } = terms;
    Refuse { id, nonce, deadline, relayer }.eip712_signing_hash(domain)
}

/// The hash of the typed data of a request.
pub(crate) fn request_hash(actor: Address, request: &Request, terms: Terms, domain: &Eip712Domain) -> B256 {
    let &Request { id, purpose, onBehalfOf, encryptionKey } = request;
    let Terms { nonce, deadline, relayer } = terms;
    let typed = RequestAccess { actor, id, purpose, onBehalfOf, encryptionKey, nonce, deadline, relayer };
    typed.eip712_signing_hash(domain)
}

/// The domain of a registry.
pub(crate) fn domain(at: Address, chain: u64) -> Eip712Domain {
    let name = "Consilium Data Pointer Registry";
    eip712_domain! { name: name, version: "1", chain_id: chain, verifying_contract: at, }
}

/// The hash of the typed data by which a grantor revokes everything in a consent, with its first nonce.
pub(crate) fn revoke_all_hash(consent: Address, grantor: Address, deadline: U48) -> B256 {
    let chain = nitro::CHAIN_ID;
    let name = "Consilium Consent";
    let domain = eip712_domain! { name: name, version: "1", chain_id: chain, verifying_contract: consent, };
    RevokeAll { grantor, nonce: U256::ZERO, deadline, relayer: Address::ZERO }.eip712_signing_hash(&domain)
}

/// The act by which a grantor revokes everything in a consent, with its first nonce.
pub(crate) fn revoking(signer: &[u8], grantor: Address, deadline: U48, signature: Bytes) -> C::SignedAct {
    let (signer, act) = (Bytes::copy_from_slice(signer), C::revokeAllCall { grantor }.abi_encode().into());
    C::SignedAct { signer, act, nonce: U256::ZERO, deadline, relayer: Address::ZERO, signature }
}

/// A key's signature of a hash.
pub(crate) fn sign(by: &Account, hash: B256) -> Bytes {
    by.signer.sign_hash_sync(&hash).expect("a key signs any hash").as_bytes().into()
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

    /// What an account signs to have a pointer registered.
    pub(crate) fn lets_register(&self, by: &Account, pointer: &Pointer, terms: Terms) -> registerSignedCall {
        let signature = sign(by, register_hash(pointer, terms, &self.domain()));
        registerSignedCall { pointer: pointer.clone(), signed: terms.signed(by.address().as_slice(), signature) }
    }

    /// What an account signs to have a pointer erased.
    pub(crate) fn lets_erase(&self, by: &Account, id: B256, terms: Terms) -> eraseSignedCall {
        let signature = sign(by, erase_hash(id, terms, &self.domain()));
        eraseSignedCall { id, signed: terms.signed(by.address().as_slice(), signature) }
    }
    /// What an account signs to refuse a pointer.
    pub(crate) fn lets_refuse(&self, by: &Account, pointer: &Pointer, terms: Terms) -> refusePointerSignedCall {
        let signature = sign(by, refuse_hash(id(pointer), terms, &self.domain()));
        let signed = terms.signed(by.address().as_slice(), signature);
        refusePointerSignedCall { pointer: pointer.clone(), signed }
    }

    /// What an account signs to ask for access.
    pub(crate) fn lets_ask(&self, by: &Account, request: &Request, terms: Terms) -> requestAccessSignedCall {
        let signature = sign(by, request_hash(by.address(), request, terms, &self.domain()));
        let signed = terms.signed(by.address().as_slice(), signature);
        requestAccessSignedCall { request: request.clone(), actor: by.address(), signed }
    }
}
