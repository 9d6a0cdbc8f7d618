//! Roles: who has them, and provisions that name one.

use std::collections::BTreeMap;

use alloy::{primitives::Address, sol_types::SolEvent};
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_given_until_a_time_and_taken() -> Result<()> {
    let world = World::start().await?;
    let account = world.doctor.address();
    let end = world.chain.now().await? + 500;
    for (role, until) in [(0, end), (31, (1 << 48) - 1), (0, end + 1), (31, 0), (5, 1)] {
        let event = RoleSet { role, account, until: time(until) }.encode_log_data();
        world.logs(&world.dao, setRoleCall { role, account, until: time(until) }, &[event]).await?;
        assert_eq!(world.read(roleUntilCall { role, account }).await?, time(until));
    }
    assert_eq!(world.read(roleUntilCall { role: 0, account }).await?, time(end + 1));
    for role in [32, 255] {
        let error = ConsentInvalidCode { table: 4, number: role };
        world.refuses(world.dao.address(), setRoleCall { role, account, until: time(end) }, error.clone()).await?;
        world.refuses(Address::ZERO, roleGranteeCall { role }, error).await?;
        assert_eq!(world.read(roleUntilCall { role, account }).await?, time(0));
    }
    let refusal = AccessManagedUnauthorized { caller: account };
    world.refuses(account, setRoleCall { role: 0, account, until: time(end) }, refusal).await
}

/// A role permits to the second, to who acts, and to the organisation that it acts for.
#[tokio::test(flavor = "multi_thread")]
async fn a_provision_for_a_role_counts_for_its_holders() -> Result<()> {
    let world = World::start().await?;
    let (doctor, hospital) = (world.doctor.address(), world.hospital().await?.address());
    for (role, account) in [(0, doctor), (31, hospital)] {
        let grantee = world.read(roleGranteeCall { role }).await?;
        assert_eq!(grantee[..4], *b"ROLE");
        assert_eq!(grantee[19], role);
        world.grants(permit(grantee)).await?;
        assert_eq!(world.asks(doctor, hospital, LABS, TREAT).await?, Said::only(16));
        let end = world.chain.now().await? + 1_000;
        world.does(&world.dao, setRoleCall { role, account, until: time(end) }).await?;
        assert_eq!(world.asks(doctor, hospital, LABS, TREAT).await?, Said::by(1, grantee, 1));
        // The role of the organisation is not that of a member who acts alone.
        let alone = world.asks(doctor, Address::ZERO, LABS, TREAT).await?;
        assert_eq!(alone.reason, if account == doctor { 1 } else { 16 });
        assert_eq!(world.asks(world.stranger.address(), Address::ZERO, LABS, TREAT).await?, Said::only(16));
        world.chain.advance_to(end - 1).await?;
        assert_eq!(world.asks(doctor, hospital, LABS, TREAT).await?.reason, 1);
        world.chain.advance_to(end).await?;
        assert_eq!(world.asks(doctor, hospital, LABS, TREAT).await?, Said::only(16));
        // Given again, and taken at once.
        for (until, reason) in [(end + 10_000, 1), (0, 16)] {
            world.does(&world.dao, setRoleCall { role, account, until: time(until) }).await?;
            assert_eq!(world.asks(doctor, hospital, LABS, TREAT).await?.reason, reason);
        }
    }
    Ok(())
}

/// Roles are asked as long as a provision names them, whichever way the provisions come and go.
#[tokio::test(flavor = "multi_thread")]
async fn the_roles_that_provisions_name_are_kept() -> Result<()> {
    let world = World::start().await?;
    let (grantor, doctor) = (world.patient.address(), world.doctor.address());
    let year = time(world.chain.now().await? + 365 * DAY);
    let mut roles = BTreeMap::new();
    for role in [0, 1, 3, 4, 5, 16, 30, 31] {
        world.does(&world.dao, setRoleCall { role, account: doctor, until: year }).await?;
        let grantee = world.read(roleGranteeCall { role }).await?;
        world.grants(Provision { classes: classes(&[role + 64]), ..permit(grantee) }).await?;
        roles.insert(role, grantee);
    }
    for (role, grantee) in &roles {
        let said = world.asks(doctor, Address::ZERO, role + 64, TREAT).await?;
        assert_eq!(said, Said::by(1, *grantee, 1));
    }
    // A ninth role has no room. Those that are named have, and people have.
    let ninth = world.read(roleGranteeCall { role: 2 }).await?;
    let full = ConsentTooManyProvisions { grantor, grantee: ninth };
    world.refuses(grantor, grantCall { grantor, provision: permit(ninth) }, full).await?;
    for grantee in [roles[&31], doctor] {
        world.asked(grantor, grantCall { grantor, provision: permit(grantee) }).await?.succeeded();
    }
    let (first, second) = (roles[&3], roles[&4]);
    let ask = async |class| world.asks(doctor, Address::ZERO, class, TREAT).await;
    world.grants(Provision { classes: classes(&[200]), ..permit(first) }).await?;
    world.does(&world.patient, revokeCall { grantor, grantee: first, number: 1 }).await?;
    assert_eq!(ask(200).await?, Said::by(1, first, 2));
    world.does(&world.patient, revokeCall { grantor, grantee: first, number: 2 }).await?;
    assert_eq!(ask(200).await?, Said::only(16));
    world.does(&world.patient, revokeGranteeCall { grantor, grantee: second }).await?;
    assert_eq!(ask(68).await?, Said::only(16));
    assert_eq!(ask(69).await?, Said::by(1, roles[&5], 1));
    world.grants(Provision { classes: classes(&[201]), ..permit(first) }).await?;
    assert_eq!(ask(201).await?, Said::by(1, first, 3));
    world.does(&world.patient, revokeAllCall { grantor }).await?;
    assert_eq!(ask(201).await?, Said::only(16));
    world.grants(Provision { classes: classes(&[202]), ..permit(second) }).await?;
    assert_eq!(ask(202).await?, Said::by(1, second, 2));
    assert_eq!(ask(201).await?, Said::only(16));
    Ok(())
}
