//! A consent that means harm: the DAO would have had to choose it. What it can and cannot do to the registry.

use alloy::{
    primitives::{Address, B256, U256},
    sol,
    sol_types::{SolCall, SolError, SolValue},
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::{Result, ensure};
use harness::{answer::events, deploy, peers};

use crate::{access::WRAPPED, many::one, world::*};

sol! {
    interface HostileConsent {
        event CalledBack(bool success, bytes data);
        function answer(bytes4 selector, bytes data) external;
        function callBack(address to, bytes data) external;
    }
}

/// An answer of the consent.
fn answer(permitted: bool, reason: u8) -> Vec<u8> {
    (permitted, U256::from(reason), Address::ZERO, U256::ZERO).abi_encode()
}

impl World {
    /// A world whose registry asks a hostile consent, which permits everything until it is told something else, and has
    /// every subject act for itself.
    async fn under_a_hostile_consent() -> Result<Self> {
        let mut world = Self::bare().await?;
        world.consent = peers::create(&world.chain, "HostileConsent", &[]).await?;
        world.at = deploy::proxy(&world.chain, world.implementation, constructor(world.manager, world.consent)).await?;
        world.admits(&world.lab).await?;
        world.schema(LABS).await?;
        for selector in [C::isPermittedCall::SELECTOR, C::recordCall::SELECTOR] {
            world.answers(selector, answer(true, 1)).await?;
        }
        world.answers(C::keyOfCall::SELECTOR, world.patient.address().abi_encode()).await?;
        world.answers(C::pinnedSiteCall::SELECTOR, B256::ZERO.abi_encode()).await?;
        Ok(world)
    }

    async fn answers(&self, selector: [u8; 4], data: Vec<u8>) -> Result<()> {
        let call = HostileConsent::answerCall { selector: selector.into(), data: data.into() };
        self.consents(&self.stranger, call).await
    }

    /// The consent calls the registry from within `record`.
    async fn calls_back(&self, call: impl SolCall) -> Result<()> {
        let call = HostileConsent::callBackCall { to: self.at, data: call.abi_encode().into() };
        self.consents(&self.stranger, call).await
    }

    /// Sends a request, in which the consent's call back must be refused with `error`.
    async fn calls_back_in_vain(&self, request: Vec<u8>, error: impl SolError) -> Result<()> {
        let receipt = self.doctor.send(self.at, request).await?;
        ensure!(receipt.status(), "the request reverted");
        let back = events::<HostileConsent::CalledBack>(&receipt, self.consent)?;
        assert_eq!((back.len(), back[0].success, &back[0].data[..]), (1, false, &error.abi_encode()[..]));
        assert_eq!(events::<AccessRequested>(&receipt, self.at)?.len(), 1);
        Ok(())
    }
}

/// A message that is brought again while it is brought is used up already.
#[tokio::test(flavor = "multi_thread")]
async fn a_signed_request_is_not_brought_from_within() -> Result<()> {
    let world = World::under_a_hostile_consent().await?;
    let id = world.registered(1).await?;
    let owner = world.doctor.address();
    let terms = world.terms(owner).await?;
    let call = world.lets_ask(&world.doctor, &one(id), terms);
    world.calls_back(call.clone()).await?;
    let now = world.soon().await?;
    let requestId = request_id(id, owner, Address::ZERO, TREAT, KEY, now);
    world.calls_back_in_vain(call.abi_encode(), RegistryRequestExists { requestId }).await?;
    assert_eq!(world.read(nonces_0Call { owner }).await?, U256::ONE);
    // For another pointer with the same nonce neither.
    let other = Request { encryptionKey: B256::repeat_byte(1), ..one(id) };
    let terms = world.terms(owner).await?;
    world.calls_back(world.lets_ask(&world.doctor, &other, terms)).await?;
    world.soon().await?;
    let used = InvalidAccountNonce { account: owner, currentNonce: terms.nonce + U256::ONE };
    world.calls_back_in_vain(world.lets_ask(&world.doctor, &one(id), terms).abi_encode(), used).await
}

/// From within, the consent is nobody: it neither delivers nor declines, and erases only what it says is its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_consent_has_no_office_in_the_registry() -> Result<()> {
    let world = World::under_a_hostile_consent().await?;
    let id = world.registered(1).await?;
    let request = || crate::access::request(id).abi_encode();
    let account = world.consent;
    let now = world.soon().await?;
    let requestId = request_id(id, world.doctor.address(), Address::ZERO, TREAT, KEY, now);
    world.calls_back(deliverKeyCall { id, requestId, wrappedKeyHash: WRAPPED }).await?;
    world.soon().await?;
    world.calls_back_in_vain(request(), RegistryUnauthorized { account }).await?;
    for call in [eraseCall { id }.abi_encode(), refusePointerCall { pointer: world.result(2) }.abi_encode()] {
        let call = HostileConsent::callBackCall { to: world.at, data: call.into() };
        world.consents(&world.stranger, call).await?;
        world.soon().await?;
        world.calls_back_in_vain(request(), RegistryUnauthorized { account }).await?;
    }
    world.calls_back(acceptCustodyCall { id }).await?;
    world.soon().await?;
    world.calls_back_in_vain(request(), RegistryNoOffer { id, account }).await
}

