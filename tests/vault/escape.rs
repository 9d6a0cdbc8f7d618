//! The heir becomes the owner, once, when nothing else can help.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::SolCall,
};
use consilium_deploy::vault::Vault;
use eyre::Result;
use harness::{actor::Actor, answer::Answer, dao::whole, raw_program};

use crate::setup::{DAY, DELAY, FEE, PERIOD, World, uint48};

fn escape(world: &World) -> Vault::escapeCall {
    Vault::escapeCall { program: world.mortal }
}

#[tokio::test]
async fn the_heir_waits_and_then_has_everything() -> Result<()> {
    let world = World::confirmed().await?;
    let program = world.mortal;
    let escapable = world.death(program).await?.confirmed.to::<u64>() + DELAY;
    let too_soon = || Vault::EscapeTooSoon { escapableFrom: uint48(escapable) };
    world.calls(world.heir, escape(&world)).await?.refused(too_soon());
    world.report_for(escapable - 1 - world.chain.now().await?).await?;
    world.chain.set_time(escapable - 1).await?;
    world.calls(world.heir, escape(&world)).await?.refused(too_soon());
    world.chain.set_time(escapable).await?;
    // Nobody but the heir, not even now, and not for a program that lives or that nobody watches.
    let account = world.stranger.address();
    world.refuses(escape(&world), 0, Vault::UnauthorizedHeir { account }).await?;
    world.calls(world.owner, escape(&world)).await?.refused(Vault::UnauthorizedHeir { account: world.owner });
    let other = Vault::escapeCall { program: world.lasting };
    world.calls(world.heir, other).await?.refused(Vault::NotConfirmed { program: world.lasting });
    let unknown = Vault::escapeCall { program: world.heir };
    world.calls(world.heir, unknown).await?.refused(Vault::NotWatched { program: world.heir });

    let answer = world.calls(world.heir, escape(&world)).await?;
    let (heir, previousOwner) = (world.heir, world.owner);
    assert_eq!(answer.event::<Vault::Escaped>(), Vault::Escaped { program, heir });
    assert_eq!(
        answer.event::<Vault::OwnershipTransferred>(),
        Vault::OwnershipTransferred { previousOwner, newOwner: heir }
    );
    assert_eq!(answer.event::<Vault::ReportsVoided>(), Vault::ReportsVoided { round: 1 });
    assert_eq!(answer.event::<Vault::TermsSet>().terms.heir, Address::ZERO);
    assert!(answer.event::<Vault::ProgramsSet>().programs.is_empty());
    assert_eq!(world.view(Vault::ownerCall {}).await?, heir);
    assert_eq!(world.view(Vault::termsCall {}).await?.heir, Address::ZERO);
    assert!(world.view(Vault::programsCall {}).await?.is_empty());

    // A second time it is nobody's, and who was the owner is nobody.
    world.calls(world.heir, escape(&world)).await?.refused(Vault::UnauthorizedHeir { account: heir });
    world.refuses(Vault::reportCall { program }, 0, Vault::NotWatched { program }).await?;
    let target = Address::repeat_byte(0x50);
    let pay = Vault::executeCall { target, value: whole(10), data: Bytes::new() };
    let refusal = Vault::OwnableUnauthorizedAccount { account: previousOwner };
    world.calls(previousOwner, pay.clone()).await?.refused(refusal);
    world.calls(heir, pay).await?.succeeded();
    assert_eq!((world.balance(target).await?, world.balance(world.vault).await?), (whole(10), U256::ZERO));
    Ok(())
}

/// Twice in one transaction: the second is refused.
#[tokio::test]
async fn the_heir_escapes_once() -> Result<()> {
    let world = World::escapable().await?;
    let call: Bytes = escape(&world).abi_encode().into();
    let each = Actor::eachCall { targets: vec![world.vault; 2], calls: vec![call; 2] };
    let receipt = world.chain.dev_account()?.send(world.heir, each.abi_encode()).await?;
    let [first, second] = &Answer::all(&receipt, world.heir)[..] else { panic!("two answers") };
    assert!(first.succeeded().logs.len() == 5);
    second.refused(Vault::UnauthorizedHeir { account: world.heir });
    Ok(())
}

