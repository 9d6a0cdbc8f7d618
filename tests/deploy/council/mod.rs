//! A council whose power is a row in the access manager's table: deployed, proven, used, ended, and changed by the DAO alone.

mod golden;
mod health;
mod history;
mod kinds;
mod liar;
mod mandate;
mod offices;
mod refusals;
mod registry;
mod revenue;
mod safe;
mod scene;
mod upgrades;
mod vault;

use alloy::primitives::{FixedBytes, U256, aliases::U48};
use alloy::sol_types::SolCall;
use consilium_bindings::{AccessManager, Governor};
use consilium_deploy::parts::access_manager::COUNCIL_ROLE;
use consilium_deploy::{Deployment, Role};
use eyre::Result;

use crate::setup::Timelock;
use scene::{DELAY, Scene};

/// States of a proposal.
const CANCELED: u8 = 2;
const QUEUED: u8 = 5;
const EXECUTED: u8 = 7;

#[tokio::test]
async fn a_dao_with_a_council_is_founded_and_proven_without_a_record() -> Result<()> {
    let scene = Scene::new().await?;
    let record = Deployment::read(scene.site.records(), scene.site.config.chain.id)?.expect("a record");
    assert_eq!(record.contracts.len(), 4);
    std::fs::remove_file(scene.site.file())?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    for subject in [
        "logs of the access manager at its founding",
        "governor.proposalGuardian",
        "members of ADMIN_ROLE",
        "members of the council's role",
        "functions with a role in the access manager",
    ] {
        assert!(proof.checks.iter().any(|check| check.subject == subject), "{subject}");
    }
    let governor = Governor::new(scene.governor, scene.provider());
    assert_eq!(governor.proposalGuardian().call().await?, scene.manager);
    // It has no role of the timelock: it cancels through the governor alone.
    let timelock = Timelock::new(scene.timelock, scene.provider());
    for role in Role::ALL {
        assert!(!timelock.hasRole(role.id(), scene.manager).call().await?, "{}", role.name());
    }
    Ok(())
}

#[tokio::test]
async fn the_council_cancels_what_is_queued_and_nobody_else_does() -> Result<()> {
    let scene = Scene::new().await?;
    let proposal = scene.queued("a bad idea", scene.timelock, vec![]).await?;
    let cancel: Vec<u8> = Governor::cancel_1Call { proposalId: proposal.id }.abi_encode();

    // Neither a stranger by the table, nor a member past it, nor a member with anything else.
    let refused = scene.refused(&scene.stranger, scene.manager, scene.through(&cancel)).await;
    assert!(refused.contains("AccessManagerUnauthorizedCall"), "{refused}");
    let refused = scene.refused(&scene.member, scene.governor, cancel.clone()).await;
    assert!(refused.contains("GovernorUnableToCancel"), "{refused}");
    let other = Governor::setProposalGuardianCall { newProposalGuardian: scene.member.account() }.abi_encode();
    let refused = scene.refused(&scene.member, scene.manager, scene.through(&other)).await;
    assert!(refused.contains("AccessManagerUnauthorizedCall"), "{refused}");
    assert_eq!(scene.state(&proposal).await?, QUEUED);

    scene.send(&scene.member, scene.manager, scene.through(&cancel)).await?;
    assert_eq!(scene.state(&proposal).await?, CANCELED);
    scene.pass(scene.site.config.timelock().min_delay + 1).await?;
    let refused = scene.refused(&scene.stranger, scene.governor, proposal.execute()).await;
    assert!(refused.contains("GovernorUnexpectedProposalState"), "{refused}");

    // By the other form too.
    let proposal = scene.queued("another", scene.timelock, vec![]).await?;
    scene.send(&scene.member, scene.manager, scene.through(&proposal.cancel())).await?;
    assert_eq!(scene.state(&proposal).await?, CANCELED);
    scene.site.verify().await?.ensure()
}

