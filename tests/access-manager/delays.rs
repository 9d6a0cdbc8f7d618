//! Delays that change: each takes effect at a second that is known before, and one that gets shorter does not before the
//! time that it took off has passed.

use alloy::primitives::{LogData, U256};
use alloy::sol_types::SolEvent;
use eyre::Result;

use crate::roles::granted;
use crate::setup::Target;
use crate::setup::{
    ADMIN, CREW, DAY, Manager, SETBACK, access, admin_delay, can_call, close, grant, grant_delay, has, member, revoke,
    selector, set_admin_delay, set_function_role, set_grant_delay, time,
};
use crate::twins::{Managers, Operation, Who, no_admin};

fn grant_delay_changed(delay: u32, since: u64) -> LogData {
    Manager::RoleGrantDelayChanged { roleId: CREW, delay, since: time(since) }.encode_log_data()
}

mod grants {
    use super::*;

    /// Sets the grant delay and lets it take effect; the present afterwards.
    async fn delayed(twins: &Managers, delay: u32) -> Result<u64> {
        let second = twins.soon().await?;
        let answer = twins.call_at(second, Who::Admin, set_grant_delay(CREW, delay)).await?;
        answer.logged([grant_delay_changed(delay, second + SETBACK)]);
        let effect = second + SETBACK;
        twins.call_at(effect - 1, Who::Stranger, grant_delay(CREW)).await?.returned(0u32);
        twins.call_at(effect, Who::Stranger, grant_delay(CREW)).await?.returned(delay);
        Ok(effect)
    }

    #[tokio::test]
    async fn a_granted_role_begins_to_the_second() -> Result<()> {
        let twins = Managers::start().await?;
        let crew = twins.actor(Who::Crew);
        let second = delayed(&twins, 100).await? + 5;
        let since = second + 100;
        let answer = twins.call_at(second, Who::Admin, grant(CREW, crew, 7)).await?;
        answer.logged([granted(CREW, crew, 7, since, true)]);
        twins.call(Who::Stranger, access(CREW, crew)).await?.returned((U256::from(since), 7u32, 0u32, U256::ZERO));
        for (at, is_member) in [(second, false), (since - 1, false), (since, true), (since + 1, true)] {
            twins.call_at(at, Who::Stranger, has(CREW, crew)).await?.returned(member(is_member, 7));
        }
        Ok(())
    }

    /// Nobody waits twice: a grant to who waits already, or is a member, changes the execution delay alone.
    #[tokio::test]
    async fn a_second_grant_does_not_begin_again() -> Result<()> {
        let twins = Managers::start().await?;
        let crew = twins.actor(Who::Crew);
        let second = delayed(&twins, 100).await? + 5;
        twins.call_at(second, Who::Admin, grant(CREW, crew, 7)).await?.succeeded();
        let answer = twins.call_at(second + 50, Who::Admin, grant(CREW, crew, 9)).await?;
        answer.logged([granted(CREW, crew, 9, second + 50, false)]);
        twins.call_at(second + 99, Who::Stranger, has(CREW, crew)).await?.returned(member(false, 9));
        twins.call_at(second + 100, Who::Stranger, has(CREW, crew)).await?.returned(member(true, 9));
        // Revoked and granted, it waits again.
        twins.call(Who::Admin, revoke(CREW, crew)).await?.succeeded();
        let again = second + 200;
        let answer = twins.call_at(again, Who::Admin, grant(CREW, crew, 1)).await?;
        answer.logged([granted(CREW, crew, 1, again + 100, true)]);
        twins.call_at(again + 99, Who::Stranger, has(CREW, crew)).await?.returned(member(false, 1));
        Ok(())
    }

    /// The first setback is the least one even where the delay gets longer; one that is cut by more than that waits for
    /// all that was cut.
    #[tokio::test]
    async fn a_cut_waits_for_what_was_cut() -> Result<()> {
        let twins = Managers::start().await?;
        let long = 30 * DAY as u32;
        let second = delayed(&twins, long).await? + 5;
        for (cut, wait) in [(long - DAY as u32, SETBACK), (0, 30 * DAY)] {
            twins
                .call_at(second, Who::Admin, set_grant_delay(CREW, cut))
                .await?
                .logged([grant_delay_changed(cut, second + wait)]);
        }
        let effect = second + 30 * DAY;
        for (at, delay) in [(effect - 1, long), (effect, 0), (effect + 1, 0)] {
            twins.call_at(at, Who::Stranger, grant_delay(CREW)).await?.returned(delay);
        }
        Ok(())
    }

