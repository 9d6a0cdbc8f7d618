//! A token that does not keep ERC-5805: what it says of a past supply changes, or it does not answer. Here alone `state()`
//! is not OpenZeppelin's, as `test_support::differential::exceptions` tells: ours asks the token only where the answer
//! could matter, and what a vote has found out once is not asked again.

use alloy::{
    network::TransactionBuilder, primitives::U256, providers::Provider, rpc::types::TransactionRequest, sol,
    sol_types::SolCall,
};
use eyre::Result;

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::Plan;
use crate::setup::Settings;
use crate::twins::{Side, Twins};

sol! {
    function say(uint256 supply) external;
}

#[tokio::test]
async fn state_asks_the_token_only_where_it_matters() -> Result<()> {
    let settings = Settings { token: "FickleToken", super_quorum: 70, ..Settings::default() };
    let twins = Twins::start(&settings, &VOTES).await?;
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
