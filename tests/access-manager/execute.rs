//! Executing: at once or after the wait, once, with ether, and not when it is too late.

use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolError, SolEvent};
use eyre::Result;

use crate::setup::{ADMIN, CREW, EXPIRATION, Manager, Target, grant, label, note, revoke, selector, set_function_role};
use crate::twins::{CREW_DELAY, Managers, Operation, Who, no_admin};

const DELAY: u64 = CREW_DELAY as u64;

fn noted(caller: Address, number: u64, value: u64) -> alloy::primitives::LogData {
    Target::Noted { caller, number: U256::from(number), value: U256::from(value) }.encode_log_data()
}

fn unauthorized(twins: &Managers, who: Who, selector: [u8; 4]) -> Manager::AccessManagerUnauthorizedCall {
    let (caller, target) = (twins.actor(who), twins.ours.target);
    Manager::AccessManagerUnauthorizedCall { caller, target, selector: selector.into() }
}

/// The crew has scheduled a note; it is due now.
async fn due(twins: &Managers, operation: &Operation) -> Result<u64> {
    let begin = twins.soon().await?;
    twins.set_time(begin).await?;
    twins.schedule(Who::Crew, operation, 0).await?.succeeded();
    twins.chain.advance_to(begin + DELAY).await?;
    Ok(begin + DELAY)
}

mod immediately {
    use super::*;

    #[tokio::test]
    async fn who_need_not_wait_executes_at_once() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let operation = Operation::on_target(twins.actor(Who::Quick), note(4));
        for _ in 0..2 {
            let answer = twins.execute(Who::Quick, &operation).await?;
            // The target sees the manager.
            answer.logged([noted(twins.ours.manager, 4, 0)]);
            answer.returned(0u32);
        }
        twins.expect_nonce(&operation, 0).await?;
        Ok(())
    }

    /// What was scheduled while there was a delay is consumed by who has none any more.
    #[tokio::test]
    async fn a_schedule_is_used_up_even_where_none_is_asked_for() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let crew = twins.actor(Who::Crew);
        let operation = Operation::on_target(crew, note(4));
        due(&twins, &operation).await?;
        twins.call(Who::Admin, revoke(CREW, crew)).await?.succeeded();
        twins.call(Who::Admin, grant(CREW, crew, 0)).await?.succeeded();
        let answer = twins.execute(Who::Crew, &operation).await?;
        answer.logged([operation.executed(&twins.ours, 1), noted(twins.ours.manager, 4, 0)]);
        answer.returned(1u32);
        twins.execute(Who::Crew, &operation).await?.returned(0u32);
        Ok(())
    }

    /// One that waits still binds who needs not wait any more.
    #[tokio::test]
    async fn a_schedule_that_is_not_due_is_in_the_way() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let crew = twins.actor(Who::Crew);
        let operation = Operation::on_target(crew, note(4));
        twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
        twins.call(Who::Admin, revoke(CREW, crew)).await?.succeeded();
        twins.call(Who::Admin, grant(CREW, crew, 0)).await?.succeeded();
        let refusal = Manager::AccessManagerNotReady { operationId: operation.id(&twins.ours) };
        twins.execute(Who::Crew, &operation).await?.refused(refusal);
        twins.cancel(Who::Crew, &operation).await?.succeeded();
        twins.execute(Who::Crew, &operation).await?.returned(0u32);
        Ok(())
    }

    #[tokio::test]
    async fn who_may_not_call_does_not_execute() -> Result<()> {
        let twins = Managers::with_crew().await?;
        for who in [Who::Admin, Who::Guardian, Who::Stranger] {
            let operation = Operation::on_target(twins.actor(who), note(4));
            let refusal = unauthorized(&twins, who, Target::noteCall::SELECTOR);
            twins.execute(who, &operation).await?.refused(refusal);
        }
        for length in 0..4 {
            let operation = Operation::on_target(twins.actor(Who::Quick), vec![1; length]);
            twins.execute(Who::Quick, &operation).await?.refused_with(&[]);
        }
        Ok(())
    }
}

mod after_the_wait {
    use super::*;

