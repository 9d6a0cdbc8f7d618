//! A token that does not keep ERC-5805: what it says of a past supply changes, or it does not answer. Here alone `state()`
//! is not OpenZeppelin's, as `harness::differential::exceptions` says: ours asks the token only where the answer
//! could matter, and what a vote has found out once is not asked again.

use alloy::{
    network::TransactionBuilder,
    primitives::{Bytes, U256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol,
    sol_types::{SolCall, SolError},
};
use eyre::Result;
use harness::answer::Answer;

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::Plan;
use crate::setup::Settings;
use crate::twins::{Governors, Side};

sol! {
    function say(uint256 supply) external;
    function set(bool silent, uint256 behind) external;
}

#[tokio::test]
async fn state_asks_the_token_only_where_it_matters() -> Result<()> {
    let settings = Settings { token: "FickleToken", super_quorum: 70, ..Settings::default() };
    let twins = Governors::start(&settings, &VOTES).await?;
    let supply: u64 = VOTES.iter().sum();
    let says = |supply: u64| twins.once(0, twins.ours.token, sayCall { supply: U256::from(supply) }.abi_encode());
    let plan = Plan::payment("A matter of trust", 0);
    let state = async |side: &Side| -> Option<State> {
        let call = stateCall { proposalId: plan.id(side) }.abi_encode();
        let answer = twins.chain.dev.call(TransactionRequest::default().with_to(side.governor).with_input(call)).await;
        answer.ok().and_then(|word| State::try_from(*word.last()?).ok())
    };
    let both = async || [state(&twins.ours).await, state(&twins.peer).await];

    twins.open(&plan).await?;
    assert_eq!(both().await, [Some(State::Active); 2]);
    says(0).await?;
    assert_eq!(both().await, [Some(State::Active), None], "without votes there is no super-quorum");

    says(supply).await?;
    twins.vote(0, &plan, 1).await?.succeeded();
    assert_eq!(both().await, [Some(State::Active); 2]);
    says(0).await?;
    assert_eq!(both().await, [None, None], "these votes could be a super-quorum");

    twins.pass(1_300).await?;
    assert_eq!(both().await, [Some(State::Succeeded), None], "the quorum was there when it was voted");
    says(100 * supply).await?;
    assert_eq!(both().await, [Some(State::Succeeded), Some(State::Defeated)], "and does not go away");
    says(supply).await?;
    assert_eq!(both().await, [Some(State::Succeeded); 2]);
    Ok(())
}

/// What both governors answer to a view: the return data, or what it reverts with.
async fn answers(twins: &Governors, call: impl Fn(&Side) -> Vec<u8>) -> Result<[Result<Bytes, Bytes>; 2]> {
    let mut answers = Vec::new();
    for side in [&twins.ours, &twins.peer] {
        let request = TransactionRequest::default().with_to(side.governor).with_input(call(side));
        let Answer { success, data, .. } = Answer::asked(twins.chain.dev.call(request).await)?;
        answers.push(if success { Ok(data) } else { Err(data) });
    }
    Ok([answers.remove(0), answers.remove(0)])
}

fn word(number: u64) -> Result<Bytes, Bytes> {
    Ok(U256::from(number).to_be_bytes::<32>().into())
}

fn inconsistent() -> Result<Bytes, Bytes> {
    Err(ERC6372InconsistentClock {}.abi_encode().into())
}

/// Ours finds out once whether the token has a clock, and takes no failure of it for an absence afterwards, nor a time before
/// the last that it knows of. OpenZeppelin's asks each time: silenced, its clock is the block number at once.
#[tokio::test]
async fn a_clock_that_fell_silent_or_back_is_refused() -> Result<()> {
    let settings = Settings { token: "FickleClockToken", ..Settings::default() };
    let twins = Governors::start(&settings, &VOTES).await?;
    twins.chain.set_block_number(1_000).await?;
    let set = |silent, behind: u64| {
        let call = setCall { silent, behind: U256::from(behind) };
        twins.once(0, twins.ours.token, call.abi_encode())
    };
    let clock = async || answers(&twins, |_| clockCall {}.abi_encode()).await;
    let plan = Plan::payment("In time", 0);
    let state = async || answers(&twins, |side| stateCall { proposalId: plan.id(side) }.abi_encode()).await;

    twins.open(&plan).await?;
    twins.vote(0, &plan, 1).await?.succeeded();
    assert_eq!(state().await?, [word(State::Active as u64), word(State::Active as u64)]);
    set(true, 0).await?;
    assert_eq!(clock().await?, [inconsistent(), word(1_000)]);
    assert_eq!(state().await?, [inconsistent(), word(State::Pending as u64)]);
    let mode = answers(&twins, |_| CLOCK_MODECall {}.abi_encode()).await?;
    assert_eq!((&mode[0], mode[1].is_ok()), (&inconsistent(), true));

    // Back before the snapshot of a proposal that votes have brought to the quorum, and then before the deployment.
    set(false, 60).await?;
    let now = twins.now().await?;
    assert_eq!(clock().await?, [word(now - 60), word(now - 60)]);
    assert_eq!(state().await?, [inconsistent(), word(State::Pending as u64)]);
    set(false, 1_000_000).await?;
    let now = twins.now().await?;
    assert_eq!(clock().await?, [inconsistent(), word(now - 1_000_000)]);
    set(false, 0).await?;
    assert_eq!(state().await?, [word(State::Active as u64), word(State::Active as u64)]);
    Ok(())
}

/// A token without a clock at deployment has none for ever: one that comes later is not looked at.
#[tokio::test]
async fn a_clock_that_comes_later_is_not_followed() -> Result<()> {
    let settings = Settings { token: "LateClockToken", ..Settings::default() };
    let twins = Governors::start(&settings, &VOTES).await?;
    twins.chain.set_block_number(1_000).await?;
    let clock = async || answers(&twins, |_| clockCall {}.abi_encode()).await;
    assert_eq!(clock().await?, [word(1_000), word(1_000)]);
    twins.once(0, twins.ours.token, setCall { silent: false, behind: U256::ZERO }.abi_encode()).await?;
    assert_eq!(clock().await?, [word(1_000), word(twins.now().await?)]);
    let [ours, peer] = answers(&twins, |_| CLOCK_MODECall {}.abi_encode()).await?;
    assert_eq!(CLOCK_MODECall::abi_decode_returns(&ours.unwrap())?, "mode=blocknumber&from=default");
    assert_eq!(peer, inconsistent());
    Ok(())
}
