//! Tokens that misbehave: each harms itself alone.

use alloy::{
    primitives::Address,
    sol_types::{SolCall, SolError},
};
use consilium_bindings::Mandate::*;
use eyre::Result;

use crate::world::*;
pub(crate) use harness::wild_token::*;

async fn with_wild() -> Result<(World, Address)> {
    let world = World::start().await?;
    let token = world.wild(10_000).await?;
    let now = world.at_once().await?;
    world.grants(&world.anna, now + TERM, 0, 0).await?;
    world.allows(&world.anna, token, 1_000, PERIOD).await?;
    Ok((world, token))
}

async fn be(world: &World, token: Address, mood: u8) -> Result<()> {
    world.tells(token, Token::beCall { mood }).await
}

/// No value and a megabyte of values are as good as true.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_say_yes_in_their_own_way() -> Result<()> {
    let (world, token) = with_wild().await?;
    for (mood, paid) in [(SILENT, 100), (HUGE, 200), (LONG, 300)] {
        be(&world, token, mood).await?;
        world.spends(&world.anna, token, 100).await?;
        assert_eq!(world.balance(token, payee()).await?, number(paid), "{mood}");
        assert_eq!(world.left(&world.anna, token).await?, 1_000 - paid);
    }
    Ok(())
}

/// Whatever was not moved, or not so, is not spent.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_do_not_pay() -> Result<()> {
    let (world, token) = with_wild().await?;
    let back = recoverCall { token, to: payee(), amount: number(100) };
    for mood in [NO, LIE, SLY, HUGE_REVERT, SEVEN, SENDER_FEE, BURN, RICH] {
        be(&world, token, mood).await?;
        let failed = MandateTransferFailed { token, to: payee(), amount: number(100) };
        world.refuses(&world.anna, spend(token, 100), failed.clone()).await?;
        world.refuses(&world.dao, back.clone(), failed).await?;
    }
    for mood in [BLIND, SHORT] {
        be(&world, token, mood).await?;
        world.refuses(&world.anna, spend(token, 100), MandateTokenUnreadable { token }).await?;
        world.refuses(&world.dao, back.clone(), MandateTokenUnreadable { token }).await?;
    }
    be(&world, token, PLAIN).await?;
    world.tells(token, Token::banCall { account: payee(), yes: true }).await?;
    let failed = MandateTransferFailed { token, to: payee(), amount: number(100) };
    world.refuses(&world.anna, spend(token, 100), failed).await?;
    assert_eq!(world.balance(token, world.at).await?, number(10_000));
    assert_eq!(world.left(&world.anna, token).await?, 1_000);
    // What has no code is no token.
    let token = Address::repeat_byte(9);
    world.allows(&world.anna, token, 1_000, PERIOD).await?;
    world.refuses(&world.anna, spend(token, 1), MandateTokenUnreadable { token }).await
}

/// All of the amount counts against the limit, whatever the token keeps of it or rounds away.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_keeps_is_spent() -> Result<()> {
    let (world, token) = with_wild().await?;
    be(&world, token, FEE).await?;
    world.spends(&world.anna, token, 400).await?;
    assert_eq!(world.balance(token, payee()).await?, number(396));
    be(&world, token, LESS).await?;
    world.spends(&world.anna, token, 400).await?;
    assert_eq!(world.balance(token, world.at).await?, number(10_000 - 799));
    assert_eq!(world.left(&world.anna, token).await?, 200);
    // Of one unit nothing moves.
    let failed = MandateTransferFailed { token, to: payee(), amount: number(1) };
    world.refuses(&world.anna, spend(token, 1), failed).await
}

/// Whatever a token calls while it is paid is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_calls_back_is_refused() -> Result<()> {
    let (world, token) = with_wild().await?;
    let now = world.at_once().await?;
    world.sent(&world.dao, grant(token, now + TERM, EVERY, now + 1)).await?;
    world.sent(&world.dao, setAllowanceCall { holder: token, token: ETHER, limit: 1_000, period: PERIOD }).await?;
    world.earns(1_000).await?;
    be(&world, token, REENTER).await?;
    for call in [spend(ETHER, 1).abi_encode(), report().abi_encode(), markOverdueCall { holder: token }.abi_encode()] {
        world.tells(token, Token::armCall { to: world.at, data: call.into() }).await?;
        let receipt = world.anna.send(world.at, spend(token, 10).abi_encode()).await?;
        let [answer] = &harness::answer::events::<Token::Reentered>(&receipt, token)?[..] else {
            eyre::bail!("the token calls back once");
        };
        assert_eq!((answer.success, &answer.data), (false, &ReentrancyGuardReentrantCall {}.abi_encode().into()));
    }
    assert_eq!(world.balance(ETHER, world.at).await?, number(1_000));
    Ok(())
}
