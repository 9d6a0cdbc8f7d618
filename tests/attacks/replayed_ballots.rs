//! A signed vote is brought where it was not meant for: to another DAO, on another chain, to another proposal, a second time.
//! The same with a signed delegation.
//!
//! Safe because what is signed holds the chain's id and the contract's address (EIP-712), the proposal, and the voter's next
//! nonce, which is used up with it. The two DAOs here have all else in common: names, members, proposals and their ids.

use alloy::primitives::{B256, U256};
use consilium_bindings::{Governor, VotingToken};
use eyre::Result;
use harness::dao::{Dao, Proposal, State, life::FOR, whole};

/// Another chain: Arbitrum One.
const ELSEWHERE: u64 = 42_161;

#[tokio::test]
async fn a_ballot_counts_in_one_dao_on_one_chain_once() -> Result<()> {
    let ours = Dao::start().await?;
    let other = ours.beside(|config| config.chain.salt = B256::repeat_byte(7)).await?;
    let before = (ours.treasury().await?, other.treasury().await?);
    let mallory = ours.stranger("mallory").await?;
    let chain = ours.config.chain.id;

    // The same words and calls in both, so the same id.
    let grant = Proposal::new("A grant for a study").paying(mallory.address(), whole(50));
    let id = ours.propose(&ours.members[0], &grant).await?;
    assert_eq!(other.propose(&other.members[0], &grant).await?, id);
    other.open(id).await?;

    let voter = &ours.members[1];
    let refused = || Governor::GovernorInvalidSignature { voter: voter.address() };
    let signed = ours.ballot(voter, id, FOR, U256::ZERO, chain)?;
    let elsewhere = ours.ballot(voter, id, FOR, U256::ZERO, ELSEWHERE)?;
    ours.refuses(&mallory, ours.governor, elsewhere, refused()).await?;
    ours.does(&mallory, ours.governor, signed.clone()).await?;
    ours.refuses(&mallory, ours.governor, signed.clone(), refused()).await?;
    other.refuses(&mallory, other.governor, signed.clone(), refused()).await?;
    let others = Governor::castVoteBySigCall { proposalId: id + U256::ONE, ..signed };
    assert!(ours.attempt(&mallory, ours.governor, &others).await?.is_err());

    assert_eq!(ours.tally(id).await?, [U256::ZERO, whole(150_000), U256::ZERO]);
    assert_eq!(other.tally(id).await?, [U256::ZERO; 3]);
    other.close(id).await?;
    assert_eq!(other.state(id).await?, State::Defeated, "nobody voted there");
    // Here one member's votes were cast, as that member wished. The guardian thinks otherwise.
    ours.does(&ours.guardian, ours.governor, Governor::cancel_1Call { proposalId: id }).await?;
    assert_eq!((ours.treasury().await?, other.treasury().await?), before);
    Ok(())
}

/// A delegation that was signed for one token moves no votes of another.
#[tokio::test]
async fn a_delegation_counts_for_one_token() -> Result<()> {
    let ours = Dao::start().await?;
    let other = ours.beside(|config| config.chain.salt = B256::repeat_byte(7)).await?;
    let before = (ours.treasury().await?, other.treasury().await?);
    let mallory = ours.stranger("mallory").await?;
    let member = &ours.members[0];
    let expiry = U256::from(ours.chain.now().await? + 1_000);
    let bring = |dao: &Dao, chain| dao.delegation(member, mallory.address(), U256::ZERO, expiry, chain);
    let votes = async |dao: &Dao, account| dao.read(dao.token, VotingToken::getVotesCall { account }).await;

    // Brought to the other token, it is somebody's whom nobody knows, and who has nothing.
    let signed = bring(&ours, ours.config.chain.id)?;
    for replay in [signed.clone(), bring(&other, ELSEWHERE)?] {
        other.does(&mallory, other.token, replay).await?;
        assert_eq!(votes(&other, member.address()).await?, whole(200_000));
        assert_eq!(votes(&other, mallory.address()).await?, U256::ZERO);
    }
    // Where it was meant for it counts, once.
    ours.does(&mallory, ours.token, signed.clone()).await?;
    assert_eq!(votes(&ours, mallory.address()).await?, whole(200_000));
    ours.does(member, ours.token, VotingToken::delegateCall { delegatee: member.address() }).await?;
    let used = VotingToken::InvalidAccountNonce { account: member.address(), currentNonce: U256::ONE };
    ours.refuses(&mallory, ours.token, signed, used).await?;
    assert_eq!(votes(&ours, mallory.address()).await?, U256::ZERO);
    assert_eq!((ours.treasury().await?, other.treasury().await?), before);
    Ok(())
}