#[tokio::test]
async fn a_member_with_a_delay_announces_and_then_cancels() -> Result<()> {
    let scene = Scene::new().await?;
    let proposal = scene.queued("a bad idea", scene.timelock, vec![]).await?;
    let cancel: Vec<u8> = Governor::cancel_1Call { proposalId: proposal.id }.abi_encode();
    let refused = scene.refused(&scene.slow, scene.manager, scene.through(&cancel)).await;
    assert!(refused.contains("AccessManagerNotScheduled"), "{refused}");
    let schedule = AccessManager::scheduleCall { target: scene.governor, data: cancel.clone().into(), when: U48::ZERO };
    scene.send(&scene.slow, scene.manager, schedule.abi_encode()).await?;
    let refused = scene.refused(&scene.slow, scene.manager, scene.through(&cancel)).await;
    assert!(refused.contains("AccessManagerNotReady"), "{refused}");
    scene.pass(DELAY).await?;
    scene.send(&scene.slow, scene.manager, scene.through(&cancel)).await?;
    assert_eq!(scene.state(&proposal).await?, CANCELED);
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let note = "since its founding 1 calls were scheduled in the access manager, 1 executed, 0 cancelled";
    assert!(proof.notes.iter().any(|found| found == note), "{:?}", proof.notes);
    Ok(())
}

/// A stolen council cancels its own removal, until its term ends: then the DAO decides again.
#[tokio::test]
async fn a_stolen_council_ends_by_itself_and_the_dao_removes_it() -> Result<()> {
    let scene = Scene::new().await?;
    let removal = || {
        let call = Governor::setProposalGuardianCall { newProposalGuardian: scene.stranger.account() };
        (scene.governor, call.abi_encode())
    };
    let (target, call) = removal();
    let proposal = scene.queued("remove the council", target, call).await?;
    let cancel = |id: U256| scene.through(&Governor::cancel_1Call { proposalId: id }.abi_encode());
    scene.send(&scene.member, scene.manager, cancel(proposal.id)).await?;
    assert_eq!(scene.state(&proposal).await?, CANCELED);

    // What the thief scheduled while in office cannot be executed afterwards.
    let later = scene.proposed("remove the council again", removal()).await?;
    let schedule = AccessManager::scheduleCall {
        target: scene.governor,
        data: Governor::cancel_1Call { proposalId: later.id }.abi_encode().into(),
        when: U48::from(scene.until),
    };
    scene.send(&scene.slow, scene.manager, schedule.abi_encode()).await?;
    scene.carry(&later).await?;
    scene.pass_to(scene.until).await?;
    for member in [&scene.member, &scene.slow] {
        let refused = scene.refused(member, scene.manager, cancel(later.id)).await;
        assert!(refused.contains("AccessManagerUnauthorizedCall"), "{refused}");
    }
    // The file still describes the DAO: the ends were a part of it.
    scene.site.verify().await?.ensure()?;
    scene.send(&scene.stranger, scene.governor, later.execute()).await?;
    assert_eq!(scene.state(&later).await?, EXECUTED);
    let governor = Governor::new(scene.governor, scene.provider());
    assert_eq!(governor.proposalGuardian().call().await?, scene.stranger.account());
    let failures: Vec<String> = scene.site.verify().await?.failures().map(ToString::to_string).collect();
    let changed = format!("governor.proposalGuardian is {}, not {}", scene.stranger.account(), scene.manager);
    assert_eq!(failures, [changed, "governor.proposalGuardian: how often it was set is 2, not 1".to_owned()]);
    Ok(())
}

