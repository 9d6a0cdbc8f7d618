//! The same calls proposed twice, and an operation's id taken by somebody else: to block a proposal, or to have it paid
//! twice.
//!
//! Safe because a proposal's id and an operation's salt hold the description, and the salt the governor too: what is the
//! same is one and cannot be done again, what has another description is another decision that members vote on. Only the
//! governor may schedule, so nobody can take an operation's id beforehand.

use alloy::primitives::{Address, B256, U256};
use consilium_bindings::{Governor, Timelock};
use eyre::Result;
use harness::dao::{Dao, Proposal, State, life::AGAINST, whole};

const PRACTICE: Address = Address::repeat_byte(0x50);

#[tokio::test]
async fn the_same_proposal_is_one() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let grant = Proposal::new("Connect the practice").paying(PRACTICE, whole(2));
    let id = grant.id();
    let known = |state: State| Governor::GovernorUnexpectedProposalState {
        proposalId: id,
        current: state as u8,
        expectedStates: B256::ZERO,
    };
    dao.propose(&dao.members[0], &grant).await?;
    dao.refuses(&dao.members[1], dao.governor, grant.propose(), known(State::Pending)).await?;
    dao.open(id).await?;
    dao.refuses(&dao.members[1], dao.governor, grant.propose(), known(State::Active)).await?;
    for member in &dao.members[..3] {
        dao.vote(member, id, 1).await?;
    }
    dao.close(id).await?;
    dao.queue(id).await?;
    dao.wait(id).await?;
    dao.execute(id).await?;
    dao.refuses(&dao.members[1], dao.governor, grant.propose(), known(State::Executed)).await?;
    // Neither can what was done be done again.
    assert!(dao.attempt(&dao.deployer, dao.governor, &Governor::execute_1Call { proposalId: id }).await?.is_err());
    assert!(dao.attempt(&dao.deployer, dao.governor, &Governor::queue_1Call { proposalId: id }).await?.is_err());
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(2), before.tokens), "the grant was paid once");
    Ok(())
}

/// A copy under another description is a second payment, and a decision of its own: members who do not want it vote it
/// down, and the first is not touched by that.
#[tokio::test]
async fn a_copy_is_decided_by_itself() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let mallory = dao.stranger_with_votes("mallory", &dao.members[4], whole(1_000)).await?;

    let grant = Proposal::new("Connect the practice").paying(PRACTICE, whole(2));
    // A space more, which nobody sees.
    let copy = Proposal { description: "Connect the practice ".into(), ..grant.clone() };
    assert_ne!(copy.id(), grant.id());
    assert_ne!(copy.operation(dao.governor), grant.operation(dao.governor));
    let id = dao.propose(&dao.members[0], &grant).await?;
    dao.propose(&mallory, &copy).await?;
    dao.open(copy.id()).await?;
    for member in &dao.members[..3] {
        dao.vote(member, id, 1).await?;
        dao.vote(member, copy.id(), AGAINST).await?;
    }
    dao.close(copy.id()).await?;
    assert_eq!(dao.state(copy.id()).await?, State::Defeated);
    dao.queue(id).await?;
    dao.wait(id).await?;
    dao.execute(id).await?;
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(2), before.tokens), "the grant was paid once");
    Ok(())
}

/// Nobody takes an operation's id before the governor does: neither a member, nor another DAO that decides the same.
#[tokio::test]
async fn an_operation_cannot_be_taken_beforehand() -> Result<()> {
    let dao = Dao::start().await?;
    let other = dao.beside(|config| config.chain.salt = B256::repeat_byte(7)).await?;
    let grant = Proposal::new("Connect the practice").paying(PRACTICE, whole(2));
    assert_eq!(grant.id(), dao.pass_vote(&grant).await?);
    assert_ne!(grant.operation(dao.governor), grant.operation(other.governor));
    dao.queue(grant.id()).await?;
    assert_eq!(dao.operation_state(grant.operation(dao.governor)).await?, 1);
    assert_eq!(dao.operation_state(grant.operation(other.governor)).await?, 0);
    let before = dao.treasury().await?;
    let strange = Timelock::AccessControlUnauthorizedAccount {
        account: dao.members[0].address(),
        neededRole: alloy::primitives::keccak256("PROPOSER_ROLE"),
    };
    let delay = dao.config.timelock().min_delay;
    let taken = grant.schedule_batch(B256::ZERO, grant.salt(dao.governor), delay);
    dao.refuses(&dao.members[0], dao.timelock, taken, strange).await?;
    let through = Proposal::new("Through another DAO").calling(
        dao.timelock,
        Timelock::scheduleCall {
            target: PRACTICE,
            value: whole(2),
            data: Default::default(),
            predecessor: B256::ZERO,
            salt: B256::ZERO,
            delay: U256::from(delay),
        },
    );
    let id = other.ripen(&through).await?;
    let outsider = Timelock::AccessControlUnauthorizedAccount {
        account: other.timelock,
        neededRole: alloy::primitives::keccak256("PROPOSER_ROLE"),
    };
    let execute = Governor::execute_1Call { proposalId: id };
    other.refuses(&other.deployer, other.governor, execute, outsider).await?;
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}