    /// A change before the last one took effect begins at the delay that counts now.
    #[tokio::test]
    async fn a_change_in_the_meantime_replaces_the_last() -> Result<()> {
        let twins = Managers::start().await?;
        let second = twins.soon().await?;
        twins.call_at(second, Who::Admin, set_grant_delay(CREW, 1_000)).await?.succeeded();
        let later = second + SETBACK - 1;
        let answer = twins.call_at(later, Who::Admin, set_grant_delay(CREW, 2_000)).await?;
        answer.logged([grant_delay_changed(2_000, later + SETBACK)]);
        twins.call_at(second + SETBACK, Who::Stranger, grant_delay(CREW)).await?.returned(0u32);
        twins.call_at(later + SETBACK - 1, Who::Stranger, grant_delay(CREW)).await?.returned(0u32);
        twins.call_at(later + SETBACK, Who::Stranger, grant_delay(CREW)).await?.returned(2_000u32);
        // The same value is a change, too.
        let again = later + SETBACK + 10;
        let answer = twins.call_at(again, Who::Admin, set_grant_delay(CREW, 2_000)).await?;
        answer.logged([grant_delay_changed(2_000, again + SETBACK)]);
        twins.call(Who::Stranger, grant_delay(CREW)).await?.returned(2_000u32);
        Ok(())
    }

    #[tokio::test]
    async fn only_admins_change_it() -> Result<()> {
        let twins = Managers::with_crew().await?;
        for who in [Who::Crew, Who::Quick, Who::Guardian, Who::Stranger] {
            twins.call(who, set_grant_delay(CREW, 1)).await?.refused(no_admin(twins.actor(who)));
        }
        Ok(())
    }
}

mod executions {
    use super::*;

    /// A shorter delay takes effect after the difference, a longer one at once.
    #[tokio::test]
    async fn a_shorter_one_waits_for_the_difference() -> Result<()> {
        let twins = Managers::start().await?;
        let crew = twins.actor(Who::Crew);
        let since = twins.soon().await?;
        twins.call_at(since, Who::Admin, grant(CREW, crew, 1_000)).await?.succeeded();
        let second = since + 10;
        let answer = twins.call_at(second, Who::Admin, grant(CREW, crew, 300)).await?;
        answer.logged([granted(CREW, crew, 300, second + 700, false)]);
        let effect = second + 700;
        for (at, delay, pending, until) in
            [(effect - 1, 1_000, 300, effect), (effect, 300, 0, 0), (effect + 1, 300, 0, 0)]
        {
            twins.call_at(at, Who::Stranger, has(CREW, crew)).await?.returned(member(true, delay));
            let all = (U256::from(since), delay, pending, U256::from(until));
            twins.call_at(at, Who::Stranger, access(CREW, crew)).await?.returned(all);
        }
        // Longer again in the meantime: at once, and nothing is pending any more.
        twins.call_at(effect + 10, Who::Admin, grant(CREW, crew, 0)).await?.succeeded();
        let longer = effect + 20;
        let answer = twins.call_at(longer, Who::Admin, grant(CREW, crew, 5_000)).await?;
        answer.logged([granted(CREW, crew, 5_000, longer, false)]);
        let all = (U256::from(since), 5_000u32, 0u32, U256::ZERO);
        twins.call_at(longer, Who::Stranger, access(CREW, crew)).await?.returned(all);
        Ok(())
    }

    /// Whether a call is immediate follows to the second.
    #[tokio::test]
    async fn a_call_is_immediate_from_the_second_on_at_which_the_delay_ends() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let crew = twins.actor(Who::Crew);
        let ask = |side: &crate::twins::Side| can_call(crew, side.target, selector::<Target::noteCall>());
        twins.call_each(Who::Stranger, ask).await?.returned((false, crate::twins::CREW_DELAY));
        let second = twins.soon().await?;
        twins.call_at(second, Who::Admin, grant(CREW, crew, 0)).await?.succeeded();
        let effect = second + u64::from(crate::twins::CREW_DELAY);
        for (at, answer) in [(effect - 1, (false, crate::twins::CREW_DELAY)), (effect, (true, 0))] {
            twins.set_time(at).await?;
            twins.call_each(Who::Stranger, ask).await?.returned(answer);
        }
        Ok(())
    }

    /// An admin's own execution delay binds what the admin does with the manager.
    #[tokio::test]
    async fn an_admin_with_a_delay_schedules() -> Result<()> {
        let twins = Managers::start().await?;
        let second_admin = twins.actor(Who::Crew);
        twins.call(Who::Admin, grant(ADMIN, second_admin, 500)).await?.succeeded();
        let operation = Operation::on_manager(second_admin, grant(CREW, second_admin, 0));
        twins.alike(&operation);
        let refusal = Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
        twins.call(Who::Crew, grant(CREW, second_admin, 0)).await?.refused(refusal);

        let second = twins.soon().await?;
        twins.set_time(second).await?;
        let answer = twins.schedule(Who::Crew, &operation, 0).await?;
        answer.logged([operation.scheduled(&twins.ours, 1, second + 500)]);
        let refusal = Manager::AccessManagerNotReady { operationId: operation.id(&twins.ours) };
        twins.call_at(second + 499, Who::Crew, grant(CREW, second_admin, 0)).await?.refused(refusal);
        // Called as it is, or by execute: both consume the schedule.
        let answer = twins.call_at(second + 500, Who::Crew, grant(CREW, second_admin, 0)).await?;
        answer.logged([operation.executed(&twins.ours, 1), granted(CREW, second_admin, 0, second + 500, true)]);

        let third = second + 1_000;
        twins.set_time(third).await?;
        let answer = twins.schedule(Who::Crew, &operation, 0).await?;
        answer.logged([operation.scheduled(&twins.ours, 2, third + 500)]);
        twins.set_time(third + 500).await?;
        let answer = twins.execute(Who::Crew, &operation).await?;
        let again = granted(CREW, second_admin, 0, third + 500, false);
        answer.logged([operation.executed(&twins.ours, 2), again]);
        answer.returned(2u32);
        Ok(())
    }
}

