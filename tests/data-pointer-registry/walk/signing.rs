//! Signed messages that are brought, good and flawed ones.

use alloy::{
    primitives::{Address, B256, U256},
    sol,
    sol_types::{Eip712Domain, SolCall, SolStruct, eip712_domain},
};
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use harness::walk::messages::{Desk, Message, Signing};
use harness::walk::signers::SITES;

use crate::signing::{Terms, domain};

use super::World;
use super::people::ACTORS;
use super::state::time;

sol! {
    struct RevokeAll { address grantor; uint256 nonce; uint48 deadline; address relayer; }
}

impl World {
    /// Who signs for access: one who can sign, mostly.
    pub(super) fn signing_actor(&self, which: u8) -> Address {
        let people = &self.people;
        match which {
            240.. => people.actors[usize::from(which) % ACTORS],
            _ => people.signers[usize::from(which) % people.signers.len()].account(),
        }
    }

    /// A message of a subject's key, brought by an actor.
    pub(super) fn sign(
        &mut self,
        by: usize,
        subject: Address,
        signing: &Signing,
        now: u64,
        hash: impl Fn(Terms, &Eip712Domain) -> B256,
    ) -> D::Signed {
        let key = self.consent.key(subject);
        self.sign_as(by, key, signing, now, hash)
    }

    /// A message of an account. What was really signed is remembered.
    pub(super) fn sign_as(
        &mut self,
        by: usize,
        account: Address,
        signing: &Signing,
        now: u64,
        hash: impl Fn(Terms, &Eip712Domain) -> B256,
    ) -> D::Signed {
        let Self { people, model, signed, pending, .. } = self;
        let domain = domain(people.contract, devnode::CHAIN_ID);
        let desk = Desk { signers: &people.signers, signed, pending };
        let bringers = [by, by + 1].map(|who| people.actors[who % ACTORS]);
        let next = |account, key| model.state.nonce(account, key);
        let hash = |nonce, deadline, relayer| hash(Terms { nonce, deadline, relayer }, &domain);
        let Message { nonce, deadline, relayer, signer, signature } =
            signing.message(desk, account, bringers, now, next, hash);
        D::Signed { signer, nonce, deadline, relayer, signature }
    }

    /// The passkey revokes all in the consent, at a site.
    pub(super) fn pin(&self, elsewhere: bool, now: u64) -> Vec<u8> {
        let signer = &self.people.signers[2];
        let (grantor, consent) = (signer.account(), self.people.consent);
        let (nonce, deadline, relayer) = (U256::from(self.pins), time(now + 100), Address::ZERO);
        let domain = eip712_domain! {
            name: "Consilium Consent", version: "1", chain_id: devnode::CHAIN_ID, verifying_contract: consent,
        };
        let hash = RevokeAll { grantor, nonce, deadline, relayer }.eip712_signing_hash(&domain);
        let signature = signer.sign(hash, SITES[usize::from(elsewhere)]).unwrap_or_default();
        let act = C::revokeAllCall { grantor }.abi_encode().into();
        let signed = C::SignedAct { signer: signer.bytes(), act, nonce, deadline, relayer, signature };
        C::actCall { signed }.abi_encode()
    }
}
