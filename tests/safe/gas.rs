//! What the Safe costs, through the proxy, and what Safe's own costs on the same chain.

use alloy::primitives::{Address, U256};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use eyre::{Result, ensure};
use harness::cost::Cost;
use harness::gas_table::{Measured, keep, rows};
use nitro::{CACHE_MANAGER, CacheManager};

use crate::transaction::{By, SafeTx, call, signatures};
use crate::twins::{Helpers, Safes, setup};

/// How many percent of the peer's gas it is at most, where the program is cached.
///
/// A call with ether costs a Stylus program up to 2,300 gas more than a contract of the EVM: what its target leaves of
/// the gas that comes with the ether is not given back.
const PROMISED: [(&str, u64); 8] = [
    ("setup with 3 owners", 99),
    ("execTransaction, 1 owner", 95),
    ("execTransaction, 3 owners", 94),
    ("execTransaction, 5 owners", 94),
    ("execTransaction, 9 owners", 93),
    ("execTransaction with ether, 3 owners", 98),
    ("addOwnerWithThreshold, 1 owner", 97),
    ("execTransactionFromModule", 99),
];

/// Safes of one singleton, with their owners' keys.
struct Wallets<'a> {
    safes: &'a Safes,
    singleton: Address,
}

impl Wallets<'_> {
    /// A Safe whose owners all have to sign, by Safe's factory; what its setup cost.
    async fn make(&self, owners: usize) -> Result<(Address, Cost<0>)> {
        let addresses: Vec<_> = self.safes.keys[..owners].iter().map(PrivateKeySigner::address).collect();
        let safe = self.safes.proxy_of(self.singleton).await?;
        let cost = self.send(safe, setup(&addresses, owners as u64).abi_encode()).await?;
        ensure!(self.safes.sender.send_with(safe, [], 1_000).await?.status(), "the Safe took no ether");
        Ok((safe, cost))
    }

    async fn send(&self, safe: Address, data: Vec<u8>) -> Result<Cost<0>> {
        Cost::of(&self.safes.sender, safe, data, []).await
    }

    async fn execute(&self, safe: Address, nonce: u64, tx: SafeTx, owners: usize) -> Result<Cost<0>> {
        let tx = SafeTx { nonce: U256::from(nonce), ..tx };
        let by: Vec<_> = self.safes.keys[..owners].iter().cloned().map(By::Key).collect();
        self.send(safe, tx.execution(signatures(tx.hash(safe), &by))).await
    }

    /// What people do. The first transaction of each Safe writes a nonce of zero, and is not looked at.
    async fn measure(&self) -> Result<Vec<(&'static str, Measured)>> {
        let names: Vec<_> = PROMISED.iter().map(|(name, _)| *name).collect();
        let mut measured = Vec::new();
        // A token's transfer costs as much, but for the token's own storage.
        let (target, data) = (self.safes.target, Helpers::logCall { data: vec![1; 32].into() }.abi_encode());
        let act = || call(target, data.clone());
        for (name, owners) in names[1..5].iter().zip([1, 3, 5, 9]) {
            let (safe, set_up) = self.make(owners).await?;
            if owners == 3 {
                measured.insert(0, (names[0], set_up.into()));
            }
            self.execute(safe, 0, act(), owners).await?;
            measured.push((*name, self.execute(safe, 1, act(), owners).await?.into()));
        }
        let (safe, _) = self.make(3).await?;
        let pay = || SafeTx { value: U256::from(1), ..call(target, []) };
        self.execute(safe, 0, pay(), 3).await?;
        measured.push((names[5], self.execute(safe, 1, pay(), 3).await?.into()));

        let (safe, _) = self.make(1).await?;
        let module = self.safes.sender.address();
        self.execute(safe, 0, call(safe, Safe::enableModuleCall { module }.abi_encode()), 1).await?;
        let (owner, threshold) = (self.safes.keys[5].address(), U256::from(1));
        let add = Safe::addOwnerWithThresholdCall { owner, threshold }.abi_encode();
        measured.push((names[6], self.execute(safe, 1, call(safe, add), 1).await?.into()));
        let (to, value) = (target, U256::ZERO);
        let act = Safe::execTransactionFromModuleCall { to, value, data: data.into(), operation: 0 }.abi_encode();
        measured.push((names[7], self.send(safe, act).await?.into()));
        Ok(measured)
    }
}

#[tokio::test]
async fn promises_of_gas() -> Result<()> {
    let safes = Safes::bare().await?;
    let [ours, peer] = [safes.ours, safes.peer].map(|side| Wallets { safes: &safes, singleton: side.singleton });
    let uncached = ours.measure().await?;
    let bid = CacheManager::placeBidCall { program: ours.singleton }.abi_encode();
    ensure!(safes.sender.send(CACHE_MANAGER, bid).await?.status(), "the program was not cached");
    let rows = rows(&[uncached, ours.measure().await?, peer.measure().await?]);
    keep(crate::version::PROGRAM, &rows)?;
    for (row, (action, most)) in rows.iter().zip(PROMISED) {
        ensure!(row.action == action, "{} is not {action}", row.action);
        let percent = row.percent().unwrap_or(u64::MAX);
        ensure!(percent <= most, "{action}: {percent} % of the peer's gas, promised {most} %");
    }
    Ok(())
}
