//! Known faults of other splitters, each tried on this one.

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::{SolCall, SolError},
};
use consilium_bindings::{AccessManager::grantRoleCall, RevenueSplitter::*};
use eyre::Result;
use harness::{deploy, peers};

use crate::{claims::*, world::*};

/// A payee that sends what it gets back at once, again and again, for a larger part of it: it gives the others away
/// what it sends, and gains nothing.
#[tokio::test(flavor = "multi_thread")]
async fn redepositing_drains_nothing() -> Result<()> {
    let world = World::start().await?;
    let (odd, anna) = (peers::create(&world.chain, "OddPayee", &[]).await?, world.anna.address());
    world.splits(&[(odd, 9_000), (anna, 1_000)], &[]).await?;
    world.earns(10_000).await?;
    world.tells(odd, OddPayee::beCall { mood: 5, to: world.at, data: vec![].into() }).await?;
    let (mut received, mut released) = (10_000_u64, 0);
    for _ in 0..20 {
        let due = received * 9 / 10 - released;
        assert_eq!(world.due(ETHER, odd).await?, number(due));
        world.sent(&world.stranger, release_0Call { account: odd }).await?;
        (received, released) = (received + due, released + due);
        assert_eq!(world.due(ETHER, anna).await?, number(received / 10));
        world.conserves(ETHER, &[odd, anna]).await?;
    }
    assert_eq!(world.balance(ETHER, odd).await?, U256::ZERO);
    // The contract itself cannot be paid as a payee, which would be the same without the payee's doing.
    world.refuses(&world.stranger, release_0Call { account: world.at }, SplitterNothingDue { account: world.at }).await
}

/// A payee that calls back while it is paid finds its part paid already, and every door closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_not_re_entered() -> Result<()> {
    let world = World::start().await?;
    let (odd, anna) = (peers::create(&world.chain, "OddPayee", &[]).await?, world.anna.address());
    let table = [(odd, 5_000), (anna, 5_000)];
    world.splits(&table, &[]).await?;
    let refusal = ReentrancyGuardReentrantCall {}.abi_encode();
    let again = release_0Call { account: odd }.abi_encode();
    let inside = multicallCall { data: vec![again.clone().into()] }.abi_encode();
    for (call, data) in
        [(again, refusal.clone()), (release_0Call { account: anna }.abi_encode(), refusal.clone()), (inside, refusal)]
    {
        world.earns(100).await?;
        world.tells(odd, OddPayee::beCall { mood: 4, to: world.at, data: call.into() }).await?;
        let receipt = world.stranger.send(world.at, release_0Call { account: odd }.abi_encode()).await?;
        let found = harness::answer::events::<Token::Reentered>(&receipt, odd)?;
        assert_eq!(found, [Token::Reentered { success: false, data: data.into() }]);
        world.conserves(ETHER, &[odd, anna]).await?;
    }
    assert_eq!(world.balance(ETHER, odd).await?, number(150));
    // What it reads meanwhile is true: it has been paid.
    world.earns(100).await?;
    let data = releasable_0Call { account: odd }.abi_encode().into();
    world.tells(odd, OddPayee::beCall { mood: 4, to: world.at, data }).await?;
    let receipt = world.stranger.send(world.at, release_0Call { account: odd }.abi_encode()).await?;
    let found = harness::answer::events::<Token::Reentered>(&receipt, odd)?;
    assert_eq!(found, [Token::Reentered { success: true, data: B256::ZERO.to_vec().into() }]);
    Ok(())
}

