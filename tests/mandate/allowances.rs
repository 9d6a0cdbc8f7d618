//! What a holder may spend, in a period and over periods, and what a change of it does.

use alloy::primitives::{Address, U256};
use consilium_bindings::Mandate::*;
use eyre::Result;

use crate::world::*;

const EACH: u64 = PERIOD as u64;

fn set(holder: Address, token: Address, limit: u128, period: u32) -> setAllowanceCall {
    setAllowanceCall { holder, token, limit, period }
}

fn spent(holder: Address, token: Address, amount: u64, left: u64, refillsAt: u64) -> alloy::primitives::LogData {
    let refillsAt = time(refillsAt);
    log(Spent { holder, token, to: payee(), amount: number(amount), left: number(left), refillsAt })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_spends_its_limit_in_each_period_and_nothing_more() -> Result<()> {
    let (world, now) = World::with(ETHER, false).await?;
    let (anna, holder) = (&world.anna, world.anna.address());
    let exceeded = |left| MandateExceeded { holder, token: ETHER, left: number(left) };
    world.logs(anna, spend(ETHER, 400), &[spent(holder, ETHER, 400, 600, now + EACH)]).await?;
    world.refuses(anna, spend(ETHER, 601), exceeded(600)).await?;
    world.logs(anna, spend(ETHER, 600), &[spent(holder, ETHER, 600, 0, now + EACH)]).await?;
    world.refuses(anna, spend(ETHER, 1), exceeded(0)).await?;
    world.chain.advance_to(now + EACH - 1).await?;
    world.refuses(anna, spend(ETHER, 1), exceeded(0)).await?;

    // It is full again, and no fuller after three periods, of which the third began 500 seconds ago.
    world.chain.advance_to(now + EACH).await?;
    assert_eq!(world.left(anna, ETHER).await?, 1_000);
    world.chain.advance_to(now + 3 * EACH + 500).await?;
    world.refuses(anna, spend(ETHER, 1_001), exceeded(1_000)).await?;
    world.logs(anna, spend(ETHER, 1_000), &[spent(holder, ETHER, 1_000, 0, now + 4 * EACH)]).await?;
    let found = world.read(allowanceCall { holder, token: ETHER }).await?;
    assert_eq!((found.limit, found.left), (number(1_000), number(0)));
    assert_eq!((found.period, found.refillsAt), (PERIOD, time(now + 4 * EACH)));
    assert_eq!(world.balance(ETHER, payee()).await?, number(2_000));
    assert_eq!(world.balance(ETHER, world.at).await?, number(8_000));
    Ok(())
}

/// One kind of money says nothing about another, and one holder's limit nothing about another's: they share the balance.
#[tokio::test(flavor = "multi_thread")]
async fn allowances_are_each_holders_and_each_tokens_own() -> Result<()> {
    let (world, now) = World::with(ETHER, false).await?;
    let token = world.plain(900).await?;
    world.allows(&world.anna, token, 500, 7).await?;
    world.grants(&world.ben, now + TERM, 0, 0).await?;
    world.allows(&world.ben, token, u128::MAX, u32::MAX).await?;
    world.spends(&world.anna, token, 500).await?;
    assert_eq!(world.left(&world.anna, ETHER).await?, 1_000);
    // Ben may spend more than there is, and gets what is left.
    let ben = world.ben.address();
    let failed = MandateTransferFailed { token, to: payee(), amount: number(401) };
    world.refuses(&world.ben, spend(token, 401), failed).await?;
    world.spends(&world.ben, token, 400).await?;
    world.chain.advance(7).await?;
    let failed = MandateTransferFailed { token, to: payee(), amount: number(1) };
    world.refuses(&world.anna, spend(token, 1), failed).await?;
    let none = MandateExceeded { holder: ben, token: ETHER, left: number(0) };
    world.refuses(&world.ben, spend(ETHER, 1), none).await?;
    let holder = world.stranger.address();
    world.refuses(&world.stranger, spend(token, 1), MandateNotRunning { holder }).await
}

/// Whatever the DAO changes in a period, what was spent in it stays spent.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_gives_nothing_twice() -> Result<()> {
    let (world, now) = World::with(ETHER, false).await?;
    let (anna, dao, holder) = (&world.anna, &world.dao, world.anna.address());
    let is = |limit: u64, left, period, refillsAt| {
        let (limit, left, refillsAt) = (number(limit), number(left), time(refillsAt));
        log(AllowanceSet { holder, token: ETHER, limit, left, period, refillsAt })
    };
    world.spends(anna, ETHER, 900).await?;
    world.chain.advance_to(now + 100).await?;
    // The same again, more, and less than was spent: the period goes on.
    world.logs(dao, set(holder, ETHER, 1_000, PERIOD), &[is(1_000, 100, PERIOD, now + EACH)]).await?;
    world.logs(dao, set(holder, ETHER, 1_500, PERIOD), &[is(1_500, 600, PERIOD, now + EACH)]).await?;
    world.logs(dao, set(holder, ETHER, 200, PERIOD), &[is(200, 0, PERIOD, now + EACH)]).await?;
    // Ended and set again.
    world.logs(dao, set(holder, ETHER, 0, 9), &[is(0, 0, 0, 0)]).await?;
    let none = MandateExceeded { holder, token: ETHER, left: number(0) };
    world.refuses(anna, spend(ETHER, 1), none).await?;
    world.logs(dao, set(holder, ETHER, 1_000, PERIOD), &[is(1_000, 100, PERIOD, now + EACH)]).await?;
    // A mandate that is ended and given again.
    world.sent(dao, endMandateCall { holder }).await?;
    world.grants(anna, now + TERM, 0, 0).await?;
    world.logs(dao, set(holder, ETHER, 1_000, PERIOD), &[is(1_000, 100, PERIOD, now + EACH)]).await?;
    // Another period begins now, with what was spent.
    world.logs(dao, set(holder, ETHER, 1_000, 50), &[is(1_000, 100, 50, now + 150)]).await?;
    world.chain.advance_to(now + 149).await?;
    assert_eq!(world.left(anna, ETHER).await?, 100);
    world.chain.advance_to(now + 150).await?;
    assert_eq!(world.left(anna, ETHER).await?, 1_000);
    world.spends(anna, ETHER, 1_000).await?;
    world.logs(dao, set(holder, ETHER, 1_000, 5_000), &[is(1_000, 0, 5_000, now + 5_150)]).await?;
    world.chain.advance_to(now + 5_149).await?;
    assert_eq!(world.left(anna, ETHER).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_numbers_do_no_harm() -> Result<()> {
    let (world, _) = World::with(ETHER, false).await?;
    let holder = world.anna.address();
    let refused = set(holder, ETHER, 1, 0);
    world.refuses(&world.dao, refused, MandateInvalidPeriod {}).await?;
    let token = world.wild(0).await?;
    world.tells(token, Token::mintCall { to: world.at, amount: U256::from(u128::MAX) }).await?;
    world.allows(&world.anna, token, u128::MAX, u32::MAX).await?;
    let all = spendCall { token, to: payee(), amount: U256::from(u128::MAX) };
    for amount in [U256::from(u128::MAX) + U256::ONE, U256::MAX] {
        let exceeded = MandateExceeded { holder, token, left: U256::from(u128::MAX) };
        world.refuses(&world.anna, spendCall { amount, ..all.clone() }, exceeded).await?;
    }
    world.sent(&world.anna, all).await?;
    assert_eq!(world.balance(token, world.at).await?, U256::ZERO);
    let exceeded = MandateExceeded { holder, token, left: U256::ZERO };
    world.refuses(&world.anna, spend(token, 1), exceeded).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_no_payment_and_nobody_no_recipient() -> Result<()> {
    let (world, _) = World::with(ETHER, false).await?;
    world.refuses(&world.anna, spend(ETHER, 0), MandateInvalidAmount {}).await?;
    for to in [Address::ZERO, world.at] {
        let call = spendCall { token: ETHER, to, amount: U256::ONE };
        world.refuses(&world.anna, call, MandateInvalidRecipient { to }).await?;
    }
    // The holder may pay itself.
    let to = world.anna.address();
    world.sent(&world.anna, spendCall { token: ETHER, to, amount: number(5) }).await?;
    Ok(())
}
