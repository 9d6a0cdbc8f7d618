//! The guard against re-entrance, by a callee that calls back.

use alloy::{
    primitives::{Address, Bytes},
    sol,
    sol_types::{SolCall, SolError, SolEvent, SolValue},
};
use eyre::{OptionExt, Result};
use harness::peers::Peer;

use crate::twins::{Answer, Parts::*, Twins};

sol! {
    interface Reenterer {
        event Reentered(bool success, bytes data);
        function arm(address to, bytes data) external;
    }
}

/// Lets both make a call by `call`, to a callee that answers with `back`, and gives what each did.
async fn reenter(
    twins: &Twins,
    call: impl Fn(Address) -> Vec<u8>,
    back: impl Fn(Address) -> Vec<u8>,
) -> Result<[Answer; 2]> {
    let mut calls = Vec::new();
    for twin in [twins.ours, twins.peer] {
        let hostile = twins.chain.create(Peer::load("Reenterer")?.bytecode).await?;
        let arm = Reenterer::armCall { to: twin, data: back(hostile).into() }.abi_encode();
        assert!(twins.chain.dev_account()?.send(hostile, arm).await?.status());
        calls.push(call(hostile));
    }
    let calls = calls.try_into().map_err(|_| eyre::eyre!("two calls"))?;
    twins.answers(twins.stranger, calls).await
}

/// What the call back was answered.
fn back(answer: &Answer) -> Result<(bool, Bytes)> {
    assert!(answer.success, "the outer call reverted with {}", answer.data);
    let log = answer.logs.last().ok_or_eyre("the callee logs")?;
    let Reenterer::Reentered { success, data } = Reenterer::Reentered::decode_log_data(log)?;
    Ok((success, data))
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
    for answer in reenter(&twins, enter, enter).await? {
        assert_eq!(back(&answer)?, refusal());
    }
    for answer in reenter(&twins, enter, |_| guardedCall {}.abi_encode()).await? {
        assert_eq!(back(&answer)?, refusal());
    }
    // What has no guard answers: it sees the state as it is.
    let owner = twins.stranger;
    for answer in reenter(&twins, enter, |_| useNonceCall { owner }.abi_encode()).await? {
        assert!(back(&answer)?.0);
    }
    twins.call(useNonceCall { owner }).await?.returned(alloy::primitives::U256::from(1));
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
    let [ours, peer] = reenter(&twins, enter_open, |_| guardedCall {}.abi_encode()).await?;
    assert_eq!(back(&ours)?, refusal());
    assert_eq!(back(&peer)?, (true, true.abi_encode().into()));
    Ok(())
}

/// A refusal that is passed on undoes the outer call as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_to_itself_is_refused() -> Result<()> {
    let twins = Twins::start().await?;
    let to_itself = |twin| enterCall { target: twin, data: guardedCall {}.abi_encode().into() }.abi_encode();
    for answer in twins.answers(twins.stranger, [to_itself(twins.ours), to_itself(twins.peer)]).await? {
        answer.refused(ReentrancyGuardReentrantCall {});
    }
    Ok(())
}
