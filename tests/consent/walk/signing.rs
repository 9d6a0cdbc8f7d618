//! Signed acts that are brought, good and flawed ones.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::Consent as C;
use harness::walk::signers::{SITES, Spoilt};

use super::World;

use super::acts::{hash, time};
use super::people::ACTORS;
use super::steps::{Flaw, Signing};

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
