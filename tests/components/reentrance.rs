//! The guard against re-entrance, by a callee that calls back.

use alloy::{
    primitives::{Address, Bytes, U256},
    sol,
    sol_types::{SolCall, SolError, SolValue},
};
use eyre::Result;
use harness::{answer::Answer, peers};

use crate::twins::{Parts::*, Twins};

sol! {
    interface Reenterer {
        event Reentered(bool success, bytes data);
        function arm(address to, bytes data) external;
    }
}

/// A callee for each twin, which calls its twin back with `back`; and the calls of the twins to their callees by `call`.
async fn hostile(
    twins: &Twins,
    call: impl Fn(Address) -> Vec<u8>,
    back: impl Fn(Address) -> Vec<u8>,
) -> Result<impl Fn(&Address) -> (Address, Vec<u8>)> {
    let mut callees = Vec::new();
    for twin in [twins.ours, twins.peer] {
        let callee = peers::create(&twins.chain, "Reenterer", &[]).await?;
        let arm = Reenterer::armCall { to: twin, data: back(callee).into() }.abi_encode();
        assert!(twins.sender.send(callee, arm).await?.status());
        callees.push(callee);
    }
    twins.stands_for(callees[0], callees[1]);
    let (ours, calls) = (twins.ours, [call(callees[0]), call(callees[1])]);
    Ok(move |twin: &Address| (*twin, calls[usize::from(*twin != ours)].clone()))
}

/// Lets both call a callee that calls back; what the call back was answered, which is the same for both.
async fn reenter(
    twins: &Twins,
    call: impl Fn(Address) -> Vec<u8>,
    back: impl Fn(Address) -> Vec<u8>,
) -> Result<(bool, Bytes)> {
    let call = hostile(twins, call, back).await?;
    Ok(answered_back(&twins.at(twins.number(twins.stranger)?, call).await?))
}

/// What the call back was answered.
fn answered_back(answer: &Answer) -> (bool, Bytes) {
    let Reenterer::Reentered { success, data } = answer.succeeded().event();
    (success, data)
}

fn enter(target: Address) -> Vec<u8> {
    enterCall { target, data: Bytes::new() }.abi_encode()
}

fn enter_open(target: Address) -> Vec<u8> {
    enterOpenCall { target, data: Bytes::new() }.abi_encode()
}

fn refusal() -> (bool, Bytes) {
    (false, ReentrancyGuardReentrantCall {}.abi_encode().into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guarded_function_is_not_entered_from_another() -> Result<()> {
    let twins = Twins::start().await?;
    assert_eq!(reenter(&twins, enter, enter).await?, refusal());
    assert_eq!(reenter(&twins, enter, |_| guardedCall {}.abi_encode()).await?, refusal());
    // A function without a guard answers, from the current state.
    let owner = twins.stranger;
    let (success, _) = reenter(&twins, enter, |_| useNonceCall { owner }.abi_encode()).await?;
    assert!(success);
    twins.call(useNonceCall { owner }).await?.returned(U256::from(1));
    // The guard is open again, also after a refusal.
    twins.call(guardedCall {}).await?.returned(true);
    twins.call(enterCall { target: twins.stranger, data: Bytes::new() }).await?;
    twins.call(guardedCall {}).await?.returned(true);
    Ok(())
}

/// Stricter than OpenZeppelin's guard, which asks only whether a guarded function is running.
#[tokio::test(flavor = "multi_thread")]
async fn a_guarded_function_is_not_entered_from_an_open_one_either() -> Result<()> {
    let twins = Twins::start().await?;
    let call = hostile(&twins, enter_open, |_| guardedCall {}.abi_encode()).await?;
    let [ours, peer] = twins.apart(twins.number(twins.stranger)?, call).await?;
    assert_eq!(answered_back(&ours), refusal());
    assert_eq!(answered_back(&peer), (true, true.abi_encode().into()));
    Ok(())
}

/// A refusal that is passed on undoes the outer call as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_to_itself_is_refused() -> Result<()> {
    let twins = Twins::start().await?;
    let to_itself =
        |twin: &Address| (*twin, enterCall { target: *twin, data: guardedCall {}.abi_encode().into() }.abi_encode());
    let stranger = twins.number(twins.stranger)?;
    twins.at(stranger, to_itself).await?.refused(ReentrancyGuardReentrantCall {});
    Ok(())
}
