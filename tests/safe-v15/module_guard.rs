//! The guard of modules' transactions.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol;
use alloy::sol_types::{Revert, SolCall, SolError};
use consilium_bindings::{Safe, SafeV15};
use eyre::Result;
use harness::answer::Answer;
use harness::peers;

use crate::transaction::{call, delegate};
use crate::twins::{Helpers, NAMED_SLOTS, Safes, event, gs};

sol! {
    interface Guard {
        function checkModuleTransaction(address to, uint256 value, bytes data, uint8 operation, address module)
            external returns (bytes32);
    }
}

fn set_guard(moduleGuard: Address) -> SafeV15::setModuleGuardCall {
    SafeV15::setModuleGuardCall { moduleGuard }
}

fn slot() -> U256 {
    keccak256(NAMED_SLOTS[2]).into()
}

/// Safes with a module, actor number 2, and a module guard that is set.
async fn guarded() -> Result<(Safes, Address)> {
    let safes = crate::owners::with_module().await?;
    let guard = peers::create(&safes.chain, "SafeModuleGuard", &[]).await?;
    safes.change(set_guard(guard)).await?;
    Ok((safes, guard))
}

/// A call of the module's: its target and calldata, and whether the answer is wanted.
#[derive(Clone)]
struct Act {
    to: Address,
    data: Vec<u8>,
    operation: u8,
    wants_answer: bool,
}

impl Act {
    fn call(&self) -> Vec<u8> {
        let Self { to, data, operation, wants_answer } = self.clone();
        let (value, data) = (U256::from(3), data.into());
        if wants_answer {
            Safe::execTransactionFromModuleReturnDataCall { to, value, data, operation }.abi_encode()
        } else {
            Safe::execTransactionFromModuleCall { to, value, data, operation }.abi_encode()
        }
    }

    /// What the guard is told before, and hands over to itself.
    fn hash(&self, module: Address) -> B256 {
        let Self { to, data, operation, .. } = self.clone();
        let value = U256::from(3);
        keccak256(Guard::checkModuleTransactionCall { to, value, data: data.into(), operation, module }.abi_encode())
    }
}

impl Safes {
    async fn tell_module_guard(&self, guard: Address, mode: u64, errand: Vec<u8>) -> Result<()> {
        let set = Helpers::setCall { mode: U256::from(mode), errand: errand.into() };
        self.once(1, guard, set.abi_encode()).await
    }

    /// A module's log of the target.
    async fn log(&self) -> Result<Answer> {
        let data = Helpers::logCall { data: b"guarded".into() }.abi_encode();
        self.raw(2, Act { to: self.target, data, operation: 0, wants_answer: false }.call()).await
    }
}

#[tokio::test]
async fn it_is_asked_before_and_after() -> Result<()> {
    let (safes, guard) = guarded().await?;
    let module = safes.actors[2];
    let log = Helpers::logCall { data: b"guarded".into() }.abi_encode();
    let fail = Helpers::failCall { data: vec![7; 40].into() }.abi_encode();
    let echo = Helpers::echoCall { data: vec![8; 100].into() }.abi_encode();
    for operation in 0..2 {
        for wants_answer in [false, true] {
            for (data, succeeds, answer) in
                [(log.clone(), true, vec![]), (fail.clone(), false, vec![7; 40]), (echo.clone(), true, vec![8; 100])]
            {
                let act = Act { to: safes.target, data: data.clone(), operation, wants_answer };
                let found = safes.raw(2, act.call()).await?;
                let hash = act.hash(module);
                let places: Vec<_> = found.succeeded().logs.iter().map(|log| log.address).collect();
                let at = if operation == 0 { safes.target } else { safes.ours.safe };
                let inner = (data == log).then_some(at);
                let expected: Vec<_> =
                    [Some(guard), inner, Some(guard), Some(safes.ours.safe)].into_iter().flatten().collect();
                assert_eq!(places, expected);
                assert_eq!(found.logs[0].data, event(Helpers::Before { arguments: hash }));
                let after = found.logs.len() - 2;
                assert_eq!(found.logs[after].data, event(Helpers::After { txHash: hash, success: succeeds }));
                if wants_answer {
                    // That of the call, and not the guard's.
                    let own = found.output::<Safe::execTransactionFromModuleReturnDataCall>();
                    assert_eq!((own.success, own.returnData.to_vec()), (succeeds, answer));
                } else {
                    found.returned(succeeds);
                }
            }
        }
    }
    Ok(())
}

