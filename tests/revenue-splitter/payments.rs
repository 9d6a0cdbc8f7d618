//! What comes in: ether and tokens, with a source and without, and money for the pool.

use alloy::{
    primitives::{Address, B256, U256, keccak256},
    providers::Provider,
    sol_types::SolCall,
};
use consilium_bindings::RevenueSplitter::*;
use eyre::{Result, ensure};

use crate::world::*;

const SOURCE: Source = Source { dataClass: 4, licence: B256::repeat_byte(0x11), request: B256::repeat_byte(0x22) };

fn pay(token: Address, amount: u64) -> payCall {
    payCall { token, amount: number(amount), source: SOURCE }
}

/// What is logged of a payment of the payer.
fn revenue(world: &World, token: Address, amount: u64, version: u32) -> alloy::primitives::LogData {
    let Source { dataClass, licence, request } = SOURCE;
    let payer = world.payer.address();
    log(RevenueReceived { token, payer, licence, dataClass, request, amount: number(amount), version })
}

#[tokio::test(flavor = "multi_thread")]
async fn ether_comes_with_its_source_and_without() -> Result<()> {
    let world = World::start().await?;
    let from = world.payer.address();
    let plain = world.payer.send_with(world.at, vec![], 70).await?;
    let logs: Vec<_> = plain.logs().iter().map(|log| log.data().clone()).collect();
    assert_eq!(logs, [log(PaymentReceived { from, amount: number(70) })]);
    let (_, logs) = world.sent_with(&world.payer, pay(ETHER, 30), 30).await?;
    let both = [log(PaymentReceived { from, amount: number(30) }), revenue(&world, ETHER, 30, 1)];
    assert_eq!(logs, both);
    let returned = world.asked_with(from, pay(ETHER, 30), 30).await?;
    returned.returned(number(30));
    assert_eq!(world.due(ETHER, world.anna.address()).await?, number(60));
    world.splits(&[(world.cleo.address(), 10_000)], &[]).await?;
    let (_, logs) = world.sent_with(&world.payer, pay(ETHER, 30), 30).await?;
    assert_eq!(logs[1], revenue(&world, ETHER, 30, 2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_come_with_their_source() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(6).await?;
    world.logs(&world.payer, pay(token, 50), &[revenue(&world, token, 50, 1)]).await?;
    assert_eq!(world.asked(world.payer.address(), pay(token, 50)).await?.output::<payCall>(), number(50));
    // What came unannounced is nobody's payment.
    world.transfers(token, 7).await?;
    let events = [log(Noticed { token, version: 1, amount: number(7) }), revenue(&world, token, 50, 1)];
    world.logs(&world.payer, pay(token, 50), &events).await?;
    assert_eq!(world.read(receivedCall { version: 1, token }).await?, number(107));
    assert_eq!(world.due(token, world.ben.address()).await?, number(32));
    world.conserves(token, &[world.anna.address(), world.ben.address()]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn ether_and_amount_must_agree() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(18).await?;
    let by = world.payer.address();
    let wrong = |value| SplitterWrongValue { value: number(value) };
    for (amount, value) in [(5, 4), (5, 6), (0, 0), (5, 0), (0, 5)] {
        world.asked_with(by, pay(ETHER, amount), value).await?.refused(wrong(value));
        let fund = fundPoolCall { token: ETHER, amount: number(amount) };
        world.asked_with(by, fund, value).await?.refused(wrong(value));
    }
    world.asked_with(by, pay(token, 5), 5).await?.refused(wrong(5));
    world.asked_with(by, fundPoolCall { token, amount: number(5) }, 1).await?.refused(wrong(1));
    // Nothing else takes ether; a multicall does not count it twice, because it takes none.
    let data = vec![pay(ETHER, 5).abi_encode().into(), pay(ETHER, 5).abi_encode().into()];
    world.asked_with(by, multicallCall { data: data.clone() }, 5).await?.refused_with(&[]);
    world.asked_with(by, multicallCall { data }, 0).await?.refused(wrong(0));
    world.asked_with(by, release_0Call { account: by }, 1).await?.refused_with(&[]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_takes_what_it_is_allowed_to() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(18).await?;
    let poor = &world.stranger;
    let failed = |amount| SplitterTransferFailed { token, to: world.at, amount };
    world.refuses(poor, pay(token, 5), failed(number(5))).await?;
    world.by(&world.payer, token, Token::approveCall { spender: world.at, amount: number(9) }).await?;
    world.refuses(&world.payer, pay(token, 10), failed(number(10))).await?;
    world.refuses(&world.payer, pay(token, 0), SplitterNothingReceived { token }).await?;
    let all = payCall { token, amount: U256::MAX, source: SOURCE };
    world.refuses(&world.payer, all, failed(U256::MAX)).await?;
    world.sent(&world.payer, pay(token, 9)).await?;
    // Whoever calls pays: nobody else's allowance.
    world.by(&world.payer, token, Token::approveCall { spender: world.at, amount: number(9) }).await?;
    world.refuses(poor, pay(token, 5), failed(number(5))).await?;
    world.refuses(poor, fundPoolCall { token, amount: number(5) }, failed(number(5))).await
}

/// Money for the pool is not split.
#[tokio::test(flavor = "multi_thread")]
async fn the_pool_is_funded() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(18).await?;
    let (anna, ben, from) = (world.anna.address(), world.ben.address(), world.payer.address());
    for asset in [ETHER, token] {
        world.pays(asset, 1_000).await?;
        let value = if asset.is_zero() { 500 } else { 0 };
        let fund = fundPoolCall { token: asset, amount: number(500) };
        let (_, logs) = world.sent_with(&world.payer, fund, value).await?;
        assert_eq!(logs, [log(PoolFunded { token: asset, from, amount: number(500) })]);
        assert_eq!(world.due(asset, world.at).await?, number(600));
        assert_eq!(world.due(asset, anna).await?, number(600));
        assert_eq!(world.read(receivedCall { version: 1, token: asset }).await?, number(1_000));
        world.pays(asset, 1_000).await?;
        world.conserves(asset, &[anna, ben]).await?;
        assert_eq!(world.releases(asset, anna).await?, number(1_200));
        world.conserves(asset, &[anna, ben]).await?;
    }
    // Also where the contract is not in the table, and under any table.
    world.splits(&[(anna, 10_000)], &[token]).await?;
    for asset in [ETHER, token] {
        let value = if asset.is_zero() { 5 } else { 0 };
        world.sent_with(&world.payer, fundPoolCall { token: asset, amount: number(5) }, value).await?;
        assert_eq!(world.due(asset, world.at).await?, number(705));
        assert_eq!(world.due(asset, anna).await?, U256::ZERO);
        world.conserves(asset, &[anna, ben]).await?;
    }
    Ok(())
}

/// Who earned what from what follows from the logs alone.
#[tokio::test(flavor = "multi_thread")]
async fn sources_are_found_by_topics() -> Result<()> {
    use alloy::{providers::Provider, rpc::types::Filter, sol_types::SolEvent};
    let world = World::start().await?;
    let token = world.token(18).await?;
    let licences = [keccak256("a"), keccak256("b")];
    for (at, (asset, amount)) in [(ETHER, 10), (token, 20), (ETHER, 30), (token, 40)].into_iter().enumerate() {
        let source = Source { licence: licences[at % 2], ..SOURCE };
        let call = payCall { token: asset, amount: number(amount), source };
        world.sent_with(&world.payer, call, if asset.is_zero() { amount } else { 0 }).await?;
    }
    let filter = Filter::new().address(world.at).from_block(0).event_signature(RevenueReceived::SIGNATURE_HASH);
    let logs = world.chain.dev.get_logs(&filter.clone().topic3(licences[1])).await?;
    let amounts =
        logs.iter().map(|log| Ok(RevenueReceived::decode_log(&log.inner)?.amount)).collect::<Result<Vec<_>>>()?;
    assert_eq!(amounts, [number(20), number(40)]);
    let logs = world.chain.dev.get_logs(&filter.topic1(ETHER.into_word())).await?;
    assert_eq!(logs.len(), 2);
    Ok(())
}

/// Ether that was sent to the proxy's address before there was a contract is the first table's.
#[tokio::test(flavor = "multi_thread")]
async fn ether_that_was_here_first_is_paid_out() -> Result<()> {
    let world = World::start().await?;
    let (anna, ben, by) = (world.anna.address(), world.ben.address(), world.chain.dev_account()?);
    let at = by.address().create(world.chain.dev.get_transaction_count(by.address()).await?);
    ensure!(world.payer.send_with(at, Vec::new(), 10_000).await?.status(), "ether goes to any address");
    let proxy = world.chain.create(consilium_deploy::proxy_init_code(world.implementation)).await?;
    assert_eq!(proxy, at);
    let call = constructor(world.manager, treasury(), &[(anna, 6_000), (ben, 4_000)]);
    ensure!(by.send(proxy, call).await?.status(), "the constructor reverted");
    let world = World { at: proxy, ..world };
    assert_eq!(world.read(receivedCall { version: 1, token: ETHER }).await?, number(10_000));
    world.conserves(ETHER, &[anna, ben]).await?;
    assert_eq!(world.releases(ETHER, anna).await?, number(6_000));
    world.splits(&[(anna, 10_000)], &[]).await?;
    assert_eq!(world.releases(ETHER, ben).await?, number(4_000));
    world.conserves(ETHER, &[anna, ben]).await
}

/// What a token gains while it is paid is nobody's payment: it is noticed for the current table.
#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_no_more_than_was_paid() -> Result<()> {
    let world = World::start().await?;
    let (token, anna, ben) = (world.wild().await?, world.anna.address(), world.ben.address());
    for (call, amount) in [
        (payCall { token, amount: number(100), source: NO_SOURCE }.abi_encode(), 100),
        (fundPoolCall { token, amount: number(50) }.abi_encode(), 50),
    ] {
        // While the splitter is paid, somebody else sends it 900 more.
        let gift = Token::transferFromCall { from: world.payer.address(), to: world.at, amount: number(900) };
        world.tells(token, Token::armCall { to: token, data: gift.abi_encode().into() }).await?;
        world.mood(token, crate::wild::REENTER).await?;
        let answer = world.chain.ask(world.payer.address(), world.at, call.clone()).await?;
        assert_eq!(answer.output::<payCall>(), number(amount));
        ensure!(world.payer.send(world.at, call).await?.status(), "it reverted");
        world.mood(token, crate::wild::PLAIN).await?;
        assert_eq!(world.does(&world.stranger, noticeCall { token }).await?, number(900));
        world.conserves(token, &[anna, ben]).await?;
    }
    assert_eq!(world.due(token, world.at).await?, number((100 + 900 + 900) / 10 + 50));
    Ok(())
}
