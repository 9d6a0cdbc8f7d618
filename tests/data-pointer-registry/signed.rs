//! Registering and erasing by the subject's signature: nonces, deadline, relayer, and who can sign.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolCall,
};
use consilium_bindings::{Consent as C, DataPointerRegistry::*};
use eyre::Result;
use harness::peers;

use crate::{erasing::was_erased, signing::*, world::*};

/// A key above the count of a nonce.
fn keyed(key: u64, count: u64) -> U256 {
    U256::from(key) << 64 | U256::from(count)
}

impl World {
    /// A world in which the patient permits nothing, its address and the terms of its next message.
    async fn without_consent() -> Result<(Self, Address, Terms)> {
        let world = Self::start().await?;
        world.revokes().await?;
        let by = world.patient.address();
        let terms = world.terms(by).await?;
        Ok((world, by, terms))
    }
}

/// The signature stands in for the consent, once, under each key of nonces.
#[tokio::test(flavor = "multi_thread")]
async fn a_subject_s_signature_lets_register_once() -> Result<()> {
    let (world, owner, terms) = World::without_consent().await?;
    for (number, nonce) in (1..).zip([keyed(0, 0), keyed(0, 1), keyed(5, 0), keyed(5, 1), keyed(0, 2)]) {
        let pointer = world.result(number);
        let call = world.lets_register(&world.patient, &pointer, Terms { nonce, ..terms });
        world.logs(&world.lab, call.clone(), &[was_registered(&pointer, 0, 0)]).await?;
        assert_eq!(world.status(id(&pointer)).await?, in_state(&pointer, 1));
        assert_eq!(world.read(contentsCall { id: id(&pointer) }).await?, contents_of(&pointer));
        let key = (nonce >> 64_u32).to();
        assert_eq!(world.read(nonces_1Call { owner, key }).await?, nonce + U256::ONE);
        // For another pointer, and for this one: used up.
        let other = registerSignedCall { pointer: world.result(number + 100), signed: call.signed.clone() };
        let used = InvalidAccountNonce { account: owner, currentNonce: nonce + U256::ONE };
        world.refuses(&world.lab, other, used).await?;
        world.refuses(&world.lab, call, RegistryPointerExists { id: id(&pointer) }).await?;
    }
    assert_eq!(world.read(nonces_0Call { owner }).await?, U256::from(3));
    Ok(())
}

/// The subject's signature does not make a custodian, and does not make one of whom it does not name.
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_is_not_an_admission() -> Result<()> {
    let (world, _, terms) = World::without_consent().await?;
    let pointer = world.result(1);
    let call = world.lets_register(&world.patient, &pointer, terms);
    for by in [&world.stranger, &world.clinic, &world.patient] {
        world.refuses(by, call.clone(), RegistryUnauthorized { account: by.address() }).await?;
    }
    world.removes(&world.lab).await?;
    let account = world.lab.address();
    world.refuses(&world.lab, call, RegistryNotAdmitted { account }).await?;
    world.admits(&world.lab).await?;
    // All other rules are those of `register`.
    let malformed = Pointer { hashCode: 0x11, ..pointer.clone() };
    let call = world.lets_register(&world.patient, &malformed, terms);
    world.refuses(&world.lab, call, RegistryInvalidDigest { hashCode: 0x11 }).await?;
    let other = Pointer { schema: 7, ..pointer };
    let call = world.lets_register(&world.patient, &other, terms);
    world.refuses(&world.lab, call, RegistrySchemaNotInUse { number: 7, dataClass: LABS }).await
}

