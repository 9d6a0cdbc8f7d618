//! What a target's functions ask for, closed targets, and handing a target over to another manager.

use alloy::primitives::{Address, FixedBytes, LogData};
use alloy::sol_types::{SolCall, SolEvent};
use eyre::Result;

use crate::setup::{
    ADMIN, CREW, Manager, PUBLIC, SETBACK, Target, can_call, close, grant, note, selector, set_admin_delay,
    set_function_role,
};
use crate::twins::{CREW_DELAY, Managers, Operation, Side, Who, no_admin};

const NOTE: fn() -> FixedBytes<4> = selector::<Target::noteCall>;

fn role_updated(target: Address, selector: FixedBytes<4>, roleId: u64) -> LogData {
    Manager::TargetFunctionRoleUpdated { target, selector, roleId }.encode_log_data()
}

fn closed(target: Address, closed: bool) -> LogData {
    Manager::TargetClosed { target, closed }.encode_log_data()
}

/// Asks whether an account may call the target.
async fn ask(twins: &Managers, who: Who, selector: FixedBytes<4>) -> Result<harness::answer::Answer> {
    let account = twins.actor(who);
    twins.call_each(Who::Stranger, |side| can_call(account, side.target, selector)).await
}

mod functions {
    use super::*;

    #[tokio::test]
    async fn each_function_asks_for_a_role_of_its_own() -> Result<()> {
        let twins = Managers::start().await?;
        let selectors = [NOTE(), selector::<Target::markCall>(), NOTE(), FixedBytes([0; 4]), FixedBytes([0xff; 4])];
        let answer = twins.call_each(Who::Admin, |side| set_function_role(side.target, &selectors, CREW)).await?;
        answer.logged(selectors.map(|selector| role_updated(twins.ours.target, selector, CREW)));
        twins.call_each(Who::Admin, |side| set_function_role(side.target, &selectors[1..2], PUBLIC)).await?.succeeded();
        twins.call_each(Who::Admin, |side| set_function_role(side.target, &[], 99)).await?.logged([]);
        for (selector, role) in
            [(selectors[0], CREW), (selectors[1], PUBLIC), (selectors[3], CREW), (selectors[4], CREW)]
        {
            let ask = |side: &Side| Manager::getTargetFunctionRoleCall { target: side.target, selector }.abi_encode();
            twins.call_each(Who::Stranger, ask).await?.returned(role);
        }
        // Of another target nothing was said: its functions are the admins'.
        let other = Manager::getTargetFunctionRoleCall { target: Address::repeat_byte(1), selector: NOTE() };
        twins.call(Who::Stranger, other.abi_encode()).await?.returned(ADMIN);
        Ok(())
    }

    #[tokio::test]
    async fn who_holds_the_role_may_call_and_nobody_else() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let mark = selector::<Target::markCall>();
        ask(&twins, Who::Quick, NOTE()).await?.returned((true, 0u32));
        ask(&twins, Who::Crew, NOTE()).await?.returned((false, CREW_DELAY));
        for who in [Who::Admin, Who::Guardian, Who::Stranger] {
            ask(&twins, who, NOTE()).await?.returned((false, 0u32));
        }
        // Without a role of its own, a function is the admins'.
        ask(&twins, Who::Admin, mark).await?.returned((true, 0u32));
        ask(&twins, Who::Quick, mark).await?.returned((false, 0u32));
        twins.call_each(Who::Admin, |side| set_function_role(side.target, &[mark], PUBLIC)).await?.succeeded();
        ask(&twins, Who::Stranger, mark).await?.returned((true, 0u32));

