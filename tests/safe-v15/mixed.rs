//! The two versions side by side: neither takes what was made for the other, and owners move from one to the other.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::{Safe, SafeV15};
use eyre::Result;
use harness::{deploy, peers};

use crate::transaction::{By, SafeTx, call, delegate, signatures};
use crate::twins::{Helpers, Safes, gs};

/// A proxy of ours that owners move between the singletons.
struct Mover {
    safes: Safes,
    /// The older one.
    old: Address,
}

impl Mover {
    async fn start() -> Result<Self> {
        let safes = Safes::start().await?;
        let old = deploy::program(&safes.chain, "safe", &[]).await?;
        Ok(Self { safes, old })
    }

    /// Lets two owners execute a transaction on ours alone; whether it succeeded.
    async fn execute(&self, tx: SafeTx) -> Result<bool> {
        let safe = self.safes.ours.safe;
        let nonce = self.safes.chain.ask(safe, safe, Safe::nonceCall {}.abi_encode()).await?;
        let tx = SafeTx { nonce: nonce.output::<Safe::nonceCall>(), ..tx };
        let execution = tx.execution(signatures(tx.hash(safe), &self.safes.two()));
        Ok(self.safes.sender.send(safe, execution).await?.status())
    }

    async fn move_to(&self, singleton: Address) -> Result<()> {
        let store = Helpers::storeCall { slot: U256::ZERO, word: singleton.into_word() }.abi_encode();
        assert!(self.execute(delegate(self.safes.target, store)).await?);
        Ok(())
    }

    async fn version(&self) -> Result<String> {
        let answer =
            self.safes.chain.ask(Address::ZERO, self.safes.ours.safe, Safe::VERSIONCall {}.abi_encode()).await?;
        Ok(answer.output::<Safe::VERSIONCall>())
    }
}

#[tokio::test]
async fn owners_move_between_the_versions() -> Result<()> {
    let mover = Mover::start().await?;
    let (safe, new) = (mover.safes.ours.safe, mover.safes.ours.singleton);
    let owners = || mover.safes.chain.ask(Address::ZERO, safe, Safe::getOwnersCall {}.abi_encode());
    let before = owners().await?.output::<Safe::getOwnersCall>();
    for (singleton, number) in
        [(mover.old, "1.4.1"), (new, "1.5.0"), (mover.safes.peer.singleton, "1.5.0"), (new, "1.5.0")]
    {
        mover.move_to(singleton).await?;
        assert_eq!(mover.version().await?, number);
        assert_eq!(owners().await?.output::<Safe::getOwnersCall>(), before);
    }
    Ok(())
}

/// Only 1.5.0 knows a module guard: with the older version modules are free again.
#[tokio::test]
async fn the_older_version_does_not_ask_a_module_guard() -> Result<()> {
    let mover = Mover::start().await?;
    let (safe, chain) = (mover.safes.ours.safe, &mover.safes.chain);
    let guard = peers::create(chain, "SafeModuleGuard", &[]).await?;
    let module = mover.safes.sender.address();
    assert!(mover.execute(call(safe, Safe::enableModuleCall { module }.abi_encode())).await?);
    assert!(mover.execute(call(safe, SafeV15::setModuleGuardCall { moduleGuard: guard }.abi_encode())).await?);
    let refuse = Helpers::setCall { mode: U256::from(1), errand: vec![].into() }.abi_encode();
    assert!(mover.safes.sender.send(guard, refuse).await?.status());
    let (to, value, data) = (mover.safes.target, U256::ZERO, vec![].into());
    let act = Safe::execTransactionFromModuleCall { to, value, data, operation: 0 }.abi_encode();
    for (singleton, passes) in [(mover.old, true), (mover.safes.ours.singleton, false)] {
        mover.move_to(singleton).await?;
        assert_eq!(mover.safes.sender.send(safe, act.clone()).await?.status(), passes);
    }
    Ok(())
}

/// A contract that answers as ERC-1271 of the other version asks has signed nothing, and neither version's magic value
/// is the other's.
#[tokio::test]
async fn a_contract_s_yes_is_of_one_version() -> Result<()> {
    let mover = Mover::start().await?;
    let safe = mover.safes.ours.safe;
    let signed = |kind: u8| {
        let (key, signer) = (By::Key(mover.safes.keys[0].clone()), mover.safes.signer);
        let data = vec![7; 66];
        let dataHash: B256 = alloy::primitives::keccak256(&data);
        let signatures = signatures(dataHash, &[key, By::Contract(signer, vec![kind])]).into();
        Safe::checkSignaturesCall { dataHash, data: data.into(), signatures }.abi_encode()
    };
    for singleton in [mover.safes.ours.singleton, mover.old] {
        mover.move_to(singleton).await?;
        mover.safes.chain.ask(Address::ZERO, safe, signed(0)).await?.succeeded();
        // Its answer is the other version's.
        mover.safes.chain.ask(Address::ZERO, safe, signed(1)).await?.refused_with(&gs(24));
    }
    Ok(())
}
