//! Releasing what payees are due, as OpenZeppelin's PaymentSplitter does.

use alloy::{
    primitives::{Address, U256},
    sol_types::SolCall,
};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;
use harness::peers;

use crate::world::*;

/// Takes, refuses, uses up its gas, reverts with a megabyte.
pub(crate) const MOODS: [u8; 4] = [0, 1, 2, 3];

#[tokio::test(flavor = "multi_thread")]
async fn ether_is_split_and_released() -> Result<()> {
    let world = World::start().await?;
    let (anna, ben) = (world.anna.address(), world.ben.address());
    world.earns(1_001).await?;
    for (account, due) in [(anna, 600), (ben, 300), (world.at, 100), (world.cleo.address(), 0)] {
        assert_eq!(world.due(ETHER, account).await?, number(due));
    }
    assert_eq!(world.read(remainderCall { token: ETHER }).await?, U256::ONE);
    let before = world.balance(ETHER, anna).await?;
    let event = log(PaymentReleased { to: anna, amount: number(600) });
    world.logs(&world.stranger, release_0Call { account: anna }, &[event]).await?;
    assert_eq!(world.balance(ETHER, anna).await? - before, number(600));
    assert_eq!(world.read(released_0Call { account: anna }).await?, number(600));
    assert_eq!(world.read(released_0Call { account: ben }).await?, U256::ZERO);
    assert_eq!(world.read(totalReleased_0Call {}).await?, number(600));
    assert_eq!(world.read(receivedCall { version: 1, token: ETHER }).await?, number(1_001));
    world.conserves(ETHER, &[anna, ben]).await?;
    world.refuses(&world.anna, release_0Call { account: anna }, SplitterNothingDue { account: anna }).await?;
    // Rounding is over everything that was received, and not each time.
    world.earns(1).await?;
    world.earns(8).await?;
    assert_eq!(world.releases(ETHER, anna).await?, number(6));
    assert_eq!(world.releases(ETHER, ben).await?, number(303));
    world.conserves(ETHER, &[anna, ben]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_split_and_released() -> Result<()> {
    let world = World::start().await?;
    let (token, other) = (world.token(6).await?, world.token(0).await?);
    let (anna, ben) = (world.anna.address(), world.ben.address());
    world.pays(token, 1_001).await?;
    world.transfers(token, 9).await?;
    world.pays(other, 10).await?;
    for (account, due) in [(anna, 606), (ben, 303), (world.at, 101), (world.cleo.address(), 0)] {
        assert_eq!(world.due(token, account).await?, number(due));
    }
    // The transfer is noticed now.
    let events = [
        log(Noticed { token, version: 1, amount: number(9) }),
        log(ERC20PaymentReleased { token, to: anna, amount: number(606) }),
    ];
    world.logs(&world.stranger, release_1Call { token, account: anna }, &events).await?;
    assert_eq!(world.balance(token, anna).await?, number(606));
    assert_eq!(world.read(released_1Call { token, account: anna }).await?, number(606));
    assert_eq!(world.read(released_1Call { token: other, account: anna }).await?, U256::ZERO);
    assert_eq!(world.read(totalReleased_1Call { token }).await?, number(606));
    assert_eq!(world.read(totalReleased_0Call {}).await?, U256::ZERO);
    let refusal = SplitterNothingDue { account: anna };
    world.refuses(&world.anna, release_1Call { token, account: anna }, refusal).await?;
    assert_eq!(world.releases(other, anna).await?, number(6));
    for token in [token, other] {
        world.conserves(token, &[anna, ben]).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_to_nobody() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(18).await?;
    world.earns(1_000).await?;
    world.pays(token, 1_000).await?;
    for account in [world.cleo.address(), Address::ZERO, world.manager] {
        let refusal = SplitterNothingDue { account };
        world.refuses(&world.stranger, release_0Call { account }, refusal.clone()).await?;
        world.refuses(&world.stranger, release_1Call { token, account }, refusal).await?;
    }
    // The pool is paid out by epochs.
    let refusal = SplitterInvalidRecipient { account: world.at };
    world.refuses(&world.stranger, release_0Call { account: world.at }, refusal.clone()).await?;
    world.refuses(&world.stranger, release_1Call { token, account: world.at }, refusal).await?;
    // What is no token.
    for token in [Address::ZERO, world.cleo.address(), world.manager, world.at] {
        let refusal = SplitterTokenUnreadable { token };
        let account = world.anna.address();
        world.refuses(&world.stranger, release_1Call { token, account }, refusal.clone()).await?;
        world.refuses(&world.stranger, releasable_1Call { token, account }, refusal.clone()).await?;
        world.refuses(&world.stranger, noticeCall { token }, refusal).await?;
    }
    Ok(())
}

/// A payee that takes no ether keeps nobody else from it, and gets its part when it takes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_payee_that_refuses_hurts_itself_alone() -> Result<()> {
    let world = World::start().await?;
    let odd = peers::create(&world.chain, "OddPayee", &[]).await?;
    let anna = world.anna.address();
    world.splits(&[(odd, 5_000), (anna, 5_000)], &[]).await?;
    world.earns(100).await?;
    for mood in [1, 2, 3] {
        world.tells(odd, OddPayee::beCall { mood, to: ETHER, data: vec![].into() }).await?;
        let refusal = SplitterTransferFailed { token: ETHER, to: odd, amount: number(50) };
        world.refuses(&world.stranger, release_0Call { account: odd }, refusal).await?;
        assert_eq!(world.due(ETHER, odd).await?, number(50));
    }
    assert_eq!(world.releases(ETHER, anna).await?, number(50));
    world.tells(odd, OddPayee::beCall { mood: MOODS[0], to: ETHER, data: vec![].into() }).await?;
    assert_eq!(world.releases(ETHER, odd).await?, number(50));
    world.conserves(ETHER, &[anna, odd]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_paid_in_one_call() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(18).await?;
    world.earns(1_000).await?;
    world.pays(token, 1_000).await?;
    let (anna, ben) = (world.anna.address(), world.ben.address());
    let data = [anna, ben]
        .iter()
        .flat_map(|account| {
            let (account, token) = (*account, token);
            [release_0Call { account }.abi_encode().into(), release_1Call { token, account }.abi_encode().into()]
        })
        .collect();
    world.does(&world.stranger, multicallCall { data }).await?;
    assert_eq!(world.balance(token, ben).await?, number(300));
    assert_eq!(world.read(totalReleased_0Call {}).await?, number(900));
    // All or none.
    world.earns(1_000).await?;
    let call = release_0Call { account: anna }.abi_encode().into();
    let data = vec![call, release_0Call { account: world.cleo.address() }.abi_encode().into()];
    let refusal = SplitterNothingDue { account: world.cleo.address() };
    world.refuses(&world.stranger, multicallCall { data }, refusal).await
}
