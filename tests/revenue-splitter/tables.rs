//! Tables: none is retroactive, each table's parts are all that was received under it, and what is no table.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::Panic,
};
use consilium_bindings::RevenueSplitter::*;
use eyre::{Result, ensure};

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_current_table_is_read_as_openzeppelin_s() -> Result<()> {
    let world = World::start().await?;
    let (anna, ben, cleo) = (world.anna.address(), world.ben.address(), world.cleo.address());
    assert_eq!(world.read(totalSharesCall {}).await?, number(10_000));
    for (account, shares) in [(anna, 6_000), (ben, 3_000), (world.at, 1_000), (cleo, 0)] {
        assert_eq!(world.read(sharesCall { account }).await?, number(shares));
    }
    for (index, account) in (0..).zip([anna, ben, world.at]) {
        assert_eq!(world.read(payeeCall { index: number(index) }).await?, account);
    }
    for index in [number(3), number(65_536), U256::MAX] {
        world.refuses(&world.stranger, payeeCall { index }, Panic { code: number(0x32) }).await?;
    }
    world.splits(&[(cleo, 1), (ben, 9_999)], &[]).await?;
    for (account, shares) in [(anna, 0), (ben, 9_999), (world.at, 0), (cleo, 1)] {
        assert_eq!(world.read(sharesCall { account }).await?, number(shares));
    }
    assert_eq!(world.read(payeeCall { index: U256::ONE }).await?, ben);
    world.refuses(&world.stranger, payeeCall { index: number(2) }, Panic { code: number(0x32) }).await?;
    assert_eq!(world.read(tableVersionCall {}).await?, 2);
    let first = world.read(tableCall { version: 1 }).await?;
    assert_eq!((first.recipients, first.basisPoints), (vec![anna, ben, world.at], vec![6_000, 3_000, 1_000]));
    let second = world.read(tableCall { version: 2 }).await?;
    assert_eq!((second.recipients, second.basisPoints), (vec![cleo, ben], vec![1, 9_999]));
    for version in [0, 3, u32::MAX] {
        assert_eq!(world.read(tableCall { version }).await?.recipients, Vec::<Address>::new());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_says_nothing_about_what_arrived_before() -> Result<()> {
    let world = World::start().await?;
    let (anna, ben, cleo) = (world.anna.address(), world.ben.address(), world.cleo.address());
    let (paid, listed) = (world.token(18).await?, world.token(6).await?);
    world.earns(1_000).await?;
    world.pays(paid, 1_000).await?;
    world.transfers(listed, 1_000).await?;
    assert_eq!(world.releases(ETHER, ben).await?, number(300));

    let added = |account, shares| log(PayeeAdded { account, shares: number(shares) });
    let closed = |token, received| log(TableClosed { version: 1, token, received: number(received) });
    let events = [
        log(Noticed { token: listed, version: 1, amount: number(1_000) }),
        closed(listed, 1_000),
        closed(ETHER, 1_000),
        log(TableSet { version: 2, payees: number(2) }),
        added(cleo, 7_500),
        added(anna, 2_500),
    ];
    let table = [(cleo, 7_500), (anna, 2_500)];
    world.logs(&world.dao, set_table(&table, &[listed]), &events).await?;
    for token in [ETHER, paid, listed] {
        assert_eq!(world.due(token, anna).await?, number(600), "{token}");
        assert_eq!(world.due(token, cleo).await?, U256::ZERO);
        assert_eq!(world.due(token, world.at).await?, number(100));
        assert_eq!(world.read(receivedCall { version: 1, token }).await?, number(1_000));
        assert_eq!(world.read(receivedCall { version: 2, token }).await?, U256::ZERO);
    }
    world.earns(100).await?;
    // A payment in a token that was not listed finds the replaced table, and closes it.
    let call = payCall { token: paid, amount: number(100), source: NO_SOURCE };
    let (_, logs) = world.sent(&world.payer, call).await?;
    assert_eq!(logs[0], closed(paid, 1_000));
    assert_eq!(logs.len(), 2);
    world.transfers(listed, 100).await?;
    for token in [ETHER, paid, listed] {
        assert_eq!(world.due(token, cleo).await?, number(75), "{token}");
        assert_eq!(world.releases(token, anna).await?, number(625));
        assert_eq!(world.due(token, anna).await?, U256::ZERO);
        assert_eq!(world.releases(token, cleo).await?, number(75));
        world.conserves(token, &[anna, ben, cleo]).await?;
    }
    // Who is not in the table any more still has what it earned.
    assert_eq!(world.releases(paid, ben).await?, number(300));
    assert_eq!(world.due(ETHER, ben).await?, U256::ZERO);
    Ok(())
}

/// A token calls nobody. So a transfer that nobody looked at counts for the table that is current when somebody does:
/// anybody looks by `notice`, and the DAO lists the token.
#[tokio::test(flavor = "multi_thread")]
async fn which_table_a_plain_transfer_counts_for() -> Result<()> {
    let world = World::start().await?;
    let (anna, cleo) = (world.anna.address(), world.cleo.address());
    let (noticed, listed, neither) = (world.token(18).await?, world.token(18).await?, world.token(18).await?);
    for token in [noticed, listed, neither] {
        world.transfers(token, 100).await?;
    }
    let event = log(Noticed { token: noticed, version: 1, amount: number(100) });
    assert_eq!(world.asked(anna, noticeCall { token: noticed }).await?.output::<noticeCall>(), number(100));
    world.logs(&world.stranger, noticeCall { token: noticed }, &[event]).await?;
    world.logs(&world.stranger, noticeCall { token: noticed }, &[]).await?;
    world.splits(&[(cleo, 10_000)], &[listed]).await?;
    for (token, annas, cleos) in [(noticed, 60, 0), (listed, 60, 0), (neither, 0, 100)] {
        assert_eq!(world.due(token, anna).await?, number(annas));
        assert_eq!(world.due(token, cleo).await?, number(cleos));
    }
    // Listed twice is listed once.
    world.transfers(listed, 7).await?;
    let (_, logs) = world.sent(&world.dao, set_table(&[(anna, 10_000)], &[listed, listed])).await?;
    let closed = |token, received| log(TableClosed { version: 2, token, received: number(received) });
    let noticed = log(Noticed { token: listed, version: 2, amount: number(7) });
    assert_eq!(logs[..3], [noticed, closed(listed, 7), closed(ETHER, 0)]);
    assert_eq!(world.due(listed, cleo).await?, number(7));
    assert_eq!(world.due(listed, anna).await?, number(60));
    Ok(())
}

/// Rounding leaves less than a unit a payee while a table is current, and nothing when it is replaced.
#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_table_s_parts_are_everything() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(0).await?;
    let people: Vec<_> = (1..=7).map(Address::repeat_byte).collect();
    let shares = [1_429, 1_429, 1_429, 1_429, 1_428, 1_428, 1_428];
    let table: Vec<_> = people.iter().copied().zip(shares).collect();
    world.splits(&table, &[]).await?;
    for (asset, received) in [(ETHER, 6), (token, 13)] {
        world.pays(asset, received).await?;
        world.conserves(asset, &people).await?;
    }
    assert_eq!(world.due(ETHER, people[0]).await?, U256::ZERO);
    assert_eq!(world.read(remainderCall { token: ETHER }).await?, number(6));
    assert_eq!(world.read(remainderCall { token }).await?, number(6));
    // One takes its part before, one after.
    assert_eq!(world.releases(token, people[3]).await?, U256::ONE);
    world.splits(&[(world.anna.address(), 10_000)], &[token]).await?;
    for (asset, received) in [(ETHER, 6), (token, 13)] {
        assert_eq!(world.read(remainderCall { token: asset }).await?, U256::ZERO);
        assert_eq!(world.read(receivedCall { version: 2, token: asset }).await?, number(received));
        world.conserves(asset, &people).await?;
        for person in &people {
            if !world.due(asset, *person).await?.is_zero() {
                world.releases(asset, *person).await?;
            }
        }
        assert_eq!(world.balance(asset, world.at).await?, U256::ZERO);
    }
    Ok(())
}

/// Payees come, go and come back; some are paid each time, some never. In the end everybody has what every table gave.
#[tokio::test(flavor = "multi_thread")]
async fn parts_of_many_tables_add_up() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(2).await?;
    let people: Vec<_> = (1..=5).map(Address::repeat_byte).collect();
    let mut owed = [[U256::ZERO; 5]; 2];
    for round in 0..12_u64 {
        // Of five, one is out each round; every third round one is alone.
        let out = (round % 5) as usize;
        let table: Vec<_> = if round % 3 == 2 {
            vec![(people[out], 10_000)]
        } else {
            let shares = [4_000, 3_000, 2_000, 1_000];
            people.iter().copied().filter(|person| *person != people[out]).zip(shares).collect()
        };
        world.splits(&table, if round % 2 == 0 { &[] } else { std::slice::from_ref(&token) }).await?;
        for (asset, owed) in [ETHER, token].into_iter().zip(&mut owed) {
            let amount = 10_000 * (round + 1);
            if asset == token && round % 4 == 3 {
                continue; // Nothing comes of the token under this table.
            }
            world.pays(asset, amount).await?;
            for (person, share) in &table {
                let at = people.iter().position(|found| found == person).expect("one of the five");
                owed[at] += number(amount) * U256::from(*share) / number(10_000);
            }
            // The first is paid at each table, the second at some.
            for (at, person) in people.iter().enumerate().take(2) {
                if (at == 0 || round % 5 == 1) && !owed[at].is_zero() {
                    assert_eq!(world.due(asset, *person).await?, owed[at], "{round}");
                    world.releases(asset, *person).await?;
                    owed[at] = U256::ZERO;
                }
            }
        }
    }
    for (asset, owed) in [ETHER, token].into_iter().zip(owed) {
        for (person, owed) in people.iter().zip(owed) {
            assert_eq!(world.due(asset, *person).await?, owed, "{person}");
        }
        world.conserves(asset, &people).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_table() -> Result<()> {
    let world = World::start().await?;
    let (anna, ben) = (world.anna.address(), world.ben.address());
    let refused: [&[(Address, u16)]; 8] = [
        &[],
        &[(anna, 9_999)],
        &[(anna, 10_001)],
        &[(anna, 10_000), (ben, 0)],
        &[(anna, 5_000), (anna, 5_000)],
        &[(Address::ZERO, 5_000), (anna, 5_000)],
        &[(anna, 10_000), (ben, 1)],
        &[(anna, 5_000), (ben, 60_536), (world.cleo.address(), 5_000)],
    ];
    for table in refused {
        world.refuses(&world.dao, set_table(table, &[]), SplitterInvalidTable {}).await?;
    }
    let one_too_few = setTableCall { recipients: vec![anna], basisPoints: vec![5_000, 5_000], tokens: vec![] };
    world.refuses(&world.dao, one_too_few, SplitterInvalidTable {}).await?;
    let one_too_many = setTableCall { recipients: vec![anna, ben], basisPoints: vec![10_000], tokens: vec![] };
    world.refuses(&world.dao, one_too_many, SplitterInvalidTable {}).await?;
    let unreadable = set_table(&[(anna, 10_000)], &[ben]);
    world.refuses(&world.dao, unreadable, SplitterTokenUnreadable { token: ben }).await?;
    Ok(())
}

/// The most payees; one more is refused. The last is paid as the first.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_256() -> Result<()> {
    let world = World::start().await?;
    let of = |count: u64| {
        let person = |at: u64| Address::from_word(U256::from(0xabc_0000 + at).into());
        let share = |at| if at == 0 { 10_000 - 39 * (count as u16 - 1) } else { 39 };
        (0..count).map(|at| (person(at), share(at))).collect::<Vec<_>>()
    };
    world.refuses(&world.dao, set_table(&of(257), &[]), SplitterInvalidTable {}).await?;
    let table = of(256);
    world.splits(&table, &[]).await?;
    assert_eq!(world.read(tableCall { version: 2 }).await?.recipients.len(), 256);
    world.earns(10_000).await?;
    assert_eq!(world.releases(ETHER, table[255].0).await?, number(39));
    assert_eq!(world.read(payeeCall { index: number(255) }).await?, table[255].0);
    // And it is replaced.
    world.splits(&[(world.anna.address(), 10_000)], &[]).await?;
    assert_eq!(world.due(ETHER, table[254].0).await?, number(39));
    Ok(())
}

/// Ether that nobody sends by a call counts too, for the table of its arrival.
#[tokio::test(flavor = "multi_thread")]
async fn forced_ether_counts() -> Result<()> {
    let world = World::start().await?;
    // A constructor that ends itself and names the splitter: PUSH20, SELFDESTRUCT.
    let code = [&[0x73][..], world.at.as_slice(), &[0xff]].concat();
    let request = TransactionRequest::default().with_deploy_code(code).with_value(number(1_000));
    ensure!(world.payer.provider.send_transaction(request).await?.get_receipt().await?.status());
    world.splits(&[(world.cleo.address(), 10_000)], &[]).await?;
    assert_eq!(world.due(ETHER, world.anna.address()).await?, number(600));
    assert_eq!(world.due(ETHER, world.cleo.address()).await?, U256::ZERO);
    Ok(())
}
