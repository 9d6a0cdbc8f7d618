//! Tokens that misbehave: each harms itself alone. Ether and other tokens are paid out all the same, and where the
//! token behaves again, everybody gets the part that was due.

use alloy::primitives::{Address, U256};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;

use crate::world::*;
pub(crate) use harness::wild_token::*;

impl World {
    /// A wild token behaves so from now on.
    pub(crate) async fn mood(&self, token: Address, mood: u8) -> Result<()> {
        self.tells(token, Token::beCall { mood }).await
    }

    /// A world with a wild token, of which 10,000 were paid, and whose payees are Anna and Ben.
    async fn with_wild() -> Result<(Self, Address, [Address; 2])> {
        let world = Self::start().await?;
        let (token, payees) = (world.wild().await?, [world.anna.address(), world.ben.address()]);
        world.splits(&[(payees[0], 6_000), (payees[1], 4_000)], &[]).await?;
        world.pays(token, 10_000).await?;
        Ok((world, token, payees))
    }
}

/// No value and a megabyte of values are as good as true.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_say_yes_in_their_own_way() -> Result<()> {
    let (world, token, payees) = World::with_wild().await?;
    for mood in [SILENT, HUGE, LONG] {
        world.mood(token, mood).await?;
        world.pays(token, 10_000).await?;
        for (payee, part) in payees.into_iter().zip([6_000, 4_000]) {
            let due = world.due(token, payee).await?;
            assert!(due >= number(part), "{mood}");
            assert_eq!(world.releases(token, payee).await?, due);
        }
        world.conserves(token, &payees).await?;
    }
    Ok(())
}

/// What is not moved is still due; what is said not to be moved and is, is undone.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_do_not_pay_out() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_wild().await?;
    let release = release_1Call { token, account: anna };
    for mood in [NO, LIE, SLY, HUGE_REVERT, SEVEN, SENDER_FEE, BURN] {
        world.mood(token, mood).await?;
        let refusal = SplitterTransferFailed { token, to: anna, amount: number(6_000) };
        world.refuses(&world.stranger, release.clone(), refusal).await?;
        assert_eq!(world.due(token, anna).await?, number(6_000), "{mood}");
    }
    for mood in [BLIND, SHORT] {
        world.mood(token, mood).await?;
        world.refuses(&world.stranger, release.clone(), SplitterTokenUnreadable { token }).await?;
        let pay = payCall { token, amount: number(1), source: NO_SOURCE };
        world.refuses(&world.payer, pay, SplitterTokenUnreadable { token }).await?;
    }
    world.mood(token, PLAIN).await?;
    for (payee, part) in [(anna, 6_000), (ben, 4_000)] {
        assert_eq!(world.releases(token, payee).await?, number(part));
    }
    assert_eq!(world.balance(token, world.at).await?, U256::ZERO);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_do_not_pay_in() -> Result<()> {
    let (world, token, payees) = World::with_wild().await?;
    let pay = || payCall { token, amount: number(1_000), source: NO_SOURCE };
    for mood in [NO, SLY, HUGE_REVERT, SEVEN, BURN] {
        world.mood(token, mood).await?;
        let refusal = SplitterTransferFailed { token, to: world.at, amount: number(1_000) };
        world.refuses(&world.payer, pay(), refusal).await?;
    }
    world.mood(token, LIE).await?;
    world.refuses(&world.payer, pay(), SplitterNothingReceived { token }).await?;
    world.refuses(&world.payer, fundPoolCall { token, amount: number(5) }, SplitterNothingReceived { token }).await?;
    world.mood(token, PLAIN).await?;
    world.conserves(token, &payees).await
}

/// What arrived counts, and not what was said.
#[tokio::test(flavor = "multi_thread")]
async fn a_fee_is_not_received() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_wild().await?;
    world.mood(token, FEE).await?;
    let call = payCall { token, amount: number(10_000), source: NO_SOURCE };
    assert_eq!(world.does(&world.payer, call).await?, number(9_900));
    assert_eq!(world.does(&world.payer, fundPoolCall { token, amount: number(1_000) }).await?, number(990));
    assert_eq!(world.due(token, world.at).await?, number(990));
    world.conserves(token, &[anna, ben]).await?;
    // The fee of a release is the payee's.
    assert_eq!(world.due(token, anna).await?, number(11_940));
    let paid = log(ERC20PaymentReleased { token, to: anna, amount: number(11_940) });
    world.logs(&world.stranger, release_1Call { token, account: anna }, &[paid]).await?;
    assert_eq!(world.balance(token, anna).await?, number(11_940 - 119));
    assert_eq!(world.releases(token, ben).await?, number(7_960 - 79));
    assert_eq!(world.balance(token, world.at).await?, number(990));
    Ok(())
}

