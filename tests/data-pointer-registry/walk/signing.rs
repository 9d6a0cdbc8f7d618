//! Signed messages that are brought, good and flawed ones.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol,
    sol_types::{Eip712Domain, SolCall, SolStruct, eip712_domain},
};
use consilium_bindings::{Consent as C, DataPointerRegistry as D};
use harness::walk::signers::{SITES, Spoilt};

use crate::signing::{Terms, domain};

use super::World;
use super::people::{ACTORS, NONCE_KEY};
use super::state::time;
use super::steps::{Flaw, Signing};

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
        Signing { flaw, keyed, elsewhere }: &Signing,
        now: u64,
        hash: impl Fn(Terms, &Eip712Domain) -> B256,
    ) -> D::Signed {
        let signers = self.people.signers.clone();
        let place = signers.iter().position(|signer| signer.account() == account).unwrap_or_default();
        let other = &signers[(place + 1) % signers.len()];
        // Whose bytes they are, and who really signs.
        let signer = if *flaw == Flaw::SomebodyElse { other } else { &signers[place] };
        let by_whom = if *flaw == Flaw::OtherSigner { other } else { signer };
        let deadline = match flaw {
            Flaw::Expired => now - 1,
            Flaw::JustInTime => now,
            _ => now + 100,
        };
        let relayer = match flaw {
            Flaw::Named => self.people.actors[by],
            Flaw::OtherRelayer => self.people.actors[(by + 1) % ACTORS],
            _ => Address::ZERO,
        };
        let key = if *keyed { U256::from(NONCE_KEY) } else { U256::ZERO };
        let pending = self.pending.entry((signer.account(), key)).or_default();
        let nonce = self.model.state.nonce(signer.account(), key) + U256::from(*pending);
        *pending += u64::from(matches!(flaw, Flaw::None | Flaw::Named | Flaw::JustInTime));
        let nonce = match flaw {
            Flaw::NextNonce => nonce + U256::ONE,
            Flaw::LastNonce => nonce.saturating_sub(U256::ONE),
            _ => nonce,
        };
        let terms = Terms { nonce, deadline: time(deadline), relayer };
        let mut hash = hash(terms, &domain(self.people.contract, devnode::CHAIN_ID));
        if *flaw == Flaw::OtherMessage {
            hash[31] ^= 1;
        }
        let site = SITES[usize::from(*elsewhere)];
        let mut signature = self.signed.make(by_whom, hash, site).unwrap_or_default();
        let spoilt = match flaw {
            Flaw::Flipped => Some(Spoilt::Flipped),
            Flaw::HighS => Some(Spoilt::HighS),
            Flaw::Short => Some(Spoilt::Short),
            _ => None,
        };
        if let Some(spoilt) = spoilt {
            signature = by_whom.spoil(signature, spoilt);
        }
        let bytes = match flaw {
            Flaw::ShortSigner => signer.bytes().slice(..19),
            Flaw::NoSigner => Bytes::new(),
            _ => signer.bytes(),
        };
        terms.signed(&bytes, signature)
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