/// A message with any member changed is one that nobody signed.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_what_was_signed() -> Result<()> {
    let (world, signer, terms) = World::without_consent().await?;
    let pointer = world.on_arweave(1);
    let good = world.lets_register(&world.patient, &pointer, terms);
    let invalid = || RegistryInvalidSignature { signer };
    world.schema(LABS).await?;
    let some = id(&pointer);
    for changed in [
        Pointer { schema: 2, ..pointer.clone() },
        Pointer { hashCode: 0x1e, ..pointer.clone() },
        Pointer { digest: some, ..pointer.clone() },
        Pointer { locatorKind: 4, ..pointer.clone() },
        Pointer { locatorKind: 2, locatorCodec: RAW, ..pointer.clone() },
        Pointer { locator: some, ..pointer.clone() },
        Pointer { encryption: 2, ..pointer.clone() },
        Pointer { keyCommitment: some, ..pointer.clone() },
    ] {
        let call = registerSignedCall { pointer: changed, ..good.clone() };
        world.refuses(&world.lab, call, invalid()).await?;
    }
    // Another subject, whose key the signer is not.
    let other = Pointer { subject: world.stranger.address(), ..pointer.clone() };
    world.refuses(&world.lab, registerSignedCall { pointer: other, ..good.clone() }, invalid()).await?;
    let signed = good.signed.clone();
    for signed in [
        Signed { deadline: signed.deadline + time(1), ..signed.clone() },
        Signed { relayer: world.lab.address(), ..signed.clone() },
        Signed { nonce: keyed(1, 0), ..signed.clone() },
        Signed { signature: vec![0; 65].into(), ..signed.clone() },
        Signed { signature: vec![].into(), ..signed.clone() },
    ] {
        world.refuses(&world.lab, registerSignedCall { signed, ..good.clone() }, invalid()).await?;
    }
    // Another signer, and nobody.
    let theirs = world.lets_register(&world.stranger, &pointer, Terms { nonce: U256::ZERO, ..terms });
    let refusal = RegistryInvalidSignature { signer: world.stranger.address() };
    world.refuses(&world.lab, theirs, refusal).await?;
    let nobody = Signed { signer: vec![1; 19].into(), ..good.signed.clone() };
    let refusal = RegistryInvalidSignature { signer: Address::ZERO };
    world.refuses(&world.lab, registerSignedCall { signed: nobody, ..good.clone() }, refusal).await?;
    // Another contract, another chain, another act.
    for domain in [domain(world.consent, nitro::CHAIN_ID), domain(world.at, 1), domain(world.implementation, 1)] {
        let signature = sign(&world.patient, register_hash(&pointer, terms, &domain));
        let signed = Signed { signature, ..good.signed.clone() };
        world.refuses(&world.lab, registerSignedCall { signed, ..good.clone() }, invalid()).await?;
    }
    let signed = world.lets_erase(&world.patient, some, terms).signed;
    world.refuses(&world.lab, registerSignedCall { signed, ..good.clone() }, invalid()).await?;
    world.does(&world.lab, good).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_and_a_relayer() -> Result<()> {
    let (world, _, terms) = World::without_consent().await?;
    let id = world.registers_signed(1).await?;
    let terms = Terms { nonce: terms.nonce + U256::ONE, ..terms };
    let (deadline, relayer) = (time(world.chain.now().await? + 100), world.doctor.address());
    let call = world.lets_erase(&world.patient, id, Terms { deadline, relayer, ..terms });
    for by in [&world.stranger, &world.lab, &world.patient] {
        world.refuses(by, call.clone(), RegistryWrongRelayer { relayer }).await?;
    }
    world.chain.set_time(deadline.to()).await?;
    world.asked(relayer, call.clone()).await?.succeeded();
    world.chain.advance_to(deadline.to::<u64>() + 1).await?;
    for by in [&world.doctor, &world.stranger] {
        world.refuses(by, call.clone(), RegistryExpiredSignature { deadline }).await?;
    }
    Ok(())
}

