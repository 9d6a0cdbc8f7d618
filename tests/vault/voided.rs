//! What voids reports of a death, until the last second.

use alloy::primitives::{Address, Bytes, U256};
use consilium_deploy::vault::Vault;
use eyre::Result;

use crate::setup::{DAY, FEE, World, terms, uint48};

/// The chain's owner forbids activations, and later allows them again: whoever revives the program clears its reports.
#[tokio::test]
async fn a_revival_voids_the_programs_reports() -> Result<()> {
    let world = World::upgraded().await?;
    let program = world.lasting;
    world.price_activations(u64::MAX).await?;
    assert!(!world.reports(program, FEE).await?, "nothing can be activated");
    assert!(!world.reports(world.mortal, FEE).await?);
    world.price_activations(0).await?;
    // Any time: a report of life need not wait for a day.
    let receipt = world.sends(&Vault::reportCall { program }, FEE, 30_000_000).await?;
    let events = harness::answer::events::<Vault::LifeReported>(&receipt, world.vault)?;
    assert_eq!(events, [Vault::LifeReported { program, reporter: world.stranger.address() }]);
    assert_eq!(world.death(program).await?, Vault::Death::default());
    // The other one is as dead as before.
    assert_eq!(world.death(world.mortal).await?.reports, 1);
    Ok(())
}

/// Somebody revives the program without the vault: then a report says so, with next to no gas.
#[tokio::test]
async fn a_revival_elsewhere_is_noticed_by_the_next_report() -> Result<()> {
    let world = World::upgraded().await?;
    let program = world.lasting;
    world.price_activations(u64::MAX).await?;
    world.reports(program, 0).await?;
    world.price_activations(0).await?;
    assert!(harness::raw_program::activate(&world.stranger, program).await?.status());
    let receipt = world.sends(&Vault::reportCall { program }, 0, 150_000).await?;
    assert_eq!(harness::answer::events::<Vault::LifeReported>(&receipt, world.vault)?.len(), 1);
    Ok(())
}

/// Any call of the owner is a sign of life, and one that fails is none.
#[tokio::test]
async fn a_call_of_the_owner_voids_all_reports() -> Result<()> {
    let world = World::confirmed().await?;
    let execute = |value| Vault::executeCall { target: Address::repeat_byte(0x50), value, data: Bytes::new() };
    let confirmed = world.death(world.mortal).await?;
    world.calls(world.owner, execute(U256::MAX)).await?.refused_with(&[]);
    assert_eq!(world.death(world.mortal).await?, confirmed);

    let answer = world.calls(world.owner, execute(U256::ZERO)).await?;
    assert_eq!(answer.event::<Vault::ReportsVoided>(), Vault::ReportsVoided { round: 1 });
    assert_eq!(world.death(world.mortal).await?, Vault::Death::default());
    // It says so once.
    assert!(world.calls(world.owner, execute(U256::ZERO)).await?.succeeded().logs.is_empty());
    // A program that stays dead is reported from the beginning, at once.
    world.reports(world.mortal, 0).await?;
    let now = world.chain.now().await?;
    let death = world.death(world.mortal).await?;
    assert_eq!((death.since, death.last, death.reports, death.round), (uint48(now), uint48(now), 1, 1));
    assert!(death.confirmed.is_zero());

    // The same by each setter. Programs that are named have to be active, so the dead one is none of them.
    assert!(harness::raw_program::activate(&world.stranger, world.lasting).await?.status());
    world.calls(world.owner, Vault::setTermsCall { newTerms: terms(world.heir) }).await?.succeeded();
    assert_eq!(world.view(Vault::roundCall {}).await?, 2);
    world.reports(world.mortal, 0).await?;
    let dead = Vault::setProgramsCall { newPrograms: vec![world.lasting, world.mortal] };
    world.calls(world.owner, dead).await?.refused(Vault::InvalidProgram { program: world.mortal });
    assert_eq!(world.death(world.mortal).await?.reports, 1);
    let (newOwner, newPrograms) = (world.owner, vec![world.lasting]);
    world.calls(world.owner, Vault::transferOwnershipCall { newOwner, newPrograms }).await?.succeeded();
    assert_eq!(world.view(Vault::roundCall {}).await?, 3);
    assert_eq!(world.death(world.mortal).await?, Vault::Death::default());

    let world = World::upgraded().await?;
    world.reports(world.mortal, 0).await?;
    world.calls(world.owner, Vault::setProgramsCall { newPrograms: vec![] }).await?.succeeded();
    assert_eq!(world.view(Vault::roundCall {}).await?, 1);
    assert_eq!(world.death(world.mortal).await?, Vault::Death::default());
    Ok(())
}

/// After more than a week without a report nothing is known of the time between.
#[tokio::test]
async fn a_silence_begins_again() -> Result<()> {
    let world = World::confirmed().await?;
    let last = world.death(world.mortal).await?.last.to::<u64>();
    world.chain.set_time(last + 7 * DAY).await?;
    world.reports(world.mortal, 0).await?;
    let death = world.death(world.mortal).await?;
    assert!(!death.confirmed.is_zero() && death.last == uint48(last + 7 * DAY), "a week is no silence");
    world.chain.advance_to(last + 14 * DAY + 1).await?;
    assert_eq!(world.death(world.mortal).await?, Vault::Death::default());
    world.reports(world.mortal, 0).await?;
    let death = world.death(world.mortal).await?;
    assert_eq!((death.reports, death.since), (1, death.last));
    assert!(death.confirmed.is_zero());
    Ok(())
}
