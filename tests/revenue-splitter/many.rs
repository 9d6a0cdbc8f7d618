//! Many claims in one call, and claims whose payment fails.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::{SolCall, SolError},
};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;
use harness::{chain::Account, peers};

use crate::{claims::*, wild::*, world::*};

async fn claims_many(world: &World, by: &Account, number: u32, claims: Vec<Claim>) -> Result<Vec<bool>> {
    world.does(by, claimManyCall { number, claims }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_claimed_and_some_are_skipped() -> Result<()> {
    let (world, list, token) = World::with_epochs().await?;
    for (number, asset) in [(1, ETHER), (2, token)] {
        world.sent(&world.stranger, list.claim(number, 2)).await?;
        let wrong = Claim { amount: crate::number(1), ..list.leaf(5) };
        let claims = vec![list.leaf(1), list.leaf(2), wrong, list.leaf(5), list.leaf(1), list.leaf(0)];
        let done = claims_many(&world, &world.stranger, number, claims).await?;
        assert_eq!(done, [true, false, false, true, false, true]);
        for (at, is) in [(0, true), (1, true), (2, true), (3, false), (5, true)] {
            let Claim { index, account, amount, .. } = list.leaf(at);
            assert_eq!(world.read(isClaimedCall { number, index }).await?, is);
            assert_eq!(world.balance(asset, account).await?, if is { amount } else { U256::ZERO });
        }
        world.conserves(asset, &[world.anna.address(), world.ben.address()]).await?;
        assert_eq!(claims_many(&world, &world.stranger, number, vec![]).await?, Vec::<bool>::new());
    }
    let none = claimManyCall { number: 9, claims: vec![list.leaf(3)] };
    world.refuses(&world.stranger, none, SplitterNotOpen { number: 9 }).await
}

/// An account that a token refuses, and one that uses up its gas, keep nobody from being paid; and are paid later.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_paid_blocks_nobody() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(10_000).await?;
    let odd = peers::create(&world.chain, "OddPayee", &[]).await?;
    let list = List::of(&[(Address::repeat_byte(1), 10), (odd, 20), (Address::repeat_byte(2), 30)]);
    world.publishes(ETHER, &list, 60).await?;
    let deadline = time(world.chain.now().await? + u64::from(WINDOW) + MONTH);
    let (root, manifest) = (list.tree.root(), B256::ZERO);
    world.does(&world.dao, publishEpochCall { token, total: number(60), root, manifest, deadline }).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    let all = || (0..3).map(|at| list.leaf(at)).collect::<Vec<_>>();
    for mood in [1, 2, 3] {
        world.tells(odd, OddPayee::beCall { mood, to: ETHER, data: vec![].into() }).await?;
        let asked = world.asked(world.stranger.address(), claimManyCall { number: 1, claims: all() }).await?;
        assert_eq!(asked.output::<claimManyCall>(), [true, false, true], "{mood}");
    }
    assert_eq!(claims_many(&world, &world.stranger, 1, all()).await?, [true, false, true]);
    world.tells(token, Token::banCall { account: odd, yes: true }).await?;
    let failed = SplitterTransferFailed { token, to: odd, amount: number(20) }.abi_encode();
    let (_, logs) = world.sent(&world.stranger, claimManyCall { number: 2, claims: all() }).await?;
    assert_eq!(logs[1], log(ClaimSkipped { number: 2, index: U256::ONE, reason: failed.into() }));
    for (number, asset) in [(1, ETHER), (2, token)] {
        assert!(!world.read(isClaimedCall { number, index: U256::ONE }).await?);
        assert_eq!(world.read(epochCall { number }).await?.remaining, crate::number(20));
        world.conserves(asset, &[world.anna.address(), world.ben.address()]).await?;
    }
    world.tells(odd, OddPayee::beCall { mood: 0, to: ETHER, data: vec![].into() }).await?;
    world.tells(token, Token::banCall { account: odd, yes: false }).await?;
    for number in [1, 2] {
        world.sent(&world.stranger, list.claim(number, 1)).await?;
    }
    assert_eq!(world.balance(ETHER, odd).await?, number(20));
    Ok(())
}

/// Whatever gas somebody brings: a claim is paid, or it is as it was. An account that needs much gas gets it.
#[tokio::test(flavor = "multi_thread")]
async fn too_little_gas_spoils_no_claim() -> Result<()> {
    use alloy::{network::TransactionBuilder, providers::Provider, rpc::types::TransactionRequest};
    let world = World::start().await?;
    world.with_pool(1_000).await?;
    let odd = peers::create(&world.chain, "OddPayee", &[]).await?;
    world.tells(odd, OddPayee::beCall { mood: 6, to: ETHER, data: vec![].into() }).await?;
    let list = List::of(&[(odd, 100)]);
    world.publishes(ETHER, &list, 100).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    let call = claimManyCall { number: 1, claims: vec![list.leaf(0)] }.abi_encode();
    for (unpaid, gas) in (50_000..1_000_000).step_by(30_000).enumerate() {
        let request = TransactionRequest::default().with_to(world.at).with_input(call.clone()).with_gas_limit(gas);
        let receipt = world.stranger.provider.send_transaction(request).await?.get_receipt().await?;
        let is_paid = world.balance(ETHER, odd).await? == number(100);
        assert_eq!(world.read(isClaimedCall { number: 1, index: U256::ZERO }).await?, is_paid);
        world.conserves(ETHER, &[world.anna.address(), world.ben.address()]).await?;
        if is_paid {
            assert!(receipt.status() && unpaid > 5);
            return Ok(());
        }
    }
    eyre::bail!("it was never paid")
}

/// Tokens that misbehave in an epoch: what they do not pay is not claimed, and no other epoch pays for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_wild_token_s_epoch_harms_itself_alone() -> Result<()> {
    let (world, list, token) = World::with_epochs().await?;
    let stranger = &world.stranger;
    let Claim { account, amount, .. } = list.leaf(4);
    for mood in [NO, LIE, SLY, HUGE_REVERT, SEVEN, SENDER_FEE, BURN] {
        world.mood(token, mood).await?;
        let refusal = SplitterTransferFailed { token, to: account, amount };
        world.refuses(stranger, list.claim(2, 4), refusal.clone()).await?;
        let many = world.asked(stranger.address(), claimManyCall { number: 2, claims: vec![list.leaf(4)] }).await?;
        if [SLY, SEVEN, SENDER_FEE].contains(&mood) {
            // It moved what it said it did not, or more: nothing of it stays.
            many.refused(refusal);
        } else {
            assert_eq!(many.output::<claimManyCall>(), [false]);
        }
    }
    for mood in [BLIND, SHORT] {
        world.mood(token, mood).await?;
        world.refuses(stranger, list.claim(2, 4), SplitterTokenUnreadable { token }).await?;
    }
    world.sent(stranger, list.claim(1, 4)).await?;
    // Those that say yes in their own way.
    for (mood, at) in [(SILENT, 0), (HUGE, 1), (LONG, 2), (FEE, 3), (PLAIN, 4)] {
        world.mood(token, mood).await?;
        world.sent(stranger, list.claim(2, at)).await?;
    }
    let remaining = world.read(epochCall { number: 2 }).await?.remaining;
    assert_eq!(remaining, number(4_000));
    world.mood(token, PLAIN).await?;
    world.conserves(token, &[world.anna.address(), world.ben.address()]).await
}

