//! Passkeys as subjects: what a browser's authenticator makes is taken for the account of its key, at one site.

use alloy::{
    primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256},
    sol_types::{SolCall, SolEvent, SolValue},
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;
use p256::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
use sha2::{Digest, Sha256};

use crate::{many::one, signing::*, world::*};

/// Present and verified.
const VERIFIED: u8 = 0x05;
const HERE: &str = "registry.example";
const ELSEWHERE: &str = "registry.example.org";

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
    fn assertion(&self, challenge: B256, site: &str) -> Vec<u8> {
        let data = [&sha256(site.as_bytes())[..], &[VERIFIED], &[0, 0, 0, 9]].concat();
        let challenge = base64_url(challenge.as_slice());
        let text = format!(r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"https://{site}"}}"#);
        let hash = sha256(&[&data[..], &sha256(text.as_bytes())[..]].concat());
        let signature: Signature = self.0.sign_prehash(hash.as_slice()).expect("a hash of 32 bytes");
        let signature = signature.normalize_s().unwrap_or(signature);
        let (r, s) = signature.split_bytes();
        let (r, s) = (B256::from_slice(&r), B256::from_slice(&s));
        let index = |of: &str| U256::from(text.find(of).expect("it is there"));
        let [challenge, kind] = [r#""challenge""#, r#""type""#].map(index);
        (r, s, challenge, kind, Bytes::from(data), Bytes::from(text.clone().into_bytes())).abi_encode_params()
    }

    /// What it signs at a site to have its pointer registered.
    async fn registers(&self, world: &World, pointer: &Pointer, site: &str) -> Result<registerSignedCall> {
        let terms = world.terms(self.address()).await?;
        let signature = self.assertion(register_hash(pointer, terms, &world.domain()), site);
        Ok(registerSignedCall { pointer: pointer.clone(), signed: terms.signed(&self.signer(), signature) })
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

/// A passkey that the consent does not know is pinned here, by its first message that counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_pinned_to_its_site() -> Result<()> {
    let world = World::start().await?;
    let passkey = Passkey::new(7);
    let key = passkey.address();
    let result = |number| Pointer { subject: key, ..world.result(number) };
    let (first, second, third) = (result(1), result(2), result(3));
    // A message that fails pins nothing.
    let malformed = Pointer { schema: 9, ..first.clone() };
    let call = passkey.registers(&world, &malformed, ELSEWHERE).await?;
    world.refuses(&world.lab, call, RegistrySchemaNotInUse { number: 9, dataClass: LABS }).await?;
    assert!(world.read(pinnedSiteCall { key }).await?.is_zero());

    let pinned = SitePinned { key, site: site(HERE) }.encode_log_data();
    let call = passkey.registers(&world, &first, HERE).await?;
    world.logs(&world.lab, call, &[pinned, was_registered(&first, 0, 0)]).await?;
    assert_eq!(world.read(pinnedSiteCall { key }).await?, site(HERE));
    let call = passkey.registers(&world, &second, HERE).await?;
    world.logs(&world.lab, call, &[was_registered(&second, 0, 0)]).await?;
    let call = passkey.registers(&world, &third, ELSEWHERE).await?;
    world.refuses(&world.lab, call, RegistryInvalidSignature { signer: key }).await?;
    // It erases by a signature too: it has no other way.
    let id = id(&first);
    let terms = world.terms(key).await?;
    let hash = erase_hash(id, terms, &world.domain());
    let erase = |site| eraseSignedCall { id, signed: terms.signed(&passkey.signer(), passkey.assertion(hash, site)) };
    world.refuses(&world.stranger, erase(ELSEWHERE), RegistryInvalidSignature { signer: key }).await?;
    world.does(&world.stranger, erase(HERE)).await?;
    assert_eq!(world.read(tombstoneCall { id }).await?.by, key);
    Ok(())
}