/// Owners' transactions are not its business, and it cannot keep itself.
#[tokio::test]
async fn owners_are_not_asked_and_remove_it() -> Result<()> {
    let (safes, guard) = guarded().await?;
    safes.tell_module_guard(guard, 1, Vec::new()).await?;
    let answer = safes.execute(2, call(safes.target, []), &safes.two()).await?;
    assert_eq!(answer.succeeded().logs.len(), 1);
    let answer = safes.itself(set_guard(Address::ZERO)).await?;
    assert_eq!(answer.succeeded().logs[0].data, event(SafeV15::ChangedModuleGuard { moduleGuard: Address::ZERO }));
    safes.log().await?.returned(true);
    Ok(())
}

#[tokio::test]
async fn it_refuses() -> Result<()> {
    let (safes, guard) = guarded().await?;
    for (mode, reason) in [(1, "refused before"), (2, "refused after")] {
        safes.tell_module_guard(guard, mode, Vec::new()).await?;
        safes.log().await?.refused_with(&Revert::from(reason.to_owned()).abi_encode());
    }
    // Who is no module is told so, and the guard is not asked.
    let to = safes.target;
    let strange = Act { to, data: Vec::new(), operation: 0, wants_answer: true };
    safes.raw(1, strange.call()).await?.refused_with(&gs(104));
    // An operation that does not exist comes before it.
    for wants_answer in [false, true] {
        let strange = Act { to, data: Vec::new(), operation: 2, wants_answer };
        safes.raw(2, strange.call()).await?.refused_with(&[]);
    }
    Ok(())
}

/// It answers with a word. What is shorter is refused without data; what is longer is read as a word.
#[tokio::test]
async fn its_answer_is_a_word() -> Result<()> {
    let (safes, guard) = guarded().await?;
    for (mode, passes) in [(5, false), (6, false), (7, true)] {
        safes.tell_module_guard(guard, mode, Vec::new()).await?;
        let answer = safes.log().await?;
        if passes {
            answer.returned(true);
        } else {
            answer.refused_with(&[]);
        }
    }
    Ok(())
}

#[tokio::test]
async fn it_must_say_that_it_is_one() -> Result<()> {
    let safes = crate::owners::with_module().await?;
    let guard = peers::create(&safes.chain, "SafeModuleGuard", &[]).await?;
    let of_transactions = peers::create(&safes.chain, "SafeGuard", &[]).await?;
    // No code; code without ERC-165; a guard of the other kind, both ways.
    assert_eq!(safes.refusal(set_guard(Address::repeat_byte(3))).await?, b"");
    assert_eq!(safes.refusal(set_guard(safes.target)).await?, b"");
    assert_eq!(safes.refusal(set_guard(of_transactions)).await?, gs(301));
    assert_eq!(safes.refusal(Safe::setGuardCall { guard }).await?, gs(300));
    safes.tell_module_guard(guard, 10, Vec::new()).await?;
    assert_eq!(safes.refusal(set_guard(guard)).await?, gs(301));
    safes.tell_module_guard(guard, 11, Vec::new()).await?;
    let reason = Revert::from("no interface".to_owned()).abi_encode();
    assert_eq!(safes.refusal(set_guard(guard)).await?, reason);
    safes.tell_module_guard(guard, 13, Vec::new()).await?;
    assert_eq!(safes.refusal(set_guard(guard)).await?, b"");
    // A word that is neither true nor false, as Solidity before 0.8 reads it.
    safes.tell_module_guard(guard, 12, Vec::new()).await?;
    safes.change(set_guard(guard)).await?;
    assert_eq!(safes.chain.storage(safes.ours.safe, slot()).await?, guard.into_word());
    // Nobody but the Safe sets it.
    for actor in 0..3 {
        safes.call(actor, set_guard(Address::ZERO)).await?.refused_with(&gs(31));
    }
    Ok(())
}