    #[tokio::test]
    async fn from_the_second_it_is_due_until_it_expires() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let crew = twins.actor(Who::Crew);
        for (number, offset, in_time) in [(1, 0, true), (2, EXPIRATION - 1, true), (3, EXPIRATION, false)] {
            let operation = Operation::on_target(crew, note(number));
            let begin = twins.soon().await?;
            twins.set_time(begin).await?;
            twins.schedule(Who::Crew, &operation, 0).await?.succeeded();
            let due = begin + DELAY;
            twins.set_time(due - 1).await?;
            let early = Manager::AccessManagerNotReady { operationId: operation.id(&twins.ours) };
            twins.execute(Who::Crew, &operation).await?.refused(early);
            twins.set_time(due + offset).await?;
            let answer = twins.execute(Who::Crew, &operation).await?;
            if in_time {
                answer.logged([operation.executed(&twins.ours, 1), noted(twins.ours.manager, number, 0)]);
                answer.returned(1u32);
            } else {
                answer.refused(Manager::AccessManagerExpired { operationId: operation.id(&twins.ours) });
            }
        }
        Ok(())
    }

    #[tokio::test]
    async fn once() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let operation = Operation::on_target(twins.actor(Who::Crew), note(1));
        let unscheduled = || Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
        twins.execute(Who::Crew, &operation).await?.refused(unscheduled());
        due(&twins, &operation).await?;
        twins.execute(Who::Crew, &operation).await?.returned(1u32);
        twins.expect_schedule(&operation, 0).await?;
        twins.execute(Who::Crew, &operation).await?.refused(unscheduled());
        due(&twins, &operation).await?;
        twins.execute(Who::Crew, &operation).await?.returned(2u32);
        Ok(())
    }

    /// A member calls the target itself: the target consumes the schedule, and sees the member.
    #[tokio::test]
    async fn the_target_consumes_it_where_it_is_called_directly() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let crew = twins.actor(Who::Crew);
        let operation = Operation::on_target(crew, note(8));
        twins.alike(&operation);
        let unscheduled = || Manager::AccessManagerNotScheduled { operationId: operation.id(&twins.ours) };
        twins.on_target(Who::Crew, |_| note(8)).await?.refused(unscheduled());
        let second = due(&twins, &operation).await?;
        let answer = twins.on_target(Who::Crew, |_| note(8)).await?;
        answer.logged([operation.executed(&twins.ours, 1), noted(crew, 8, 0)]);
        twins.on_target(Who::Crew, |_| note(8)).await?.refused(unscheduled());
        assert!(twins.now().await? >= second);
        Ok(())
    }

    /// Who lost the role on the way does not execute what was scheduled, until it is a member again.
    #[tokio::test]
    async fn only_who_still_may() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let crew = twins.actor(Who::Crew);
        let operation = Operation::on_target(crew, note(1));
        due(&twins, &operation).await?;
        twins.call(Who::Admin, revoke(CREW, crew)).await?.succeeded();
        let refusal = unauthorized(&twins, Who::Crew, Target::noteCall::SELECTOR);
        twins.execute(Who::Crew, &operation).await?.refused(refusal);
        twins.call(Who::Admin, grant(CREW, crew, CREW_DELAY)).await?.succeeded();
        twins.execute(Who::Crew, &operation).await?.returned(1u32);
        Ok(())
    }
}

mod what_it_calls {
    use super::*;

