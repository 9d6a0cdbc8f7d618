//! Setting up a proxy: what it stores and logs, and everything that it refuses.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Safe;
use eyre::Result;
use harness::peers;

use crate::twins::{Helpers, SENTINEL, Safes, event, gs, setup};
use crate::version::{LOGS_SETUP_FIRST, REFUSING_PAYEES};

#[tokio::test]
async fn owners_and_threshold_are_stored_and_logged() -> Result<()> {
    let safes = Safes::bare().await?;
    let owners = safes.owners();
    let answer = safes.call(1, setup(&owners, 3)).await?;
    let (initiator, threshold) = (safes.actors[1], U256::from(3));
    answer.logged([event(Safe::SafeSetup {
        initiator,
        owners: owners.clone(),
        threshold,
        initializer: Address::ZERO,
        fallbackHandler: Address::ZERO,
    })]);
    assert_eq!(safes.view(Safe::getOwnersCall {}).await?.output::<Safe::getOwnersCall>(), owners);
    safes.view(Safe::getThresholdCall {}).await?.returned(threshold);
    for owner in owners {
        safes.view(Safe::isOwnerCall { owner }).await?.returned(true);
    }
    for owner in [Address::ZERO, SENTINEL, safes.actors[1]] {
        safes.view(Safe::isOwnerCall { owner }).await?.returned(false);
    }
    Ok(())
}

#[tokio::test]
async fn a_proxy_is_set_up_once() -> Result<()> {
    let safes = Safes::bare().await?;
    let owners = safes.owners();
    safes.call(1, setup(&owners, 1)).await?.succeeded();
    for (actor, owners) in [(1, owners.clone()), (2, vec![safes.actors[2]]), (0, Vec::new())] {
        safes.call(actor, setup(&owners, 1)).await?.refused_with(&gs(200));
    }
    Ok(())
}

#[tokio::test]
async fn owners_that_cannot_be_are_refused() -> Result<()> {
    let safes = Safes::bare().await?;
    let [a, b, c] = [0, 1, 2].map(|actor| safes.actors[actor]);
    let cases: [(&[Address], u64, u16); 12] = [
        (&[], 0, 202),
        (&[], 1, 201),
        (&[a, b], 3, 201),
        (&[a, b], 0, 202),
        (&[Address::ZERO], 1, 203),
        (&[a, Address::ZERO], 1, 203),
        (&[SENTINEL], 1, 203),
        (&[a, SENTINEL, b], 1, 203),
        (&[a, a], 1, 203),
        (&[a, b, b], 2, 203),
        (&[a, b, a], 2, 204),
        (&[a, b, c, b], 2, 204),
    ];
    for (owners, threshold, number) in cases {
        safes.call(1, setup(owners, threshold)).await?.refused_with(&gs(number));
    }
    // The Safe itself.
    for with in [vec![], vec![a]] {
        let owners = |safe| [with.clone(), vec![safe]].concat();
        safes.each_raw(1, |side| setup(&owners(side.safe), 1).abi_encode()).await?.refused_with(&gs(203));
    }
    // Nothing of it was written.
    safes.call(1, setup(&[a, b, c], 2)).await?.succeeded();
    Ok(())
}

#[tokio::test]
async fn a_threshold_that_is_no_number_of_owners_is_refused() -> Result<()> {
    let safes = Safes::bare().await?;
    let owners = safes.owners();
    for threshold in [U256::MAX, U256::ONE << 64, (U256::ONE << 64) + U256::ONE, U256::from(6)] {
        safes.call(1, Safe::setupCall { threshold, ..setup(&owners, 0) }).await?.refused_with(&gs(201));
    }
    safes.call(1, setup(&owners, 5)).await?.succeeded();
    Ok(())
}

#[tokio::test]
async fn the_fallback_handler_is_stored_without_its_event() -> Result<()> {
    let safes = Safes::bare().await?;
    let owners = safes.owners();
    let to_itself = |safe| Safe::setupCall { fallbackHandler: safe, ..setup(&owners, 1) }.abi_encode();
    safes.each_raw(1, |side| to_itself(side.safe)).await?.refused_with(&gs(400));
    let fallbackHandler = safes.target;
    let answer = safes.call(1, Safe::setupCall { fallbackHandler, ..setup(&owners, 1) }).await?;
    assert_eq!(answer.event::<Safe::SafeSetup>().fallbackHandler, fallbackHandler);
    assert_eq!(answer.logs.len(), 1);
    Ok(())
}