/// A guard whose code is gone, or that never was one, stops all modules. What else is in its slot does not count.
#[tokio::test]
async fn a_guard_without_code_lets_no_module_pass() -> Result<()> {
    let (safes, guard) = guarded().await?;
    let mut dirty = guard.into_word();
    dirty[2] = 9;
    let mut nobody = B256::ZERO;
    nobody[2] = 9;
    for (word, passes) in [(Address::repeat_byte(5).into_word(), false), (dirty, true), (nobody, true)] {
        let store = Helpers::storeCall { slot: slot(), word }.abi_encode();
        safes.execute(2, delegate(safes.target, store), &safes.two()).await?.returned(true);
        let answer = safes.log().await?;
        if passes {
            answer.returned(true);
        } else {
            answer.refused_with(&[]);
        }
    }
    Ok(())
}

/// A module that removes its guard: the one that was asked before is asked after, and then no more.
#[tokio::test]
async fn a_module_cannot_shake_it_off_in_its_own_transaction() -> Result<()> {
    let (safes, guard) = guarded().await?;
    let data = set_guard(Address::ZERO).abi_encode();
    let store = Helpers::storeCall { slot: slot(), word: B256::ZERO }.abi_encode();
    let hostile = Act { to: safes.target, data: store, operation: 1, wants_answer: true };
    safes.tell_module_guard(guard, 2, Vec::new()).await?;
    let refused = Revert::from("refused after".to_owned()).abi_encode();
    safes.raw(2, hostile.call()).await?.refused_with(&refused);
    let removes = |safe| Act { to: safe, data: data.clone(), operation: 0, wants_answer: false };
    safes.each_raw(2, |side| removes(side.safe).call()).await?.refused_with(&refused);
    // Where it lets pass, it is told of the end.
    safes.tell_module_guard(guard, 0, Vec::new()).await?;
    let answer = safes.raw(2, hostile.call()).await?;
    assert_eq!(answer.succeeded().logs.len(), 3);
    assert_eq!(answer.logs[1].address, guard);
    let answer = safes.log().await?;
    assert_eq!(answer.succeeded().logs.len(), 2);
    Ok(())
}

/// A guard that calls the Safe again may do what every stranger may.
#[tokio::test]
async fn a_guard_that_calls_back_gains_nothing() -> Result<()> {
    let (safes, guard) = guarded().await?;
    let act = Act { to: safes.target, data: Vec::new(), operation: 0, wants_answer: false };
    let threshold = Safe::changeThresholdCall { threshold: U256::ONE }.abi_encode();
    for mode in [3, 4] {
        for (errand, number) in
            [(threshold.clone(), 31), (set_guard(Address::ZERO).abi_encode(), 31), (act.call(), 104)]
        {
            safes.tell_module_guard(guard, mode, errand).await?;
            let answer = safes.log().await?;
            let called = answer.succeeded().event::<Helpers::Called>();
            assert_eq!((called.success, called.answer.to_vec()), (false, gs(number)));
        }
    }
    // As a module it executes for itself, and is asked about that too.
    safes.tell_module_guard(guard, 0, Vec::new()).await?;
    safes.change(Safe::enableModuleCall { module: guard }).await?;
    safes.tell_module_guard(guard, 4, threshold).await?;
    safes.log().await?.returned(true);
    safes.view(Safe::getThresholdCall {}).await?.returned(U256::from(2));
    Ok(())
}