        for who in [Who::Admin, Who::Guardian, Who::Stranger] {
            let refusal = Target::AccessManagedUnauthorized { caller: twins.actor(who) };
            twins.on_target(who, |_| note(1)).await?.refused(refusal);
        }
        let noted = |who| {
            let caller = twins.actor(who);
            Target::Noted { caller, number: alloy::primitives::U256::from(1), value: Default::default() }
        };
        twins.on_target(Who::Quick, |_| note(1)).await?.logged([noted(Who::Quick).encode_log_data()]);
        Ok(())
    }

    #[tokio::test]
    async fn only_admins_say_who_may_call() -> Result<()> {
        let twins = Managers::with_crew().await?;
        for who in [Who::Crew, Who::Quick, Who::Guardian, Who::Stranger] {
            let refusal = || no_admin(twins.actor(who));
            twins.call_each(who, |side| set_function_role(side.target, &[NOTE()], PUBLIC)).await?.refused(refusal());
            twins.call_each(who, |side| close(side.target, true)).await?.refused(refusal());
            twins.call_each(who, |side| set_admin_delay(side.target, 0)).await?.refused(refusal());
        }
        Ok(())
    }

    /// setAuthority cannot be opened, alone or among others; nothing of such a list is kept.
    #[tokio::test]
    async fn the_authority_of_a_target_is_locked() -> Result<()> {
        let twins = Managers::start().await?;
        let locked = selector::<Target::setAuthorityCall>();
        for selectors in [vec![locked], vec![NOTE(), locked], vec![locked, NOTE()]] {
            let refusal = Manager::AccessManagerLockedFunction { selector: locked };
            twins
                .call_each(Who::Admin, |side| set_function_role(side.target, &selectors, CREW))
                .await?
                .refused(refusal);
        }
        ask(&twins, Who::Admin, NOTE()).await?.returned((true, 0u32));
        // Whoever may call it is an admin, after the target's admin delay.
        ask(&twins, Who::Admin, locked).await?.returned((true, 0u32));
        ask(&twins, Who::Stranger, locked).await?.returned((false, 0u32));
        let second = twins.soon().await?;
        twins.set_time(second).await?;
        twins.call_each(Who::Admin, |side| set_admin_delay(side.target, 777)).await?.succeeded();
        twins.set_time(second + SETBACK).await?;
        ask(&twins, Who::Admin, locked).await?.returned((false, 777u32));
        Ok(())
    }
}

mod closing {
    use super::*;

    #[tokio::test]
    async fn nobody_calls_a_closed_target() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let mark = selector::<Target::markCall>();
        twins.call_each(Who::Admin, |side| set_function_role(side.target, &[mark], PUBLIC)).await?.succeeded();
        let answer = twins.call_each(Who::Admin, |side| close(side.target, true)).await?;
        answer.logged([closed(twins.ours.target, true)]);
        twins
            .call_each(Who::Stranger, |side| Manager::isTargetClosedCall { target: side.target }.abi_encode())
            .await?
            .returned(true);
        for who in [Who::Admin, Who::Crew, Who::Quick, Who::Stranger] {
            for selector in [NOTE(), mark, selector::<Target::setAuthorityCall>()] {
                ask(&twins, who, selector).await?.returned((false, 0u32));
            }
            let refusal = Target::AccessManagedUnauthorized { caller: twins.actor(who) };
            twins.on_target(who, |_| note(1)).await?.refused(refusal);
        }
        // Permissions are kept: open, all is as before.
        let answer = twins.call_each(Who::Admin, |side| close(side.target, false)).await?;
        answer.logged([closed(twins.ours.target, false)]);
        ask(&twins, Who::Quick, NOTE()).await?.returned((true, 0u32));
        ask(&twins, Who::Stranger, mark).await?.returned((true, 0u32));
        Ok(())
    }

    /// What was scheduled before is not executed while the target is closed.
    #[tokio::test]
    async fn a_scheduled_call_waits_until_the_target_is_open() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let operation = Operation::on_target(twins.actor(Who::Crew), note(3));
        twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
        twins.call_each(Who::Admin, |side| close(side.target, true)).await?.succeeded();
        twins.pass(u64::from(CREW_DELAY)).await?;
        let (caller, target, selector) = (twins.actor(Who::Crew), twins.ours.target, NOTE());
        let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector };
        twins.execute(Who::Crew, &operation).await?.refused(refusal);
        twins.call_each(Who::Admin, |side| close(side.target, false)).await?.succeeded();
        twins.execute(Who::Crew, &operation).await?.returned(1u32);
        Ok(())
    }

    /// A closed manager still takes what admins do with it, or it could not be opened; what it guards by roles of its own
    /// functions is closed.
    #[tokio::test]
    async fn a_closed_manager_is_opened_by_its_admins() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let renounce = selector::<Manager::renounceRoleCall>();
        let crew = twins.actor(Who::Quick);
        let call = Operation::on_manager(crew, crate::setup::renounce(CREW, crew));
        twins.call_each(Who::Admin, |side| set_function_role(side.manager, &[renounce], CREW)).await?.succeeded();
        twins.call_each(Who::Admin, |side| close(side.manager, true)).await?.logged([closed(twins.ours.manager, true)]);
        let (caller, target) = (crew, twins.ours.manager);
        let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector: renounce };
        twins.execute(Who::Quick, &call).await?.refused(refusal);
        twins.call(Who::Admin, grant(CREW, crew, 0)).await?.succeeded();
        twins.call_each(Who::Admin, |side| close(side.manager, false)).await?.succeeded();
        // The call comes from the manager then, which renounces nothing of another's.
        twins.execute(Who::Quick, &call).await?.refused(Manager::AccessManagerBadConfirmation {});
        Ok(())
    }
}

