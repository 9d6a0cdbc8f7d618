//! Passkeys as signers: what a browser's authenticator makes is taken for the account of its key, at one site.

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256},
    sol_types::{SolCall, SolEvent, SolValue},
};
use consilium_bindings::Consent::*;
use eyre::Result;
use p256::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
use sha2::{Digest, Sha256};

use crate::{provisions::granted, signing::*, world::*};

/// Present and verified.
const VERIFIED: u8 = 0x05;
const HERE: &str = "consent.example";
const ELSEWHERE: &str = "consent.example.org";

fn sha256(data: &[u8]) -> B256 {
    B256::new(Sha256::digest(data).into())
}

/// The first bytes of a site's hash.
fn site(id: &str) -> FixedBytes<16> {
    FixedBytes::from_slice(&sha256(id.as_bytes())[..16])
}

/// A passkey, as a software authenticator has it.
struct Passkey(SigningKey);

impl Passkey {
    fn new(byte: u8) -> Self {
        Self(SigningKey::from_slice(&[byte; 32]).expect("a number below the order"))
    }

    /// `qx ‖ qy`.
    fn signer(&self) -> Vec<u8> {
        self.0.verifying_key().to_encoded_point(false).as_bytes()[1..].to_vec()
    }

    /// The account that stands for it.
    fn address(&self) -> Address {
        Address::from_word(keccak256(self.signer()))
    }

    /// OpenZeppelin's `WebAuthnAuth` of a challenge, made at a site.
    fn assertion(&self, challenge: B256, site: &str, flags: u8) -> Vec<u8> {
        let data = [&sha256(site.as_bytes())[..], &[flags], &[0, 0, 0, 9]].concat();
        let text = format!(
            r#"{{"type":"webauthn.get","challenge":"{}","origin":"https://{site}"}}"#,
            base64_url(challenge.as_slice())
        );
        let hash = sha256(&[&data[..], &sha256(text.as_bytes())[..]].concat());
        let signature: Signature = self.0.sign_prehash(hash.as_slice()).expect("a hash of 32 bytes");
        let signature = signature.normalize_s().unwrap_or(signature);
        let (r, s) = signature.split_bytes();
        let (r, s) = (B256::from_slice(&r), B256::from_slice(&s));
        let index = |of: &str| U256::from(text.find(of).expect("it is there"));
        let [challenge, kind] = [r#""challenge""#, r#""type""#].map(index);
        (r, s, challenge, kind, Bytes::from(data), Bytes::from(text.clone().into_bytes())).abi_encode_params()
    }

    fn signs(&self, world: &World, call: &impl Signable, terms: Terms, site: &str) -> SignedAct {
        let signature = self.assertion(call.hash(terms, &world.domain()), site, VERIFIED);
        unsigned(&self.signer(), call, terms, signature)
    }
}

/// Base64 for URLs, without padding.
fn base64_url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let word = part.iter().enumerate().fold(0_usize, |word, (at, byte)| word | usize::from(*byte) << (16 - 8 * at));
        for at in 0..=part.len() {
            text.push(char::from(LETTERS[word >> (18 - 6 * at) & 63]));
        }
    }
    text
}

