//! Signed claims that are brought, good and flawed ones.

use alloy::primitives::{Address, Bytes, U256};
use consilium_bindings::RevenueSplitter as S;
use harness::walk::signers::{SITES, Spoilt};

use crate::signed::{Terms, domain, hash};

use super::World;
use super::people::{ACTORS, NONCE_KEY};
use super::state::time;
use super::steps::{Flaw, Signing};

impl World {
    /// A claim that its account signs, or somebody else. What was really signed is remembered.
    pub(super) fn sign(
        &mut self,
        by: usize,
        (number, claim, to): (u32, &S::Claim, Address),
        Signing { flaw, keyed, elsewhere }: &Signing,
        now: u64,
    ) -> S::Signed {
        let signers = self.people.signers.clone();
        let place = signers.iter().position(|signer| signer.account() == claim.account).unwrap_or_default();
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
        let mut hash = hash(number, claim, to, terms, &domain(self.people.contract, devnode::CHAIN_ID));
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
}
