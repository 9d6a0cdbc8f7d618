//! A proposal is seen before it is mined, submitted by somebody else first, and canceled by them: the id is a hash of the
//! content, so that it is used up, and who proposed it may cancel it while it is pending.
//!
//! Safe for a description that ends with `#proposer=` and its proposer's address: nobody else can submit it. Without that
//! the attack costs the proposer a description, and never money: what is canceled is not executed.

use alloy::primitives::B256;
use consilium_bindings::Governor;
use eyre::Result;
use harness::chain::Account;
use harness::dao::{Dao, Proposal, State, whole};

/// Where grants go.
const PRACTICE: alloy::primitives::Address = alloy::primitives::Address::repeat_byte(0x50);

/// A DAO, and mallory with enough to propose.
async fn with_mallory() -> Result<(Dao, Account)> {
    let dao = Dao::start().await?;
    let mallory = dao.stranger_with_votes("mallory", &dao.members[4], whole(1_000)).await?;
    Ok((dao, mallory))
}

#[tokio::test]
async fn a_named_proposer_cannot_be_overtaken() -> Result<()> {
    let (dao, mallory) = with_mallory().await?;
    let before = dao.treasury().await?;
    let author = &dao.members[0];
    for named in [format!("{}", author.address()), format!("{:#x}", author.address())] {
        let grant = Proposal::new(format!("Connect the practice#proposer={named}")).paying(PRACTICE, whole(2));
        let refused = Governor::GovernorRestrictedProposer { proposer: mallory.address() };
        dao.refuses(&mallory, dao.governor, grant.propose(), refused).await?;
        // What mallory can do is propose the same under her own name, which is another proposal.
        let copy =
            Proposal { description: format!("Connect the practice#proposer={}", mallory.address()), ..grant.clone() };
        assert_ne!(copy.id(), grant.id());
        if dao.attempt(&mallory, dao.governor, &copy.propose()).await?.is_ok() {
            dao.propose(&mallory, &copy).await?;
            dao.does(&mallory, dao.governor, Governor::cancel_1Call { proposalId: copy.id() }).await?;
        }
        dao.enact(&grant).await?;
    }
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(4), before.tokens), "each grant was paid once");
    Ok(())
}

/// Without a name the proposal can be taken and canceled. It costs its author another description.
#[tokio::test]
async fn without_a_name_it_costs_a_description() -> Result<()> {
    let (dao, mallory) = with_mallory().await?;
    let before = dao.treasury().await?;
    let grant = Proposal::new("Connect the practice").paying(PRACTICE, whole(2));
    let id = dao.propose(&mallory, &grant).await?;
    dao.does(&mallory, dao.governor, Governor::cancel_1Call { proposalId: id }).await?;
    let used = Governor::GovernorUnexpectedProposalState {
        proposalId: id,
        current: State::Canceled as u8,
        expectedStates: B256::ZERO,
    };
    dao.refuses(&dao.members[0], dao.governor, grant.propose(), used).await?;

    let again = Proposal { description: "Connect the practice, again".into(), ..grant };
    dao.enact(&again).await?;
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(2), before.tokens), "the grant was paid once");
    Ok(())
}

/// Who took it may not cancel it once it is voted on: from then on the guardian alone may.
#[tokio::test]
async fn what_was_taken_cannot_be_called_off_at_the_last_moment() -> Result<()> {
    let (dao, mallory) = with_mallory().await?;
    let before = dao.treasury().await?;
    let grant = Proposal::new("Connect the practice").paying(PRACTICE, whole(2));
    let id = dao.propose(&mallory, &grant).await?;
    dao.open(id).await?;
    let cancel = Governor::cancel_1Call { proposalId: id };
    let refused = || Governor::GovernorUnableToCancel { proposalId: id, account: mallory.address() };
    dao.refuses(&mallory, dao.governor, cancel.clone(), refused()).await?;
    for member in &dao.members[..3] {
        dao.vote(member, id, 1).await?;
    }
    dao.close(id).await?;
    dao.refuses(&mallory, dao.governor, cancel.clone(), refused()).await?;
    dao.queue(id).await?;
    dao.wait(id).await?;
    dao.refuses(&mallory, dao.governor, cancel, refused()).await?;
    dao.execute(id).await?;
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(2), before.tokens), "the grant was paid once");
    Ok(())
}
