//! The guardian's key is stolen. The thief cancels whatever the DAO decides, its own removal among it, in every state that a
//! proposal can be in before its execution.
//!
//! **Not safe**: the treasury stays, and nobody can use it, for as long as the thief goes on. The guardian's power is to stop, and
//! nothing on chain can overrule it. So the guardian is a contract whose keys can be replaced, or whose power ends by itself:
//! docs/trust.md.

use alloy::primitives::{Address, U256};
use consilium_bindings::Governor;
use eyre::Result;
use harness::dao::{Dao, Proposal, State, life::FOR};

#[tokio::test]
async fn a_stolen_guardian_cancels_its_own_removal_in_every_state() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    for last in [State::Pending, State::Active, State::Succeeded, State::Queued] {
        let removal = Proposal::new(format!("Remove the guardian: as far as {last:?}"))
            .calling(dao.governor, Governor::setProposalGuardianCall { newProposalGuardian: Address::ZERO });
        let id = dao.propose(&dao.members[0], &removal).await?;
        if last >= State::Active {
            dao.open(id).await?;
        }
        if last >= State::Succeeded {
            // More than the super-quorum: even the shortest way leaves the thief the whole delay.
            for member in &dao.members[..4] {
                dao.vote(member, id, FOR).await?;
            }
        }
        if last >= State::Queued {
            dao.queue(id).await?;
            // Ready: whoever executes first wins, and the thief has had the whole delay.
            dao.wait(id).await?;
        }
        assert_eq!(dao.state(id).await?, last);
        dao.does(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: id }).await?;
        assert_eq!(dao.state(id).await?, State::Canceled);
        assert!(dao.attempt(&dao.deployer, dao.governor, &Governor::execute_1Call { proposalId: id }).await?.is_err());
        assert_eq!(dao.operation_state(removal.operation(dao.governor)).await?, 0);
    }
    let guardian = dao.read(dao.governor, Governor::proposalGuardianCall {}).await?;
    assert_eq!(guardian, dao.guardian.address());
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// Where there is no guardian, a proposal is its proposer's alone to stop, until it is executed.
#[tokio::test]
async fn without_a_guardian_the_proposer_cancels_at_any_time() -> Result<()> {
    let dao = Dao::with(|config| config.council = Address::ZERO).await?;
    let grant = Proposal::new("A grant").paying(Address::repeat_byte(0x50), U256::from(1));
    let id = dao.ripen(&grant).await?;
    let cancel = || Governor::cancel_1Call { proposalId: id };
    for other in [&dao.guardian, &dao.deployer, &dao.members[1]] {
        let unable = Governor::GovernorUnableToCancel { proposalId: id, account: other.address() };
        dao.refuses(other, dao.governor, cancel(), unable).await?;
    }
    dao.does(&dao.members[0], dao.governor, cancel()).await?;
    assert_eq!(dao.state(id).await?, State::Canceled);
    Ok(())
}
