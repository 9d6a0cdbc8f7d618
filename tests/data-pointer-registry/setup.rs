//! The constructor, that it runs once, and what the contract says of itself.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    providers::Provider,
    rpc::types::Filter,
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::{Construct, DataPointerRegistry::*};
use eyre::Result;
use harness::{authority, deploy, peers};

use crate::world::*;

/// keccak256("eip1967.proxy.implementation") - 1.
pub(crate) fn implementation_slot() -> U256 {
    U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::ONE
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_sets_what_it_is_given() -> Result<()> {
    let world = World::bare().await?;
    assert_eq!(world.read(authorityCall {}).await?, world.manager);
    assert_eq!(world.read(consentCall {}).await?, world.consent);
    assert_eq!(world.read(storePurposeCall {}).await?, STORE);
    assert_eq!(world.read(answerWithinCall {}).await?, WITHIN);
    assert_eq!(world.read(schemaCountCall {}).await?, 0);
    let codes = [B256::ZERO, code("A256GCM"), code("HPKE-X25519"), B256::ZERO];
    for (number, code) in (0..).zip(codes) {
        assert_eq!(world.read(encryptionCall { number }).await?, code);
    }
    let filter = Filter::new().address(world.at).from_block(0);
    let logs: Vec<_> = world.chain.dev.get_logs(&filter).await?.into_iter().map(|log| log.data().clone()).collect();
    let expected = [
        Upgraded { implementation: world.implementation }.encode_log_data(),
        AuthorityUpdated { authority: world.manager }.encode_log_data(),
        ConsentSet { consent: world.consent }.encode_log_data(),
        StorePurposeSet { purpose: STORE }.encode_log_data(),
        AnswerWithinSet { period: WITHIN }.encode_log_data(),
        EncryptionSet { number: 1, code: code("A256GCM") }.encode_log_data(),
        EncryptionSet { number: 2, code: code("HPKE-X25519") }.encode_log_data(),
    ];
    assert_eq!(logs, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_refuses_what_makes_no_sense() -> Result<()> {
    let world = World::bare().await?;
    let at = deploy::unconstructed_proxy(&world.chain, world.implementation).await?;
    let nobody = Address::repeat_byte(7);
    let letting = authority::letting(&world.chain, nobody).await?;
    let call = |initialAuthority, consent, storePurpose| {
        let encryptions = Vec::new();
        constructorCall { initialAuthority, consent, storePurpose, answerWithin: 1, encryptions }.init_data()
    };
    let silent = peers::create(&world.chain, "SilentConsent", &[]).await?;
    // What has no code, what answers something else, what does not say that it is a consent, and what says nothing.
    for consent in [nobody, Address::ZERO, letting, world.at, silent] {
        let error = RegistryInvalidConsent { consent }.abi_encode();
        for authority in [world.manager, nobody] {
            world.chain.ask(nobody, at, call(authority, consent, 0)).await?.refused_with(&error);
        }
    }
    let error = AccessManagedInvalidAuthority { authority: nobody }.abi_encode();
    world.chain.ask(nobody, at, call(nobody, world.consent, 0)).await?.refused_with(&error);
    let error = RegistryInvalidPurpose { purpose: 64 }.abi_encode();
    world.chain.ask(nobody, at, call(world.manager, world.consent, 64)).await?.refused_with(&error);
    world.chain.ask(nobody, at, call(world.manager, world.consent, 63)).await?.succeeded();
    Ok(())
}

/// Neither anybody nor the DAO runs it again, nor from within.
#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_runs_once() -> Result<()> {
    let world = World::bare().await?;
    let authority = authority::letting(&world.chain, world.stranger.address()).await?;
    let again = constructor(authority, world.consent);
    for by in [&world.stranger, &world.dao] {
        assert!(!world.chain.ask(by.address(), world.at, again.clone()).await?.success);
        world.refuses(by, multicallCall { data: vec![again.clone()] }, FailedCall {}).await?;
        assert!(!by.send(world.at, again.clone()).await?.status());
    }
    assert_eq!(world.read(authorityCall {}).await?, world.manager);
    Ok(())
}

/// Nobody has a registry of their own at the implementation's address, which everybody reads in the proxy's slot.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_constructs_the_bare_implementation() -> Result<()> {
    let world = World::start().await?;
    let (thief, bare) = (&world.stranger, world.implementation);
    let authority = authority::letting(&world.chain, thief.address()).await?;
    let construct = constructor(authority, world.consent);
    world.chain.ask(thief.address(), bare, construct.clone()).await?.refused(UUPSUnauthorizedCallContext {});
    assert!(!thief.send(bare, construct).await?.status());
    let next = deploy::unconstructed(&world.chain, "data-pointer-registry").await?;
    let upgrade = upgradeToAndCallCall { newImplementation: next, data: Vec::new().into() };
    world.chain.ask(thief.address(), bare, upgrade.abi_encode()).await?.refused(UUPSUnauthorizedCallContext {});
    let authority = world.chain.ask(thief.address(), bare, authorityCall {}.abi_encode()).await?;
    authority.returned(Address::ZERO);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_says_of_itself() -> Result<()> {
    let world = World::bare().await?;
    let slot = B256::from(implementation_slot());
    assert_eq!(world.chain.storage(world.at, slot.into()).await?, world.implementation.into_word());
    world.refuses(&world.stranger, proxiableUUIDCall {}, UUPSUnauthorizedCallContext {}).await?;
    let bare = world.chain.ask(Address::ZERO, world.implementation, proxiableUUIDCall {}.abi_encode()).await?;
    bare.returned(slot);
    let domain = world.read(eip712DomainCall {}).await?;
    let name = "Consilium Data Pointer Registry";
    assert_eq!((domain.fields.0, domain.name.as_str(), domain.version.as_str()), ([0x0f], name, "1"));
    assert_eq!((domain.chainId, domain.verifyingContract), (U256::from(nitro::CHAIN_ID), world.at));
    assert_eq!((domain.salt, domain.extensions), (B256::ZERO, vec![]));
    let managed = ["authority()", "setAuthority(address)", "isConsumingScheduledOp()"].map(keccak256);
    let managed = [0, 1, 2, 3].map(|i| managed.iter().fold(0, |id, selector| id ^ selector[i]));
    let ids = [
        ([0x01, 0xff, 0xc9, 0xa7], true),
        (managed, true),
        ([0x84, 0xb0, 0x19, 0x6e], true),
        ([0xff; 4], false),
        ([0; 4], false),
        ([0x4c, 0xd6, 0x40, 0x10], false),
    ];
    for (id, has) in ids {
        assert_eq!(world.read(supportsInterfaceCall { interfaceId: id.into() }).await?, has, "{id:?}");
    }
    Ok(())
}
