//! A timelock that tells of an operation that it has another id. The governor once believed it, and asked it to cancel whatever
//! operation it had named.
//!
//! Safe because the governor hashes the id itself, by the fixed rule of OpenZeppelin's TimelockController.

use alloy::primitives::{Address, B256, U256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::{Governor, VotingToken};
use eyre::{Result, ensure};
use harness::chain::Chain;
use harness::dao::{Proposal, life::FOR, whole};
use harness::{answer::events, deploy, peers};

sol! {
    interface LyingTimelock {
        event Canceled(bytes32 id);
    }
}

#[tokio::test]
async fn the_governor_cancels_its_own_operation_alone() -> Result<()> {
    let chain = Chain::start()?;
    let alice = chain.account("alice").await?;
    let holders = ("Votes", "VOTE", vec![alice.address()], vec![whole(100)], true);
    let token = deploy::program(&chain, "voting-token", &holders.abi_encode_params()).await?;
    let liar = peers::create(&chain, "LyingTimelock", &[]).await?;
    let [delay, period, quorum, super_quorum] = [10, 1_000, 4, 90].map(U256::from);
    let zero = U256::ZERO;
    let settings = ("Lied to", token, liar, delay, period, zero, quorum, super_quorum, zero, alice.address());
    let governor = deploy::program(&chain, "governor", &settings.abi_encode_params()).await?;
    let proposal = Proposal::new("Cancel this").paying(Address::repeat_byte(0x50), zero);
    let id = proposal.id();

    let does = async |to, data: Vec<u8>| {
        let receipt = alice.send(to, data).await?;
        ensure!(receipt.status(), "a call of {to} reverted");
        Ok(receipt)
    };
    does(token, VotingToken::delegateCall { delegatee: alice.address() }.abi_encode()).await?;
    chain.advance(1).await?;
    does(governor, proposal.propose().abi_encode()).await?;
    chain.advance(11).await?;
    // All votes are more than the super-quorum.
    does(governor, Governor::castVoteCall { proposalId: id, support: FOR }.abi_encode()).await?;
    does(governor, Governor::queue_1Call { proposalId: id }.abi_encode()).await?;
    let receipt = does(governor, Governor::cancel_1Call { proposalId: id }.abi_encode()).await?;
    let cancelled: Vec<B256> =
        events::<LyingTimelock::Canceled>(&receipt, liar)?.into_iter().map(|event| event.id).collect();
    assert_eq!(cancelled, [proposal.operation(governor)]);
    Ok(())
}