/// Whoever brings it: the subject needs no ether to have a pointer erased.
#[tokio::test(flavor = "multi_thread")]
async fn a_subject_s_signature_erases() -> Result<()> {
    let (world, by, _) = World::without_consent().await?;
    let id = world.registers_signed(1).await?;
    let terms = world.terms(by).await?;
    let invalid = |signer| RegistryInvalidSignature { signer };
    for other in [&world.stranger, &world.lab] {
        let call = world.lets_erase(other, id, world.terms(other.address()).await?);
        world.refuses(&world.stranger, call, invalid(other.address())).await?;
    }
    let second = world.registers_signed(2).await?;
    let terms = Terms { nonce: terms.nonce + U256::ONE, ..terms };
    let call = world.lets_erase(&world.patient, id, terms);
    world.refuses(&world.stranger, eraseSignedCall { id: second, ..call.clone() }, invalid(by)).await?;
    world.logs(&world.stranger, call.clone(), &[was_erased(&world.result(1), by)]).await?;
    assert_eq!(world.status(id).await?.state, 3);
    assert_eq!(world.read(tombstoneCall { id }).await?.by, by);
    let used = InvalidAccountNonce { account: by, currentNonce: terms.nonce + U256::ONE };
    world.refuses(&world.stranger, eraseSignedCall { id: second, ..call.clone() }, used).await?;
    world.refuses(&world.stranger, call, RegistryNoSuchPointer { id }).await
}

impl World {
    /// The laboratory registers a result by the patient's signature; its id.
    async fn registers_signed(&self, number: u64) -> Result<alloy::primitives::B256> {
        let pointer = self.result(number);
        let call = self.lets_register(&self.patient, &pointer, self.terms(self.patient.address()).await?);
        self.does(&self.lab, call).await
    }
}

/// After a recovery in the consent, the new key signs for the subject, and the old one does not.
#[tokio::test(flavor = "multi_thread")]
async fn the_signer_is_the_consent_s_key() -> Result<()> {
    let (world, grantor, terms) = World::without_consent().await?;
    let new = &world.stranger;
    world.consents(&world.patient, C::setRecoveryCall { grantor, recoverer: world.doctor.address() }).await?;
    world.consents(&world.doctor, C::startRecoveryCall { grantor, newKey: new.address() }).await?;
    world.consents(&world.doctor, C::finishRecoveryCall { grantor }).await?;
    let pointer = world.result(1);
    let old = world.lets_register(&world.patient, &pointer, terms);
    world.refuses(&world.lab, old, RegistryInvalidSignature { signer: grantor }).await?;
    let call = world.lets_register(new, &pointer, world.terms(new.address()).await?);
    world.logs(&world.lab, call, &[was_registered(&pointer, 0, 0)]).await?;
    Ok(())
}

/// A contract as the subject: it is asked (ERC-1271), and can change nothing while it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_contract_wallet_signs() -> Result<()> {
    let world = World::start().await?;
    let wallet = peers::create(&world.chain, "HostileWallet", &[]).await?;
    let terms = world.terms(wallet).await?;
    let with = |number, signature: Vec<u8>| registerSignedCall {
        pointer: Pointer { subject: wallet, ..world.result(number) },
        signed: terms.signed(wallet.as_slice(), signature),
    };
    // One that runs out of its gas has not signed.
    world.refuses(&world.lab, with(1, vec![b'b']), RegistryInvalidSignature { signer: wallet }).await?;
    // It says yes only where it could neither store nor call back what anybody may call: the call is static.
    let url = alloy::primitives::B256::ZERO;
    let back = proposeSchemaCall { url, version: 1, content: url, dataClass: LABS }.abi_encode();
    world.asked(wallet, with(1, vec![b's'])).await?.refused(RegistryUnauthorized { account: wallet });
    for (number, signature) in [(1, vec![b's']), (2, [vec![b'c'], back].concat())] {
        let call = with(number, signature);
        let signed = Signed { nonce: U256::from(number - 1), ..call.signed };
        world.does(&world.lab, registerSignedCall { signed, ..call }).await?;
    }
    assert_eq!(world.read(schemaCountCall {}).await?, SCHEMA);
    Ok(())
}
