//! What the council's Safe can do, until when, and what it cannot: it stops, and does not rule.

use alloy::primitives::{Address, Bytes, FixedBytes, aliases::U48};
use alloy::sol_types::SolCall;
use consilium_bindings::{AccessManager, Governor, Timelock, VotingToken};
use consilium_deploy::parts::access_manager::{ADMIN_ROLE, COUNCIL_ROLE};
use eyre::Result;
use harness::safes;

use super::{Council, THRESHOLD, keys};
use crate::council::{CANCELED, EXECUTED, QUEUED};

/// Safe's word for a transaction that failed.
const FAILED: &str = "GS013";

#[tokio::test]
async fn enough_owners_cancel_a_malicious_proposal_and_fewer_do_not() -> Result<()> {
    let council = Council::new().await?;
    let scene = &council.scene;
    let loot = VotingToken::transferCall { to: scene.stranger.account(), value: alloy::primitives::U256::from(1) };
    let proposal = scene.queued("all to a stranger", scene.timelock, loot.abi_encode()).await?;
    let cancel = council.cancel(&proposal);

    let one = council.signed(THRESHOLD - 1, scene.manager, &cancel).await?;
    let refused = scene.refused(&scene.stranger, council.safe, one).await;
    assert!(refused.contains("GS020"), "{refused}");
    // An owner by itself is nobody.
    let refused = scene.refused(&scene.member, scene.manager, cancel.clone()).await;
    assert!(refused.contains("AccessManagerUnauthorizedCall"), "{refused}");
    assert_eq!(scene.state(&proposal).await?, QUEUED);

    council.executes(scene.manager, &cancel).await?;
    assert_eq!(scene.state(&proposal).await?, CANCELED);
    scene.pass(scene.site.config.timelock().min_delay + 1).await?;
    let refused = scene.refused(&scene.stranger, scene.governor, proposal.execute()).await;
    assert!(refused.contains("GovernorUnexpectedProposalState"), "{refused}");
    // Its use is no difference from the file.
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let said = format!("since the founding the Safe \"council\" at {} has executed 1 transactions", council.safe);
    assert!(proof.notes.contains(&said), "{:?}", proof.notes);
    Ok(())
}

/// From the second `until` on, all owners together cannot. What they signed before is worth nothing then.
#[tokio::test]
async fn after_its_end_the_safe_is_refused() -> Result<()> {
    let council = Council::new().await?;
    let scene = &council.scene;
    let proposal = scene.queued("a change", scene.governor, set_guardian(scene.stranger.account())).await?;
    let signed = council.signed(THRESHOLD, scene.manager, &council.cancel(&proposal)).await?;
    scene.pass_to(scene.until).await?;
    let refused = scene.refused(&scene.stranger, council.safe, signed).await;
    assert!(refused.contains(FAILED), "{refused}");
    assert_eq!(scene.state(&proposal).await?, QUEUED);
    scene.site.verify().await?.ensure()?;
    scene.send(&scene.stranger, scene.governor, proposal.execute()).await?;
    assert_eq!(scene.state(&proposal).await?, EXECUTED);
    Ok(())
}

