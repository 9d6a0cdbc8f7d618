//! Granting, revoking and renouncing roles.

use alloy::primitives::{Address, B256, LogData, U256};
use alloy::sol_types::{SolCall, SolEvent};
use eyre::Result;

use crate::setup::{ADMIN, CANCELLER, EXECUTOR, MIN_DELAY, Operation, PROPOSER, Timelock, grant, has, revoke};
use crate::twins::{Timelocks, Who};

/// A role that the timelock knows nothing of: AccessControl takes any.
const OTHER: B256 = B256::repeat_byte(0xab);

fn granted(role: B256, account: Address, sender: Address) -> LogData {
    Timelock::RoleGranted { role, account, sender }.encode_log_data()
}

fn revoked(role: B256, account: Address, sender: Address) -> LogData {
    Timelock::RoleRevoked { role, account, sender }.encode_log_data()
}

fn renounce(role: B256, callerConfirmation: Address) -> Vec<u8> {
    Timelock::renounceRoleCall { role, callerConfirmation }.abi_encode()
}

#[tokio::test]
async fn an_admin_grants_and_revokes_every_role() -> Result<()> {
    let twins = Timelocks::start().await?;
    let (admin, account) = (twins.actor(Who::Admin), twins.actor(Who::Stranger));
    for role in [PROPOSER, EXECUTOR, CANCELLER, ADMIN, OTHER] {
        twins.call(Who::Admin, grant(role, account)).await?.logged([granted(role, account, admin)]);
        twins.call(Who::Stranger, has(role, account)).await?.returned(true);
        // What is so already is no event.
        twins.call(Who::Admin, grant(role, account)).await?.logged([]);
        twins.call(Who::Admin, revoke(role, account)).await?.logged([revoked(role, account, admin)]);
        twins.call(Who::Stranger, has(role, account)).await?.returned(false);
        twins.call(Who::Admin, revoke(role, account)).await?.logged([]);
    }
    Ok(())
}

#[tokio::test]
async fn nobody_else_grants_or_revokes() -> Result<()> {
    let twins = Timelocks::start().await?;
    for who in [Who::Proposer, Who::Executor, Who::Stranger] {
        let account = twins.actor(who);
        for role in [PROPOSER, EXECUTOR, CANCELLER, ADMIN, OTHER] {
            let refusal = || Timelock::AccessControlUnauthorizedAccount { account, neededRole: ADMIN };
            twins.call(who, grant(role, account)).await?.refused(refusal());
            twins.call(who, revoke(role, twins.actor(Who::Proposer))).await?.refused(refusal());
        }
    }
    Ok(())
}

/// Where the zero address holds a role, everybody may execute, and nobody may do anything else.
#[tokio::test]
async fn the_zero_address_opens_execution_alone() -> Result<()> {
    let twins = Timelocks::start().await?;
    let (stranger, operation) = (twins.actor(Who::Stranger), Operation::new(Address::ZERO, []));
    twins.ready(|_| operation.clone()).await?;
    for role in [PROPOSER, EXECUTOR, CANCELLER, ADMIN] {
        assert!(twins.call(Who::Admin, grant(role, Address::ZERO)).await?.success);
    }
    let batch = Timelock::scheduleBatchCall {
        targets: vec![],
        values: vec![],
        payloads: vec![],
        predecessor: B256::ZERO,
        salt: B256::ZERO,
        delay: U256::from(MIN_DELAY),
    };
    for (neededRole, call) in [
        (PROPOSER, operation.clone().salted(1).schedule(MIN_DELAY)),
        (PROPOSER, batch.abi_encode()),
        (CANCELLER, operation.cancel()),
        (ADMIN, grant(OTHER, stranger)),
        (ADMIN, revoke(PROPOSER, Address::ZERO)),
    ] {
        let refusal = Timelock::AccessControlUnauthorizedAccount { account: stranger, neededRole };
        twins.call(Who::Stranger, call).await?.refused(refusal);
    }
    twins.call(Who::Stranger, operation.execute()).await?.logged([operation.executed()]);
    Ok(())
}

#[tokio::test]
async fn a_holder_renounces_in_its_own_name() -> Result<()> {
    let twins = Timelocks::start().await?;
    let proposer = twins.actor(Who::Proposer);
    let refusal = Timelock::AccessControlBadConfirmation {};
    twins.call(Who::Stranger, renounce(PROPOSER, proposer)).await?.refused(refusal);
    twins.call(Who::Proposer, renounce(PROPOSER, proposer)).await?.logged([revoked(PROPOSER, proposer, proposer)]);
    twins.call(Who::Stranger, has(PROPOSER, proposer)).await?.returned(false);
    twins.call(Who::Stranger, has(CANCELLER, proposer)).await?.returned(true);
    // Without the role there is nothing to give up, and it is no error.
    twins.call(Who::Proposer, renounce(PROPOSER, proposer)).await?.logged([]);
    let refusal = Timelock::AccessControlUnauthorizedAccount { account: proposer, neededRole: PROPOSER };
    twins.call(Who::Proposer, Operation::new(proposer, []).schedule(MIN_DELAY)).await?.refused(refusal);
    Ok(())
}

#[tokio::test]
async fn the_timelock_administers_itself() -> Result<()> {
    let twins = Timelocks::start().await?;
    let (admin, stranger) = (twins.actor(Who::Admin), twins.actor(Who::Stranger));
    twins.call(Who::Admin, renounce(ADMIN, admin)).await?.logged([revoked(ADMIN, admin, admin)]);
    let refusal = Timelock::AccessControlUnauthorizedAccount { account: admin, neededRole: ADMIN };
    twins.call(Who::Admin, grant(PROPOSER, stranger)).await?.refused(refusal);

    let change = |timelock| Operation::new(timelock, grant(PROPOSER, stranger));
    twins.ready(change).await?;
    let answer = twins.call_each(Who::Executor, |timelock| change(timelock).execute()).await?;
    answer.logged([granted(PROPOSER, stranger, twins.ours), change(twins.ours).executed()]);
    assert!(twins.call(Who::Stranger, Operation::new(admin, []).schedule(MIN_DELAY)).await?.success);
    Ok(())
}
