//! The guard of transactions.

use alloy::primitives::{Address, B256, U256, hex, keccak256};
use alloy::sol;
use alloy::sol_types::{Revert, SolCall, SolError};
use consilium_bindings::Safe;
use eyre::Result;
use harness::{deploy::init_code, of_transaction, peers};

use crate::transaction::{SafeTx, call, delegate, signatures};
use crate::twins::{Helpers, Safes, event, gs};

sol! {
    interface Guard {
        function checkTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures, address msgSender) external;
    }
}

/// The hash of what a guard is asked about a transaction.
fn asked(tx: &SafeTx, signatures: Vec<u8>, msgSender: Address) -> B256 {
    let signatures = signatures.into();
    keccak256(of_transaction!(tx => Guard::checkTransactionCall { signatures, msgSender }).abi_encode())
}

fn set_guard(guard: Address) -> Safe::setGuardCall {
    Safe::setGuardCall { guard }
}

/// Safes, and a guard that is not set.
async fn with_guard() -> Result<(Safes, Address)> {
    let safes = crate::owners::with_module().await?;
    let guard = peers::create(&safes.chain, "SafeGuard", &[]).await?;
    Ok((safes, guard))
}

impl Safes {
    async fn tell(&self, guard: Address, mode: u64, errand: Vec<u8>) -> Result<()> {
        let set = Helpers::setCall { mode: U256::from(mode), errand: errand.into() };
        self.once(1, guard, set.abi_encode()).await
    }
}

#[tokio::test]
async fn it_is_asked_before_and_after() -> Result<()> {
    let (safes, guard) = with_guard().await?;
    let answer = safes.itself(set_guard(guard)).await?;
    // From the next transaction on.
    assert_eq!(answer.succeeded().logs.len(), 2);
    assert_eq!(answer.logs[0].data, event(Safe::ChangedGuard { guard }));

    let tx = SafeTx {
        value: U256::from(4),
        safeTxGas: U256::from(40_000),
        baseGas: U256::from(5),
        gasToken: Address::repeat_byte(7),
        refundReceiver: Address::repeat_byte(8),
        ..call(safes.target, Helpers::logCall { data: b"guarded".into() }.abi_encode())
    };
    let hashes = safes.hashes(|_| tx.clone()).await?;
    let two = safes.two();
    let asked = |hash| asked(&tx, signatures(hash, &two), safes.actors[2]);
    safes.stands_for(asked(hashes[0]), asked(hashes[1]));
    let answer = safes.execute(2, tx.clone(), &two).await?;
    assert_eq!(answer.event::<Helpers::Before>().arguments, asked(hashes[0]));
    let Helpers::After { txHash, success } = answer.event();
    assert_eq!((txHash, success), (hashes[0], true));
    let topics: Vec<_> = answer.logs.iter().map(|log| log.address).collect();
    assert_eq!(topics, [guard, safes.target, safes.ours.safe, guard]);

    let fails = SafeTx { safeTxGas: U256::from(9), ..call(safes.target, [1]) };
    safes.guarded(&fails, &two).await?;
    let answer = safes.execute(2, fails, &two).await?;
    assert!(!answer.event::<Helpers::After>().success);
    Ok(())
}

impl Safes {
    /// Lets what the guard is asked about a transaction stand for each other.
    async fn guarded(&self, tx: &SafeTx, by: &[crate::transaction::By]) -> Result<()> {
        let hashes = self.hashes(|_| tx.clone()).await?;
        let [ours, peers] = hashes.map(|hash| asked(tx, signatures(hash, by), self.actors[2]));
        self.stands_for(ours, peers);
        Ok(())
    }
}

#[tokio::test]
async fn it_refuses() -> Result<()> {
    let (safes, guard) = with_guard().await?;
    safes.change(set_guard(guard)).await?;
    let tx = call(safes.target, Helpers::logCall { data: b"guarded".into() }.abi_encode());
    for (mode, reason) in [(1, "refused before"), (2, "refused after")] {
        safes.tell(guard, mode, Vec::new()).await?;
        let refused = Revert::from(reason.to_owned()).abi_encode();
        safes.execute(2, tx.clone(), &safes.two()).await?.refused_with(&refused);
        // Its own removal too.
        safes.itself(set_guard(Address::ZERO)).await?.refused_with(&refused);
        // Modules are not guarded.
        let (to, value, data) = (safes.target, U256::ZERO, tx.data.clone());
        safes.call(2, Safe::execTransactionFromModuleCall { to, value, data, operation: 0 }).await?.returned(true);
    }
    // Signatures come before it.
    safes.execute(2, tx, &[]).await?.refused_with(&gs(20));
    Ok(())
}

