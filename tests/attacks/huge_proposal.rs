//! Gas griefing: a proposal so big that whoever votes on it, cancels it or only looks at it pays for its size.
//!
//! Safe because the one who proposes pays for all of it. Voting, the state and the guardian's cancel read a fixed number of
//! words of a proposal, whatever its size; its content is read again only to queue and execute it, once it has succeeded.

use alloy::primitives::{Address, U256};
use consilium_bindings::Governor;
use eyre::Result;
use harness::chain::Account;
use harness::dao::{Dao, Proposal, State, life::AGAINST, whole};

/// What two ids may differ by, as calldata and in logs: a byte that is not zero costs 12 gas more than one that is, and
/// 32 bytes can differ.
const OF_AN_ID: u64 = 32 * 12;

/// Gas of the same three acts on a proposal: a vote, the guardian's cancel, and the look at its state.
struct Cost {
    vote: u64,
    state: u64,
    cancel: u64,
}

async fn cost(dao: &Dao, voter: &Account, id: U256) -> Result<Cost> {
    let vote = dao.vote(voter, id, AGAINST).await?.gas_used;
    // A view's gas is that of a transaction which does nothing else.
    let state = dao.does(&dao.deployer, dao.governor, Governor::stateCall { proposalId: id }).await?.gas_used;
    let cancel = dao.does(&dao.guardian, dao.governor, Governor::cancel_1Call { proposalId: id }).await?.gas_used;
    Ok(Cost { vote, state, cancel })
}

#[tokio::test]
async fn who_proposes_much_pays_for_it_alone() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let mallory = dao.stranger_with_votes("mallory", &dao.members[4], whole(1_000)).await?;

    let small = Proposal::new("Small").paying(mallory.address(), whole(1));
    let mut huge = Proposal::new("Huge: ".to_owned() + &"very ".repeat(400)).paying(mallory.address(), whole(100));
    for call in 0..100u64 {
        let noise: Vec<u8> = (0..100).map(|byte| (call * 7 + byte) as u8 | 1).collect();
        huge = huge.sending(Address::with_last_byte(call as u8 + 0x40), U256::ZERO, noise);
    }
    let paid = [
        dao.does(&mallory, dao.governor, small.propose()).await?.gas_used,
        dao.does(&mallory, dao.governor, huge.propose()).await?.gas_used,
    ];
    assert!(paid[1] > 20 * paid[0], "the proposer paid {paid:?}");
    dao.open(huge.id()).await?;

    // The first vote of an account on a proposal costs the same on every one, so the same member votes on both.
    let (little, much) =
        (cost(&dao, &dao.members[0], small.id()).await?, cost(&dao, &dao.members[0], huge.id()).await?);
    for (what, little, much) in [
        ("a vote", little.vote, much.vote),
        ("the state", little.state, much.state),
        ("a cancel", little.cancel, much.cancel),
    ] {
        assert!(little.abs_diff(much) <= OF_AN_ID, "{what}: {little} gas on the small, {much} on the huge one");
    }
    assert_eq!(dao.state(huge.id()).await?, State::Canceled);
    // And proposing goes on as before.
    let next = Proposal::new("Next!").paying(mallory.address(), whole(1));
    let then = dao.does(&mallory, dao.governor, next.propose()).await?.gas_used;
    assert!(then.abs_diff(paid[0]) < paid[0] / 10, "{then} gas after the huge one, {} before", paid[0]);
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// Beyond what a block takes there is no proposal at all, and nothing is left behind.
#[tokio::test]
async fn what_no_block_takes_is_not_proposed() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let author = &dao.members[0];
    // More words than 32,000,000 gas can store, and less than the 85,000 bytes that a node takes as a transaction.
    let data: Vec<u8> = (0..60_000u32).map(|byte| (byte % 251) as u8 + 1).collect();
    let huge = Proposal::new("Too much").sending(author.address(), U256::ZERO, data);
    let receipt = author.send(dao.governor, alloy::sol_types::SolCall::abi_encode(&huge.propose())).await?;
    assert!(!receipt.status() && receipt.logs().is_empty());
    assert_eq!(dao.read(dao.governor, Governor::proposalCountCall {}).await?, U256::ZERO);
    let unknown = Governor::GovernorNonexistentProposal { proposalId: huge.id() };
    dao.refuses(author, dao.governor, Governor::stateCall { proposalId: huge.id() }, unknown).await?;
    let grant = Proposal::new("A grant").paying(Address::repeat_byte(0x50), whole(1));
    dao.enact(&grant).await?;
    assert_eq!(before.ether - dao.treasury().await?.ether, whole(1));
    Ok(())
}
