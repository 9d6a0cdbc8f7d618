//! Passkeys as signers: what a browser's authenticator makes is taken for the account of its key, at one site.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    sol_types::{SolCall, SolEvent},
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::passkey::{Passkey, pin};

use crate::{provisions::granted, signing::*, world::*};

const HERE: &str = "consent.example";
const ELSEWHERE: &str = "consent.example.org";

fn seeded(seed: u8) -> Passkey {
    Passkey::new(B256::repeat_byte(seed)).expect("a number below the order")
}

fn signs(key: &Passkey, world: &World, call: &impl Signable, terms: Terms, site: &str) -> Result<SignedAct> {
    let signature = key.sign(call.hash(terms, &world.domain()), site)?;
    Ok(unsigned(&key.signer(), call, terms, signature))
}

/// The account is the hash of the key; the first message pins the site.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_grants_and_is_pinned_to_its_site() -> Result<()> {
    for key in [U256::ZERO, U256::from(3)] {
        let world = World::start().await?;
        let (passkey, grantee) = (seeded(7), world.doctor.address());
        let grantor = passkey.account();
        assert!(world.read(pinnedSiteCall { key: grantor }).await?.is_zero());
        let call = grantCall { grantor, provision: permit(grantee) };
        for number in 1..=3 {
            let nonce = key << 64 | U256::from(number - 1);
            let terms = Terms { nonce, ..world.terms(grantor).await? };
            let signed = signs(&passkey, &world, &call, terms, HERE)?;
            let now = world.soon().await?;
            let mut events = vec![granted(grantor, number, &permit(grantee), now, 1, grantor)];
            if number == 1 {
                events.push(SitePinned { key: grantor, site: pin(HERE) }.encode_log_data());
            }
            world.logs(&world.stranger, actCall { signed: signed.clone() }, &events).await?;
            assert_eq!(world.read(pinnedSiteCall { key: grantor }).await?, pin(HERE));
            assert_eq!(world.read(nonces_1Call { owner: grantor, key: key.to() }).await?, nonce + U256::ONE);
            // Used up, also at another site.
            let used = InvalidAccountNonce { account: grantor, currentNonce: nonce + U256::ONE };
            world.refuses(grantee, actCall { signed }, used).await?;
            let terms = Terms { nonce: nonce + U256::ONE, ..terms };
            let signed = signs(&passkey, &world, &call, terms, ELSEWHERE)?;
            world.refuses(grantee, actCall { signed }, ConsentInvalidSignature { signer: grantor }).await?;
        }
        assert_eq!(world.read(epochCall { grantor }).await?, 1);
    }
    Ok(())
}

/// A message that fails pins nothing, so nobody can pin a passkey to a site by an act that is not performed.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_message_pins_nothing() -> Result<()> {
    let world = World::start().await?;
    let passkey = seeded(9);
    let grantor = passkey.account();
    let terms = world.terms(grantor).await?;
    let fails = revokeCall { grantor, grantee: world.doctor.address(), number: 1 };
    let signed = signs(&passkey, &world, &fails, terms, ELSEWHERE)?;
    assert_eq!(world.does(&world.stranger, relayCall { signed: vec![signed] }).await?, [false]);
    assert!(world.read(pinnedSiteCall { key: grantor }).await?.is_zero());
    let call = grantCall { grantor, provision: permit(world.doctor.address()) };
    // Two first messages of a batch, of two sites: the first of them pins.
    let first = signs(&passkey, &world, &call, terms, HERE)?;
    let second = signs(&passkey, &world, &call, Terms { nonce: U256::ONE, ..terms }, ELSEWHERE)?;
    let third = signs(&passkey, &world, &call, Terms { nonce: U256::ONE, ..terms }, HERE)?;
    let done = world.does(&world.stranger, relayCall { signed: vec![first, second, third] }).await?;
    assert_eq!(done, [true, false, true]);
    assert_eq!(world.read(pinnedSiteCall { key: grantor }).await?, pin(HERE));
    Ok(())
}

/// Assertions that are no consent: another challenge, a user that was not verified, another passkey, another act.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_passkey_did_not_sign() -> Result<()> {
    let world = World::start().await?;
    let (by, passkey) = (world.stranger.address(), seeded(11));
    let grantor = passkey.account();
    let call = grantCall { grantor, provision: permit(world.doctor.address()) };
    let terms = world.terms(grantor).await?;
    let hash = call.hash(terms, &world.domain());
    let good = signs(&passkey, &world, &call, terms, HERE)?;
    for signature in [
        passkey.sign(B256::repeat_byte(1), HERE)?,
        passkey.assertion(hash, HERE, 0x01)?,
        passkey.assertion(hash, HERE, 0x04)?,
        passkey.assertion(hash, HERE, 0x00)?,
        seeded(12).sign(hash, HERE)?,
        Bytes::new(),
        vec![0; 65].into(),
        good.signature.slice(..good.signature.len() - 32),
    ] {
        let signed = SignedAct { signature, ..good.clone() };
        world.refuses(by, actCall { signed }, ConsentInvalidSignature { signer: grantor }).await?;
    }
    // Each byte of r and s, of the authenticator's data, and of the text's challenge.
    for at in [0, 31, 32, 63, 7 * 32, 8 * 32 - 1, 11 * 32 + 40] {
        let mut changed = good.signature.to_vec();
        changed[at] ^= 1;
        let signed = SignedAct { signature: changed.into(), ..good.clone() };
        world.refuses(by, actCall { signed }, ConsentInvalidSignature { signer: grantor }).await?;
    }
    let other = revokeAllCall { grantor };
    let signed = SignedAct { act: other.abi_encode().into(), ..good.clone() };
    world.refuses(by, actCall { signed }, ConsentInvalidSignature { signer: grantor }).await?;
    // The account's own transactions are nobody's: its address has no key of the usual kind.
    world.does(&world.stranger, actCall { signed: good }).await?;
    Ok(())
}

/// A second passkey recovers the consents of a lost one, and is pinned to a site of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_recovered_by_another() -> Result<()> {
    let world = World::start().await?;
    let (lost, second, new) = (seeded(21), seeded(22), seeded(23));
    let grantor = lost.account();
    let by = &world.stranger;
    let terms = |nonce, deadline| Terms { nonce: U256::from(nonce), deadline, relayer: Address::ZERO };
    let deadline = time(world.chain.now().await? + 30 * DAY);
    let name = setRecoveryCall { grantor, recoverer: second.account() };
    world.does(by, actCall { signed: signs(&lost, &world, &name, terms(0, deadline), HERE)? }).await?;
    let start = startRecoveryCall { grantor, newKey: new.account() };
    world.does(by, actCall { signed: signs(&second, &world, &start, terms(0, deadline), ELSEWHERE)? }).await?;
    world.chain.advance(2 * DAY).await?;
    world.does(by, finishRecoveryCall { grantor }).await?;
    let call = grantCall { grantor, provision: permit(world.doctor.address()) };
    let signed = signs(&lost, &world, &call, terms(1, deadline), HERE)?;
    let refusal = ConsentUnauthorized { grantor, account: grantor };
    world.refuses(by.address(), actCall { signed }, refusal).await?;
    world.does(by, actCall { signed: signs(&new, &world, &call, terms(0, deadline), ELSEWHERE)? }).await?;
    assert_eq!(world.read(pinnedSiteCall { key: new.account() }).await?, pin(ELSEWHERE));
    assert_eq!(world.read(pinnedSiteCall { key: grantor }).await?, pin(HERE));
    Ok(())
}
