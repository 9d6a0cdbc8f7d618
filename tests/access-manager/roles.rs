//! Granting, revoking and renouncing roles; their admins, guardians and labels.

use alloy::primitives::{Address, LogData, U256};
use alloy::sol_types::{SolCall, SolEvent};
use eyre::Result;

use crate::setup::{
    ADMIN, CREW, Manager, PUBLIC, WATCH, access, grant, has, label, member, renounce, revoke, set_admin,
    set_grant_delay, set_guardian, time,
};
use crate::twins::{Managers, Who, lacks, no_admin};

pub(crate) fn granted(roleId: u64, account: Address, delay: u32, since: u64, newMember: bool) -> LogData {
    Manager::RoleGranted { roleId, account, delay, since: time(since), newMember }.encode_log_data()
}

pub(crate) fn revoked(roleId: u64, account: Address) -> LogData {
    Manager::RoleRevoked { roleId, account }.encode_log_data()
}

mod granting {
    use super::*;

    #[tokio::test]
    async fn a_member_is_new_once() -> Result<()> {
        let twins = Managers::start().await?;
        let crew = twins.actor(Who::Crew);
        let second = twins.soon().await?;
        twins.call_at(second, Who::Admin, grant(CREW, crew, 60)).await?.logged([granted(CREW, crew, 60, second, true)]);
        twins.call(Who::Stranger, has(CREW, crew)).await?.returned(member(true, 60));
        twins.call(Who::Stranger, access(CREW, crew)).await?.returned((U256::from(second), 60u32, 0u32, U256::ZERO));

        // The longer delay counts at once, and what is logged is when.
        let later = second + 10;
        twins.call_at(later, Who::Admin, grant(CREW, crew, 90)).await?.logged([granted(CREW, crew, 90, later, false)]);
        twins.call(Who::Stranger, has(CREW, crew)).await?.returned(member(true, 90));
        twins.call(Who::Stranger, access(CREW, crew)).await?.returned((U256::from(second), 90u32, 0u32, U256::ZERO));
        Ok(())
    }

    #[tokio::test]
    async fn the_longest_delay_is_kept() -> Result<()> {
        let twins = Managers::start().await?;
        let crew = twins.actor(Who::Crew);
        twins.call(Who::Admin, grant(u64::MAX - 1, crew, u32::MAX)).await?.succeeded();
        twins.call(Who::Stranger, has(u64::MAX - 1, crew)).await?.returned(member(true, u32::MAX));
        Ok(())
    }

    #[tokio::test]
    async fn only_the_admin_of_a_role_grants_it() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let stranger = twins.actor(Who::Stranger);
        for who in [Who::Crew, Who::Quick, Who::Guardian, Who::Stranger] {
            twins.call(who, grant(CREW, stranger, 0)).await?.refused(no_admin(twins.actor(who)));
            twins.call(who, revoke(CREW, twins.actor(Who::Quick))).await?.refused(no_admin(twins.actor(who)));
        }
        twins.call(Who::Admin, set_admin(CREW, WATCH)).await?.succeeded();
        twins.call(Who::Admin, grant(CREW, stranger, 0)).await?.refused(lacks(twins.actor(Who::Admin), WATCH));
        twins.call(Who::Guardian, grant(CREW, stranger, 0)).await?.succeeded();
        twins.call(Who::Guardian, revoke(CREW, stranger)).await?.logged([revoked(CREW, stranger)]);
        // Its admin role has an admin of its own.
        twins.call(Who::Guardian, grant(WATCH, stranger, 0)).await?.refused(no_admin(twins.actor(Who::Guardian)));
        Ok(())
    }

    #[tokio::test]
    async fn everybody_is_the_admin_of_a_role_that_the_public_administers() -> Result<()> {
        let twins = Managers::start().await?;
        let stranger = twins.actor(Who::Stranger);
        twins.call(Who::Admin, set_admin(CREW, PUBLIC)).await?.succeeded();
        twins.call(Who::Stranger, grant(CREW, stranger, 5)).await?.succeeded();
        twins.call(Who::Stranger, has(CREW, stranger)).await?.returned(member(true, 5));
        Ok(())
    }

    #[tokio::test]
    async fn several_admins_do_not_depend_on_each_other() -> Result<()> {
        let twins = Managers::start().await?;
        let [admin, second] = [Who::Admin, Who::Crew].map(|who| twins.actor(who));
        twins.call(Who::Admin, grant(ADMIN, second, 0)).await?.succeeded();
        twins.call(Who::Crew, revoke(ADMIN, admin)).await?.logged([revoked(ADMIN, admin)]);
        twins.call(Who::Admin, grant(CREW, admin, 0)).await?.refused(no_admin(admin));
        twins.call(Who::Crew, grant(CREW, admin, 0)).await?.succeeded();
        Ok(())
    }
}

mod losing {
    use super::*;

