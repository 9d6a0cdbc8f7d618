//! Tokens whose balances shrink by themselves: the loss is everybody's, in proportion, and nobody can make another one
//! bear it.

use alloy::primitives::{Address, B256, U256};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;

use crate::{claims::*, world::*};

impl World {
    /// A world whose payees Anna and Ben share 10,000 of a token that has lost a fifth.
    async fn with_loss() -> Result<(Self, Address, [Address; 2])> {
        let world = Self::start().await?;
        let (token, payees) = (world.wild().await?, [world.anna.address(), world.ben.address()]);
        world.splits(&[(payees[0], 6_000), (payees[1], 4_000)], &[]).await?;
        world.pays(token, 10_000).await?;
        world.tells(token, Token::rebaseCall { percent: number(80) }).await?;
        Ok((world, token, payees))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_is_shared_whoever_comes_first() -> Result<()> {
    for first in [0, 1] {
        let (world, token, payees) = World::with_loss().await?;
        let accounts = [&world.anna, &world.ben];
        for (account, part) in payees.into_iter().zip([4_800, 3_200]) {
            assert_eq!(world.due(token, account).await?, number(part));
        }
        for at in [first, 1 - first] {
            let (account, full) = (payees[at], [6_000, 4_000][at]);
            let paid = full / 10 * 8;
            let events = [
                log(ERC20PaymentReleased { token, to: account, amount: number(paid) }),
                log(LossTaken { token, account, amount: number(full - paid) }),
            ];
            world.logs(accounts[at], release_1Call { token, account }, &events).await?;
            assert_eq!(world.balance(token, account).await?, number(paid));
            // It has given up the rest.
            assert_eq!(world.read(released_1Call { token, account }).await?, number(full));
            world.refuses(accounts[at], release_1Call { token, account }, SplitterNothingDue { account }).await?;
        }
        assert_eq!(world.balance(token, world.at).await?, U256::ZERO);
        assert_eq!(world.read(totalReleased_1Call { token }).await?, number(10_000));
        // What comes now is split as ever.
        world.pays(token, 1_000).await?;
        assert_eq!(world.releases(token, payees[0]).await?, number(600));
    }
    Ok(())
}

/// Nobody takes a loss for somebody else: who waits has everything when the token has recovered.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_payee_itself_takes_a_loss() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_loss().await?;
    for by in [&world.stranger, &world.ben, &world.dao] {
        world.refuses(by, release_1Call { token, account: anna }, SplitterShort { token }).await?;
    }
    world.sent(&world.ben, release_1Call { token, account: ben }).await?;
    world.tells(token, Token::rebaseCall { percent: number(125) }).await?;
    assert_eq!(world.due(token, anna).await?, number(6_000));
    assert_eq!(world.releases(token, anna).await?, number(6_000));
    Ok(())
}

/// What a token rounds away where a loss is taken is given up too: the events are all that was due.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_rounded_away_from_a_loss_is_given_up() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_loss().await?;
    world.mood(token, crate::wild::LESS).await?;
    let events = [
        log(ERC20PaymentReleased { token, to: anna, amount: number(4_799) }),
        log(LossTaken { token, account: anna, amount: number(1_201) }),
    ];
    world.logs(&world.anna, release_1Call { token, account: anna }, &events).await?;
    assert_eq!(world.read(released_1Call { token, account: anna }).await?, number(6_000));
    assert_eq!(world.due(token, anna).await?, U256::ZERO);
    // The unit is there, and makes the others' loss smaller.
    assert_eq!(world.due(token, ben).await?, number(3_201));
    Ok(())
}

/// New money is not taken for an old hole: it is recorded in full, for the table of its arrival. A transfer without a
/// call fills the hole first, and is noticed where it is more.
#[tokio::test(flavor = "multi_thread")]
async fn new_money_is_recorded_in_full() -> Result<()> {
    let (world, token, [anna, _]) = World::with_loss().await?;
    world.splits(&[(world.cleo.address(), 10_000)], &[token]).await?;
    let pay = payCall { token, amount: number(2_000), source: NO_SOURCE };
    assert_eq!(world.does(&world.payer, pay).await?, number(2_000));
    assert_eq!(world.read(receivedCall { version: 3, token }).await?, number(2_000));
    // 12,000 are owed, 10,000 are there.
    assert_eq!(world.due(token, world.cleo.address()).await?, number(1_666));
    assert_eq!(world.due(token, anna).await?, number(5_000));
    world.transfers(token, 2_500).await?;
    assert_eq!(world.due(token, anna).await?, number(6_000));
    assert_eq!(world.due(token, world.cleo.address()).await?, number(2_500));
    assert_eq!(world.does(&world.stranger, noticeCall { token }).await?, number(500));
    Ok(())
}

