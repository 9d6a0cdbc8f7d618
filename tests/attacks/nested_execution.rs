//! A proposal that executes another one in its midst, and goes on to change a setting afterwards.
//!
//! Safe because the end of an execution takes back all that was allowed, as in OpenZeppelin's Governor: nothing that the inner one
//! leaves allowed outlives it, and the outer one is refused as a whole.

use alloy::primitives::{Address, U256};
use alloy::sol_types::{Panic, PanicKind};
use consilium_bindings::Governor;
use eyre::Result;
use harness::dao::{Dao, Proposal, State, whole};

#[tokio::test]
async fn an_inner_execution_ends_what_the_outer_one_was_allowed() -> Result<()> {
    let dao = Dao::start().await?;
    let before = dao.treasury().await?;
    let inner = dao.ripen(&Proposal::new("Pay").paying(Address::repeat_byte(0x50), whole(2))).await?;
    let period = dao.read(dao.governor, Governor::votingPeriodCall {}).await?;
    let outer = Proposal::new("Execute the payment, then change a setting")
        .calling(dao.governor, Governor::execute_1Call { proposalId: inner })
        .calling(dao.governor, Governor::setVotingPeriodCall { newVotingPeriod: 900 });
    let outer = dao.ripen(&outer).await?;
    let execute = |id: U256| Governor::execute_1Call { proposalId: id };
    dao.refuses(&dao.deployer, dao.governor, execute(outer), Panic::from(PanicKind::EmptyArrayPop)).await?;

    // Nothing of it stands, and each can be executed by itself as far as it goes.
    assert_eq!(dao.read(dao.governor, Governor::votingPeriodCall {}).await?, period);
    assert_eq!(dao.treasury().await?, before);
    assert_eq!([dao.state(inner).await?, dao.state(outer).await?], [State::Queued; 2]);
    dao.execute(inner).await?;
    assert_eq!(before.ether - dao.treasury().await?.ether, whole(2));
    Ok(())
}
