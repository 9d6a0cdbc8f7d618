//! Signed acts that are brought, good and flawed ones.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::Consent as C;
use harness::passkey;

use super::World;

use super::acts::{hash, sign, time};
use super::people::{ACTORS, SITES, Signer};
use super::steps::{Flaw, Signing};

/// The order of secp256k1.
const ORDER: U256 = alloy::uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);
/// A key of nonces besides 0.
const NONCE_KEY: u64 = 5;

impl World {
    /// A signed act that an actor brings. What was really signed is remembered.
    pub(super) fn sign(&mut self, by: usize, signing: &Signing, now: u64) -> C::SignedAct {
        let Signing { own, flaw, keyed, elsewhere, .. } = signing;
        if *flaw == Flaw::Replayed && !self.brought.is_empty() {
            return self.brought[usize::from(signing.signer) % self.brought.len()].clone();
        }
        let signers = self.people.signers.clone();
        let signer = &signers[usize::from(signing.signer) % signers.len()];
        let account = signer.account();
        let mut act = match flaw {
            Flaw::NoAct => C::finishRecoveryCall { grantor: account }.abi_encode(),
            _ => self.data(account, own, now),
        };
        match flaw {
            Flaw::Dirty => {
                let last = act.len() - 32;
                act[last] = 0xff;
            }
            Flaw::DirtyGrantor => act[4] = 1,
            Flaw::Cut => drop(act.pop()),
            _ => {}
        }
        let deadline = if *flaw == Flaw::Expired { now - 1 } else { now + 100 };
        let relayer = match flaw {
            Flaw::Named => self.people.actors[by],
            Flaw::OtherRelayer => self.people.actors[(by + 1) % ACTORS],
            _ => Address::ZERO,
        };
        let key = if *keyed { U256::from(NONCE_KEY) } else { U256::ZERO };
        let used = self.pending.get(&(account, key)).copied().unwrap_or_default();
        let nonce = self.model.nonce(account, key) + U256::from(used);
        let nonce = if *flaw == Flaw::NextNonce { nonce + U256::from(1) } else { nonce };
        *self.pending.entry((account, key)).or_default() += u64::from(*flaw == Flaw::None);
        let hash = hash(self.people.contract, &act, nonce, deadline, relayer).unwrap_or_default();
        let by_whom =
            if *flaw == Flaw::OtherSigner { &signers[usize::from(signing.signer + 1) % signers.len()] } else { signer };
        let site = SITES[usize::from(*elsewhere)];
        let (mut signature, pins) = match by_whom {
            Signer::Key(key) => (sign(key, hash).unwrap_or_default(), None),
            Signer::Passkey(key) => (key.sign(hash, site).unwrap_or_default(), Some(passkey::pin(site))),
            Signer::Wallet(_) => (Bytes::from_static(b"yes"), None),
        };
        self.signed.insert((by_whom.bytes(), hash, signature.clone()), pins);
        match flaw {
            Flaw::Flipped => {
                let mut bytes = signature.to_vec();
                bytes[1] ^= 1;
                signature = bytes.into();
            }
            Flaw::HighS if matches!(by_whom, Signer::Key(_)) => {
                let mut bytes = signature.to_vec();
                let s = ORDER - U256::from_be_slice(&bytes[32..64]);
                bytes[32..64].copy_from_slice(&s.to_be_bytes::<32>());
                bytes[64] = 55 - bytes[64];
                signature = bytes.into();
            }
            Flaw::Short => {
                // The last bytes of a passkey's are padding.
                let cut = if matches!(by_whom, Signer::Passkey(_)) { 33 } else { 1 };
                signature = signature.slice(..signature.len() - cut);
            }
            _ => {}
        }
        let mut bytes = signer.bytes();
        if *flaw == Flaw::ShortSigner {
            bytes = bytes.slice(..19);
        }
        let signed =
            C::SignedAct { signer: bytes, act: act.into(), nonce, deadline: time(deadline), relayer, signature };
        self.brought.push(signed.clone());
        signed
    }
}
