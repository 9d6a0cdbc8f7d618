//! What lies where behind the proxy: the slots, read by the golden layout, say what the views say, and nothing is outside of
//! the namespace but the proxy's slot and the constructor's mark.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    sol_types::SolCall,
};
use consilium_bindings::Consent::*;
use eyre::Result;
use harness::{layout::Layout, lookups::look};

use crate::{setup::implementation_slot, world::*};

/// ERC-7201's root of the namespace.
pub(crate) fn root() -> U256 {
    let id = U256::from_be_bytes(keccak256("consilium.storage.Consent").0) - U256::ONE;
    U256::from_be_bytes(keccak256(id.to_be_bytes::<32>()).0) & !U256::from(0xff)
}

/// The key of a map whose keys are an address and what follows it.
pub(crate) fn key(first: Address, then: &[u8]) -> B256 {
    keccak256([first.as_slice(), then].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slots_hold_what_the_views_say() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    let until = world.chain.now().await? + 9_000;
    for number in 1..=3 {
        world.grants(Provision { classes: U256::from(number) << 200, expiry: time(until), ..denial(grantee) }).await?;
    }
    world.does(&world.patient, revokeAllCall { grantor }).await?;
    world.grants(Provision { purposes: u64::MAX - 1, ..permit(grantee) }).await?;
    let representative = grantee;
    let name = setRepresentativeCall { grantor, representative, classes: U256::MAX, purposes: 77, until: time(until) };
    world.does(&world.patient, name).await?;
    let admit = setOrganizationCall { organization: grantee, until: time(until), jurisdiction: 31 };
    world.does(&world.dao, admit).await?;
    world.does(&world.doctor, setMembersCall { root: DOCUMENT }).await?;
    world.does(&world.doctor, setMemberCall { member: grantor, until: time(0) }).await?;
    world.does(&world.dao, setRoleCall { role: 31, account: grantee, until: time(until) }).await?;
    world.does(&world.dao, setCodeCall { table: 4, number: 30, code: DOCUMENT }).await?;

    let layout = Layout::of("consent", &world.chain, world.at)?;
    let policy = policy();
    assert_eq!(layout.field("authority").await?, U256::from_be_slice(world.authority.as_slice()));
    for (field, value) in [
        ("rules.separate_purposes", policy.separatePurposes),
        ("rules.emergency_purposes", policy.emergencyPurposes),
        ("rules.refused_jurisdictions", policy.refusedJurisdictions.into()),
        ("glass.open_for", policy.openFor.into()),
        ("glass.review_within", policy.reviewWithin.into()),
        ("glass.window", policy.window.into()),
        ("glass.limit", policy.limit.into()),
        ("counters.emergencies", 0),
        ("counters.recovery_delay", policy.recoveryDelay.into()),
        ("counters.version", 1),
    ] {
        assert_eq!(layout.field(field).await?, U256::from(value), "{field}");
    }
    assert_eq!(layout.field("closed_classes").await?, policy.closedClasses);
    for purpose in 0..64_u64 {
        let slot = layout.value("purposes", &[U256::from(purpose).into()])?;
        for (field, value) in [
            ("longest", 65_535),
            ("separate_purposes", policy.separatePurposes),
            ("separate_classes", policy.separateClasses),
            ("emergency_purposes", policy.emergencyPurposes),
            ("refused_jurisdictions", policy.refusedJurisdictions.into()),
        ] {
            assert_eq!(layout.member(slot, "Rules", field).await?, U256::from(value), "{field} of {purpose}");
        }
    }

    let slot = layout.value("grantors", &[grantor.into_word()])?;
    for (field, value) in [("epoch", 2), ("nonce", 0), ("roles", 0), ("replaced", 0), ("keys", 0)] {
        assert_eq!(layout.member(slot, "Grantor", field).await?, U256::from(value), "{field}");
    }
    let first = key(grantor, &[grantee.as_slice(), &[0]].concat());
    let slot = layout.value("terms", &[first])?;
    for (field, value) in [
        ("purposes", u64::MAX - 1),
        ("deny", 0),
        ("expiry", 0),
        ("policy", 1),
        ("number", 4),
        ("count", 1),
        ("last", 4),
        ("epoch", 2),
    ] {
        assert_eq!(layout.member(slot, "Terms", field).await?, U256::from(value), "{field}");
    }
    assert_eq!(layout.slot(layout.value("classes", &[first])?).await?, classes(&[LABS]));
    // What an epoch left behind is not cleared, and does not count.
    let second = key(grantor, &[grantee.as_slice(), &[1]].concat());
    assert_eq!(layout.slot(layout.value("classes", &[second])?).await?, U256::from(2) << 200);
    assert_eq!(world.numbers(grantee).await?, [4]);

    let pair = key(grantor, grantee.as_slice());
    let slot = layout.value("scopes", &[pair])?;
    for (field, value) in [("purposes", 77), ("until", until), ("appointed", 0), ("keys", 0)] {
        assert_eq!(layout.member(slot, "Scope", field).await?, U256::from(value), "{field}");
    }
    assert_eq!(layout.slot(layout.value("scope_classes", &[pair])?).await?, U256::MAX);
    let slot = layout.value("organizations", &[grantee.into_word()])?;
    for (field, value) in [("until", until), ("list", 1), ("jurisdiction", 31)] {
        assert_eq!(layout.member(slot, "Organization", field).await?, U256::from(value), "{field}");
    }
    assert_eq!(layout.slot(layout.value("roots", &[grantee.into_word()])?).await?, U256::from_be_bytes(DOCUMENT.0));
    let slot = layout.value("members", &[key(grantee, grantor.as_slice())])?;
    assert_eq!(layout.member(slot, "Member", "list").await?, U256::ONE);
    let mut holder = grantee.into_word();
    holder[11] = 31;
    let slot = layout.value("roles", &[holder])?;
    assert_eq!(layout.member(slot, "Member", "until").await?, U256::from(until));
    let code = layout.value("codes", &[U256::from(4 << 8 | 30).into()])?;
    assert_eq!(layout.slot(code).await?, U256::from_be_bytes(DOCUMENT.0));
    Ok(())
}

/// A proxy's slot and the records do not meet: whatever is written, the slot names the implementation, and where a contract
/// without a namespace would begin there is nothing.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_outside_of_the_namespace() -> Result<()> {
    let world = World::start().await?;
    world.grants(permit(world.doctor.address())).await?;
    world.does(&world.dao, setCodeCall { table: 0, number: 0, code: DOCUMENT }).await?;
    for slot in 0..100 {
        assert!(world.chain.storage(world.at, U256::from(slot)).await?.is_zero(), "slot {slot}");
    }
    let mark = U256::from_be_bytes(keccak256("stylus_constructor").0);
    assert!(!world.chain.storage(world.at, mark).await?.is_zero());
    let implementation = world.chain.storage(world.at, implementation_slot()).await?;
    assert_eq!(implementation, world.implementation.into_word());
    // What a call reads is the proxy's slot and slots of the namespace's fields and maps: no field has another place.
    let authority = look(&world.chain, world.at, &authorityCall {}).await?;
    assert_eq!(authority.slots.iter().filter(|slot| **slot != implementation_slot()).collect::<Vec<_>>(), [&root()]);
    let call = codeCall { table: 0, number: 0 };
    let expected = Layout::of("consent", &world.chain, world.at)?.value("codes", &[B256::ZERO])?;
    let read = look(&world.chain, world.at, &call).await?;
    assert_eq!(read.slots.iter().filter(|slot| **slot != implementation_slot()).collect::<Vec<_>>(), [&expected]);
    assert_eq!(read.answer[..], codeCall::abi_encode_returns(&DOCUMENT));
    // The bare implementation's own storage is empty.
    assert!(world.chain.storage(world.implementation, root()).await?.is_zero());
    assert!(world.chain.storage(world.implementation, mark).await?.is_zero());
    Ok(())
}
