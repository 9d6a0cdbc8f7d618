//! Epochs: publishing, the window of the guardian, the deadline, and what is left.

use alloy::primitives::{Address, B256, U256, keccak256};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;

use crate::{claims::*, world::*};

const ROOT: B256 = B256::repeat_byte(0x0f);
const MANIFEST: B256 = B256::repeat_byte(0x0e);

#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_takes_its_money_from_the_pool() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(18).await?;
    let (anna, ben) = (world.anna.address(), world.ben.address());
    for (number, asset) in [(1, ETHER), (2, token)] {
        world.pays(asset, 10_000).await?;
        let now = world.chain.now().await? + 10;
        world.chain.set_time(now).await?;
        let claimableFrom = time(now + u64::from(WINDOW));
        let deadline = time(now + MONTH);
        let (total, root, manifest) = (crate::number(700), B256::repeat_byte(number as u8), MANIFEST);
        let call = publishEpochCall { token: asset, total, root, manifest, deadline };
        let event = EpochPublished { number, token: asset, root, manifest, total, claimableFrom, deadline };
        world.logs(&world.dao, call, &[log(event)]).await?;
        let found = world.read(epochCall { number }).await?;
        let expected =
            Epoch { state: 1, token: asset, claimableFrom, deadline, total, remaining: total, root, manifest };
        assert_eq!(found, expected);
        assert_eq!(world.read(epochCountCall {}).await?, number);
        // The rest stays in the pool, and what payees are due is as it was.
        assert_eq!(world.due(asset, world.at).await?, crate::number(300));
        assert_eq!(world.due(asset, anna).await?, crate::number(6_000));
        world.conserves(asset, &[anna, ben]).await?;
        assert_eq!(world.releases(asset, anna).await?, crate::number(6_000));
        world.conserves(asset, &[anna, ben]).await?;
    }
    assert_eq!(world.read(released_0Call { account: world.at }).await?, number(700));
    assert_eq!(world.read(released_1Call { token, account: world.at }).await?, number(700));
    assert_eq!(world.read(totalReleased_0Call {}).await?, number(6_700));
    let none = world.read(epochCall { number: 3 }).await?;
    assert_eq!((none.state, none.total, none.root), (0, U256::ZERO, B256::ZERO));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_epoch() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(100).await?;
    let now = world.chain.now().await?;
    // Calls are asked in the head's second, or the next one's.
    let good = publishEpochCall {
        token: ETHER,
        total: number(100),
        root: ROOT,
        manifest: MANIFEST,
        deadline: time(now + MONTH),
    };
    for call in [
        publishEpochCall { root: B256::ZERO, ..good.clone() },
        publishEpochCall { total: U256::ZERO, ..good.clone() },
        publishEpochCall { deadline: time(now), ..good.clone() },
        publishEpochCall { deadline: time(0), ..good.clone() },
        publishEpochCall { deadline: time(now + u64::from(WINDOW)), ..good.clone() },
        publishEpochCall { deadline: time(1 << 40), ..good.clone() },
    ] {
        world.refuses(&world.dao, call, SplitterInvalidEpoch {}).await?;
    }
    for token in [ETHER, token] {
        for total in [number(101), U256::from(u128::MAX), U256::MAX, U256::ONE << 128] {
            let call = publishEpochCall { token, total, ..good.clone() };
            world.refuses(&world.dao, call, SplitterPoolTooSmall { due: number(100) }).await?;
        }
    }
    let unreadable = publishEpochCall { token: world.cleo.address(), ..good.clone() };
    world.refuses(&world.dao, unreadable, SplitterTokenUnreadable { token: world.cleo.address() }).await?;
    world.does(&world.dao, good).await?;
    Ok(())
}