mod targets {
    use super::*;

    #[tokio::test]
    async fn an_admin_delay_counts_from_its_second_on() -> Result<()> {
        let twins = Managers::start().await?;
        let second = twins.soon().await?;
        twins.set_time(second).await?;
        let answer = twins.call_each(Who::Admin, |side| set_admin_delay(side.target, 600)).await?;
        let (target, delay, since) = (twins.ours.target, 600, time(second + SETBACK));
        answer.logged([Manager::TargetAdminDelayUpdated { target, delay, since }.encode_log_data()]);
        for (at, delay) in [(second + SETBACK - 1, 0), (second + SETBACK, 600u32)] {
            twins.set_time(at).await?;
            twins.call_each(Who::Stranger, |side| admin_delay(side.target)).await?.returned(delay);
        }
        // What it binds must be scheduled, even by an admin without a delay; what it does not bind need not.
        let admin = twins.actor(Who::Admin);
        let closing = Operation::new(admin, |side| (side.manager, close(side.target, true)));
        let roles = Operation::new(admin, |side| {
            (side.manager, set_function_role(side.target, &[selector::<Target::noteCall>()], CREW))
        });
        for operation in [&closing, &roles] {
            twins.alike(operation);
            let refusal = Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
            twins.call_each(Who::Admin, |side| operation.data(side)).await?.refused(refusal);
        }
        twins.call_each(Who::Admin, |side| set_admin_delay(side.target, 700)).await?.succeeded();
        let later = second + SETBACK + 100;
        twins.set_time(later).await?;
        twins.schedule(Who::Admin, &closing, 0).await?.logged([closing.scheduled(&twins.ours, 1, later + 600)]);
        twins.set_time(later + 599).await?;
        let refusal = Manager::AccessManagerNotReady { operationId: closing.id(&twins.ours) };
        twins.call_each(Who::Admin, |side| close(side.target, true)).await?.refused(refusal);
        twins.set_time(later + 600).await?;
        let closed = Manager::TargetClosed { target: twins.ours.target, closed: true }.encode_log_data();
        let answer = twins.call_each(Who::Admin, |side| close(side.target, true)).await?;
        answer.logged([closing.executed(&twins.ours, 1), closed]);
        Ok(())
    }

    #[tokio::test]
    async fn the_longer_of_two_delays_binds() -> Result<()> {
        let twins = Managers::start().await?;
        let second_admin = twins.actor(Who::Crew);
        twins.call(Who::Admin, grant(ADMIN, second_admin, 900)).await?.succeeded();
        twins.call_each(Who::Admin, |side| set_admin_delay(side.target, 600)).await?.succeeded();
        twins.pass(SETBACK + 1).await?;
        let closing = Operation::new(second_admin, |side| (side.manager, close(side.target, true)));
        let second = twins.soon().await?;
        twins.set_time(second).await?;
        twins.schedule(Who::Crew, &closing, 0).await?.logged([closing.scheduled(&twins.ours, 1, second + 900)]);
        for who in [Who::Crew, Who::Stranger] {
            let refusal = no_admin(twins.actor(Who::Stranger));
            if matches!(who, Who::Stranger) {
                twins.call_each(who, |side| set_admin_delay(side.target, 1)).await?.refused(refusal);
            }
        }
        Ok(())
    }
}
