//! The DAO, June 2016: called back while it paid, it paid again. Here a grantee calls back when ether comes, when a token
//! with hooks (ERC-777) comes, and when it is asked for a signature (ERC-1271).
//!
//! Safe because the governor marks a proposal executed before it calls, the timelock looks at an operation's state before
//! its calls and after them, and a wallet is asked by a static call, after its nonce is used.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolError, SolValue};
use consilium_bindings::{Governor, Timelock, VotingToken};
use consilium_deploy::Executors;
use eyre::Result;
use harness::answer::events;
use harness::dao::{Dao, Proposal, State, life::AGAINST, whole};

use crate::contracts::{Greedy, HookToken, create, create_with};

/// Makes the grantee call back with this, once.
async fn arm(dao: &Dao, greedy: Address, to: Address, call: impl SolCall) -> Result<()> {
    let data = call.abi_encode().into();
    dao.does(&dao.deployer, greedy, Greedy::armCall { to, data, eachTime: false }).await?;
    Ok(())
}

/// What the grantee got for calling back, once.
fn only_try(receipt: &alloy::rpc::types::TransactionReceipt, greedy: Address) -> Result<(bool, Bytes)> {
    let mut tried: Vec<Greedy::Tried> = events(receipt, greedy)?;
    assert_eq!(tried.len(), 1, "it called back once");
    let Greedy::Tried { success, data } = tried.remove(0);
    Ok((success, data))
}

fn already_executed(id: U256) -> Bytes {
    let error = Governor::GovernorUnexpectedProposalState {
        proposalId: id,
        current: State::Executed as u8,
        expectedStates: B256::with_last_byte(1 << State::Queued as u8),
    };
    error.abi_encode().into()
}

#[tokio::test]
async fn a_grantee_that_executes_again_is_paid_once() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let greedy = create(&dao, "Greedy").await?;
    let grant = Proposal::new("A grant").paying(greedy, whole(2));
    arm(&dao, greedy, dao.governor, Governor::execute_1Call { proposalId: grant.id() }).await?;
    let id = dao.ripen(&grant).await?;
    let tried = only_try(&dao.execute(id).await?, greedy)?;
    assert_eq!(tried, (false, already_executed(id)));
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(2), before.tokens), "it was paid once");
    Ok(())
}

/// Past the governor, where everybody may execute: the operation is found done when the outer execution looks again, so
/// that nothing of it stands, and nobody is paid until the grantee behaves.
#[tokio::test]
async fn a_grantee_that_executes_the_operation_again_is_not_paid() -> Result<()> {
    let dao = Dao::with(|config| config.timelock_mut().executors = Executors::Anyone).await?;
    let before = dao.treasury().await?;
    let greedy = create(&dao, "Greedy").await?;
    let grant = Proposal::new("A grant").paying(greedy, whole(2));
    arm(&dao, greedy, dao.timelock, grant.execute_batch(B256::ZERO, grant.salt(dao.governor))).await?;
    let id = dao.ripen(&grant).await?;
    let done = Timelock::TimelockUnexpectedOperationState {
        operationId: grant.operation(dao.governor),
        expectedStates: B256::with_last_byte(1 << 2),
    };
    dao.refuses(&dao.deployer, dao.governor, Governor::execute_1Call { proposalId: id }, done).await?;
    assert_eq!(dao.treasury().await?, before);

    let behave = Greedy::armCall { to: Address::ZERO, data: Bytes::new(), eachTime: false };
    dao.does(&dao.deployer, greedy, behave).await?;
    dao.execute(id).await?;
    let after = dao.treasury().await?;
    assert_eq!((before.ether - after.ether, after.tokens), (whole(2), before.tokens), "it was paid once");
    Ok(())
}

/// Called back at every depth, as long as there is ether to pay: each execution that finds the operation done by the one
/// inside undoes itself and all within, so that one payment stands, or none.
#[tokio::test]
async fn a_grantee_that_never_stops_is_paid_at_most_once() -> Result<()> {
    let dao = Dao::with(|config| config.timelock_mut().executors = Executors::Anyone).await?;
    let before = dao.treasury().await?;
    let greedy = create(&dao, "Greedy").await?;
    let grant = Proposal::new("A grant").paying(greedy, whole(2));
    let again = grant.execute_batch(B256::ZERO, grant.salt(dao.governor));
    let arm = Greedy::armCall { to: dao.timelock, data: again.abi_encode().into(), eachTime: true };
    dao.does(&dao.deployer, greedy, arm).await?;
    let id = dao.ripen(&grant).await?;
    let executed = dao.deployer.send(dao.governor, Governor::execute_1Call { proposalId: id }.abi_encode()).await?;
    let after = dao.treasury().await?;
    let paid = if executed.status() { whole(2) } else { U256::ZERO };
    assert_eq!((before.ether - after.ether, after.tokens), (paid, before.tokens));
    assert_eq!(dao.chain.dev.get_balance(greedy).await?, paid);
    Ok(())
}

