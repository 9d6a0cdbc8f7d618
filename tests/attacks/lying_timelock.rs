//! A timelock that says that an operation has another id. The governor once believed it, and asked it to cancel whatever
//! operation it had named.
//!
//! Safe because the governor hashes the id itself, by the fixed rule of OpenZeppelin's TimelockController.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol;
use alloy::sol_types::{SolCall, SolError, SolValue};
use consilium_bindings::{Governor, Timelock, VotingToken};
use eyre::{Result, ensure};
use harness::chain::{Account, Chain};
use harness::dao::{Proposal, State, life::FOR, whole};
use harness::{answer::events, deploy, peers};

sol! {
    interface LyingTimelock {
        event Canceled(bytes32 id);
    }
}

/// A governor with that timelock, and a proposal whose vote has succeeded.
struct Scene {
    chain: Chain,
    alice: Account,
    governor: Address,
    proposal: Proposal,
}

impl Scene {
    async fn with(chain: Chain, timelock: Address) -> Result<Self> {
        let alice = chain.account("alice").await?;
        let holders = ("Votes", "VOTE", vec![alice.address()], vec![whole(100)], true);
        let token = deploy::program(&chain, "voting-token", &holders.abi_encode_params()).await?;
        let [delay, period, quorum, super_quorum] = [10, 1_000, 4, 90].map(U256::from);
        let zero = U256::ZERO;
        let settings = ("Lied to", token, timelock, delay, period, zero, quorum, super_quorum, zero, alice.address());
        let governor = deploy::program(&chain, "governor", &settings.abi_encode_params()).await?;
        let proposal = Proposal::new("Cancel this").paying(Address::repeat_byte(0x50), zero);
        let scene = Self { chain, alice, governor, proposal };
        scene.does(token, VotingToken::delegateCall { delegatee: scene.alice.address() }).await?;
        scene.chain.advance(1).await?;
        scene.does(governor, scene.proposal.propose()).await?;
        scene.chain.advance(11).await?;
        // All votes are more than the super-quorum.
        scene.does(governor, Governor::castVoteCall { proposalId: scene.proposal.id(), support: FOR }).await?;
        Ok(scene)
    }

    async fn does(&self, to: Address, call: impl SolCall) -> Result<TransactionReceipt> {
        let receipt = self.alice.send(to, call.abi_encode()).await?;
        ensure!(receipt.status(), "a call of {to} reverted");
        Ok(receipt)
    }
}

#[tokio::test]
async fn the_governor_cancels_its_own_operation_alone() -> Result<()> {
    let chain = Chain::start()?;
    let liar = peers::create(&chain, "LyingTimelock", &[]).await?;
    let scene = Scene::with(chain, liar).await?;
    let (governor, id) = (scene.governor, scene.proposal.id());
    scene.does(governor, Governor::queue_1Call { proposalId: id }).await?;
    let receipt = scene.does(governor, Governor::cancel_1Call { proposalId: id }).await?;
    let cancelled: Vec<B256> =
        events::<LyingTimelock::Canceled>(&receipt, liar)?.into_iter().map(|event| event.id).collect();
    assert_eq!(cancelled, [scene.proposal.operation(governor)]);
    Ok(())
}

/// An honest timelock that names operations otherwise would hold one that the governor takes for cancelled: nobody could
/// cancel it, and anyone execute it. So nothing is queued in it.
#[tokio::test]
async fn what_the_governor_could_not_find_again_is_not_queued() -> Result<()> {
    let chain = Chain::start()?;
    let admin = chain.account("alice").await?.address();
    let tagged = peers::create(&chain, "TaggedTimelock", &admin.abi_encode()).await?;
    let scene = Scene::with(chain, tagged).await?;
    let (governor, id) = (scene.governor, scene.proposal.id());
    let grant = Timelock::grantRoleCall { role: keccak256("PROPOSER_ROLE"), account: governor };
    scene.does(tagged, grant).await?;
    let answer = scene.chain.ask(admin, governor, Governor::queue_1Call { proposalId: id }.abi_encode()).await?;
    let refused = Governor::GovernorUnexpectedProposalState {
        proposalId: id,
        current: State::Canceled as u8,
        expectedStates: B256::with_last_byte(1 << State::Queued as u8),
    };
    assert_eq!((answer.success, answer.data), (false, refused.abi_encode().into()));
    let receipt = scene.alice.send(governor, Governor::queue_1Call { proposalId: id }.abi_encode()).await?;
    assert!(!receipt.status() && receipt.logs().is_empty());
    let state = scene.chain.ask(admin, governor, Governor::stateCall { proposalId: id }.abi_encode()).await?;
    assert_eq!(state.data, U256::from(State::Succeeded as u8).abi_encode());
    Ok(())
}
