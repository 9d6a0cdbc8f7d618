//! When a program is dead, and when not: an attempt to activate it decides, and not what ArbWasm says of it today.

use alloy::{primitives::U256, sol_types::SolCall};
use consilium_deploy::vault::Vault;
use eyre::Result;
use nitro::{ARB_WASM, ArbWasm};

use crate::setup::{DAY, DELAY, FEE, PERIOD, REPORTS, World, uint48};

/// The whole way of a program that a new version of Stylus refuses, until its death is confirmed.
#[tokio::test]
async fn a_program_that_a_new_version_refuses_is_dead() -> Result<()> {
    let world = World::start().await?;
    let program = world.mortal;
    assert!(world.reports(program, FEE).await?, "ArbOS 51 takes it");
    world.chain.upgrade_arbos().await?;
    let since = world.chain.now().await?;
    let report = Vault::reportCall { program };
    let (mut reports, reporter) = (0, world.stranger.address());
    // Reports at the ends of the period and every five days between.
    for day in [0, 5, 10, 15] {
        world.chain.advance_to(since + day * DAY).await?;
        let receipt = world.sends(&report, FEE, 30_000_000).await?;
        assert!(receipt.status());
        reports += 1;
        let told = harness::answer::events::<Vault::DeathReported>(&receipt, world.vault)?;
        let event = Vault::DeathReported { program, reporter, since: uint48(since), reports };
        assert_eq!(told, [event]);
        assert_eq!(receipt.logs().len(), 1, "it is not confirmed");
    }
    world.chain.advance_to(since + PERIOD).await?;
    let receipt = world.sends(&report, 0, 30_000_000).await?;
    let now = world.chain.now().await?;
    let [confirmed] = &harness::answer::events::<Vault::DeathConfirmed>(&receipt, world.vault)?[..] else {
        panic!("the death is not confirmed")
    };
    assert_eq!(confirmed, &Vault::DeathConfirmed { program, heir: world.heir, escapableFrom: uint48(now + DELAY) });
    let death = Vault::Death { since: uint48(since), last: uint48(now), reports: 5, confirmed: uint48(now), round: 0 };
    assert_eq!(world.death(program).await?, death);
    // It is confirmed once.
    world.chain.advance(DAY).await?;
    let receipt = world.sends(&report, 0, 30_000_000).await?;
    assert_eq!((receipt.status(), receipt.logs().len()), (true, 1));
    assert_eq!(world.death(program).await?.confirmed, uint48(now));
    // The other program is none the worse.
    assert_eq!(world.death(world.lasting).await?, Vault::Death::default());
    Ok(())
}

/// All ether comes back from a report of a death.
#[tokio::test]
async fn a_report_of_a_death_costs_gas_alone() -> Result<()> {
    let world = World::upgraded().await?;
    let before = world.balance(world.stranger.address()).await?;
    let report = Vault::reportCall { program: world.mortal };
    let receipt = world.sends(&report, FEE, 30_000_000).await?;
    let gas = U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price);
    assert_eq!(world.balance(world.stranger.address()).await?, before - gas);
    Ok(())
}

/// A program that expired, and one that waits after an upgrade: the report itself brings it back, for the fee, and without
/// the fee it proves nothing.
#[tokio::test]
async fn a_program_that_waits_for_an_activation_is_not_dead() -> Result<()> {
    for expires in [true, false] {
        let world = World::start().await?;
        let program = world.lasting;
        match expires {
            true => world.chain.let_programs_expire().await?,
            false => world.chain.upgrade_arbos().await?,
        }
        let version = ArbWasm::programVersionCall { program }.abi_encode();
        assert!(!world.chain.ask(world.vault, ARB_WASM, version.clone()).await?.success, "it is not active");
        let report = Vault::reportCall { program };
        let refused = world.asks(&report, 1, 30_000_000).await?;
        let data = refused.data;
        let Vault::VaultErrors::InsufficientFee(short) = decoded(&data)? else { panic!("{data}") };
        assert_eq!(short.have, U256::from(1));
        let fee = short.want.to::<u64>();
        for wei in [0, 1, fee - 1] {
            world
                .refuses(report.clone(), wei, Vault::InsufficientFee { have: U256::from(wei), want: short.want })
                .await?;
        }
        assert_eq!(world.death(program).await?, Vault::Death::default());

        let before = world.balance(world.stranger.address()).await?;
        let receipt = world.sends(&report, FEE, 30_000_000).await?;
        assert!(receipt.status());
        let gas = U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price);
        assert_eq!(world.balance(world.stranger.address()).await?, before - gas - short.want, "{expires}");
        assert!(world.chain.ask(world.vault, ARB_WASM, version).await?.success, "it is active");
        assert!(world.reports(program, 0).await?);
        assert_eq!(world.death(program).await?, Vault::Death::default());
    }
    Ok(())
}