/// An actor's passkey asks, and its first message pins its site, as a subject's does. A refused one pins nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_actor_s_passkey_is_pinned_too() -> Result<()> {
    let world = World::start().await?;
    let passkey = Passkey::new(13);
    let actor = passkey.address();
    let request = one(world.registered(1).await?);
    let asks = async |site| {
        let terms = world.terms(actor).await?;
        let signature = passkey.assertion(request_hash(actor, &request, terms, &world.domain()), site);
        let signed = terms.signed(&passkey.signer(), signature);
        Ok::<_, eyre::Report>(requestAccessSignedCall { request: request.clone(), actor, signed })
    };
    let refused = AccessRefused { reason: 16, grantee: Address::ZERO, number: 0 };
    world.refuses(&world.stranger, asks(ELSEWHERE).await?, refused).await?;
    assert!(!world.stranger.send(world.at, asks(ELSEWHERE).await?.abi_encode()).await?.status());
    assert!(world.read(pinnedSiteCall { key: actor }).await?.is_zero());
    let (grantor, provision) = (world.patient.address(), permit(actor, LABS, TREAT));
    world.consents(&world.patient, C::grantCall { grantor, provision }).await?;
    let (_, logs) = world.sent(&world.stranger, asks(HERE).await?).await?;
    assert_eq!(logs[0], SitePinned { key: actor, site: site(HERE) }.encode_log_data());
    assert_eq!(logs.len(), 3);
    world.chain.advance(1).await?;
    world.refuses(&world.stranger, asks(ELSEWHERE).await?, RegistryInvalidSignature { signer: actor }).await?;
    // The account's own bytes are no passkey.
    let call = asks(HERE).await?;
    let signed = Signed { signer: actor.to_vec().into(), ..call.signed.clone() };
    let bytes = requestAccessSignedCall { signed, ..call.clone() };
    world.refuses(&world.stranger, bytes, RegistryInvalidSignature { signer: actor }).await?;
    assert_eq!(world.sent(&world.stranger, call).await?.1.len(), 2);
    // What the passkey refuses for itself, it refuses at its site.
    let pointer = Pointer { subject: actor, ..world.result(2) };
    let terms = world.terms(actor).await?;
    let hash = refuse_hash(id(&pointer), terms, &world.domain());
    let refuse = |site| {
        let signed = terms.signed(&passkey.signer(), passkey.assertion(hash, site));
        refusePointerSignedCall { pointer: pointer.clone(), signed }
    };
    world.refuses(&world.stranger, refuse(ELSEWHERE), RegistryInvalidSignature { signer: actor }).await?;
    world.does(&world.stranger, refuse(HERE)).await?;
    assert_eq!(world.read(tombstoneCall { id: id(&pointer) }).await?.by, actor);
    Ok(())
}

/// The site that the consent has pinned counts, and nothing is pinned here.
#[tokio::test(flavor = "multi_thread")]
async fn the_consent_s_site_counts_first() -> Result<()> {
    let world = World::start().await?;
    let passkey = Passkey::new(9);
    let key = passkey.address();
    let result = |number| Pointer { subject: key, ..world.result(number) };
    // A message here pins to one site, and a later one in the consent to another.
    let call = passkey.registers(&world, &result(1), ELSEWHERE).await?;
    world.does(&world.lab, call).await?;
    world.consents_by_passkey(&passkey, HERE).await?;
    let call = passkey.registers(&world, &result(2), ELSEWHERE).await?;
    world.refuses(&world.lab, call, RegistryInvalidSignature { signer: key }).await?;
    let call = passkey.registers(&world, &result(2), HERE).await?;
    world.logs(&world.lab, call, &[was_registered(&result(2), 0, 0)]).await?;

    let other = Passkey::new(10);
    world.consents_by_passkey(&other, HERE).await?;
    let pointer = Pointer { subject: other.address(), ..world.result(3) };
    let call = other.registers(&world, &pointer, ELSEWHERE).await?;
    world.refuses(&world.lab, call, RegistryInvalidSignature { signer: other.address() }).await?;
    let call = other.registers(&world, &pointer, HERE).await?;
    world.logs(&world.lab, call, &[was_registered(&pointer, 0, 0)]).await?;
    assert!(world.read(pinnedSiteCall { key: other.address() }).await?.is_zero());
    Ok(())
}

impl World {
    /// The passkey sends the consent a message from a site, which pins it there.
    async fn consents_by_passkey(&self, passkey: &Passkey, site: &str) -> Result<()> {
        let (grantor, deadline) = (passkey.address(), time(1 << 40));
        let signature = passkey.assertion(revoke_all_hash(self.consent, grantor, deadline), site);
        let signed = revoking(&passkey.signer(), grantor, deadline, signature.into());
        self.consents(&self.stranger, C::actCall { signed }).await
    }
}

/// Another challenge, another passkey, a damaged assertion.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_passkey_did_not_sign() -> Result<()> {
    let world = World::start().await?;
    let passkey = Passkey::new(11);
    let signer = passkey.address();
    let pointer = Pointer { subject: signer, ..world.result(1) };
    let good = passkey.registers(&world, &pointer, HERE).await?;
    let hash = register_hash(&pointer, world.terms(signer).await?, &world.domain());
    let mut damaged = good.signed.signature.to_vec();
    damaged[31] ^= 1;
    for signature in
        [passkey.assertion(B256::ZERO, HERE), Passkey::new(12).assertion(hash, HERE), damaged, vec![], vec![0; 65]]
    {
        let signed = Signed { signature: signature.into(), ..good.signed.clone() };
        let refusal = RegistryInvalidSignature { signer };
        world.refuses(&world.lab, registerSignedCall { signed, ..good.clone() }, refusal).await?;
    }
    world.does(&world.lab, good).await?;
    Ok(())
}