/// A stolen council holds up its own removal until its end, moves no date, takes no power, and the DAO replaces it.
#[tokio::test]
async fn a_stolen_safe_cannot_widen_its_power_and_the_dao_replaces_it() -> Result<()> {
    let council = Council::new().await?;
    let scene = &council.scene;
    let (safe, thief) = (council.safe, scene.stranger.account());
    let late = U48::from(scene.until + 1_000_000);
    let until =
        |account, role| AccessManager::grantRoleUntilCall { roleId: role, account, executionDelay: 0, until: late };
    let cancels = vec![FixedBytes(Governor::cancel_1Call::SELECTOR), FixedBytes(Governor::relayCall::SELECTOR)];
    let role =
        AccessManager::setTargetFunctionRoleCall { target: scene.governor, selectors: cancels, roleId: COUNCIL_ROLE };
    let closed = AccessManager::setTargetClosedCall { target: scene.governor, closed: true };
    for (what, to, call) in [
        ("its own date", scene.manager, until(safe, COUNCIL_ROLE).abi_encode()),
        ("another member", scene.manager, until(thief, COUNCIL_ROLE).abi_encode()),
        ("an admin", scene.manager, until(safe, ADMIN_ROLE).abi_encode()),
        (
            "no end",
            scene.manager,
            AccessManager::grantRoleCall { roleId: COUNCIL_ROLE, account: safe, executionDelay: 0 }.abi_encode(),
        ),
        (
            "the role's admin",
            scene.manager,
            AccessManager::setRoleAdminCall { roleId: COUNCIL_ROLE, admin: COUNCIL_ROLE }.abi_encode(),
        ),
        ("more functions", scene.manager, role.abi_encode()),
        ("a closed target", scene.manager, closed.abi_encode()),
        ("another guardian", scene.governor, set_guardian(thief)),
        ("another guardian, through the manager", scene.manager, scene.through(&set_guardian(thief))),
        (
            "the treasury",
            scene.timelock,
            Timelock::scheduleCall {
                target: thief,
                value: alloy::primitives::U256::from(1),
                data: Bytes::new(),
                predecessor: FixedBytes::ZERO,
                salt: FixedBytes::ZERO,
                delay: alloy::primitives::U256::from(1_000_000),
            }
            .abi_encode(),
        ),
    ] {
        let refused = council.is_refused(to, &call).await?;
        assert!(refused.contains(FAILED), "{what}: {refused}");
    }
    scene.site.verify().await?.ensure()?;

    // It cancels its own removal.
    let revoke = || AccessManager::revokeRoleCall { roleId: COUNCIL_ROLE, account: safe }.abi_encode();
    let removal = scene.queued("remove the council", scene.manager, revoke()).await?;
    council.executes(scene.manager, &council.cancel(&removal)).await?;
    assert_eq!(scene.state(&removal).await?, CANCELED);
    // After its end it does not, and another Safe is the council.
    let heir = keys()[0].address();
    scene.pass_to(scene.until).await?;
    let calls = vec![revoke().into(), until(heir, COUNCIL_ROLE).abi_encode().into()];
    let both = AccessManager::multicallCall { data: calls }.abi_encode();
    let proposal = scene.queued("a new council", scene.manager, both).await?;
    let refused = council.is_refused(scene.manager, &council.cancel(&proposal)).await?;
    assert!(refused.contains(FAILED), "{refused}");
    scene.pass(scene.site.config.timelock().min_delay + 1).await?;
    scene.send(&scene.stranger, scene.governor, proposal.execute()).await?;
    let manager = AccessManager::new(scene.manager, council.provider());
    assert!(!manager.hasRole(COUNCIL_ROLE, safe).call().await?.isMember);
    assert!(manager.hasRole(COUNCIL_ROLE, heir).call().await?.isMember);
    let failures = scene.failures().await?;
    assert!(failures.iter().any(|failure| failure.starts_with("members of the council's role is ")), "{failures:?}");
    Ok(())
}

/// The date moves by a vote, and by nothing else.
#[tokio::test]
async fn a_vote_moves_the_date() -> Result<()> {
    let council = Council::new().await?;
    let scene = &council.scene;
    let until = U48::from(scene.until + 86_400);
    let grant =
        AccessManager::grantRoleUntilCall { roleId: COUNCIL_ROLE, account: council.safe, executionDelay: 0, until };
    scene.decide("a day more", scene.manager, grant.abi_encode()).await?;
    scene.pass_to(scene.until + 100).await?;
    let proposal = scene.queued("a change", scene.governor, set_guardian(Address::ZERO)).await?;
    council.executes(scene.manager, &council.cancel(&proposal)).await?;
    assert_eq!(scene.state(&proposal).await?, CANCELED);
    scene.pass_to(scene.until + 86_400).await?;
    let refused = council.is_refused(scene.manager, &council.cancel(&proposal)).await?;
    assert!(refused.contains(FAILED), "{refused}");
    Ok(())
}

/// What owners signed for another chain, another Safe or an earlier nonce is refused.
#[tokio::test]
async fn signatures_are_for_this_safe_this_chain_and_once() -> Result<()> {
    let council = Council::new().await?;
    let scene = &council.scene;
    let proposal = scene.queued("a change", scene.governor, set_guardian(Address::ZERO)).await?;
    let (cancel, keys, id) = (council.cancel(&proposal), &council.keys[..THRESHOLD], scene.site.config.chain.id);
    let nonce = alloy::primitives::U256::ZERO;
    for (chain, safe, nonce) in [
        (id + 1, council.safe, nonce),
        (id, Address::repeat_byte(7), nonce),
        (id, council.safe, nonce + alloy::primitives::U256::from(1)),
    ] {
        let call = safes::at_nonce(chain, safe, nonce, scene.manager, cancel.clone(), keys)?;
        let refused = scene.refused(&scene.stranger, council.safe, call.abi_encode()).await;
        assert!(refused.contains("GS026"), "{refused}");
    }
    let call = safes::at_nonce(id, council.safe, nonce, scene.manager, cancel, keys)?.abi_encode();
    scene.send(&scene.stranger, council.safe, call.clone()).await?;
    let refused = scene.refused(&scene.stranger, council.safe, call).await;
    assert!(refused.contains("GS026"), "{refused}");
    Ok(())
}

fn set_guardian(account: Address) -> Vec<u8> {
    Governor::setProposalGuardianCall { newProposalGuardian: account }.abi_encode()
}