    #[tokio::test]
    async fn reasons_are_passed_on_and_all_is_undone() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let crew = twins.actor(Who::Crew);
        let fail = |reason: &[u8]| Target::failCall { reason: Bytes::copy_from_slice(reason) }.abi_encode();
        for reason in [vec![1], vec![7; 31], vec![8; 100], Target::AccessManagedUnauthorized::SELECTOR.to_vec()] {
            let operation = Operation::on_target(crew, fail(&reason));
            due(&twins, &operation).await?;
            twins.execute(Who::Crew, &operation).await?.refused_with(&reason);
            // Its schedule is not used up.
            twins.expect_nonce(&operation, 1).await?;
            twins.cancel(Who::Crew, &operation).await?.succeeded();
        }
        let operation = Operation::on_target(crew, fail(&[]));
        due(&twins, &operation).await?;
        twins.execute(Who::Crew, &operation).await?.refused(Manager::FailedCall {});
        Ok(())
    }

    #[tokio::test]
    async fn an_account_without_code_is_no_target() -> Result<()> {
        let twins = Managers::start().await?;
        let nothing = Address::repeat_byte(0x77);
        let operation = Operation::new(twins.actor(Who::Admin), move |_| (nothing, note(1)));
        twins.execute(Who::Admin, &operation).await?.refused(Manager::AddressEmptyCode { target: nothing });
        Ok(())
    }

    #[tokio::test]
    async fn ether_goes_through() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let operation = Operation::on_target(twins.actor(Who::Quick), note(4));
        let answer = twins.execute_paying(Who::Quick, &operation, 500).await?;
        answer.logged([noted(twins.ours.manager, 4, 500)]);
        for side in [twins.ours, twins.peer] {
            assert_eq!(twins.chain.dev.get_balance(side.target).await?, U256::from(500));
            assert_eq!(twins.chain.dev.get_balance(side.manager).await?, U256::ZERO);
        }
        // A function that takes none makes the whole call fail; the manager itself takes none elsewhere.
        let fails = Operation::on_target(twins.actor(Who::Quick), Target::hugeCall { length: U256::ZERO }.abi_encode());
        twins.execute_paying(Who::Quick, &fails, 500).await?.refused(Manager::FailedCall {});
        for side in [twins.ours, twins.peer] {
            assert!(!twins.sender.send_with(side.manager, Vec::new(), 1).await?.status());
            assert!(!twins.sender.send_with(side.manager, label(CREW, "x"), 1).await?.status());
            assert_eq!(twins.chain.dev.get_balance(side.manager).await?, U256::ZERO);
        }
        Ok(())
    }
}

mod on_the_manager_itself {
    use super::*;

    #[tokio::test]
    async fn an_admin_may_execute_what_an_admin_may_call() -> Result<()> {
        let twins = Managers::start().await?;
        let operation = Operation::on_manager(twins.actor(Who::Admin), label(CREW, "crew"));
        let log = Manager::RoleLabel { roleId: CREW, label: "crew".into() }.encode_log_data();
        twins.execute(Who::Admin, &operation).await?.logged([log]);
        let operation = Operation::on_manager(twins.actor(Who::Stranger), label(CREW, "crew"));
        let (caller, target, selector) =
            (twins.actor(Who::Stranger), twins.ours.manager, selector::<Manager::labelRoleCall>());
        let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector };
        twins.execute(Who::Stranger, &operation).await?.refused(refusal);
        Ok(())
    }

    /// Functions that are no admins' business follow the roles of the manager's own table; asked for as calls by the manager
    /// they are open while they are executed, and not else.
    #[tokio::test]
    async fn other_functions_follow_the_table() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let quick = twins.actor(Who::Quick);
        let ask = selector::<Manager::expirationCall>();
        let operation = Operation::on_manager(quick, ask.to_vec());
        let (caller, target) = (quick, twins.ours.manager);
        let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector: ask };
        twins.execute(Who::Quick, &operation).await?.refused(refusal);
        twins.call_each(Who::Admin, |side| set_function_role(side.manager, &[ask], CREW)).await?.succeeded();
        twins.execute(Who::Quick, &operation).await?.returned(0u32);
        // The table does not open what is the admins'.
        let grants = selector::<Manager::grantRoleCall>();
        twins.call_each(Who::Admin, |side| set_function_role(side.manager, &[grants], CREW)).await?.succeeded();
        twins.call(Who::Quick, grant(ADMIN, quick, 0)).await?.refused(no_admin(quick));
        let operation = Operation::on_manager(quick, grant(ADMIN, quick, 0));
        let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector: grants };
        twins.execute(Who::Quick, &operation).await?.refused(refusal);
        Ok(())
    }

    /// Executing an execution: the inner one has the manager as its caller, which holds no role.
    #[tokio::test]
    async fn an_execution_of_an_execution_has_no_power() -> Result<()> {
        let twins = Managers::with_crew().await?;
        let admin = twins.actor(Who::Admin);
        let run = selector::<Manager::executeCall>();
        twins.call_each(Who::Admin, |side| set_function_role(side.manager, &[run], ADMIN)).await?.succeeded();
        let nested = Operation::new(admin, |side| {
            let data = Manager::executeCall { target: side.target, data: note(1).into() };
            (side.manager, data.abi_encode())
        });
        let (caller, target, selector) = (twins.ours.manager, twins.ours.target, selector::<Target::noteCall>());
        let refusal = Manager::AccessManagerUnauthorizedCall { caller, target, selector };
        twins.execute(Who::Admin, &nested).await?.refused(refusal);
        Ok(())
    }
}
