//! Signed claims that are brought, good and flawed ones.

use alloy::primitives::Address;
use consilium_bindings::RevenueSplitter as S;
use harness::walk::messages::{Desk, Message, Signing};

use crate::signed::{Terms, domain, hash};

use super::World;
use super::people::ACTORS;

impl World {
    /// A claim that its account signs, or somebody else. What was really signed is remembered.
    pub(super) fn sign(
        &mut self,
        by: usize,
        (number, claim, to): (u32, &S::Claim, Address),
        signing: &Signing,
        now: u64,
    ) -> S::Signed {
        let Self { people, model, signed, pending, .. } = self;
        let domain = domain(people.contract, devnode::CHAIN_ID);
        let desk = Desk { signers: &people.signers, signed, pending };
        let bringers = [by, by + 1].map(|who| people.actors[who % ACTORS]);
        let next = |account, key| model.state.nonce(account, key);
        let hash = |nonce, deadline, relayer| hash(number, claim, to, Terms { nonce, deadline, relayer }, &domain);
        let Message { nonce, deadline, relayer, signer, signature } =
            signing.message(desk, claim.account, bringers, now, next, hash);
        S::Signed { signer, nonce, deadline, relayer, signature }
    }
}
