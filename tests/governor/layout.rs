//! What lies where in a deployed governor: its slots, read by the golden layout, say what its views say.

use alloy::primitives::{B256, U256};
use consilium_bindings::Governor::*;
use eyre::Result;
use harness::dao::{Dao, Proposal};
use harness::layout::Layout;

#[tokio::test]
async fn the_slots_hold_what_the_views_say() -> Result<()> {
    let dao = Dao::start().await?;
    let proposal = Proposal::new("Pay the laboratory").paying(dao.members[2].address(), U256::from(5));
    let id = dao.pass_vote(&proposal).await?;
    dao.queue(id).await?;

    let at = dao.governor;
    let layout = Layout::of("governor", &dao.chain, at)?;
    let address = |address: alloy::primitives::Address| U256::from_be_bytes(address.into_word().0);
    for (field, expected) in [
        ("voting.token", address(dao.read(at, tokenCall {}).await?)),
        ("voting.quorum", dao.read(at, quorumNumerator_0Call {}).await?),
        ("voting.superQuorum", dao.read(at, superQuorumNumerator_0Call {}).await?),
        ("voting.answersAtOnce", U256::ONE),
        ("voting.hasClock", U256::ONE),
        ("voting.period", dao.read(at, votingPeriodCall {}).await?),
        ("control.timelock", address(dao.read(at, timelockCall {}).await?)),
        ("control.delay", dao.read(at, votingDelayCall {}).await?),
        ("control.extension", U256::from(dao.read(at, lateQuorumVoteExtensionCall {}).await?)),
        ("council.guardian", address(dao.read(at, proposalGuardianCall {}).await?)),
        ("council.proposals", dao.read(at, proposalCountCall {}).await?),
        ("council.superseded", U256::ZERO),
        ("proposal_threshold", dao.read(at, proposalThresholdCall {}).await?),
    ] {
        assert_eq!(layout.field(field).await?, expected, "{field}");
    }
    assert!(layout.field("voting.since").await? > U256::ZERO);
    assert_eq!(layout.slot(layout.value("proposal_ids", &[B256::ZERO])?).await?, id);

    let stored = layout.value("proposals", &[id.into()])?;
    let votes = dao.read(at, proposalVotesCall { proposalId: id }).await?;
    let start = dao.read(at, proposalSnapshotCall { proposalId: id }).await?;
    let end = dao.read(at, proposalDeadlineCall { proposalId: id }).await?;
    for (member, expected) in [
        ("words[0].votes", votes.againstVotes),
        ("words[1].votes", votes.forVotes),
        ("words[1].eta", dao.read(at, proposalEtaCall { proposalId: id }).await?),
        ("words[2].votes", votes.abstainVotes),
        ("words[3].proposer", address(dao.read(at, proposalProposerCall { proposalId: id }).await?)),
        ("words[3].start", start),
        ("words[3].duration", end - start),
        ("words[3].executed", U256::ZERO),
        ("words[3].canceled", U256::ZERO),
        ("words[3].quorumReached", U256::ONE),
        ("words[4]", proposal.operation(at).into()),
    ] {
        assert_eq!(layout.member(stored, "Proposal", member).await?, expected, "{member}");
    }
    for member in &dao.members {
        let account = member.address();
        let used = layout.value_in(stored, "Proposal", "used", account.into_word())?;
        let expected = dao.read(at, usedVotesCall { proposalId: id, account }).await?;
        assert_eq!(layout.slot(used).await?, expected, "{account}");
    }

    dao.wait(id).await?;
    dao.execute(id).await?;
    assert_eq!(layout.member(stored, "Proposal", "words[3].executed").await?, U256::ONE);
    assert_eq!(layout.member(stored, "Proposal", "words[4]").await?, U256::ZERO, "the operation is forgotten");

    let proposal = Proposal::new("Pay it again").paying(dao.members[2].address(), U256::from(5));
    let id = dao.pass_vote(&proposal).await?;
    dao.queue(id).await?;
    let stored = layout.value("proposals", &[id.into()])?;
    let operation = U256::from_be_bytes(proposal.operation(at).0);
    assert_eq!(layout.member(stored, "Proposal", "words[4]").await?, operation);
    dao.does(&dao.guardian, at, cancel_1Call { proposalId: id }).await?;
    assert_eq!(layout.member(stored, "Proposal", "words[3].canceled").await?, U256::ONE);
    assert_eq!(layout.member(stored, "Proposal", "words[4]").await?, U256::ZERO, "the operation is forgotten");
    Ok(())
}
