//! The singleton itself, as StylusDeployer leaves it: closed in the transaction that creates it.

use alloy::hex;
use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::{CONSTRUCTOR_SELECTOR, Safe};
use eyre::Result;
use harness::deploy;

use crate::twins::{Safes, gs, setup};

#[tokio::test]
async fn it_has_a_threshold_and_no_owners() -> Result<()> {
    let safes = Safes::bare().await?;
    let at = |call: Vec<u8>| safes.at(1, move |side| (side.singleton, call.clone()));
    at(setup(&[safes.actors[1]], 1).abi_encode()).await?.refused_with(&gs(200));
    at(Safe::getThresholdCall {}.abi_encode()).await?.returned(U256::ONE);
    at(Safe::nonceCall {}.abi_encode()).await?.returned(U256::ZERO);
    let execute = crate::transaction::call(safes.target, []).execution(vec![]);
    at(execute).await?.refused_with(&gs(20));
    at(Safe::changeThresholdCall { threshold: U256::ZERO }.abi_encode()).await?.refused_with(&gs(31));
    for slot in 0..10 {
        let expected = if slot == 4 { B256::with_last_byte(1) } else { B256::ZERO };
        for singleton in [safes.ours.singleton, safes.peer.singleton] {
            assert_eq!(safes.chain.storage(singleton, U256::from(slot)).await?, expected, "slot {slot}");
        }
    }
    Ok(())
}

/// What closes it is no function of its proxies: there it is a call like any unknown one.
#[tokio::test]
async fn nobody_closes_a_proxy() -> Result<()> {
    let safes = Safes::bare().await?;
    safes.raw(2, CONSTRUCTOR_SELECTOR.to_vec()).await?.succeeded();
    safes.call(1, setup(&safes.owners(), 3)).await?.succeeded();
    safes.raw(2, CONSTRUCTOR_SELECTOR.to_vec()).await?.succeeded();
    safes.view(Safe::getThresholdCall {}).await?.returned(U256::from(3));
    Ok(())
}

/// A clone (EIP-1167) has nothing in slot 0, as the singleton has. Once it is set up, its threshold is its owners'.
#[tokio::test]
async fn nobody_closes_a_clone_that_is_set_up() -> Result<()> {
    let safes = Safes::bare().await?;
    let before = hex::decode("3d602d80600a3d3981f3363d3d373d3d3d363d73")?;
    let after = hex::decode("5af43d82803e903d91602b57fd5bf3")?;
    let clone = safes.chain.create([&before[..], safes.ours.singleton.as_slice(), &after].concat()).await?;
    let anybody = safes.chain.account("anybody").await?;
    assert!(anybody.send(clone, setup(&safes.owners(), 3).abi_encode()).await?.status());
    assert!(anybody.send(clone, CONSTRUCTOR_SELECTOR.to_vec()).await?.status(), "a call like any unknown one");
    let threshold = safes.chain.ask(Address::ZERO, clone, Safe::getThresholdCall {}.abi_encode()).await?;
    threshold.returned(U256::from(3));
    Ok(())
}

/// Whoever closes it again changes nothing.
#[tokio::test]
async fn it_can_be_closed_again() -> Result<()> {
    let safes = Safes::bare().await?;
    let singleton = safes.ours.singleton;
    let answer = safes.chain.dev_account()?.send(singleton, CONSTRUCTOR_SELECTOR.to_vec()).await?;
    assert!(answer.status() && answer.logs().is_empty());
    assert_eq!(safes.chain.storage(singleton, U256::from(4)).await?, B256::with_last_byte(1));
    // Nor does it take ether with that.
    let paid = safes.chain.dev_account()?.send_with(singleton, CONSTRUCTOR_SELECTOR.to_vec(), 1).await?;
    assert!(!paid.status());
    Ok(())
}

/// Without the deployer's call it is open. StylusDeployer makes it in the transaction that creates the program; a
/// deployment of a DAO makes it in one of its own, and a stranger may be first, who harms no proxy.
#[tokio::test]
async fn an_open_one_can_be_closed_by_anybody() -> Result<()> {
    let safes = Safes::bare().await?;
    let open = deploy::unconstructed(&safes.chain, crate::version::PROGRAM).await?;
    let threshold = || safes.chain.ask(Address::ZERO, open, Safe::getThresholdCall {}.abi_encode());
    threshold().await?.returned(U256::ZERO);
    assert!(safes.chain.account("anybody").await?.send(open, CONSTRUCTOR_SELECTOR.to_vec()).await?.status());
    threshold().await?.returned(U256::ONE);
    Ok(())
}
