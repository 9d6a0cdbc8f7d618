//! Revoking one, those of a grantee, and all. Numbers are never used again.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolEvent,
};
use consilium_bindings::Consent::*;
use eyre::Result;

use crate::world::*;

/// So many provisions for the doctor, each of one class: its number.
async fn provisions(world: &World, count: u32) -> Result<Address> {
    let grantee = world.doctor.address();
    for number in 1..=count {
        let provision = Provision { classes: classes(&[number as u8]), ..permit(grantee) };
        assert_eq!(world.grants(provision).await?, number);
    }
    Ok(grantee)
}

/// Those that are left are what they were, whichever was revoked, and answer questions.
#[tokio::test(flavor = "multi_thread")]
async fn the_others_stay_as_they_were() -> Result<()> {
    let world = World::start().await?;
    let grantor = world.patient.address();
    for order in [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [3, 1, 5, 2, 4], [2, 5, 1, 3, 4]] {
        let grantee = world.doctor.address();
        let first = world.numbers(grantee).await?.len();
        assert_eq!(first, 0);
        let mut numbers = Vec::new();
        for class in 1..=5 {
            numbers.push(world.grants(Provision { classes: classes(&[class]), ..permit(grantee) }).await?);
        }
        let mut left = world.read(provisionsCall { grantor, grantee }).await?;
        for revoked in order.map(|place: usize| numbers[place - 1]) {
            let event = ConsentRevoked { grantor, grantee, number: revoked, by: grantor };
            let call = revokeCall { grantor, grantee, number: revoked };
            world.logs(&world.patient, call, &[event.encode_log_data()]).await?;
            left.retain(|provision| provision.number != revoked);
            let mut found = world.read(provisionsCall { grantor, grantee }).await?;
            found.sort_by_key(|provision| provision.number);
            assert_eq!(found, left, "after {revoked} of {order:?}");
            for class in 1..=5 {
                let said = world.asks(grantee, Address::ZERO, class, TREAT).await?;
                let number = numbers[usize::from(class) - 1];
                let stays = left.iter().any(|provision| provision.number == number);
                assert_eq!(said, if stays { Said::by(1, grantee, number) } else { Said::only(16) });
            }
            let missing = ConsentNoSuchProvision { grantor, grantee, number: revoked };
            world.refuses(grantor, revokeCall { grantor, grantee, number: revoked }, missing.clone()).await?;
            let amend = amendCall { grantor, number: revoked, provision: permit(grantee) };
            world.refuses(grantor, amend, missing).await?;
        }
    }
    // Four times five were given and all revoked.
    assert_eq!(world.grants(permit(world.doctor.address())).await?, 21);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_grantor_revokes() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), provisions(&world, 1).await?);
    for account in [world.stranger.address(), grantee, world.dao.address()] {
        let error = ConsentUnauthorized { grantor, account };
        world.refuses(account, revokeCall { grantor, grantee, number: 1 }, error.clone()).await?;
        world.refuses(account, revokeGranteeCall { grantor, grantee }, error.clone()).await?;
        world.refuses(account, revokeAllCall { grantor }, error).await?;
    }
    for number in [0, 2] {
        let missing = ConsentNoSuchProvision { grantor, grantee, number };
        world.refuses(grantor, revokeCall { grantor, grantee, number }, missing).await?;
    }
    assert_eq!(world.numbers(grantee).await?, [1]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn those_of_a_grantee_are_revoked_at_once() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), provisions(&world, 4).await?);
    let other = world.stranger.address();
    world.grants(permit(other)).await?;
    let event = ConsentsRevoked { grantor, grantee, by: grantor }.encode_log_data();
    world.logs(&world.patient, revokeGranteeCall { grantor, grantee }, std::slice::from_ref(&event)).await?;
    assert_eq!(world.numbers(grantee).await?, [] as [u32; 0]);
    assert_eq!(world.asks(grantee, Address::ZERO, 2, TREAT).await?, Said::only(16));
    assert_eq!(world.numbers(other).await?, [1]);
    assert_eq!(world.read(epochCall { grantor }).await?, 1);
    for number in 1..=4 {
        let missing = ConsentNoSuchProvision { grantor, grantee, number };
        world.refuses(grantor, revokeCall { grantor, grantee, number }, missing).await?;
    }
    // Where there is none it does nothing, and says so all the same.
    world.logs(&world.patient, revokeGranteeCall { grantor, grantee }, &[event]).await?;
    assert_eq!(world.grants(permit(grantee)).await?, 5);
    // What stood in the other places does not come back.
    assert_eq!(world.grants(denial(grantee)).await?, 6);
    assert_eq!(world.numbers(grantee).await?, [5, 6]);
    assert_eq!(world.asks(grantee, Address::ZERO, 2, TREAT).await?, Said::only(16));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_revoked_at_once() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), provisions(&world, 3).await?);
    let (other, role) = (world.stranger.address(), world.read(roleGranteeCall { role: 5 }).await?);
    world.grants(permit(other)).await?;
    world.grants(permit(role)).await?;
    let year = time(world.chain.now().await? + 365 * DAY);
    world.does(&world.dao, setRoleCall { role: 5, account: grantee, until: year }).await?;
    assert_eq!(world.says().await?, Said::by(1, role, 1));
    // Another grantor's stay.
    let elsewhere = grantCall { grantor: other, provision: permit(grantee) };
    world.does(&world.stranger, elsewhere).await?;

    let event = AllConsentsRevoked { grantor, epoch: 2, by: grantor }.encode_log_data();
    world.logs(&world.patient, revokeAllCall { grantor }, &[event]).await?;
    assert_eq!(world.read(epochCall { grantor }).await?, 2);
    for revoked in [grantee, other, role] {
        assert_eq!(world.numbers(revoked).await?, [] as [u32; 0]);
        let missing = ConsentNoSuchProvision { grantor, grantee: revoked, number: 1 };
        world.refuses(grantor, revokeCall { grantor, grantee: revoked, number: 1 }, missing).await?;
    }
    assert_eq!(world.says().await?, Said::only(16));
    assert_eq!(world.read(provisionsCall { grantor: other, grantee }).await?.len(), 1);

    // Numbers go on, and nothing of before counts again.
    assert_eq!(world.grants(permit(grantee)).await?, 4);
    assert_eq!(world.grants(permit(grantee)).await?, 5);
    assert_eq!(world.numbers(grantee).await?, [4, 5]);
    assert_eq!(world.asks(grantee, Address::ZERO, 3, TREAT).await?, Said::only(16));
    assert_eq!(world.grants(permit(role)).await?, 2);
    for epoch in 3..=5 {
        let event = AllConsentsRevoked { grantor, epoch, by: grantor }.encode_log_data();
        world.logs(&world.patient, revokeAllCall { grantor }, &[event]).await?;
    }
    assert_eq!(world.numbers(grantee).await?, [] as [u32; 0]);
    assert_eq!(world.grants(permit(grantee)).await?, 6);
    Ok(())
}

/// Somebody who never granted anything revokes all: an empty pair of an old epoch is not mistaken for one in force.
#[tokio::test(flavor = "multi_thread")]
async fn all_of_nothing_is_revoked() -> Result<()> {
    let world = World::start().await?;
    let (grantor, grantee) = (world.patient.address(), world.doctor.address());
    world.does(&world.patient, revokeGranteeCall { grantor, grantee }).await?;
    assert_eq!(world.read(epochCall { grantor }).await?, 0);
    world.does(&world.patient, revokeAllCall { grantor }).await?;
    assert_eq!(world.read(epochCall { grantor }).await?, 1);
    assert_eq!(world.grants(Provision { classes: U256::MAX, ..permit(grantee) }).await?, 1);
    assert_eq!(world.says().await?, Said::by(1, grantee, 1));
    Ok(())
}
