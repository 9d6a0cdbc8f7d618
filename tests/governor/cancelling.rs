//! Cancellation where the timelock has a say.

use alloy::primitives::keccak256;
use alloy::sol_types::SolCall;
use eyre::Result;

use crate::calls::*;
use crate::life::VOTES;
use crate::proposals::Plan;
use crate::setup::Settings;
use crate::twins::Governors;

/// A governor that may no longer cancel in the timelock cannot cancel a queued proposal. Otherwise it would answer
/// "canceled" for an operation that the timelock still executes.
#[tokio::test]
async fn the_timelocks_refusal_is_the_governors() -> Result<()> {
    let twins = Governors::start(&Settings::default(), &VOTES).await?;
    let plan = Plan::payment("Queued for good", 0);
    twins.pass_plan(&plan).await?;
    twins.queue(&plan).await?.succeeded();

    let admin = twins.chain.dev_account()?;
    let role = keccak256("CANCELLER_ROLE");
    for side in [twins.ours, twins.peer] {
        let revoke = Timelock::revokeRoleCall { role, account: side.governor };
        assert!(admin.send(side.timelock, revoke.abi_encode()).await?.status());
    }
    let refusal = Timelock::AccessControlUnauthorizedAccount { account: twins.ours.governor, neededRole: role };
    twins.cancel(0, &plan).await?.refused(refusal);
    assert_eq!(twins.state(&plan).await?, State::Queued);
    twins.compare(&plan).await?;

    twins.pass(500).await?;
    twins.execute(&plan).await?.succeeded().event::<ProposalExecuted>();
    twins.compare(&plan).await
}