/// Not even the DAO's functions are entered while another call runs: anybody executes what the DAO decided, also a token
/// that is asked meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_dao_decided_is_not_executed_within_a_payment() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(1_000).await?;
    let grant = grantRoleCall { roleId: u64::MIN, account: token, executionDelay: 0 };
    world.by(&world.dao, world.manager, grant).await?;
    let (anna, list) = (world.anna.address(), List::of(&[(world.cleo.address(), 500)]));
    world.publishes(token, &list, 500).await?;
    let deadline = time(world.chain.now().await? + u64::from(WINDOW) + MONTH);
    let (root, manifest) = (list.tree.root(), B256::repeat_byte(1));
    let guardian = grantRoleCall { roleId: GUARDIAN, account: token, executionDelay: 0 };
    world.by(&world.dao, world.manager, guardian).await?;
    let next = deploy::unconstructed(&world.chain, "revenue-splitter").await?;
    for (call, time) in [
        (set_table(&[(anna, 10_000)], &[token]).abi_encode(), None),
        (publishEpochCall { token, total: U256::ONE, root, manifest, deadline }.abi_encode(), None),
        (disableEpochCall { number: 1 }.abi_encode(), None),
        (upgradeToAndCallCall { newImplementation: next, data: Default::default() }.abi_encode(), None),
        (recoverEpochCall { number: 1 }.abi_encode(), Some(u64::try_from(deadline)? + 1)),
    ] {
        if let Some(time) = time {
            world.chain.advance_to(time).await?;
        }
        world.tells(token, Token::armCall { to: world.at, data: call.clone().into() }).await?;
        world.mood(token, crate::wild::REENTER).await?;
        let pay = payCall { token, amount: U256::ONE, source: NO_SOURCE };
        let receipt = world.payer.send(world.at, pay.abi_encode()).await?;
        let found = harness::answer::events::<Token::Reentered>(&receipt, token)?;
        let data = ReentrancyGuardReentrantCall {}.abi_encode().into();
        assert_eq!(found, [Token::Reentered { success: false, data }]);
        world.mood(token, crate::wild::PLAIN).await?;
        // Outside of a payment the token may.
        assert!(world.chain.ask(token, world.at, call).await?.success);
        world.conserves(token, &[anna, world.ben.address()]).await?;
    }
    Ok(())
}

/// Nothing asks for an exact balance, so nobody blocks anything by adding to it.
#[tokio::test(flavor = "multi_thread")]
async fn adding_to_a_balance_blocks_nothing() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(1_000).await?;
    let payees = [world.anna.address(), world.ben.address()];
    let list = List::of(&[(world.cleo.address(), 500)]);
    let adds = async || {
        world.transfers(token, 1).await?;
        world.earns(1).await
    };
    adds().await?;
    for (number, asset) in [(1, ETHER), (2, token)] {
        let deadline = time(world.chain.now().await? + u64::from(WINDOW) + MONTH);
        let (root, manifest) = (list.tree.root(), B256::repeat_byte(number as u8));
        // The whole pool, to the unit.
        let total = world.due(asset, world.at).await?;
        adds().await?;
        world.does(&world.dao, publishEpochCall { token: asset, total, root, manifest, deadline }).await?;
        adds().await?;
    }
    world.chain.advance(u64::from(WINDOW)).await?;
    for (number, asset) in [(1, ETHER), (2, token)] {
        adds().await?;
        world.sent(&world.stranger, list.claim(number, 0)).await?;
        adds().await?;
        world.conserves(asset, &payees).await?;
    }
    world.chain.advance(2 * MONTH).await?;
    for number in [1, 2] {
        adds().await?;
        world.does(&world.dao, recoverEpochCall { number }).await?;
    }
    for asset in [ETHER, token] {
        world.releases(asset, payees[0]).await?;
        world.conserves(asset, &payees).await?;
    }
    Ok(())
}

/// Of a token without decimals a payee gets its part of everything, and not of each payment, where rounding would leave
/// it nothing; and whoever has itself paid after each unit takes no more than its part.
#[tokio::test(flavor = "multi_thread")]
async fn rounding_takes_nothing_at_low_decimals() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(0).await?;
    let people: Vec<_> = (1..=3).map(Address::repeat_byte).collect();
    world.splits(&[(people[0], 9_998), (people[1], 1), (people[2], 1)], &[]).await?;
    for received in 1..=30_u64 {
        world.pays(token, 1).await?;
        for person in &people {
            if !world.due(token, *person).await?.is_zero() {
                world.releases(token, *person).await?;
            }
        }
        assert_eq!(world.balance(token, people[0]).await?, number(received * 9_998 / 10_000));
        world.conserves(token, &people).await?;
    }
    world.pays(token, 10_000 - 30).await?;
    for (person, part) in people.iter().zip([9_998, 1, 1]) {
        world.releases(token, *person).await?;
        assert_eq!(world.balance(token, *person).await?, number(part));
    }
    assert_eq!(world.balance(token, world.at).await?, U256::ZERO);
    Ok(())
}

