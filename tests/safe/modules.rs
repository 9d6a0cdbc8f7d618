//! Modules: the list, and what they execute.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::Safe;
use eyre::Result;

use crate::owners::with_module;
use crate::twins::{Helpers, SENTINEL, Safes, event, gs};

fn enable(module: Address) -> Safe::enableModuleCall {
    Safe::enableModuleCall { module }
}

fn disable(prevModule: Address, module: Address) -> Safe::disableModuleCall {
    Safe::disableModuleCall { prevModule, module }
}

fn page(start: Address, size: u64) -> Safe::getModulesPaginatedCall {
    Safe::getModulesPaginatedCall { start, pageSize: U256::from(size) }
}

fn from_module(to: Address, value: u64, data: Vec<u8>, operation: u8) -> Safe::execTransactionFromModuleCall {
    Safe::execTransactionFromModuleCall { to, value: U256::from(value), data: data.into(), operation }
}

fn with_answer(to: Address, value: u64, data: Vec<u8>, operation: u8) -> Safe::execTransactionFromModuleReturnDataCall {
    Safe::execTransactionFromModuleReturnDataCall { to, value: U256::from(value), data: data.into(), operation }
}

#[tokio::test]
async fn modules_come_and_go() -> Result<()> {
    let safes = with_module().await?;
    let [a, b, c] = [11, 12, 13].map(Address::repeat_byte);
    for module in [a, b, c] {
        safes.know(module);
        let answer = safes.itself(enable(module)).await?;
        assert_eq!(answer.succeeded().logs[0].data, event(Safe::EnabledModule { module }));
        safes.view(Safe::isModuleEnabledCall { module }).await?.returned(true);
    }
    let answer = safes.itself(disable(c, b)).await?;
    assert_eq!(answer.succeeded().logs[0].data, event(Safe::DisabledModule { module: b }));
    safes.change(disable(SENTINEL, c)).await?;
    safes.change(disable(a, safes.actors[2])).await?;
    safes.view(Safe::isModuleEnabledCall { module: b }).await?.returned(false);
    let found = safes.view(page(SENTINEL, 5)).await?.output::<Safe::getModulesPaginatedCall>();
    assert_eq!((found.array, found.next), (vec![a], SENTINEL));
    safes.change(disable(SENTINEL, a)).await?;
    safes.change(enable(a)).await
}

#[tokio::test]
async fn what_does_not_fit_the_list_is_refused() -> Result<()> {
    let safes = with_module().await?;
    let (module, other) = (safes.actors[2], Address::repeat_byte(11));
    for (call, number) in [(enable(Address::ZERO), 101), (enable(SENTINEL), 101), (enable(module), 102)] {
        assert_eq!(safes.refusal(call).await?, gs(number));
    }
    for (call, number) in [
        (disable(SENTINEL, Address::ZERO), 101),
        (disable(module, SENTINEL), 101),
        (disable(SENTINEL, other), 103),
        (disable(other, module), 103),
        (disable(module, module), 103),
        (disable(Address::ZERO, module), 103),
    ] {
        assert_eq!(safes.refusal(call).await?, gs(number));
    }
    Ok(())
}

#[tokio::test]
async fn pages_lead_through_all_modules() -> Result<()> {
    let safes = with_module().await?;
    let mut all = vec![safes.actors[2]];
    for number in 11..16 {
        let module = Address::repeat_byte(number);
        safes.know(module);
        safes.change(enable(module)).await?;
        all.insert(0, module);
    }
    for size in [1, 2, 3, 5, 6, 7, 100] {
        let (mut found, mut start) = (Vec::new(), SENTINEL);
        loop {
            let next = safes.view(page(start, size)).await?.output::<Safe::getModulesPaginatedCall>();
            assert!(next.array.len() as u64 <= size);
            found.extend(next.array);
            start = next.next;
            if start == SENTINEL {
                break;
            }
        }
        assert_eq!(found, all, "pages of {size}");
    }
    safes.view(page(SENTINEL, 0)).await?.refused_with(&gs(106));
    safes.view(page(Address::repeat_byte(99), 1)).await?.refused_with(&gs(105));
    safes.view(page(Address::repeat_byte(99), 0)).await?.refused_with(&gs(105));
    safes.view(page(Address::ZERO, 1)).await?.refused_with(&gs(105));
    Ok(())
}

