//! A DAO that changes its quorum until the governor can count no further: each change is kept, in a list of at most 65,535.
//!
//! Safe because the next change is refused and nothing else is touched: the quorum stays, and proposals go on. Nobody but
//! the DAO can bring it there, by as many executed proposals.

use alloy::network::TransactionBuilder;
use alloy::primitives::{B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use alloy::sol_types::SolCall;
use consilium_bindings::Governor;
use eyre::Result;
use harness::{
    answer::Answer,
    dao::{Dao, Proposal},
};

/// The governor's counters, with the guardian.
const COUNCIL: u64 = 2;

fn quorum(percent: u64) -> Governor::updateQuorumNumeratorCall {
    Governor::updateQuorumNumeratorCall { newQuorumNumerator: U256::from(percent) }
}

/// What `execute` answers if so many earlier quorums are kept, of which the one in `counters` is the first.
async fn execute_after(dao: &Dao, id: U256, counters: B256) -> Result<Answer> {
    let call = Governor::execute_1Call { proposalId: id };
    let request = TransactionRequest::default()
        .with_from(dao.deployer.address())
        .with_to(dao.governor)
        .with_input(call.abi_encode());
    let slot = B256::from(U256::from(COUNCIL));
    let change = AccountOverride { state_diff: Some([(slot, counters)].into_iter().collect()), ..Default::default() };
    let overrides: StateOverride = [(dao.governor, change)].into_iter().collect();
    Answer::asked(dao.chain.dev.call(request).overrides(overrides).await)
}

#[tokio::test]
async fn a_full_history_refuses_another_quorum_and_nothing_else() -> Result<()> {
    let dao = Dao::start().await?;
    let word = async || dao.chain.storage(dao.governor, U256::from(COUNCIL)).await;
    dao.enact(&Proposal::new("Five").calling(dao.governor, quorum(5))).await?;
    let six = dao.ripen(&Proposal::new("Six").calling(dao.governor, quorum(6))).await?;
    let longer = Governor::setVotingPeriodCall { newVotingPeriod: 900 };
    let other = dao.ripen(&Proposal::new("A longer vote").calling(dao.governor, longer)).await?;
    // What the second change adds to the word is the counter's one.
    let before = U256::from_be_bytes(word().await?.0);
    dao.execute(six).await?;
    let unit = U256::from_be_bytes(word().await?.0) - before;
    assert!(unit.is_power_of_two(), "the counter grew by one, and nothing else changed");

    let last = dao.ripen(&Proposal::new("Seven").calling(dao.governor, quorum(7))).await?;
    let kept = |count: u64, now: U256| B256::from(now + unit * U256::from(count - 2));
    let now = U256::from_be_bytes(word().await?.0);
    execute_after(&dao, last, kept(65_534, now)).await?.succeeded();
    execute_after(&dao, last, kept(65_535, now)).await?.panicked(0x11);
    execute_after(&dao, other, kept(65_535, now)).await?.succeeded();
    Ok(())
}