/// The same list is not paid twice by mistake.
#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_is_not_published_twice() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(1_000).await?;
    let deadline = time(world.chain.now().await? + MONTH);
    let call = publishEpochCall { token, total: number(100), root: ROOT, manifest: MANIFEST, deadline };
    assert_eq!(world.does(&world.dao, call.clone()).await?, 1);
    for again in [call.clone(), publishEpochCall { token: ETHER, total: number(7), ..call.clone() }] {
        world.refuses(&world.dao, again, SplitterEpochPublished { number: 1 }).await?;
    }
    // The same people next month have another manifest.
    let next = publishEpochCall { manifest: keccak256("next month"), ..call.clone() };
    assert_eq!(world.does(&world.dao, next).await?, 2);
    // One that was disabled was not paid.
    world.does(&world.guardian, disableEpochCall { number: 1 }).await?;
    assert_eq!(world.does(&world.dao, call.clone()).await?, 3);
    world.refuses(&world.dao, call, SplitterEpochPublished { number: 3 }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_disables_an_epoch_before_it_can_be_claimed() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(1_000).await?;
    let list = List::of(&[(world.cleo.address(), 400)]);
    for (number, asset) in [(1, ETHER), (2, token)] {
        world.publishes(asset, &list, 400).await?;
        assert_eq!(world.due(asset, world.at).await?, crate::number(600));
        let event = EpochDisabled { number, amount: crate::number(400) };
        world.logs(&world.guardian, disableEpochCall { number }, &[log(event)]).await?;
        assert_eq!(world.due(asset, world.at).await?, crate::number(1_000));
        let epoch = world.read(epochCall { number }).await?;
        assert_eq!((epoch.state, epoch.total, epoch.remaining), (2, crate::number(400), U256::ZERO));
        world.refuses(&world.guardian, disableEpochCall { number }, SplitterNotInWindow { number }).await?;
        world.conserves(asset, &[world.anna.address(), world.ben.address()]).await?;
    }
    world.chain.advance(u64::from(WINDOW)).await?;
    for number in [1, 2] {
        world.refuses(&world.stranger, list.claim(number, 0), SplitterNotOpen { number }).await?;
        let many = claimManyCall { number, claims: vec![list.leaf(0)] };
        world.refuses(&world.stranger, many, SplitterNotOpen { number }).await?;
    }
    world.chain.advance(2 * MONTH).await?;
    world.refuses(&world.dao, recoverEpochCall { number: 1 }, SplitterNotEnded { number: 1 }).await
}

/// To the second: in each one can either disable or claim, and then either claim or recover.
#[tokio::test(flavor = "multi_thread")]
async fn no_second_belongs_to_both() -> Result<()> {
    let world = World::start().await?;
    world.with_pool(1_000).await?;
    let list = List::of(&[(world.cleo.address(), 400), (world.anna.address(), 100)]);
    let number = world.publishes(ETHER, &list, 600).await?;
    let Epoch { claimableFrom, deadline, .. } = world.read(epochCall { number }).await?;
    let (opens, ends) = (claimableFrom.to::<u64>(), deadline.to::<u64>());
    assert_eq!(ends - opens, MONTH);
    let (claim, disable, recover) = (list.claim(number, 0), disableEpochCall { number }, recoverEpochCall { number });
    let (dao, guardian, stranger) = (&world.dao, &world.guardian, &world.stranger);

    world.chain.advance_to(opens - 1).await?;
    world.refuses(stranger, claim.clone(), SplitterNotOpen { number }).await?;
    world.refuses(dao, recover.clone(), SplitterNotEnded { number }).await?;
    world.asked(guardian.address(), disable.clone()).await?.succeeded();
    world.chain.advance_to(opens).await?;
    world.refuses(guardian, disable.clone(), SplitterNotInWindow { number }).await?;
    world.asked(stranger.address(), claim.clone()).await?.succeeded();
    world.chain.advance_to(ends).await?;
    world.refuses(dao, recover.clone(), SplitterNotEnded { number }).await?;
    world.sent(stranger, claim).await?;
    world.chain.advance_to(ends + 1).await?;
    world.refuses(stranger, list.claim(number, 1), SplitterNotOpen { number }).await?;
    world.refuses(guardian, disable, SplitterNotInWindow { number }).await?;

    let to = treasury();
    world.logs(dao, recover.clone(), &[log(EpochRecovered { number, to, amount: crate::number(200) })]).await?;
    assert_eq!(world.balance(ETHER, to).await?, crate::number(200));
    let epoch = world.read(epochCall { number }).await?;
    assert_eq!((epoch.state, epoch.remaining), (3, U256::ZERO));
    world.refuses(dao, recover, SplitterNotEnded { number }).await?;
    world.refuses(stranger, list.claim(number, 1), SplitterNotOpen { number }).await?;
    world.conserves(ETHER, &[world.anna.address(), world.ben.address()]).await
}

/// Another window is for epochs that are published later.
#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_not_retroactive() -> Result<()> {
    let world = World::start().await?;
    world.with_pool(1_000).await?;
    let list = List::of(&[(world.cleo.address(), 400)]);
    let number = world.publishes(ETHER, &list, 400).await?;
    world.does(&world.dao, setWindowCall { window: 0 }).await?;
    world.refuses(&world.stranger, list.claim(number, 0), SplitterNotOpen { number }).await?;
    let deadline = time(world.chain.now().await? + MONTH);
    let (root, manifest) = (list.tree.root(), B256::ZERO);
    let call = publishEpochCall { token: ETHER, total: crate::number(400), root, manifest, deadline };
    let second = world.does(&world.dao, call).await?;
    world.refuses(&world.guardian, disableEpochCall { number: second }, SplitterNotInWindow { number: second }).await?;
    world.sent(&world.stranger, list.claim(second, 0)).await?;
    Ok(())
}

