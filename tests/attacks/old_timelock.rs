//! A DAO that moves to another timelock leaves the old one behind, with all that is queued there. OpenZeppelin's Governor
//! warns of it: the proposals are canceled to the governor, and the operations are not. Whoever may execute in the old timelock
//! still can, and the guardian cannot stop it any more.
//!
//! Safe only if the same batch closes the old timelock: docs/operations.md, "Moving to another timelock".

use std::sync::Arc;

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolValue;
use consilium_bindings::{Governor, Timelock, VotingToken};
use consilium_deploy::Executors;
use eyre::Result;
use harness::chain::{Account, Chain};
use harness::dao::{Dao, Proposal, State, TREASURY_ETHER, whole};
use harness::deploy;

const PRACTICE: Address = Address::repeat_byte(0x50);
const ADMIN: B256 = B256::ZERO;

/// Pending, active, succeeded or queued, and the other states in OpenZeppelin's guard: all but canceled,
/// expired and executed.
const CANCELABLE: u8 = 0b0011_1011;

fn role(name: &str) -> B256 {
    keccak256(name)
}

/// A second timelock, whose proposer, canceller and executor is the governor.
async fn second(dao: &Dao) -> Result<Address> {
    let delay = U256::from(dao.config.timelock().min_delay);
    let arguments = (delay, vec![dao.governor], vec![dao.governor], Address::ZERO).abi_encode_params();
    deploy::program(&dao.chain, "timelock", &arguments).await
}

fn execution(proposal: &Proposal, dao: &Dao) -> Timelock::executeBatchCall {
    proposal.execute_batch(B256::ZERO, proposal.salt(dao.governor))
}

/// The DAO queues a payment and moves away; then somebody executes the payment in the old timelock.
async fn executes_after_the_move(executors: Executors, executor: &Account, chain: Arc<Chain>) -> Result<()> {
    let dao = Dao::found(chain, |config| config.timelock_mut().executors = executors).await?;
    let next = second(&dao).await?;
    let waiting = Proposal::new("Connect the practice").paying(PRACTICE, whole(2));
    let id = dao.pass_vote(&waiting).await?;
    dao.queue(id).await?;
    dao.enact(&Proposal::new("Move").calling(dao.governor, Governor::updateTimelockCall { newTimelock: next })).await?;
    assert_eq!(dao.state(id).await?, State::Canceled, "to the governor it is canceled");
    assert_eq!(dao.operation_state(waiting.operation(dao.governor)).await?, 2, "to the old timelock it is ready");

    // The guardian comes too late, and the governor cannot execute it either.
    let canceled = |expected: u8| Governor::GovernorUnexpectedProposalState {
        proposalId: id,
        current: State::Canceled as u8,
        expectedStates: B256::with_last_byte(expected),
    };
    let cancel = Governor::cancel_1Call { proposalId: id };
    dao.refuses(&dao.guardian, dao.governor, cancel, canceled(CANCELABLE)).await?;
    let execute = Governor::execute_1Call { proposalId: id };
    dao.refuses(&dao.deployer, dao.governor, execute, canceled(1 << State::Queued as u8)).await?;

    dao.does(executor, dao.timelock, execution(&waiting, &dao)).await?;
    assert_eq!(dao.treasury().await?.ether, whole(TREASURY_ETHER - 2), "the old timelock has paid");
    Ok(())
}

#[tokio::test]
async fn anyone_executes_what_a_move_left_behind_an_open_executor() -> Result<()> {
    let chain = Arc::new(Chain::start()?);
    let stranger = chain.account("stranger").await?;
    executes_after_the_move(Executors::Anyone, &stranger, chain).await
}

#[tokio::test]
async fn a_named_executor_executes_what_a_move_left_behind() -> Result<()> {
    let chain = Arc::new(Chain::start()?);
    let clerk = chain.account("clerk").await?;
    executes_after_the_move(Executors::Governor(vec![clerk.address()]), &clerk, chain).await
}

/// The runbook's batch: nobody executes in the old timelock any more, nothing of the treasury stays there, and the DAO can
/// clear away what was queued.
#[tokio::test]
async fn the_runbook_closes_the_old_timelock() -> Result<()> {
    let dao = Dao::with(|config| config.timelock_mut().executors = Executors::Anyone).await?;
    let (old, next) = (dao.timelock, second(&dao).await?);
    let waiting = Proposal::new("Connect the practice").paying(PRACTICE, whole(2));
    let id = dao.pass_vote(&waiting).await?;
    dao.queue(id).await?;

    let revoke = |role: B256, account: Address| Timelock::revokeRoleCall { role, account };
    let governor = dao.governor;
    let tokens = dao.treasury().await?.tokens;
    let transfer = VotingToken::transferCall { to: next, value: tokens };
    let moving = Proposal::new("Move, and close the old timelock")
        .calling(old, revoke(role("EXECUTOR_ROLE"), Address::ZERO))
        .calling(old, revoke(role("EXECUTOR_ROLE"), governor))
        .calling(old, revoke(role("PROPOSER_ROLE"), governor))
        .calling(old, revoke(role("CANCELLER_ROLE"), governor))
        .calling(old, Timelock::grantRoleCall { role: ADMIN, account: next })
        .calling(dao.token, transfer)
        .paying(next, whole(TREASURY_ETHER))
        .calling(governor, Governor::updateTimelockCall { newTimelock: next });
    dao.enact(&moving).await?;
    assert_eq!(dao.operation_state(waiting.operation(governor)).await?, 2);

    for caller in [&dao.deployer, &dao.guardian, &dao.members[0]] {
        let lacks =
            Timelock::AccessControlUnauthorizedAccount { account: caller.address(), neededRole: role("EXECUTOR_ROLE") };
        dao.refuses(caller, old, execution(&waiting, &dao), lacks).await?;
    }
    let empty = dao.treasury().await?;
    assert_eq!((empty.ether, empty.tokens), (U256::ZERO, U256::ZERO), "the treasury has moved");

    // The DAO goes on, and by its new timelock it cancels what the old one still has.
    let operation = waiting.operation(governor);
    let clearing = Proposal::new("Clear the old timelock, and pay after all")
        .calling(old, Timelock::grantRoleCall { role: role("CANCELLER_ROLE"), account: next })
        .calling(old, Timelock::cancelCall { id: operation })
        .paying(PRACTICE, whole(2));
    dao.enact(&clearing).await?;
    assert_eq!(dao.operation_state(operation).await?, 0);
    Ok(())
}

/// What a move has canceled for the governor waits only for the way back: its operation was never canceled, so once the old timelock
/// is the governor's again, it is due at once. Nobody could cancel it meanwhile.
#[tokio::test]
async fn a_move_back_revives_what_the_move_canceled() -> Result<()> {
    let dao = Dao::start().await?;
    let (old, next) = (dao.timelock, second(&dao).await?);
    let waiting = Proposal::new("Connect the practice").paying(PRACTICE, whole(2));
    let id = dao.pass_vote(&waiting).await?;
    dao.queue(id).await?;
    let moving = |name: &str, timelock| {
        Proposal::new(name).calling(dao.governor, Governor::updateTimelockCall { newTimelock: timelock })
    };
    dao.enact(&moving("Move", next)).await?;
    assert_eq!(dao.state(id).await?, State::Canceled);
    dao.enact(&moving("Move back", old)).await?;
    assert_eq!(dao.state(id).await?, State::Queued);
    dao.execute(id).await?;
    assert_eq!(dao.treasury().await?.ether, whole(TREASURY_ETHER - 2));
    Ok(())
}