    #[tokio::test]
    async fn a_revoked_role_is_gone_at_once() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let crew = twins.actor(Who::Crew);
        twins.call(Who::Admin, revoke(CREW, crew)).await?.logged([revoked(CREW, crew)]);
        twins.call(Who::Stranger, has(CREW, crew)).await?.returned(member(false, 0));
        twins.call(Who::Stranger, access(CREW, crew)).await?.returned((U256::ZERO, 0u32, 0u32, U256::ZERO));
        // Who has no role loses none.
        twins.call(Who::Admin, revoke(CREW, crew)).await?.logged([]);
        // A grant after it is a new one, and needs not wait for the old delay.
        let second = twins.soon().await?;
        twins.call_at(second, Who::Admin, grant(CREW, crew, 1)).await?.logged([granted(CREW, crew, 1, second, true)]);
        Ok(())
    }

    #[tokio::test]
    async fn a_role_is_renounced_by_its_holder_alone() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let [crew, quick] = [Who::Crew, Who::Quick].map(|who| twins.actor(who));
        for account in [quick, Address::ZERO] {
            let refusal = Manager::AccessManagerBadConfirmation {};
            twins.call(Who::Crew, renounce(CREW, account)).await?.refused(refusal);
        }
        twins.call(Who::Crew, renounce(CREW, crew)).await?.logged([revoked(CREW, crew)]);
        twins.call(Who::Stranger, has(CREW, crew)).await?.returned(member(false, 0));
        twins.call(Who::Crew, renounce(CREW, crew)).await?.logged([]);
        twins.call(Who::Stranger, has(CREW, quick)).await?.returned(member(true, 0));
        Ok(())
    }

    #[tokio::test]
    async fn the_last_admin_may_leave() -> Result<()> {
        let twins = Managers::start().await?;
        let admin = twins.actor(Who::Admin);
        twins.call(Who::Admin, renounce(ADMIN, admin)).await?.logged([revoked(ADMIN, admin)]);
        twins.call(Who::Admin, grant(ADMIN, admin, 0)).await?.refused(no_admin(admin));
        Ok(())
    }
}

/// ADMIN_ROLE and PUBLIC_ROLE cannot be changed, and nobody gets or loses PUBLIC_ROLE.
#[tokio::test]
async fn locked_roles_stay_as_they_are() -> Result<()> {
    let twins = Managers::start().await?;
    let admin = twins.actor(Who::Admin);
    let locked = |roleId| Manager::AccessManagerLockedRole { roleId };
    for role in [ADMIN, PUBLIC] {
        for call in [label(role, "x"), set_admin(role, CREW), set_guardian(role, CREW)] {
            twins.call(Who::Admin, call.clone()).await?.refused(locked(role));
            // Who may not ask is told so first.
            twins.call(Who::Stranger, call).await?.refused(no_admin(twins.actor(Who::Stranger)));
        }
    }
    for call in [grant(PUBLIC, admin, 0), revoke(PUBLIC, admin), renounce(PUBLIC, admin), set_grant_delay(PUBLIC, 1)] {
        twins.call(Who::Admin, call).await?.refused(locked(PUBLIC));
    }
    // The grant delay of ADMIN_ROLE is not locked.
    twins.call(Who::Admin, set_grant_delay(ADMIN, 1)).await?.succeeded();
    Ok(())
}

#[tokio::test]
async fn admins_and_guardians_of_roles_are_set_by_admins() -> Result<()> {
    let twins = Managers::with_crew().await?;
    let (roleId, admin, guardian) = (CREW, 11, 12);
    let log = Manager::RoleAdminChanged { roleId, admin }.encode_log_data();
    twins.call(Who::Admin, set_admin(CREW, 11)).await?.logged([log]);
    let log = Manager::RoleGuardianChanged { roleId, guardian }.encode_log_data();
    twins.call(Who::Admin, set_guardian(CREW, 12)).await?.logged([log]);
    twins.call(Who::Stranger, Manager::getRoleAdminCall { roleId }.abi_encode()).await?.returned(11u64);
    twins.call(Who::Stranger, Manager::getRoleGuardianCall { roleId }.abi_encode()).await?.returned(12u64);
    for who in [Who::Crew, Who::Guardian, Who::Stranger] {
        for call in [set_admin(CREW, 1), set_guardian(CREW, 1)] {
            twins.call(who, call).await?.refused(no_admin(twins.actor(who)));
        }
    }
    // The highest numbers stay apart from each other.
    twins.call(Who::Admin, set_admin(CREW, PUBLIC)).await?.succeeded();
    twins.call(Who::Admin, set_guardian(CREW, 0)).await?.succeeded();
    twins.call(Who::Stranger, Manager::getRoleAdminCall { roleId }.abi_encode()).await?.returned(PUBLIC);
    twins.call(Who::Stranger, Manager::getRoleGuardianCall { roleId }.abi_encode()).await?.returned(0u64);
    Ok(())
}

#[tokio::test]
async fn labels_are_logged_whatever_they_say() -> Result<()> {
    let twins = Managers::start().await?;
    for text in ["", "crew", "a label that is longer than the thirty-two bytes of a word, \u{e9}\u{1f3e5}"] {
        let log = Manager::RoleLabel { roleId: CREW, label: text.into() }.encode_log_data();
        twins.call(Who::Admin, label(CREW, text)).await?.logged([log]);
    }
    Ok(())
}