/// A token that moves a unit less than it is told: the unit is still due.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_rounds_away_is_still_due() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_wild().await?;
    world.mood(token, LESS).await?;
    assert_eq!(world.releases(token, anna).await?, number(5_999));
    assert_eq!(world.read(released_1Call { token, account: anna }).await?, number(5_999));
    assert_eq!(world.read(totalReleased_1Call { token }).await?, number(5_999));
    assert_eq!(world.due(token, anna).await?, U256::ONE);
    world.conserves(token, &[anna, ben]).await?;
    // Of one unit nothing moves.
    let refusal = SplitterTransferFailed { token, to: anna, amount: U256::ONE };
    world.refuses(&world.anna, release_1Call { token, account: anna }, refusal).await?;
    world.mood(token, PLAIN).await?;
    assert_eq!(world.releases(token, anna).await?, U256::ONE);
    world.conserves(token, &[anna, ben]).await
}

/// A token that takes one payee for an enemy.
#[tokio::test(flavor = "multi_thread")]
async fn a_banned_payee_blocks_nobody() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_wild().await?;
    world.tells(token, Token::banCall { account: anna, yes: true }).await?;
    let refusal = SplitterTransferFailed { token, to: anna, amount: number(6_000) };
    world.refuses(&world.anna, release_1Call { token, account: anna }, refusal).await?;
    assert_eq!(world.releases(token, ben).await?, number(4_000));
    world.splits(&[(ben, 10_000)], &[token]).await?;
    world.pays(token, 100).await?;
    assert_eq!(world.releases(token, ben).await?, number(100));
    world.tells(token, Token::banCall { account: anna, yes: false }).await?;
    assert_eq!(world.releases(token, anna).await?, number(6_000));
    world.conserves(token, &[anna, ben]).await
}

/// Balances beyond all numbers: what can be counted is counted, and nothing else stops.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_claims_everything_stops_only_itself() -> Result<()> {
    let (world, token, [anna, ben]) = World::with_wild().await?;
    world.earns(1_000).await?;
    world.mood(token, RICH).await?;
    world.tells(world.at, noticeCall { token }).await?;
    world.tells(world.at, noticeCall { token }).await?;
    let most = (U256::ONE << 112) - U256::ONE;
    assert_eq!(world.read(receivedCall { version: 2, token }).await?, most);
    assert_eq!(world.due(token, anna).await?, most * number(6) / number(10));
    let pay = payCall { token, amount: number(1), source: NO_SOURCE };
    world.refuses(&world.payer, pay, SplitterNothingReceived { token }).await?;
    assert!(!world.asked(anna, release_1Call { token, account: anna }).await?.success);
    world.splits(&[(ben, 10_000)], &[token]).await?;
    world.tells(world.at, noticeCall { token }).await?;
    assert_eq!(world.releases(ETHER, anna).await?, number(600));
    // And when it has come to its senses, there is what there is: in proportion.
    world.mood(token, PLAIN).await?;
    assert_eq!(world.due(token, anna).await?, number(6_000));
    world.sent(&world.anna, release_1Call { token, account: anna }).await?;
    assert_eq!(world.balance(token, anna).await?, number(6_000));
    Ok(())
}

/// Whatever a token calls while it is paid in or out is refused, and changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_calls_back_is_refused() -> Result<()> {
    use alloy::sol_types::{SolCall, SolError};
    let (world, token, [anna, ben]) = World::with_wild().await?;
    world.earns(1_000).await?;
    world.mood(token, REENTER).await?;
    let proof = Vec::new();
    let claim = claimCall { number: 1, index: U256::ZERO, account: ben, amount: U256::ONE, proof };
    let calls = [
        release_1Call { token, account: ben }.abi_encode(),
        release_1Call { token, account: anna }.abi_encode(),
        release_0Call { account: ben }.abi_encode(),
        noticeCall { token }.abi_encode(),
        payCall { token, amount: U256::ONE, source: NO_SOURCE }.abi_encode(),
        fundPoolCall { token, amount: U256::ONE }.abi_encode(),
        claim.abi_encode(),
        claimManyCall { number: 1, claims: vec![] }.abi_encode(),
        multicallCall { data: vec![release_0Call { account: ben }.abi_encode().into()] }.abi_encode(),
    ];
    let refusal = (false, ReentrancyGuardReentrantCall {}.abi_encode().into());
    for call in calls {
        world.tells(token, Token::armCall { to: world.at, data: call.into() }).await?;
        let paying = payCall { token, amount: number(100), source: NO_SOURCE };
        let receipt = world.payer.send(world.at, paying.abi_encode()).await?;
        let [answer] = &harness::answer::events::<Token::Reentered>(&receipt, token)?[..] else {
            eyre::bail!("the token called back once");
        };
        assert_eq!((answer.success, answer.data.clone()), refusal);
    }
    let data = release_1Call { token, account: ben }.abi_encode().into();
    world.tells(token, Token::armCall { to: world.at, data }).await?;
    let due = world.due(token, anna).await?;
    assert_eq!(world.releases(token, anna).await?, due);
    world.conserves(token, &[anna, ben]).await
}
