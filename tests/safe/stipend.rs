//! Ether by Solidity's `transfer` and `send`, which leave 2,300 gas to who is paid, as does WETH9 when it is unwrapped.
//!
//! Safe's own takes it where its proxy and its singleton are touched already, as within its own transaction. So do ours,
//! while entering the program costs what a cached one costs, and while it has a page of memory that is free.

use alloy::eips::eip2930::{AccessList, AccessListItem};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use devnode::ArbosVersion;
use eyre::{Result, ensure};
use harness::chain::Chain;
use harness::{peers, safes};
use nitro::{CACHE_MANAGER, CacheManager};

use crate::transaction::{By, call, signatures};
use crate::twins::{Helpers, Safes, event, setup};

alloy::sol! {
    function pay(address to, uint256 amount);
}

const AMOUNT: U256 = U256::from_limbs([5, 0, 0, 0]);

/// What a module says to its Safe.
fn from_module(to: Address, data: Vec<u8>) -> Vec<u8> {
    Safe::execTransactionFromModuleCall { to, value: U256::ZERO, data: data.into(), operation: 0 }.abi_encode()
}

/// Both Safes, with actor number 2 as a module, and who owes them.
struct World {
    safes: Safes,
    debtor: Address,
}

impl World {
    async fn start(version: ArbosVersion) -> Result<Self> {
        let safes = Safes::start_on(Chain::start_with(version)?).await?;
        safes.change(Safe::enableModuleCall { module: safes.actors[2] }).await?;
        let debtor = peers::create(&safes.chain, "SafeDebtor", &[]).await?;
        ensure!(safes.sender.send_with(debtor, [], 1_000).await?.status(), "the debtor takes ether");
        Ok(Self { safes, debtor })
    }

    async fn cache(&self) -> Result<()> {
        let bid = CacheManager::placeBidCall { program: self.safes.ours.singleton }.abi_encode();
        ensure!(self.safes.sender.send(CACHE_MANAGER, bid).await?.status(), "the program was not cached");
        Ok(())
    }

    /// Has both Safes collect by this call. Whether ours and the peer took the ether, and logged it.
    async fn take(&self, collect: &[u8]) -> Result<[bool; 2]> {
        let module = from_module(self.debtor, collect.to_vec());
        let answers = self.safes.apart(2, |side| (side.safe, module.clone())).await?;
        Ok(answers.map(|answer| {
            let took = answer.output::<Safe::execTransactionFromModuleCall>();
            let received = event(Safe::SafeReceived { sender: self.debtor, value: AMOUNT });
            assert_eq!(answer.logs.iter().any(|log| log.data == received), took);
            took
        }))
    }

    /// A Safe of one owner with this module, behind a proxy of this factory.
    async fn with_module(&self, factory: Address, singleton: Address, module: Address) -> Result<Address> {
        let (sender, owner) = (&self.safes.sender, &self.safes.keys[0]);
        let initializer = setup(&[owner.address()], 1).abi_encode();
        let safe = safes::proxy(sender, factory, singleton, initializer, 7).await?;
        let enable = call(safe, Safe::enableModuleCall { module }.abi_encode());
        let signed = signatures(enable.hash(safe), &[By::Key(owner.clone())]);
        ensure!(sender.send(safe, enable.execution(signed)).await?.status(), "the module was not enabled");
        Ok(safe)
    }
}

fn ways() -> [Vec<u8>; 2] {
    [Helpers::byTransferCall { amount: AMOUNT }.abi_encode(), Helpers::bySendCall { amount: AMOUNT }.abi_encode()]
}

/// A program that was entered in this block is entered as a cached one.
#[tokio::test]
async fn ether_by_transfer_is_taken() -> Result<()> {
    let world = World::start(ArbosVersion::V61).await?;
    for is_cached in [false, true] {
        if is_cached {
            world.cache().await?;
        }
        for collect in ways() {
            assert_eq!(world.take(&collect).await?, [true, true], "cached: {is_cached}");
        }
    }
    Ok(())
}