#[tokio::test]
async fn it_is_removed() -> Result<()> {
    let (safes, guard) = with_guard().await?;
    safes.change(set_guard(guard)).await?;
    let remove = |side: &crate::twins::Side| call(side.safe, set_guard(Address::ZERO).abi_encode());
    // What the guard is asked about hashes the Safe's address.
    let hashes = safes.hashes(remove).await?;
    let two = safes.two();
    let asked = |side: &crate::twins::Side, hash| asked(&remove(side), signatures(hash, &two), safes.actors[1]);
    safes.stands_for(asked(&safes.ours, hashes[0]), asked(&safes.peer, hashes[1]));
    let answer = safes.itself(set_guard(Address::ZERO)).await?;
    // The one that was asked before is asked after.
    assert_eq!(answer.succeeded().logs.len(), 4);
    assert_eq!(answer.logs[3].address, guard);
    let answer = safes.execute(2, call(safes.target, []), &safes.two()).await?;
    assert_eq!(answer.succeeded().logs.len(), 1);
    Ok(())
}

#[tokio::test]
async fn it_must_say_that_it_is_one() -> Result<()> {
    let (safes, guard) = with_guard().await?;
    // No code; no code but an answer, as a precompile has one; code without ERC-165; code that says no.
    assert_eq!(safes.refusal(set_guard(Address::repeat_byte(3))).await?, b"");
    let identity = Address::with_last_byte(4);
    assert_eq!(safes.refusal(set_guard(identity)).await?, b"");
    assert_eq!(safes.refusal(set_guard(safes.target)).await?, b"");
    safes.tell(guard, 10, Vec::new()).await?;
    assert_eq!(safes.refusal(set_guard(guard)).await?, gs(300));
    safes.tell(guard, 11, Vec::new()).await?;
    let reason = Revert::from("no interface".to_owned()).abi_encode();
    assert_eq!(safes.refusal(set_guard(guard)).await?, reason);
    safes.tell(guard, 13, Vec::new()).await?;
    assert_eq!(safes.refusal(set_guard(guard)).await?, b"");
    // Words that are neither true nor false, as Solidity before 0.8 reads them.
    for mode in [12, 14] {
        safes.tell(guard, mode, Vec::new()).await?;
        safes.change(set_guard(guard)).await?;
        safes.tell(guard, 0, Vec::new()).await?;
        let store = |slot: U256| Helpers::storeCall { slot, word: U256::ZERO.into() }.abi_encode();
        let slot = keccak256(crate::twins::NAMED_SLOTS[1]).into();
        let call = Safe::execTransactionFromModuleCall {
            to: safes.target,
            value: U256::ZERO,
            data: store(slot).into(),
            operation: 1,
        };
        safes.call(2, call).await?.returned(true);
    }
    Ok(())
}

/// While a guard is asked whether it is one, the Safe has no guard yet.
#[tokio::test]
async fn a_guard_that_is_asked_is_not_set() -> Result<()> {
    let safes = crate::owners::with_module().await?;
    let slot = keccak256(crate::twins::NAMED_SLOTS[1]).into();
    let question = Safe::getStorageAtCall { offset: slot, length: U256::ONE }.abi_encode();
    // It asks the Safe for the slot of its guard, and answers whether that is zero.
    let ask = hex!("6044601a5f39" "60605f60445f335afa50" "604051155f5260205ff3");
    let guard = safes.chain.create(init_code(&[&ask[..], &question].concat())).await?;
    safes.change(set_guard(guard)).await
}

/// A guard whose code is gone, or that never was one: nothing is executed any more.
#[tokio::test]
async fn a_guard_without_code_lets_nothing_pass() -> Result<()> {
    let safes = Safes::start().await?;
    let slot = keccak256(crate::twins::NAMED_SLOTS[1]).into();
    let word = Address::repeat_byte(5).into_word();
    let store = Helpers::storeCall { slot, word }.abi_encode();
    safes.execute(2, delegate(safes.target, store), &safes.two()).await?.returned(true);
    safes.execute(2, call(safes.target, []), &safes.two()).await?.refused_with(&[]);
    Ok(())
}

/// A guard that calls the Safe again, with a transaction of its own: it has the next nonce.
#[tokio::test]
async fn a_guard_executes_another_transaction_meanwhile() -> Result<()> {
    for mode in [3, 4] {
        let (safes, guard) = with_guard().await?;
        safes.change(set_guard(guard)).await?;
        // It may do what every stranger may.
        let errand = Safe::changeThresholdCall { threshold: U256::ONE }.abi_encode();
        safes.tell(guard, mode, errand).await?;
        let tx = call(safes.target, []);
        safes.guarded(&tx, &safes.two()).await?;
        let answer = safes.execute(2, tx, &safes.two()).await?;
        let called = answer.succeeded().event::<Helpers::Called>();
        assert_eq!((called.success, called.answer.to_vec()), (false, gs(31)));
        safes.view(Safe::getThresholdCall {}).await?.returned(U256::from(2));
    }
    Ok(())
}