/// Tokens are recovered too; all that was claimed leaves nothing to recover; a treasury that takes nothing is replaced.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_goes_to_the_treasury() -> Result<()> {
    let world = World::start().await?;
    let token = world.with_pool(1_000).await?;
    let list = List::of(&[(world.cleo.address(), 400), (world.anna.address(), 100)]);
    let first = world.publishes(token, &list, 500).await?;
    let deadline = time(world.chain.now().await? + u64::from(WINDOW) + MONTH);
    let (root, manifest) = (list.tree.root(), B256::ZERO);
    let call = publishEpochCall { token, total: number(500), root, manifest, deadline };
    let second = world.does(&world.dao, call).await?;
    world.chain.advance(u64::from(WINDOW)).await?;
    world.sent(&world.stranger, list.claim(first, 0)).await?;
    world.sent(&world.stranger, claimManyCall { number: second, claims: vec![list.leaf(0), list.leaf(1)] }).await?;
    world.chain.advance(2 * MONTH).await?;
    let refusal = SplitterNothingDue { account: treasury() };
    world.refuses(&world.dao, recoverEpochCall { number: second }, refusal).await?;
    world.tells(token, Token::banCall { account: treasury(), yes: true }).await?;
    let refusal = SplitterTransferFailed { token, to: treasury(), amount: number(100) };
    world.refuses(&world.dao, recoverEpochCall { number: first }, refusal).await?;
    let to = world.ben.address();
    world.does(&world.dao, setTreasuryCall { treasury: to }).await?;
    let event = EpochRecovered { number: first, to, amount: number(100) };
    world.logs(&world.dao, recoverEpochCall { number: first }, &[log(event)]).await?;
    assert_eq!(world.balance(token, to).await?, number(100));
    world.conserves(token, &[world.anna.address(), to]).await
}

/// Epochs of one token, and the payees: each has its own money, whatever the others do.
#[tokio::test(flavor = "multi_thread")]
async fn epochs_and_payees_do_not_touch_each_other() -> Result<()> {
    let world = World::start().await?;
    let token = world.token(6).await?;
    let (anna, ben) = (world.anna.address(), world.ben.address());
    let people: Vec<_> = (1..=4).map(Address::repeat_byte).collect();
    for asset in [ETHER, token] {
        world.pays(asset, 100_000).await?;
        let base = world.read(epochCountCall {}).await?;
        // The second promises three times what it has.
        let lists: Vec<_> = (1..=3_u64)
            .map(|at| List::of(&people.iter().map(|person| (*person, 250 * at)).collect::<Vec<_>>()))
            .collect();
        for (at, total) in (0..).zip([1_000, 700, 3_000]) {
            let deadline = time(world.chain.now().await? + u64::from(WINDOW) + MONTH);
            let manifest = keccak256([asset.as_slice(), &[at]].concat());
            let root = lists[usize::from(at)].tree.root();
            let call = publishEpochCall { token: asset, total: number(total), root, manifest, deadline };
            world.does(&world.dao, call).await?;
            world.conserves(asset, &[anna, ben]).await?;
        }
        world.chain.advance(u64::from(WINDOW)).await?;
        for at in 0..4 {
            for (number, list) in (base + 1..).zip(&lists) {
                let claims = vec![list.leaf(at)];
                let done = world.does(&world.stranger, claimManyCall { number, claims }).await?;
                assert_eq!(done, [number != base + 2 || at == 0]);
                world.conserves(asset, &[anna, ben]).await?;
            }
            if at == 1 {
                assert_eq!(world.releases(asset, anna).await?, number(60_000));
                world.splits(&[(ben, 10_000)], &[token]).await?;
                world.pays(asset, 77).await?;
            }
        }
        let left = world.read(epochCall { number: base + 2 }).await?.remaining;
        assert_eq!(left, number(200));
        assert_eq!(world.releases(asset, ben).await?, number(30_000 + 77));
        world.conserves(asset, &[anna, ben]).await?;
        world.splits(&[(anna, 6_000), (ben, 3_000), (world.at, 1_000)], &[token]).await?;
    }
    Ok(())
}