/// Before ArbOS 60 it is not, so that the program has to be cached.
#[tokio::test]
async fn before_arbos_60_the_program_has_to_be_cached() -> Result<()> {
    let world = World::start(ArbosVersion::V51).await?;
    for collect in ways() {
        assert_eq!(world.take(&collect).await?, [false, true]);
    }
    world.cache().await?;
    for collect in ways() {
        assert_eq!(world.take(&collect).await?, [true, true]);
    }
    Ok(())
}

/// Two pages of all programs that are running are free: the Safe's and those of its `receive`. A third costs 1,000 gas.
#[tokio::test]
async fn with_a_third_page_it_is_not() -> Result<()> {
    let world = World::start(ArbosVersion::V61).await?;
    world.cache().await?;
    // Long calldata is copied into the program's memory, which has some 31 KiB left of its page.
    let [collect, _] = ways();
    for (length, took) in [(20_000, true), (40_000, false)] {
        assert_eq!(world.take(&[&collect[..], &vec![0; length]].concat()).await?, [took, true], "{length} bytes");
    }
    // The module of a Safe is a Safe.
    let safes = &world.safes;
    let mut inner = Vec::new();
    for side in [safes.ours, safes.peer] {
        inner.push(world.with_module(safes.factory, side.singleton, side.safe).await?);
    }
    let collect = from_module(world.debtor, collect);
    safes
        .apart(2, |side| (side.safe, from_module(inner[usize::from(side.safe != safes.ours.safe)], collect.clone())))
        .await?;
    for (safe, took) in inner.into_iter().zip([0, 5]) {
        assert_eq!(safes.balance(safe).await?, U256::from(took));
    }
    Ok(())
}

/// Outside of the Safe's own transaction an access list touches proxy and singleton. Then the program has to be cached.
#[tokio::test]
async fn with_an_access_list_a_cached_program_is_paid() -> Result<()> {
    let World { safes, .. } = &World::start(ArbosVersion::V61).await?;
    let payer = peers::create(&safes.chain, "Payer", &[]).await?;
    ensure!(safes.sender.send_with(payer, [], 1_000).await?.status(), "the payer takes ether");
    for is_cached in [false, true] {
        if is_cached {
            let bid = CacheManager::placeBidCall { program: safes.ours.singleton }.abi_encode();
            ensure!(safes.sender.send(CACHE_MANAGER, bid).await?.status(), "the program was not cached");
        }
        for (side, takes) in [(safes.ours, is_cached), (safes.peer, true)] {
            let touched = [(side.safe, vec![B256::ZERO]), (side.singleton, vec![])];
            let touched = touched.map(|(address, storage_keys)| AccessListItem { address, storage_keys });
            let transaction = TransactionRequest::default()
                .with_to(payer)
                .with_input(payCall { to: side.safe, amount: AMOUNT }.abi_encode())
                .with_access_list(AccessList(touched.to_vec()))
                .with_gas_limit(1_000_000);
            let receipt = safes.sender.provider.send_transaction(transaction).await?.get_receipt().await?;
            assert_eq!(receipt.status(), takes, "{side:?}, cached: {is_cached}");
        }
    }
    Ok(())
}

/// Behind each of Safe's proxies: a Safe may have moved to a singleton of another version.
#[tokio::test]
async fn the_least_gas_that_is_enough() -> Result<()> {
    let world = World::start(ArbosVersion::V61).await?;
    world.cache().await?;
    let (safes, module) = (&world.safes, world.safes.sender.address());
    for factory in ["SafeProxyFactory", "SafeProxyFactory150"] {
        let at = peers::create(&safes.chain, factory, &[]).await?;
        let safe = world.with_module(at, safes.ours.singleton, module).await?;
        // Without ether there is no stipend, so the gas is what is named.
        let (mut too_little, mut enough) = (1_000, 6_000);
        while enough - too_little > 1 {
            let gas = (too_little + enough) / 2;
            let collect = Helpers::byCallCall { amount: U256::ZERO, gas: U256::from(2_300 + gas) };
            let answer = safes.chain.ask(module, safe, from_module(world.debtor, collect.abi_encode())).await?;
            let took = answer.output::<Safe::execTransactionFromModuleCall>();
            *if took { &mut enough } else { &mut too_little } = gas;
        }
        println!("{factory}: {enough}");
        assert!(enough <= 2_300, "{factory}: {enough}");
    }
    Ok(())
}
