//! A timelock that looks back at the governor while the governor calls it. A DAO can move to any timelock, and a read in the middle
//! of a call has misled others ("read-only re-entrance").
//!
//! Safe because the governor writes before it calls: what it answers meanwhile is what it answers afterwards.

use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::{Governor, VotingToken};
use eyre::{Result, ensure};
use harness::chain::{Account, Chain};
use harness::dao::{Proposal, State, life::FOR, whole};
use harness::{answer::events, deploy, peers};

sol! {
    interface NosyTimelock {
        event Seen(uint8 state, uint256 eta);
    }
}

const MIN_DELAY: u64 = 100;

/// A call that must succeed.
async fn does(by: &Account, to: Address, call: impl SolCall) -> Result<TransactionReceipt> {
    let receipt = by.send(to, call.abi_encode()).await?;
    ensure!(receipt.status(), "a call of {to} reverted");
    Ok(receipt)
}

#[tokio::test]
async fn what_the_governor_answers_during_a_call_is_true() -> Result<()> {
    let chain = Chain::start()?;
    let alice = chain.account("alice").await?;
    let holders = ("Votes", "VOTE", vec![alice.address()], vec![whole(100)], true);
    let token = deploy::program(&chain, "voting-token", &holders.abi_encode_params()).await?;
    let nosy = peers::create(&chain, "NosyTimelock", &[]).await?;
    let [delay, period, quorum, super_quorum] = [10, 1_000, 4, 90].map(U256::from);
    let zero = U256::ZERO;
    let settings = ("Nosy", token, nosy, delay, period, zero, quorum, super_quorum, zero, alice.address());
    let governor = deploy::program(&chain, "governor", &settings.abi_encode_params()).await?;
    does(&alice, token, VotingToken::delegateCall { delegatee: alice.address() }).await?;

    // All votes are more than the super-quorum: the proposal has succeeded with them.
    let queued = async |proposal: Proposal| {
        chain.advance(1).await?;
        does(&alice, governor, proposal.propose()).await?;
        chain.advance(11).await?;
        does(&alice, governor, Governor::castVoteCall { proposalId: proposal.id(), support: FOR }).await?;
        let receipt = does(&alice, governor, Governor::queue_1Call { proposalId: proposal.id() }).await?;
        eyre::Ok((proposal.id(), receipt))
    };
    let seen = |receipt: &TransactionReceipt| -> Result<Vec<(u8, U256)>> {
        Ok(events::<NosyTimelock::Seen>(receipt, nosy)?.into_iter().map(|seen| (seen.state, seen.eta)).collect())
    };
    let payee = Address::repeat_byte(0x50);

    let (id, receipt) = queued(Proposal::new("Execute this").paying(payee, zero)).await?;
    let eta = U256::from(chain.now().await? + MIN_DELAY);
    assert_eq!(seen(&receipt)?, [(State::Queued as u8, eta)]);
    let receipt = does(&alice, governor, Governor::execute_1Call { proposalId: id }).await?;
    assert_eq!(seen(&receipt)?, [(State::Executed as u8, eta)]);

    let (id, receipt) = queued(Proposal::new("Cancel this").paying(payee, zero)).await?;
    let eta = U256::from(chain.now().await? + MIN_DELAY);
    assert_eq!(seen(&receipt)?, [(State::Queued as u8, eta)]);
    let receipt = does(&alice, governor, Governor::cancel_1Call { proposalId: id }).await?;
    assert_eq!(seen(&receipt)?, [(State::Canceled as u8, eta)]);
    Ok(())
}