/// After the delay the heir needs a report of the last two days: somebody has tried once more.
#[tokio::test]
async fn the_last_report_is_recent() -> Result<()> {
    let world = World::escapable().await?;
    let last = world.death(world.mortal).await?.last.to::<u64>();
    world.chain.set_time(last + 2 * DAY + 1).await?;
    world.calls(world.heir, escape(&world)).await?.refused(Vault::ReportOutdated { last: uint48(last) });
    world.reports(world.mortal, 0).await?;
    world.chain.set_time(last + 4 * DAY + 1).await?;
    world.calls(world.heir, escape(&world)).await?.succeeded();
    Ok(())
}

/// A heir that waits too long, with nobody who reports, begins again.
#[tokio::test]
async fn a_silence_ends_the_heirs_turn() -> Result<()> {
    let world = World::escapable().await?;
    world.chain.advance(7 * DAY + 1).await?;
    let program = world.mortal;
    world.calls(world.heir, escape(&world)).await?.refused(Vault::NotConfirmed { program });
    world.reports(program, 0).await?;
    world.calls(world.heir, escape(&world)).await?.refused(Vault::NotConfirmed { program });
    Ok(())
}

/// The owner or a revival stops the heir at the last moment, whoever revives the program, and whether or not anybody
/// reports it.
#[tokio::test]
async fn life_stops_the_heir_at_the_last_moment() -> Result<()> {
    let world = World::escapable().await?;
    let sign = Vault::executeCall { target: world.vault, value: U256::ZERO, data: Bytes::new() };
    world.calls(world.owner, sign).await?.succeeded();
    let program = world.mortal;
    world.calls(world.heir, escape(&world)).await?.refused(Vault::NotConfirmed { program });

    // The chain's owner forbids activations for as long as it takes, and then allows them.
    for reported in [true, false] {
        let world = World::upgraded().await?;
        world.price_activations(u64::MAX).await?;
        let program = world.lasting;
        for _ in 0..=(PERIOD + DELAY) / (5 * DAY) {
            assert!(!world.reports(program, FEE).await?);
            world.chain.advance(5 * DAY).await?;
        }
        assert!(!world.reports(program, FEE).await?);
        world.price_activations(0).await?;
        let call = Vault::escapeCall { program };
        let refused = world.calls(world.heir, call.clone());
        if reported {
            assert!(world.reports(program, FEE).await?, "it can be activated again");
            refused.await?.refused(Vault::NotConfirmed { program });
        } else {
            assert!(raw_program::activate(&world.stranger, program).await?.status());
            refused.await?.refused(Vault::ProgramActive { program });
        }
    }
    Ok(())
}

/// The heir cannot starve the question that it is asked at the end: from no gas to plenty, a program that was revived
/// since the last report is never taken for one that is not active.
#[tokio::test]
async fn the_last_question_is_not_starved() -> Result<()> {
    let world = World::upgraded().await?;
    world.price_activations(u64::MAX).await?;
    let program = world.lasting;
    for _ in 0..=(PERIOD + DELAY) / (5 * DAY) {
        world.reports(program, FEE).await?;
        world.chain.advance(5 * DAY).await?;
    }
    world.reports(program, FEE).await?;
    let data: Bytes = Vault::escapeCall { program }.abi_encode().into();
    let tries = async |gas: u64| -> Result<bool> {
        use alloy::{network::TransactionBuilder, providers::Provider, rpc::types::TransactionRequest};
        let request = TransactionRequest::default().with_from(world.heir).with_to(world.vault);
        let request = request.with_input(data.clone()).with_gas_limit(gas).with_gas_price(0);
        Ok(world.chain.dev.call(request).pending().await.is_ok())
    };
    assert!(tries(1_000_000).await?, "while it is dead");
    world.price_activations(0).await?;
    assert!(raw_program::activate(&world.stranger, program).await?.status());
    for gas in (21_000..250_000).step_by(500) {
        assert!(!tries(gas).await?, "with {gas} gas");
    }
    assert!(!tries(1_000_000).await?);
    Ok(())
}