/// The account is the hash of the key; the first message pins the site.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_grants_and_is_pinned_to_its_site() -> Result<()> {
    for key in [U256::ZERO, U256::from(3)] {
        let world = World::start().await?;
        let (passkey, grantee) = (Passkey::new(7), world.doctor.address());
        let grantor = passkey.address();
        assert!(world.read(pinnedSiteCall { key: grantor }).await?.is_zero());
        let call = grantCall { grantor, provision: permit(grantee) };
        for number in 1..=3 {
            let nonce = key << 64 | U256::from(number - 1);
            let terms = Terms { nonce, ..world.terms(grantor).await? };
            let signed = passkey.signs(&world, &call, terms, HERE);
            let now = world.soon().await?;
            let mut events = vec![granted(grantor, number, &permit(grantee), now, 1, grantor)];
            if number == 1 {
                events.push(SitePinned { key: grantor, site: site(HERE) }.encode_log_data());
            }
            world.logs(&world.stranger, actCall { signed: signed.clone() }, &events).await?;
            assert_eq!(world.read(pinnedSiteCall { key: grantor }).await?, site(HERE));
            assert_eq!(world.read(nonces_1Call { owner: grantor, key: key.to() }).await?, nonce + U256::ONE);
            // Used up, also at another site.
            let used = InvalidAccountNonce { account: grantor, currentNonce: nonce + U256::ONE };
            world.refuses(grantee, actCall { signed }, used).await?;
            let terms = Terms { nonce: nonce + U256::ONE, ..terms };
            let signed = passkey.signs(&world, &call, terms, ELSEWHERE);
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
    let passkey = Passkey::new(9);
    let grantor = passkey.address();
    let terms = world.terms(grantor).await?;
    let fails = revokeCall { grantor, grantee: world.doctor.address(), number: 1 };
    let signed = passkey.signs(&world, &fails, terms, ELSEWHERE);
    assert_eq!(world.does(&world.stranger, relayCall { signed: vec![signed] }).await?, [false]);
    assert!(world.read(pinnedSiteCall { key: grantor }).await?.is_zero());
    let call = grantCall { grantor, provision: permit(world.doctor.address()) };
    // Two first messages of a batch, of two sites: the first of them pins.
    let first = passkey.signs(&world, &call, terms, HERE);
    let second = passkey.signs(&world, &call, Terms { nonce: U256::ONE, ..terms }, ELSEWHERE);
    let third = passkey.signs(&world, &call, Terms { nonce: U256::ONE, ..terms }, HERE);
    let done = world.does(&world.stranger, relayCall { signed: vec![first, second, third] }).await?;
    assert_eq!(done, [true, false, true]);
    assert_eq!(world.read(pinnedSiteCall { key: grantor }).await?, site(HERE));
    Ok(())
}

/// Assertions that are no consent: another challenge, a user that was not verified, another passkey, another act.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_passkey_did_not_sign() -> Result<()> {
    let world = World::start().await?;
    let (by, passkey) = (world.stranger.address(), Passkey::new(11));
    let grantor = passkey.address();
    let call = grantCall { grantor, provision: permit(world.doctor.address()) };
    let terms = world.terms(grantor).await?;
    let hash = call.hash(terms, &world.domain());
    let good = passkey.signs(&world, &call, terms, HERE);
    for signature in [
        passkey.assertion(B256::repeat_byte(1), HERE, VERIFIED),
        passkey.assertion(hash, HERE, 0x01),
        passkey.assertion(hash, HERE, 0x04),
        passkey.assertion(hash, HERE, 0x00),
        Passkey::new(12).assertion(hash, HERE, VERIFIED),
        vec![],
        vec![0; 65],
        good.signature[..good.signature.len() - 32].to_vec(),
    ] {
        let signed = SignedAct { signature: signature.into(), ..good.clone() };
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
    let (lost, second, new) = (Passkey::new(21), Passkey::new(22), Passkey::new(23));
    let grantor = lost.address();
    let by = &world.stranger;
    let terms = |nonce, deadline| Terms { nonce: U256::from(nonce), deadline, relayer: Address::ZERO };
    let deadline = time(world.chain.now().await? + 30 * DAY);
    let name = setRecoveryCall { grantor, recoverer: second.address() };
    world.does(by, actCall { signed: lost.signs(&world, &name, terms(0, deadline), HERE) }).await?;
    let start = startRecoveryCall { grantor, newKey: new.address() };
    world.does(by, actCall { signed: second.signs(&world, &start, terms(0, deadline), ELSEWHERE) }).await?;
    world.chain.advance(2 * DAY).await?;
    world.does(by, finishRecoveryCall { grantor }).await?;
    let call = grantCall { grantor, provision: permit(world.doctor.address()) };
    let signed = lost.signs(&world, &call, terms(1, deadline), HERE);
    let refusal = ConsentUnauthorized { grantor, account: grantor };
    world.refuses(by.address(), actCall { signed }, refusal).await?;
    world.does(by, actCall { signed: new.signs(&world, &call, terms(0, deadline), ELSEWHERE) }).await?;
    assert_eq!(world.read(pinnedSiteCall { key: new.address() }).await?, site(ELSEWHERE));
    assert_eq!(world.read(pinnedSiteCall { key: grantor }).await?, site(HERE));
    Ok(())
}