#[tokio::test]
async fn only_modules_execute() -> Result<()> {
    let safes = with_module().await?;
    for actor in 0..2 {
        safes.call(actor, from_module(safes.target, 0, vec![], 0)).await?.refused_with(&gs(104));
        safes.call(actor, with_answer(safes.target, 0, vec![], 1)).await?.refused_with(&gs(104));
    }
    // One that was disabled is none.
    safes.change(disable(SENTINEL, safes.actors[2])).await?;
    safes.call(2, from_module(safes.target, 0, vec![], 0)).await?.refused_with(&gs(104));
    Ok(())
}

#[tokio::test]
async fn a_module_executes_without_signatures() -> Result<()> {
    let safes = with_module().await?;
    let (target, module) = (safes.target, safes.actors[2]);
    let success = event(Safe::ExecutionFromModuleSuccess { module });
    let failure = event(Safe::ExecutionFromModuleFailure { module });
    let log = Helpers::logCall { data: b"by a module".into() }.abi_encode();
    let fail = Helpers::failCall { data: vec![5; 40].into() }.abi_encode();
    let echo = |length: usize| Helpers::echoCall { data: vec![6; length].into() }.abi_encode();
    for operation in 0..2 {
        let answer = safes.call(2, from_module(target, 3, log.clone(), operation)).await?;
        answer.returned(true);
        let me = if operation == 0 { target } else { safes.ours.safe };
        assert_eq!(answer.event::<Helpers::Did>().me, me);
        assert_eq!(answer.logs[1].data, success);
        let answer = safes.call(2, from_module(target, 0, fail.clone(), operation)).await?;
        answer.returned(false);
        answer.logged([failure.clone()]);
        // With what was returned, of any length.
        for length in [0, 1, 31, 32, 33, 1000] {
            let answer = safes.call(2, with_answer(target, 0, echo(length), operation)).await?;
            let found = answer.output::<Safe::execTransactionFromModuleReturnDataCall>();
            assert_eq!((found.success, found.returnData.len()), (true, length));
        }
        let answer = safes.call(2, with_answer(target, 0, fail.clone(), operation)).await?;
        let found = answer.output::<Safe::execTransactionFromModuleReturnDataCall>();
        assert_eq!((found.success, found.returnData.to_vec()), (false, vec![5; 40]));
        answer.logged([failure.clone()]);
    }
    // More ether than there is.
    safes.call(2, from_module(target, 2_000_000, log, 0)).await?.returned(false);
    // The nonce is the owners'.
    assert_eq!(safes.nonce().await?, U256::ONE);
    Ok(())
}

#[tokio::test]
async fn the_nonce_of_a_module_s_safe_is_not_used_up_and_its_code_may_change_all() -> Result<()> {
    let safes = with_module().await?;
    let store = |slot: u64, word: u64| {
        Helpers::storeCall { slot: U256::from(slot), word: U256::from(word).into() }.abi_encode()
    };
    for (slot, word) in [(3, 2), (4, 1), (5, 9), (6, 3), (12, 1)] {
        safes.call(2, from_module(safes.target, 0, store(slot, word), 1)).await?.returned(true);
    }
    safes.view(Safe::getThresholdCall {}).await?.returned(U256::ONE);
    assert_eq!(safes.nonce().await?, U256::from(9));
    Ok(())
}

/// Code of a module changes the list in the middle of a call of the Safe: what is read afterwards is what is there.
#[tokio::test]
async fn a_module_disables_itself_while_it_executes() -> Result<()> {
    let safes = with_module().await?;
    let module = safes.actors[2];
    let answer = safes.each_raw(2, |side| {
        let data = disable(SENTINEL, module).abi_encode();
        from_module(side.safe, 0, data, 0).abi_encode()
    });
    let answer = answer.await?;
    answer.returned(true);
    assert_eq!(answer.logs.len(), 2);
    safes.call(2, from_module(safes.target, 0, vec![], 0)).await?.refused_with(&gs(104));
    Ok(())
}

/// The sentinel is in the list and is no module.
#[tokio::test]
async fn the_sentinel_is_no_module() -> Result<()> {
    let safes = Safes::start().await?;
    safes.view(Safe::isModuleEnabledCall { module: SENTINEL }).await?.returned(false);
    let call = from_module(safes.target, 0, vec![], 0).abi_encode();
    let answer = safes.ask(SENTINEL, |side| (side.safe, call.clone())).await?;
    answer.refused_with(&gs(104));
    Ok(())
}
