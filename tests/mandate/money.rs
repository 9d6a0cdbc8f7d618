//! What comes, what the DAO takes back, and recipients that misbehave.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol_types::{SolCall, SolError},
};
use consilium_bindings::Mandate::*;
use eyre::Result;
use harness::peers;

use crate::world::*;

/// The moods of OddPayee, in its order.
pub(crate) const REFUSE: u8 = 1;
pub(crate) const BURN: u8 = 2;
pub(crate) const HUGE: u8 = 3;
pub(crate) const REENTER: u8 = 4;
pub(crate) const RETURN: u8 = 5;

alloy::sol! {
    event Reentered(bool success, bytes data);
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_pays_in() -> Result<()> {
    let world = World::start().await?;
    let receipt = world.stranger.send_with(world.at, Vec::new(), 700).await?;
    let received = log(Received { from: world.stranger.address(), amount: number(700) });
    assert_eq!(receipt.logs().iter().map(|log| log.data().clone()).collect::<Vec<_>>(), [received]);
    // No function takes ether, and unknown calldata is refused.
    for data in [report().abi_encode(), vec![0xde, 0xad, 0xbe, 0xef]] {
        assert!(!world.stranger.send_with(world.at, data, 1).await?.status());
    }
    assert_eq!(world.balance(ETHER, world.at).await?, number(700));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dao_takes_back_what_it_wants() -> Result<()> {
    let (world, _) = World::with(ETHER, false).await?;
    let token = world.plain(900).await?;
    let to = payee();
    for (money, amount) in [(ETHER, 4_000), (token, 900), (ETHER, 6_000)] {
        let recovered = log(Recovered { token: money, to, amount: number(amount) });
        world.logs(&world.dao, recoverCall { token: money, to, amount: number(amount) }, &[recovered]).await?;
    }
    assert_eq!((world.balance(ETHER, world.at).await?, world.balance(ETHER, to).await?), (number(0), number(10_000)));
    assert_eq!(world.balance(token, to).await?, number(900));
    // The allowance is as before, and there is nothing to spend.
    assert_eq!(world.left(&world.anna, ETHER).await?, 1_000);
    let failed = MandateTransferFailed { token: ETHER, to, amount: number(1) };
    world.refuses(&world.anna, spend(ETHER, 1), failed).await?;

    let take = |token, to, amount| recoverCall { token, to, amount };
    for amount in [U256::ONE, U256::from(u128::MAX), U256::MAX] {
        for token in [ETHER, token] {
            let failed = MandateTransferFailed { token, to, amount };
            world.refuses(&world.dao, take(token, to, amount), failed).await?;
        }
    }
    world.refuses(&world.dao, take(ETHER, to, U256::ZERO), MandateInvalidAmount {}).await?;
    for (to, amount) in [(Address::ZERO, U256::ONE), (world.at, U256::ONE), (world.at, U256::ZERO)] {
        world.refuses(&world.dao, take(ETHER, to, amount), MandateInvalidRecipient { to }).await?;
    }
    Ok(())
}

/// Who does not take ether is not paid, and nothing is spent. A recipient that sends it back has been paid.
#[tokio::test(flavor = "multi_thread")]
async fn recipients_that_refuse() -> Result<()> {
    let (world, _) = World::with(ETHER, false).await?;
    let to = peers::create(&world.chain, "OddPayee", &[]).await?;
    let pay = spendCall { token: ETHER, to, amount: number(100) };
    for mood in [REFUSE, BURN, HUGE] {
        world.tells(to, OddPayee::beCall { mood, to: Address::ZERO, data: Bytes::new() }).await?;
        let failed = MandateTransferFailed { token: ETHER, to, amount: number(100) };
        world.refuses(&world.anna, pay.clone(), failed.clone()).await?;
        assert!(!world.anna.send(world.at, pay.abi_encode()).await?.status());
        let back = recoverCall { token: ETHER, to, amount: number(100) };
        world.refuses(&world.dao, back, failed).await?;
        assert_eq!(world.left(&world.anna, ETHER).await?, 1_000, "{mood}");
    }
    world.tells(to, OddPayee::beCall { mood: RETURN, to: world.at, data: Bytes::new() }).await?;
    world.sent(&world.anna, pay).await?;
    assert_eq!(world.left(&world.anna, ETHER).await?, 900);
    assert_eq!(world.balance(ETHER, world.at).await?, number(10_000));
    Ok(())
}

/// A recipient that has a mandate, and is even the authority's admin, calls back: every call that changes anything for
/// itself is refused, and views see what was written before it was paid.
#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_that_calls_back_is_refused() -> Result<()> {
    let (world, now) = World::with(ETHER, false).await?;
    let odd = peers::create(&world.chain, "OddPayee", &[]).await?;
    world.sent(&world.dao, grant(odd, now + TERM, EVERY, now + 1)).await?;
    world.sent(&world.dao, setAllowanceCall { holder: odd, token: ETHER, limit: 1_000, period: PERIOD }).await?;
    let admin = consilium_bindings::AccessManager::grantRoleCall { roleId: 0, account: odd, executionDelay: 0 };
    assert!(world.dao.send(world.manager, admin.abi_encode()).await?.status());
    let next = harness::deploy::unconstructed(&world.chain, "mandate").await?;
    let pay = spendCall { token: ETHER, to: odd, amount: number(100) };
    let calls = [
        pay.abi_encode(),
        report().abi_encode(),
        markOverdueCall { holder: odd }.abi_encode(),
        recoverCall { token: ETHER, to: odd, amount: number(1) }.abi_encode(),
        upgradeToAndCallCall { newImplementation: next, data: Default::default() }.abi_encode(),
    ];
    for (call, by_itself) in calls.into_iter().zip([true, true, false, false, false]) {
        world.tells(odd, OddPayee::beCall { mood: REENTER, to: world.at, data: call.clone().into() }).await?;
        let act = OddPayee::actCall { to: world.at, data: pay.abi_encode().into() };
        let receipt = if by_itself {
            world.stranger.send(odd, act.abi_encode()).await?
        } else {
            world.anna.send(world.at, pay.abi_encode()).await?
        };
        let [answer] = &harness::answer::events::<Reentered>(&receipt, odd)?[..] else {
            eyre::bail!("it calls back once");
        };
        assert_eq!((answer.success, &answer.data), (false, &ReentrancyGuardReentrantCall {}.abi_encode().into()));
    }
    let view = allowanceCall { holder: world.anna.address(), token: ETHER };
    world.tells(odd, OddPayee::beCall { mood: REENTER, to: world.at, data: view.abi_encode().into() }).await?;
    let left = world.left(&world.anna, ETHER).await?;
    let receipt = world.anna.send(world.at, pay.abi_encode()).await?;
    let [answer] = &harness::answer::events::<Reentered>(&receipt, odd)?[..] else { eyre::bail!("it calls back once") };
    let seen = allowanceCall::abi_decode_returns(&answer.data)?;
    assert_eq!((answer.success, seen.left), (true, number(left - 100)));
    Ok(())
}