fn decoded(data: &[u8]) -> Result<Vault::VaultErrors> {
    Ok(alloy::sol_types::SolInterface::abi_decode(data)?)
}

#[tokio::test]
async fn reports_of_one_day_count_once() -> Result<()> {
    let world = World::upgraded().await?;
    let program = world.mortal;
    world.reports(program, 0).await?;
    let first = world.chain.now().await?;
    let next = Vault::ReportedTooSoon { next: uint48(first + DAY) };
    world.refuses(Vault::reportCall { program }, 0, next.clone()).await?;
    world.chain.advance_to(first + DAY - 1).await?;
    world.chain.set_time(first + DAY - 1).await?;
    world.refuses(Vault::reportCall { program }, 0, next).await?;
    world.chain.set_time(first + DAY).await?;
    assert!(world.sends(&Vault::reportCall { program }, 0, 30_000_000).await?.status());
    assert_eq!(world.death(program).await?.reports, 2);
    Ok(())
}

/// As many days as it takes, and too few reports; as many reports, and too few days.
#[tokio::test]
async fn both_days_and_reports_have_to_be_enough() -> Result<()> {
    // Reports every seven days: the fourth is the first after the period.
    let world = World::upgraded().await?;
    let begin = world.chain.now().await?;
    let program = world.mortal;
    for (day, confirmed) in [(0, false), (7, false), (14, false), (21, true)] {
        world.chain.advance_to(begin + day * DAY).await?;
        world.chain.set_time(begin + day * DAY).await?;
        world.reports(program, 0).await?;
        assert_eq!(!world.death(program).await?.confirmed.is_zero(), confirmed, "on day {day}");
    }
    // With ten reports as the least, these are too few.
    let world = World::with_terms(|heir| Vault::Terms { minReports: 10, ..crate::setup::terms(heir) }).await?;
    world.chain.upgrade_arbos().await?;
    world.report_for(PERIOD + DAY).await?;
    let death = world.death(world.mortal).await?;
    assert!(death.reports >= u32::from(REPORTS) && death.confirmed.is_zero());
    while world.death(world.mortal).await?.reports < 9 {
        world.chain.advance(DAY).await?;
        world.reports(world.mortal, 0).await?;
    }
    assert!(world.death(world.mortal).await?.confirmed.is_zero());
    world.chain.advance(DAY).await?;
    world.reports(world.mortal, 0).await?;
    assert!(!world.death(world.mortal).await?.confirmed.is_zero());
    // Each day for less than the period.
    let world = World::upgraded().await?;
    let begin = world.chain.now().await?;
    for day in 0..PERIOD / DAY {
        world.chain.advance_to(begin + day * DAY).await?;
        world.reports(world.mortal, 0).await?;
        assert!(world.death(world.mortal).await?.confirmed.is_zero(), "on day {day}");
    }
    Ok(())
}

/// Nothing is reported without an heir: nobody could do anything with it.
#[tokio::test]
async fn without_an_heir_there_is_nothing_to_report() -> Result<()> {
    let world = World::with_terms(|_| crate::setup::terms(alloy::primitives::Address::ZERO)).await?;
    world.chain.upgrade_arbos().await?;
    world.refuses(Vault::reportCall { program: world.mortal }, 0, Vault::NoHeir {}).await
}
