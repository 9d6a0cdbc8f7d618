//! A holder that is a Safe: its owners sign, and anybody sends.

use alloy::{
    primitives::{Address, Bytes, U256},
    signers::local::PrivateKeySigner,
    sol_types::SolCall,
};
use consilium_bindings::{Mandate::*, Safe};
use eyre::{Result, ensure};
use harness::{
    chain::Account,
    deploy,
    safes::{SafeContracts, signed},
};

use crate::world::*;

alloy::sol! {
    interface Factory {
        function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) external returns (address);
    }
}

/// A Safe of three keys, of which two sign. No passkey is involved.
async fn safe(world: &World) -> Result<(Address, Vec<PrivateKeySigner>)> {
    let contracts = SafeContracts::create(&world.chain.dev).await?;
    let singleton = deploy::unconstructed(&world.chain, "safe").await?;
    let owners = [world.ben.signer.clone(), world.anna.signer.clone(), world.stranger.signer.clone()];
    let setup = Safe::setupCall {
        owners: owners.iter().map(PrivateKeySigner::address).collect(),
        threshold: U256::from(2),
        to: Address::ZERO,
        data: Bytes::new(),
        fallbackHandler: contracts.handler,
        paymentToken: Address::ZERO,
        payment: U256::ZERO,
        paymentReceiver: Address::ZERO,
    };
    let initializer = setup.abi_encode().into();
    let create = Factory::createProxyWithNonceCall { singleton, initializer, saltNonce: U256::ZERO };
    let at = world.chain.ask(world.dao.address(), contracts.factory, create.abi_encode()).await?;
    ensure!(world.dao.send(contracts.factory, create.abi_encode()).await?.status(), "the factory refused");
    Ok((at.output::<Factory::createProxyWithNonceCall>(), owners.to_vec()))
}

/// Whether a Safe's transaction went through, sent by anybody.
async fn does(
    world: &World,
    by: &Account,
    safe: Address,
    call: impl SolCall,
    keys: &[PrivateKeySigner],
) -> Result<bool> {
    let data = signed(&by.provider, safe, world.at, call.abi_encode(), keys).await?;
    Ok(by.send(safe, data).await?.status())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_safe_pays_within_its_allowance_and_reports() -> Result<()> {
    let world = World::start().await?;
    let (safe, owners) = safe(&world).await?;
    let now = world.at_once().await?;
    world.sent(&world.dao, grant(safe, now + TERM, EVERY, now + u64::from(EVERY))).await?;
    world.sent(&world.dao, setAllowanceCall { holder: safe, token: ETHER, limit: 1_000, period: PERIOD }).await?;
    world.earns(10_000).await?;
    let sender = &world.dao;
    assert!(does(&world, sender, safe, spend(ETHER, 900), &owners[..2]).await?);
    assert!(!does(&world, sender, safe, spend(ETHER, 101), &owners[..2]).await?, "more than is left");
    assert!(!does(&world, sender, safe, spend(ETHER, 1), &owners[..1]).await?, "one signature of two");
    // An owner by itself has no mandate.
    let holder = owners[0].address();
    world.refuses(&world.ben, spend(ETHER, 1), MandateNotRunning { holder }).await?;
    world.chain.advance_to(now + u64::from(EVERY) + 1).await?;
    assert!(!does(&world, sender, safe, spend(ETHER, 1), &owners[..2]).await?, "a report is overdue");
    assert!(does(&world, sender, safe, report(), &owners[1..]).await?);
    assert!(does(&world, sender, safe, spend(ETHER, 1_000), &owners[1..]).await?);
    assert_eq!(world.balance(ETHER, payee()).await?, number(1_900));
    // The Safe itself may be paid.
    let own = spendCall { token: ETHER, to: safe, amount: number(5) };
    world.chain.advance(u64::from(PERIOD)).await?;
    assert!(does(&world, sender, safe, own, &owners[..2]).await?);
    assert_eq!(world.balance(ETHER, safe).await?, number(5));
    Ok(())
}
