//! What was set back, and what a role that is gone again has left: the proof names it.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::{AccessManager, Governor, Timelock};
use consilium_deploy::Role;
use eyre::Result;

use super::scene::Scene;

/// An account that was a proposer for a while has left an operation, which waits. One that the members have decided is
/// none of these.
#[tokio::test]
async fn what_was_there_for_a_while_is_named() -> Result<()> {
    let scene = Scene::new().await?;
    let (role, account) = (Role::Proposer.id(), scene.stranger.account());
    let grant = Timelock::grantRoleCall { role, account }.abi_encode();
    scene.decide("a proposer", scene.timelock, grant).await?;
    let delay = U256::from(scene.site.config.timelock().min_delay);
    let schedule = Timelock::scheduleCall {
        target: account,
        value: U256::from(1),
        data: Bytes::new(),
        predecessor: B256::ZERO,
        salt: B256::ZERO,
        delay,
    };
    scene.send(&scene.stranger, scene.timelock, schedule.abi_encode()).await?;
    let revoke = Timelock::revokeRoleCall { role, account }.abi_encode();
    scene.decide("no proposer", scene.timelock, revoke).await?;

    let guardian = |account: Address| Governor::setProposalGuardianCall { newProposalGuardian: account }.abi_encode();
    let wait = |seconds: U256| Timelock::updateDelayCall { newDelay: seconds }.abi_encode();
    let member = AccessManager::grantRoleCall { roleId: 9, account, executionDelay: 0 }.abi_encode();
    let nobody = AccessManager::revokeRoleCall { roleId: 9, account }.abi_encode();
    for (number, (target, call)) in [
        (scene.governor, guardian(account)),
        (scene.governor, guardian(scene.manager)),
        (scene.timelock, wait(delay - U256::from(1))),
        (scene.timelock, wait(delay)),
        (scene.manager, member),
        (scene.manager, nobody),
    ]
    .into_iter()
    .enumerate()
    {
        scene.decide(&number.to_string(), target, call).await?;
    }
    scene.queued("a change that waits", scene.governor, guardian(account)).await?;

    let timelock = Timelock::new(scene.timelock, scene.provider());
    let id = timelock.hashOperation(account, U256::from(1), Bytes::new(), B256::ZERO, B256::ZERO).call().await?;
    assert_eq!(
        scene.failures().await?,
        [
            "timelock.minDelay: how often it was set is 3, not 1".to_owned(),
            "timelock.roles: how often one was granted or revoked since the founding is 2, not 0".to_owned(),
            format!("operations that wait in the timelock without a vote is {id}, not none"),
            "governor.proposalGuardian: how often it was set is 3, not 1".to_owned(),
            "access_manager.table: how often it was changed since the founding is 2, not 0".to_owned(),
        ]
    );
    Ok(())
}