/// What a token gains by itself is revenue.
#[tokio::test(flavor = "multi_thread")]
async fn a_gain_is_revenue() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_loss().await?;
    world.tells(token, Token::rebaseCall { percent: number(150) }).await?;
    assert_eq!(world.does(&world.stranger, noticeCall { token }).await?, number(2_000));
    assert_eq!(world.releases(token, anna).await?, number(7_200));
    world.conserves(token, &[anna, ben]).await
}

/// All is lost: nobody takes nothing for something, and it can come back.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_not_paid() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_loss().await?;
    world.tells(token, Token::rebaseCall { percent: U256::ZERO }).await?;
    for (by, account) in [(&world.anna, anna), (&world.ben, ben)] {
        assert_eq!(world.due(token, account).await?, U256::ZERO);
        world.refuses(by, release_1Call { token, account }, SplitterNothingDue { account }).await?;
    }
    let (world, token, [anna, ben]) = World::with_loss().await?;
    world.tells(token, Token::rebaseCall { percent: U256::ONE }).await?;
    // A hundredth of 8,000 are left.
    assert_eq!(world.due(token, anna).await?, number(48));
    world.pays(token, 10_000).await?;
    world.sent(&world.ben, release_1Call { token, account: ben }).await?;
    assert!(world.due(token, anna).await? > number(6_000));
    Ok(())
}

/// An epoch bears a loss as payees do: its accounts themselves, each its own part.
#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_bears_its_part_of_a_loss() -> Result<()> {
    let world = World::start().await?;
    let token = world.wild().await?;
    let (cleo, payees) = (world.cleo.address(), [world.anna.address(), world.ben.address()]);
    world.pays(token, 10_000).await?;
    let list = List::of(&[(cleo, 500), (payees[0], 500)]);
    world.publishes(token, &list, 1_000).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    world.tells(token, Token::rebaseCall { percent: number(80) }).await?;
    world.refuses(&world.stranger, list.claim(1, 0), SplitterShort { token }).await?;
    let many = claimManyCall { number: 1, claims: vec![list.leaf(0), list.leaf(1)] };
    assert_eq!(world.asked(world.stranger.address(), many).await?.output::<claimManyCall>(), [false, false]);
    // No other epoch is published meanwhile: its money would be less at once.
    let deadline = time(world.chain.now().await? + MONTH);
    let (root, manifest) = (B256::repeat_byte(3), B256::ZERO);
    let other = publishEpochCall { token, total: U256::ONE, root, manifest, deadline };
    world.refuses(&world.dao, other, SplitterShort { token }).await?;
    let events = [
        log(Claimed { number: 1, index: U256::ZERO, account: cleo, to: cleo, amount: number(400) }),
        log(LossTaken { token, account: cleo, amount: number(100) }),
    ];
    world.logs(&world.cleo, list.claim(1, 0), &events).await?;
    assert_eq!(world.due(token, payees[0]).await?, number(4_800));
    world.tells(token, Token::rebaseCall { percent: number(125) }).await?;
    world.sent(&world.stranger, list.claim(1, 1)).await?;
    assert_eq!(world.due(token, payees[0]).await?, number(6_000));
    Ok(())
}

/// What was not claimed is not recovered at a loss: whoever executes it would choose the second.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recovered_at_a_loss() -> Result<()> {
    let (world, _, token) = World::with_epochs().await?;
    world.chain.advance(2 * MONTH).await?;
    world.tells(token, Token::rebaseCall { percent: number(80) }).await?;
    world.refuses(&world.dao, recoverEpochCall { number: 2 }, SplitterShort { token }).await?;
    // Somebody sends what is missing.
    world.transfers(token, 2_000).await?;
    let event = log(EpochRecovered { number: 2, to: treasury(), amount: number(5_500) });
    world.logs(&world.dao, recoverEpochCall { number: 2 }, &[event]).await?;
    world.conserves(token, &[world.anna.address(), world.ben.address()]).await
}
