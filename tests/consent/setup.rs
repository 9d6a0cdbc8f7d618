//! The constructor, that it runs once, and at a proxy alone.

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    providers::Provider,
    rpc::types::Filter,
    sol_types::{SolCall, SolError, SolEvent},
};
use consilium_bindings::{Consent::*, Construct};
use eyre::Result;
use harness::{authority, chain::Chain, deploy};

use crate::world::*;

/// keccak256("eip1967.proxy.implementation") - 1.
pub(crate) fn implementation_slot() -> U256 {
    U256::from_be_bytes(alloy::primitives::keccak256("eip1967.proxy.implementation").0) - U256::ONE
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_sets_what_it_is_given() -> Result<()> {
    let mut longest = LONGEST;
    (longest[0], longest[15], longest[16], longest[63]) = (1, 0, 300, 65_534);
    let full = Policy {
        separatePurposes: u64::MAX,
        separateClasses: u64::MAX - 1,
        emergencyPurposes: 1 << 63,
        refusedJurisdictions: u32::MAX,
        closedClasses: U256::MAX,
        openFor: (1 << 24) - 1,
        reviewWithin: u32::MAX,
        window: (1 << 24) - 1,
        limit: u16::MAX,
        recoveryDelay: u32::MAX,
        hook: Address::repeat_byte(0xee),
    };
    for given in [policy(), full] {
        let world = World::with(given.clone(), longest).await?;
        assert_eq!(world.read(authorityCall {}).await?, world.authority);
        let found = world.read(policyCall {}).await?;
        assert_eq!((found.version, &found.policy, found.longest), (1, &given, longest));

        let filter = Filter::new().address(world.at).from_block(0);
        let logs: Vec<_> = world.chain.dev.get_logs(&filter).await?.into_iter().map(|log| log.data().clone()).collect();
        let expected = [
            Upgraded { implementation: world.implementation }.encode_log_data(),
            AuthorityUpdated { authority: world.authority }.encode_log_data(),
            PolicySet { version: 1, policy: given, longest }.encode_log_data(),
        ];
        assert_eq!(logs, expected);
    }
    Ok(())
}

/// Run by run, and each as by `setCode`: with its event.
#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_fills_the_tables() -> Result<()> {
    let chain = Chain::start()?;
    let letting = authority::letting(&chain, Address::ZERO).await?;
    let implementation = deploy::unconstructed(&chain, "consent").await?;
    let code = B256::repeat_byte;
    let filled = |codes: Vec<Codes>| {
        constructorCall { initialAuthority: letting, policy: policy(), longest: LONGEST, codes }.init_data()
    };
    let last = Codes { table: 1, first: 62, codes: vec![code(4), code(5)] };
    let runs = vec![Codes { table: 0, first: 254, codes: vec![code(1), code(2)] }, last.clone()];
    let at = deploy::proxy(&chain, implementation, filled(runs)).await?;
    let logs =
        chain.dev.get_logs(&Filter::new().address(at).from_block(0).event_signature(CodeSet::SIGNATURE_HASH)).await?;
    let found: Vec<_> = logs.iter().map(|log| log.log_decode::<CodeSet>().map(|log| log.inner.data)).collect();
    let set = |table, number, code| CodeSet { table, number, code };
    let expected = [set(0, 254, code(1)), set(0, 255, code(2)), set(1, 62, code(4)), set(1, 63, code(5))];
    assert_eq!(found.into_iter().collect::<Result<Vec<_>, _>>()?, expected);
    let last_class = chain.ask(Address::ZERO, at, codeCall { table: 0, number: 255 }.abi_encode()).await?;
    assert_eq!(last_class.output::<codeCall>(), code(2));

    // A run that goes beyond its table, beyond a byte, and one of no table.
    let fresh = deploy::unconstructed_proxy(&chain, implementation).await?;
    let beyond = Codes { codes: vec![code(4), code(5), code(6)], ..last };
    let past = Codes { table: 0, first: 255, codes: vec![code(1), code(2)] };
    let none = Codes { table: 200, first: 0, codes: vec![code(1)] };
    let refused = [
        (beyond, ConsentInvalidCode { table: 1, number: 64 }),
        (past, ConsentInvalidCode { table: 0, number: 255 }),
        (none, ConsentInvalidCode { table: 200, number: 0 }),
    ];
    for (run, expected) in refused {
        chain.ask(Address::ZERO, fresh, filled(vec![run])).await?.refused(expected);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_refuses_what_makes_no_sense() -> Result<()> {
    let chain = Chain::start()?;
    let letting = authority::letting(&chain, Address::ZERO).await?;
    let at = deploy::unconstructed(&chain, "consent").await?;
    let at = deploy::unconstructed_proxy(&chain, at).await?;
    let nobody = Address::repeat_byte(7);
    let no_code = AccessManagedInvalidAuthority { authority: nobody }.abi_encode();
    let invalid = ConsentInvalidPolicy {}.abi_encode();
    for (data, error) in [
        (constructor(nobody, policy(), LONGEST), no_code),
        (constructor(letting, Policy { openFor: 1 << 24, ..policy() }, LONGEST), invalid.clone()),
        (constructor(letting, Policy { window: 1 << 24, ..policy() }, LONGEST), invalid.clone()),
        (constructor(letting, Policy { window: u32::MAX, openFor: u32::MAX, ..policy() }, LONGEST), invalid),
    ] {
        chain.ask(nobody, at, data).await?.refused_with(&error);
    }
    // A number that is too large for its type, and calldata that ends too early.
    let good = constructor(letting, policy(), LONGEST);
    for at_byte in [4 + 11, 4 + 32 + 23, 4 + 12 * 32 + 29] {
        let mut dirty = good.to_vec();
        dirty[at_byte] = 1;
        chain.ask(nobody, at, dirty).await?.refused_with(&[]);
    }
    chain.ask(nobody, at, good[..good.len() - 1].to_vec()).await?.refused_with(&[]);
    chain.ask(nobody, at, good).await?.succeeded();
    Ok(())
}

/// Neither anybody nor the DAO runs it again, nor from within.
#[tokio::test(flavor = "multi_thread")]
async fn the_constructor_runs_once() -> Result<()> {
    let world = World::start().await?;
    let authority = authority::letting(&world.chain, world.stranger.address()).await?;
    let again = constructor(authority, policy(), LONGEST);
    for by in [world.stranger.address(), world.dao.address(), world.authority, world.at] {
        assert!(!world.chain.ask(by, world.at, again.clone()).await?.success);
        let within = multicallCall { data: vec![again.clone()] };
        if by == world.authority {
            world.refuses(by, within, AccessManagedUnauthorized { caller: by }).await?;
        } else {
            world.refuses(by, within, FailedCall {}).await?;
        }
    }
    assert!(!world.stranger.send(world.at, again).await?.status());
    assert_eq!(world.read(authorityCall {}).await?, world.authority);
    assert_eq!(world.read(policyCall {}).await?.version, 1);
    Ok(())
}

/// Nobody has a consent of their own at the implementation's address, which everybody reads in the proxy's slot.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_constructs_the_bare_implementation() -> Result<()> {
    let world = World::start().await?;
    let (thief, bare) = (&world.stranger, world.implementation);
    let authority = authority::letting(&world.chain, thief.address()).await?;
    let taken = constructor(authority, Policy { openFor: 1, ..policy() }, [0; 64]);
    world.chain.ask(thief.address(), bare, taken.clone()).await?.refused(UUPSUnauthorizedCallContext {});
    assert!(!thief.send(bare, taken).await?.status());
    let next = deploy::unconstructed(&world.chain, "consent").await?;
    for data in [Bytes::new(), epochCall { grantor: bare }.abi_encode().into()] {
        let upgrade = upgradeToAndCallCall { newImplementation: next, data };
        world.chain.ask(thief.address(), bare, upgrade.abi_encode()).await?.refused(UUPSUnauthorizedCallContext {});
    }
    let obeys = world.chain.ask(thief.address(), bare, authorityCall {}.abi_encode()).await?;
    obeys.returned(Address::ZERO);
    assert!(world.chain.storage(bare, implementation_slot()).await?.is_zero());
    Ok(())
}

/// A proxy has its implementation's code and slot. Only the bare implementation says that it is one.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_says_of_itself() -> Result<()> {
    let world = World::start().await?;
    let slot = B256::from(implementation_slot());
    assert_eq!(world.chain.storage(world.at, slot.into()).await?, world.implementation.into_word());
    world.refuses(Address::ZERO, proxiableUUIDCall {}, UUPSUnauthorizedCallContext {}).await?;
    let bare = world.chain.ask(Address::ZERO, world.implementation, proxiableUUIDCall {}.abi_encode()).await?;
    bare.returned(slot);
    assert_eq!(world.read(UPGRADE_INTERFACE_VERSIONCall {}).await?, "5.0.0");

    let domain = world.read(eip712DomainCall {}).await?;
    assert_eq!((domain.fields.0, domain.name.as_str(), domain.version.as_str()), ([0x0f], "Consilium Consent", "1"));
    assert_eq!((domain.chainId, domain.verifyingContract), (U256::from(nitro::CHAIN_ID), world.at));
    assert_eq!((domain.salt, domain.extensions), (B256::ZERO, vec![]));
    // ERC-165, the question, AccessManaged, ERC-5267; not others, and not what ERC-165 forbids.
    for (id, has) in [
        (0x01ff_c9a7_u32, true),
        (0x4cd6_4010, true),
        (0, false),
        (u32::MAX, false),
        (0x8000_0000, false),
        (0x1626_ba7e, false),
    ] {
        assert_eq!(world.read(supportsInterfaceCall { interfaceId: id.to_be_bytes().into() }).await?, has, "{id:#x}");
    }
    Ok(())
}