/// A thousand tokens that nobody asked for cost nobody anything.
#[tokio::test(flavor = "multi_thread")]
async fn worthless_tokens_cost_nobody_anything() -> Result<()> {
    let world = World::start().await?;
    let release = async || {
        world.earns(1_000_000).await?;
        let receipt = world.anna.send(world.at, release_0Call { account: world.anna.address() }.abi_encode()).await?;
        Ok::<_, eyre::Report>(receipt.gas_used)
    };
    release().await?;
    let before = release().await?;
    for _ in 0..20 {
        let token = world.wild().await?;
        world.pays(token, 100).await?;
        world.transfers(token, 100).await?;
    }
    assert_eq!(release().await?, before);
    let table = [(world.ben.address(), 10_000)];
    world.splits(&table, &[]).await?;
    Ok(())
}

/// Tables that were replaced cost the ether nothing, and a token 5,000 gas each, once, and only whom they name.
#[tokio::test(flavor = "multi_thread")]
async fn replaced_tables_do_not_pile_up() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(18).await?;
    let (anna, ben, cleo) = (&world.anna, &world.ben, &world.cleo);
    let gas = async |by: &harness::chain::Account, call: Vec<u8>| {
        let receipt = by.send(world.at, call).await?;
        eyre::ensure!(receipt.status(), "it reverted");
        Ok(receipt.gas_used)
    };
    let ether = |of: &harness::chain::Account| release_0Call { account: of.address() }.abi_encode();
    let tokens = |of: &harness::chain::Account| release_1Call { token, account: of.address() }.abi_encode();
    let both = [(anna.address(), 5_000), (ben.address(), 5_000)];
    let mut before = [0; 2];
    world.splits(&both, &[token]).await?;
    for _ in 0..2 {
        world.earns(1_000_000).await?;
        world.pays(token, 1_000_000).await?;
        before = [gas(anna, ether(anna)).await?, gas(anna, tokens(anna)).await?];
    }
    for _ in 0..30 {
        world.splits(&both, &[token]).await?;
        world.earns(1_000_000).await?;
        world.pays(token, 1_000_000).await?;
    }
    assert!(gas(anna, ether(anna)).await?.abs_diff(before[0]) < 200);
    let after = gas(anna, tokens(anna)).await?;
    assert!(after > before[1] + 30 * 4_000 && after < before[1] + 32 * 5_000, "{after} after {}", before[1]);
    // Who comes later is not charged for tables that it was not in.
    world.splits(&[(cleo.address(), 10_000)], &[token]).await?;
    world.earns(1_000_000).await?;
    world.pays(token, 1_000_000).await?;
    let first = gas(cleo, tokens(cleo)).await?;
    assert!(first < before[1] + 45_000, "{first} after {}", before[1]);
    Ok(())
}

/// The functions that move tokens cannot be turned on a contract that is none, nor on the splitter itself.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_called_as_a_token_is_asked_first() -> Result<()> {
    let world = World::start().await?;
    world.earns(1_000).await?;
    for token in [world.at, world.manager, world.implementation, world.anna.address()] {
        let refusal = SplitterTokenUnreadable { token };
        let pay = payCall { token, amount: U256::ONE, source: NO_SOURCE };
        world.refuses(&world.stranger, pay, refusal.clone()).await?;
        let fund = fundPoolCall { token, amount: U256::ONE };
        world.refuses(&world.stranger, fund, refusal.clone()).await?;
        let account = world.anna.address();
        world.refuses(&world.stranger, release_1Call { token, account }, refusal).await?;
    }
    Ok(())
}