#[tokio::test]
async fn a_token_with_hooks_pays_once() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let greedy = create(&dao, "Greedy").await?;
    let token = create_with(&dao, "HookToken", &(dao.timelock, U256::from(1_000)).abi_encode_params()).await?;
    let transfer = HookToken::transferCall { to: greedy, value: U256::from(400) };
    let grant = Proposal::new("A grant in another token").calling(token, transfer);
    arm(&dao, greedy, dao.governor, Governor::execute_1Call { proposalId: grant.id() }).await?;
    let id = dao.ripen(&grant).await?;
    let tried = only_try(&dao.execute(id).await?, greedy)?;
    assert_eq!(tried, (false, already_executed(id)));
    for (account, balance) in [(greedy, 400), (dao.timelock, 600)] {
        assert_eq!(dao.read(token, HookToken::balanceOfCall { account }).await?, U256::from(balance));
    }
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}

/// A call back that asks for what only the DAO may: the grantee is not the timelock, however it was called.
#[tokio::test]
async fn a_grantee_has_no_power_while_it_is_paid() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let greedy = create(&dao, "Greedy").await?;
    // The proposal has this very call too, so that its hash is allowed for the time of the execution.
    let quorum = Governor::updateQuorumNumeratorCall { newQuorumNumerator: U256::ZERO };
    let grant = Proposal::new("A grant and a quorum").paying(greedy, whole(2)).calling(dao.governor, quorum.clone());
    arm(&dao, greedy, dao.governor, quorum).await?;
    let id = dao.ripen(&grant).await?;
    let tried = only_try(&dao.execute(id).await?, greedy)?;
    assert_eq!(tried, (false, Governor::GovernorOnlyExecutor { account: greedy }.abi_encode().into()));
    assert_eq!(dao.chain.dev.get_balance(greedy).await?, whole(2));
    assert_eq!(before.ether - dao.treasury().await?.ether, whole(2));
    Ok(())
}

/// A wallet that is asked for its signature and answers by voting once more.
#[tokio::test]
async fn a_wallet_that_votes_while_it_is_asked_votes_once() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let wallet = create(&dao, "Greedy").await?;
    dao.give(&dao.members[4], wallet, whole(10_000)).await?;
    let delegate = VotingToken::delegateCall { delegatee: wallet }.abi_encode();
    dao.does(&dao.deployer, wallet, Greedy::runCall { to: dao.token, data: delegate.into() }).await?;
    dao.pass(1).await?;
    let grant = Proposal::new("A grant").paying(wallet, whole(50));
    let id = dao.propose(&dao.members[0], &grant).await?;
    dao.open(id).await?;

    let by_letter = Governor::castVoteBySigCall { proposalId: id, support: 1, voter: wallet, signature: Bytes::new() };
    arm(&dao, wallet, dao.governor, by_letter.clone()).await?;
    dao.does(&dao.deployer, dao.governor, by_letter.clone()).await?;
    let used = async || dao.read(dao.governor, Governor::usedVotesCall { proposalId: id, account: wallet }).await;
    assert_eq!(used().await?, whole(10_000));
    assert_eq!(dao.read(dao.governor, Governor::noncesCall { owner: wallet }).await?, U256::ONE);
    let spent = Governor::GovernorAlreadyCastVote { voter: wallet };
    dao.refuses(&dao.deployer, dao.governor, by_letter, spent).await?;
    assert_eq!(dao.tally(id).await?, [U256::ZERO, whole(10_000), U256::ZERO]);

    dao.vote(&dao.members[0], id, AGAINST).await?;
    dao.close(id).await?;
    assert_eq!(dao.state(id).await?, State::Defeated);
    assert_eq!(dao.treasury().await?, before);
    Ok(())
}