/// What is permitted when it is asked and refused when it is recorded is refused, and leaves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_changes_its_mind() -> Result<()> {
    let world = World::under_a_hostile_consent().await?;
    let (id, owner) = (world.registered(1).await?, world.doctor.address());
    world.answers(C::recordCall::SELECTOR, answer(false, 99)).await?;
    let refused = || AccessRefused { reason: 99, grantee: Address::ZERO, number: 0 };
    world.refuses(&world.doctor, crate::access::request(id), refused()).await?;
    world.refuses(&world.doctor, requestAccessManyCall { requests: vec![one(id)] }, refused()).await?;
    let call = world.lets_ask(&world.doctor, &one(id), world.terms(owner).await?);
    world.refuses(&world.stranger, call.clone(), refused()).await?;
    assert!(!world.stranger.send(world.at, call.abi_encode()).await?.status());
    assert_eq!(world.read(nonces_0Call { owner }).await?, U256::ZERO);
    Ok(())
}

/// What is no answer permits nothing and refuses nothing: too short, a bool of 2, an address with bits above it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer() -> Result<()> {
    let world = World::under_a_hostile_consent().await?;
    world.admits(&world.clinic).await?;
    let id = world.registered(1).await?;
    let now = world.soon().await?;
    world.does(&world.doctor, crate::access::request(id)).await?;
    let requestId = request_id(id, world.doctor.address(), Address::ZERO, TREAT, KEY, now);
    world.does(&world.lab, offerCustodyCall { id, to: world.clinic.address() }).await?;
    world.chain.advance(1).await?;
    let (purpose, onBehalfOf, askedAt) = (TREAT, Address::ZERO, time(now));
    let decline = declineKeyCall { id, requestId, purpose, onBehalfOf, encryptionKey: KEY, askedAt };
    let [good, dirty] = [answer(true, 1), answer(false, 16)];
    let at = |answer: &[u8], place: usize, byte| {
        let mut changed = answer.to_vec();
        changed[place] = byte;
        changed
    };
    for data in [
        vec![],
        good[..127].to_vec(),
        dirty[..32].to_vec(),
        at(&good, 31, 2),
        at(&dirty, 0, 1),
        at(&good, 62, 1),
        at(&good, 64, 1),
        at(&dirty, 96, 1),
    ] {
        for selector in [C::isPermittedCall::SELECTOR, C::recordCall::SELECTOR] {
            world.answers(selector, data.clone()).await?;
        }
        for (by, call) in [
            (&world.lab, registerCall { pointer: world.result(2) }.abi_encode()),
            (&world.clinic, acceptCustodyCall { id }.abi_encode()),
            (&world.lab, decline.abi_encode()),
            (&world.doctor, crate::access::request(id).abi_encode()),
            (&world.doctor, requestAccessManyCall { requests: vec![one(id)] }.abi_encode()),
        ] {
            world.chain.ask(by.address(), world.at, call).await?.refused_with(&[]);
        }
    }
    Ok(())
}

/// A consent that names nobody as a subject's key gives the subject's rights to nobody.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_nobody_s_key() -> Result<()> {
    let world = World::under_a_hostile_consent().await?;
    let id = world.registered(1).await?;
    world.answers(C::keyOfCall::SELECTOR, Address::ZERO.abi_encode()).await?;
    world.refuses(&world.patient, eraseCall { id }, RegistryUnauthorized { account: world.patient.address() }).await?;
    let terms = world.terms(Address::ZERO).await?;
    for (signer, signature) in [(vec![], vec![]), (vec![0; 19], vec![0; 65]), (vec![0; 20], vec![0; 65])] {
        let signed = terms.signed(&signer, signature);
        let invalid = || RegistryInvalidSignature { signer: Address::ZERO };
        world.refuses(&world.stranger, eraseSignedCall { id, signed: signed.clone() }, invalid()).await?;
        let (pointer, next) = (world.result(2), world.result(3));
        world.refuses(&world.stranger, refusePointerSignedCall { pointer, signed: signed.clone() }, invalid()).await?;
        world.refuses(&world.lab, registerSignedCall { pointer: next, signed }, invalid()).await?;
    }
    Ok(())
}
