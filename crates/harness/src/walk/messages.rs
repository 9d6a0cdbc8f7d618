//! Messages (EIP-712) that are signed and brought in a walk, good and flawed ones.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::signers::{SITES, Signed, Signer, Spoilt};

/// A key of nonces other than 0.
pub const NONCE_KEY: u64 = 5;

/// A signature, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signing {
    /// What is wrong.
    pub flaw: Flaw,
    /// Under [`NONCE_KEY`], and not 0.
    pub keyed: bool,
    /// At the other site, where it is a passkey.
    pub elsewhere: bool,
}

/// What can be wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// Nothing.
    None,
    /// Only the bringer may bring it: nothing is wrong.
    Named,
    /// A second too late.
    Expired,
    /// In the last second: nothing is wrong.
    JustInTime,
    /// Somebody else may bring it.
    OtherRelayer,
    /// The nonce after the next.
    NextNonce,
    /// The nonce that was used last.
    LastNonce,
    /// Signed by somebody else.
    OtherSigner,
    /// Somebody else's signer and signature.
    SomebodyElse,
    /// As [`Spoilt::Flipped`].
    Flipped,
    /// As [`Spoilt::HighS`].
    HighS,
    /// As [`Spoilt::Short`].
    Short,
    /// The signer has 19 bytes.
    ShortSigner,
    /// The signer has none.
    NoSigner,
    /// Signed for something else.
    OtherMessage,
}

/// A message as a contract takes it.
#[derive(Clone, Debug)]
pub struct Message {
    /// With its key above its number.
    pub nonce: U256,
    /// The last second.
    pub deadline: U48,
    /// Who alone may bring it; zero for anybody.
    pub relayer: Address,
    /// The signer's bytes.
    pub signer: Bytes,
    /// The signature.
    pub signature: Bytes,
}

/// Those who sign in a walk, and what they have signed.
#[derive(Debug)]
pub struct Desk<'a> {
    /// Everybody who can sign.
    pub signers: &'a [Signer],
    /// What was really signed.
    pub signed: &'a mut Signed,
    /// How many good messages this step has, by account and key.
    pub pending: &'a mut BTreeMap<(Address, U256), u64>,
}

/// Half good ones, and half of the others as likely as one another.
pub fn signing() -> impl Strategy<Value = Signing> {
    let flaws = vec![
        Flaw::Named,
        Flaw::Expired,
        Flaw::JustInTime,
        Flaw::OtherRelayer,
        Flaw::NextNonce,
        Flaw::LastNonce,
        Flaw::OtherSigner,
        Flaw::SomebodyElse,
        Flaw::Flipped,
        Flaw::HighS,
        Flaw::Short,
        Flaw::ShortSigner,
        Flaw::NoSigner,
        Flaw::OtherMessage,
    ];
    let flaw = prop_oneof![2 => Just(Flaw::None), 1 => prop::sample::select(flaws)];
    let parts = (flaw, prop::bool::weighted(0.3), prop::bool::weighted(0.15));
    parts.prop_map(|(flaw, keyed, elsewhere)| Signing { flaw, keyed, elsewhere })
}

impl Signing {
    /// A message of an account, brought by the first of two. `next` is an account's next nonce under a key, and `hash`
    /// what is signed. What was really signed is remembered.
    pub fn message(
        &self,
        Desk { signers, signed, pending }: Desk<'_>,
        account: Address,
        [by, somebody]: [Address; 2],
        now: u64,
        next: impl FnOnce(Address, U256) -> U256,
        hash: impl FnOnce(U256, U48, Address) -> B256,
    ) -> Message {
        let Self { flaw, keyed, elsewhere } = *self;
        let place = signers.iter().position(|signer| signer.account() == account).unwrap_or_default();
        let other = &signers[(place + 1) % signers.len()];
        // Whose bytes they are, and who really signs.
        let signer = if flaw == Flaw::SomebodyElse { other } else { &signers[place] };
        let by_whom = if flaw == Flaw::OtherSigner { other } else { signer };
        let deadline = U48::from(match flaw {
            Flaw::Expired => now - 1,
            Flaw::JustInTime => now,
            _ => now + 100,
        });
        let relayer = match flaw {
            Flaw::Named => by,
            Flaw::OtherRelayer => somebody,
            _ => Address::ZERO,
        };
        let key = if keyed { U256::from(NONCE_KEY) } else { U256::ZERO };
        let pending = pending.entry((signer.account(), key)).or_default();
        let nonce = next(signer.account(), key) + U256::from(*pending);
        *pending += u64::from(matches!(flaw, Flaw::None | Flaw::Named | Flaw::JustInTime));
        let nonce = match flaw {
            Flaw::NextNonce => nonce + U256::ONE,
            Flaw::LastNonce => nonce.saturating_sub(U256::ONE),
            _ => nonce,
        };
        let mut hash = hash(nonce, deadline, relayer);
        if flaw == Flaw::OtherMessage {
            hash[31] ^= 1;
        }
        let site = SITES[usize::from(elsewhere)];
        let mut signature = signed.make(by_whom, hash, site).unwrap_or_default();
        let spoilt = match flaw {
            Flaw::Flipped => Some(Spoilt::Flipped),
            Flaw::HighS => Some(Spoilt::HighS),
            Flaw::Short => Some(Spoilt::Short),
            _ => None,
        };
        if let Some(spoilt) = spoilt {
            signature = by_whom.spoil(signature, spoilt);
        }
        let signer = match flaw {
            Flaw::ShortSigner => signer.bytes().slice(..19),
            Flaw::NoSigner => Bytes::new(),
            _ => signer.bytes(),
        };
        Message { nonce, deadline, relayer, signer, signature }
    }
}