mod authority {
    use super::*;

    fn update(target: Address, newAuthority: Address) -> Vec<u8> {
        Manager::updateAuthorityCall { target, newAuthority }.abi_encode()
    }

    #[tokio::test]
    async fn an_admin_hands_a_target_over() -> Result<()> {
        let twins = Managers::start().await?;
        // Any contract will do.
        let next = twins.actor(Who::Guardian);
        let answer = twins.call_each(Who::Admin, |side| update(side.target, next)).await?;
        answer.logged([Target::AuthorityUpdated { authority: next }.encode_log_data()]);
        twins.on_target(Who::Stranger, |_| Target::authorityCall {}.abi_encode()).await?.returned(next);
        // It does not obey this manager any more.
        let refusal = Target::AccessManagedUnauthorized { caller: twins.ours.manager };
        twins.call_each(Who::Admin, |side| update(side.target, side.manager)).await?.refused(refusal);
        Ok(())
    }

    #[tokio::test]
    async fn the_target_s_refusal_is_passed_on() -> Result<()> {
        let twins = Managers::start().await?;
        let nothing = Address::repeat_byte(0x77);
        let refusal = Target::AccessManagedInvalidAuthority { authority: nothing };
        twins.call_each(Who::Admin, |side| update(side.target, nothing)).await?.refused(refusal);
        // Neither an account without code nor a contract without the function is a target.
        twins.call(Who::Admin, update(nothing, nothing)).await?.refused_with(&[]);
        twins.call(Who::Admin, update(twins.actor(Who::Crew), nothing)).await?.refused_with(&[]);
        for who in [Who::Crew, Who::Stranger] {
            let refusal = no_admin(twins.actor(who));
            twins.call_each(who, |side| update(side.target, side.manager)).await?.refused(refusal);
        }
        Ok(())
    }

    /// Even an admin is refused by the target itself, and by execute: only updateAuthority does it, after its delay.
    #[tokio::test]
    async fn the_delay_cannot_be_gone_around() -> Result<()> {
        let twins = Managers::start().await?;
        let (admin, next) = (twins.actor(Who::Admin), twins.actor(Who::Guardian));
        let set = Target::setAuthorityCall { newAuthority: next }.abi_encode();
        let refusal = Target::AccessManagedUnauthorized { caller: admin };
        twins.on_target(Who::Admin, |_| set.clone()).await?.refused(refusal);

        let second = twins.soon().await?;
        twins.set_time(second).await?;
        twins.call_each(Who::Admin, |side| set_admin_delay(side.target, 300)).await?.succeeded();
        twins.set_time(second + SETBACK).await?;
        for operation in [
            Operation::on_target(admin, set.clone()),
            Operation::new(admin, move |side| (side.manager, update(side.target, next))),
        ] {
            twins.alike(&operation);
            let unscheduled = Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
            twins.execute(Who::Admin, &operation).await?.refused(unscheduled);
            let begin = twins.soon().await?;
            twins.set_time(begin).await?;
            twins.schedule(Who::Admin, &operation, 0).await?.logged([operation.scheduled(&twins.ours, 1, begin + 300)]);
            twins.set_time(begin + 299).await?;
            let early = Manager::AccessManagerNotReady { operationId: operation.id(&twins.ours) };
            twins.execute(Who::Admin, &operation).await?.refused(early);
        }
        Ok(())
    }
}