/// A token that moves a unit less than it is told: the account bears it, and the unit is noticed as revenue.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_rounds_away_in_a_claim() -> Result<()> {
    let (world, list, token) = World::with_epochs().await?;
    world.mood(token, LESS).await?;
    let Claim { index, account, amount, .. } = list.leaf(2);
    let events = [
        log(Claimed { number: 2, index, account, to: account, amount: amount - U256::ONE }),
        log(LossTaken { token, account, amount: U256::ONE }),
    ];
    world.logs(&world.stranger, list.claim(2, 2), &events).await?;
    assert_eq!(world.does(&world.stranger, noticeCall { token }).await?, U256::ONE);
    world.conserves(token, &[world.anna.address(), world.ben.address()]).await
}

/// Whatever is called back while a claim is paid is refused, of ether and of a token.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_not_re_entered() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(10_000).await?;
    let odd = peers::create(&world.chain, "OddPayee", &[]).await?;
    let list = List::of(&[(odd, 20), (odd, 30)]);
    world.publishes(ETHER, &list, 50).await?;
    let deadline = time(world.chain.now().await? + u64::from(WINDOW) + MONTH);
    let (root, manifest) = (list.tree.root(), B256::ZERO);
    world.does(&world.dao, publishEpochCall { token, total: number(50), root, manifest, deadline }).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    let refusal = ReentrancyGuardReentrantCall {}.abi_encode();
    for (at, inner) in [(0, list.claim(1, 0)), (1, list.claim(2, 0))] {
        let data = inner.abi_encode().into();
        world.tells(odd, OddPayee::beCall { mood: 4, to: world.at, data }).await?;
        let receipt = world.stranger.send(world.at, list.claim(1, at).abi_encode()).await?;
        let [answer] = &harness::answer::events::<Token::Reentered>(&receipt, odd)?[..] else {
            eyre::bail!("the payee called back once");
        };
        assert_eq!((answer.success, answer.data.to_vec()), (false, refusal.clone()));
    }
    assert_eq!(world.balance(ETHER, odd).await?, number(50));
    world.mood(token, REENTER).await?;
    let data = list.claim(2, 0).abi_encode().into();
    world.tells(token, Token::armCall { to: world.at, data }).await?;
    world.sent(&world.stranger, list.claim(2, 0)).await?;
    assert_eq!(world.balance(token, odd).await?, number(20));
    world.conserves(token, &[world.anna.address(), world.ben.address()]).await
}

/// Whoever is paid and gives the contract more meanwhile is skipped, and keeps nobody else from being paid.
#[tokio::test(flavor = "multi_thread")]
async fn a_gift_blocks_nobody() -> Result<()> {
    let (world, list, token) = World::with_epochs().await?;
    let gift = Token::transferFromCall { from: world.payer.address(), to: world.at, amount: number(500) };
    world.tells(token, Token::armCall { to: token, data: gift.abi_encode().into() }).await?;
    world.mood(token, REENTER).await?;
    let claims = vec![list.leaf(0), list.leaf(1), list.leaf(2)];
    assert_eq!(claims_many(&world, &world.stranger, 2, claims).await?, [false, true, true]);
    world.mood(token, PLAIN).await?;
    // The account had its 100, and has them again: the contract was given 500.
    world.sent(&world.stranger, list.claim(2, 0)).await?;
    assert_eq!(world.does(&world.stranger, noticeCall { token }).await?, number(400));
    world.conserves(token, &[world.anna.address(), world.ben.address()]).await
}