/// Members come and go by proposals, and each change is a difference from the file.
#[tokio::test]
async fn the_dao_grants_and_revokes_and_verify_names_it() -> Result<()> {
    let scene = Scene::new().await?;
    let grant = AccessManager::grantRoleUntilCall {
        roleId: COUNCIL_ROLE,
        account: scene.stranger.account(),
        executionDelay: 7,
        until: U48::from(scene.until + 500),
    };
    // Nobody but the timelock.
    for sender in [&scene.stranger, &scene.member, &scene.voter] {
        let refused = scene.refused(sender, scene.manager, grant.abi_encode()).await;
        assert!(refused.contains("AccessManagerUnauthorizedAccount"), "{refused}");
    }
    scene.decide("a new member", scene.manager, grant.abi_encode()).await?;
    let revoke = AccessManager::revokeRoleCall { roleId: COUNCIL_ROLE, account: scene.slow.account() };
    scene.decide("an old member", scene.manager, revoke.abi_encode()).await?;
    let failures: Vec<String> = scene.site.verify().await?.failures().map(ToString::to_string).collect();
    assert_eq!(failures.len(), 4, "{failures:?}");
    assert!(failures[0].starts_with("members of the council's role is "), "{failures:?}");
    assert!(failures[0].contains(&format!("{} (after 7 seconds, until ", scene.stranger.account())), "{failures:?}");
    assert_eq!(failures[3], "access_manager.table: how often it was changed since the founding is 2, not 0");
    for failure in &failures[1..3] {
        let start = format!("access_manager.canCall({}, governor, ", scene.slow.account());
        assert!(failure.starts_with(&start) && failure.ends_with("is never, not after 60 seconds"), "{failures:?}");
    }

    // Another role, another function, a closed target: each is named.
    let role = AccessManager::grantRoleCall { roleId: 9, account: scene.voter.account(), executionDelay: 0 };
    scene.decide("another role", scene.manager, role.abi_encode()).await?;
    let function = AccessManager::setTargetFunctionRoleCall {
        target: scene.governor,
        selectors: vec![FixedBytes(Governor::relayCall::SELECTOR)],
        roleId: 9,
    };
    scene.decide("another function", scene.manager, function.abi_encode()).await?;
    let closed = AccessManager::setTargetClosedCall { target: scene.stranger.account(), closed: true };
    scene.decide("a closed target", scene.manager, closed.abi_encode()).await?;
    let failures: Vec<String> = scene.site.verify().await?.failures().map(ToString::to_string).collect();
    for said in [
        format!(
            "other roles of the access manager in use is role 9 by {} (after 0 seconds, for ever); role 0 grants",
            scene.voter.account()
        ),
        format!("{} of {} for role 9", Governor::relayCall::SIGNATURE, scene.governor),
        format!("targets that the access manager closes is {}, not none", scene.stranger.account()),
    ] {
        assert!(failures.iter().any(|failure| failure.contains(&said)), "{said}: {failures:?}");
    }

    // What takes effect later is named before it does, and so is what a role without members may do.
    let calls = [
        AccessManager::setGrantDelayCall { roleId: COUNCIL_ROLE, newDelay: 86_400 }.abi_encode(),
        AccessManager::setTargetAdminDelayCall { target: scene.governor, newDelay: 86_400 }.abi_encode(),
        AccessManager::setRoleAdminCall { roleId: 5, admin: COUNCIL_ROLE }.abi_encode(),
        AccessManager::labelRoleCall { roleId: COUNCIL_ROLE, label: "ADMIN_ROLE".to_owned() }.abi_encode(),
    ];
    let all = AccessManager::multicallCall { data: calls.into_iter().map(Into::into).collect() };
    scene.decide("slow changes", scene.manager, all.abi_encode()).await?;
    let failures: Vec<String> = scene.site.verify().await?.failures().map(ToString::to_string).collect();
    for said in [
        "administration of the council's role is role 0 grants, role 0 cancels, grants wait 0 seconds, 86400 seconds from".to_owned(),
        ", labelled \"ADMIN_ROLE\"".to_owned(),
        "role 5 by nobody; role 1 grants".to_owned(),
        format!("targets with an admin delay in the access manager is {}, not none", scene.governor),
    ] {
        assert!(failures.iter().any(|failure| failure.contains(&said)), "{said}: {failures:?}");
    }
    Ok(())
}