#[tokio::test]
async fn code_is_run_at_the_end_and_its_failure_is_the_setups() -> Result<()> {
    let mut safes = Safes::bare().await?;
    let owners = safes.owners();
    let with = |to, data: Vec<u8>| Safe::setupCall { to, data: Bytes::from(data), ..setup(&owners, 2) };
    let (target, module) = (safes.target, safes.actors[2]);
    safes.call(1, with(Address::repeat_byte(0x99), vec![])).await?.refused_with(&gs(2));
    safes.call(1, with(safes.keys[0].address(), vec![1])).await?.refused_with(&gs(2));
    let fail = Helpers::failCall { data: vec![1, 2, 3].into() }.abi_encode();
    safes.call(1, with(target, fail)).await?.refused_with(&gs(0));
    // A precompile has no code.
    safes.call(1, with(Address::with_last_byte(4), vec![1])).await?.refused_with(&gs(2));

    // The code sees the owners that were just written, and enables a module as Safe's own library does.
    let calls = vec![
        Safe::enableModuleCall { module }.abi_encode().into(),
        Safe::addOwnerWithThresholdCall { owner: safes.actors[2], threshold: U256::from(3) }.abi_encode().into(),
    ];
    let answer = safes.call(1, with(target, Helpers::callSelfCall { calls }.abi_encode())).await?;
    assert_eq!(answer.logs.len(), 4, "a module, an owner, a threshold, and the setup");
    let place = if LOGS_SETUP_FIRST { 0 } else { 3 };
    assert_eq!(answer.logs[place].topics()[0], Safe::SafeSetup::SIGNATURE_HASH);
    assert_eq!(answer.event::<Safe::SafeSetup>().threshold, U256::from(2));
    safes.view(Safe::isModuleEnabledCall { module }).await?.returned(true);
    safes.view(Safe::getThresholdCall {}).await?.returned(U256::from(3));

    // It cannot set up again from within.
    safes.renew(&[]).await?;
    let calls = vec![setup(&[module], 1).abi_encode().into()];
    safes.call(1, with(target, Helpers::callSelfCall { calls }.abi_encode())).await?.refused_with(&gs(0));
    // What it stores stays, and slots of the Safe are among it.
    for slot in [3u64, 4, 5, 6, 9] {
        safes.renew(&[]).await?;
        let store = Helpers::storeCall { slot: U256::from(slot), word: U256::from(1).into() }.abi_encode();
        safes.call(1, with(target, store)).await?.succeeded();
    }
    // The list of modules is there before the code runs, and not a second time.
    safes.renew(&[]).await?;
    let store = Helpers::storeCall { slot: U256::from(4), word: U256::ZERO.into() }.abi_encode();
    safes.call(1, with(target, store)).await?.succeeded();
    safes.call(1, setup(&[safes.actors[1], safes.actors[2]], 2)).await?.refused_with(&gs(100));
    Ok(())
}

#[tokio::test]
async fn whoever_makes_the_proxy_is_paid() -> Result<()> {
    let safes = Safes::bare().await?;
    let owners = safes.owners();
    let token = peers::create(&safes.chain, "SafeToken", &[]).await?;
    let receiver = Address::repeat_byte(0x77);
    let with = |paymentToken, payment: u64, paymentReceiver| Safe::setupCall {
        paymentToken,
        payment: U256::from(payment),
        paymentReceiver,
        ..setup(&owners, 2)
    };
    // There is nothing to pay with.
    safes.call(1, with(Address::ZERO, 5, receiver)).await?.refused_with(&gs(11));
    safes.call(1, with(token, 5, receiver)).await?.refused_with(&gs(12));
    // Nor a number of wei as large.
    let much = Safe::setupCall { payment: U256::MAX, ..with(Address::ZERO, 0, receiver) };
    safes.call(1, much).await?.refused_with(&gs(11));
    for side in [safes.ours.safe, safes.peer.safe] {
        safes.once(0, token, Helpers::mintCall { to: side, value: U256::from(100) }.abi_encode()).await?;
    }
    safes.call(1, with(token, 60, receiver)).await?.succeeded();
    assert_eq!(balance(&safes, token, receiver).await?, U256::from(120), "60 of each");
    Ok(())
}

/// Tokens of an account.
pub(crate) async fn balance(safes: &Safes, token: Address, account: Address) -> Result<U256> {
    let answer = safes.chain.ask(account, token, Helpers::balanceOfCall { account }.abi_encode()).await?;
    Ok(answer.output::<Helpers::balanceOfCall>())
}

#[tokio::test]
async fn ether_that_the_proxy_was_sent_before_pays() -> Result<()> {
    let safes = Safes::bare().await?;
    let owners = safes.owners();
    let receiver = Address::repeat_byte(0x78);
    // A proxy that is not set up takes ether already.
    safes.fund(100).await?;
    let payment =
        |wei: u64, paymentReceiver| Safe::setupCall { payment: U256::from(wei), paymentReceiver, ..setup(&owners, 1) };
    safes.call(1, payment(101, receiver)).await?.refused_with(&gs(11));
    for mode in 0..REFUSING_PAYEES {
        let payee = peers::create(&safes.chain, "SafePayee", &U256::from(mode).to_be_bytes::<32>()).await?;
        safes.call(1, payment(10, payee)).await?.refused_with(&gs(11));
    }
    safes.call(1, payment(70, receiver)).await?.succeeded();
    assert_eq!(safes.balance(receiver).await?, U256::from(140));
    assert_eq!(safes.balance(safes.ours.safe).await?, U256::from(30));
    assert_eq!(safes.balance(safes.peer.safe).await?, U256::from(30));
    Ok(())
}

#[tokio::test]
async fn the_factory_sets_a_proxy_up_while_it_makes_it() -> Result<()> {
    let mut safes = Safes::bare().await?;
    let owners = safes.owners();
    safes.renew(&setup(&owners, 2).abi_encode()).await?;
    safes.same_storage().await?;
    safes.view(Safe::getThresholdCall {}).await?.returned(U256::from(2));
    Ok(())
}
