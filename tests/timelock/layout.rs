//! What lies where in a deployed timelock: its slots, read by the golden layout, say what its views say.

use alloy::primitives::U256;
use consilium_bindings::Timelock::*;
use eyre::Result;
use harness::dao::{Dao, Proposal};
use harness::layout::Layout;

#[tokio::test]
async fn the_slots_hold_what_the_views_say() -> Result<()> {
    let dao = Dao::start().await?;
    let proposal = Proposal::new("Pay the clinic").paying(dao.members[1].address(), U256::from(5));
    let id = dao.pass_vote(&proposal).await?;
    dao.queue(id).await?;

    let at = dao.timelock;
    let layout = Layout::of("timelock", &dao.chain, at)?;
    let delay = dao.read(at, getMinDelayCall {}).await?;
    assert!(delay > U256::ZERO);
    assert_eq!(layout.field("min_delay").await?, delay);

    let operation = proposal.operation(dao.governor);
    let timestamp = layout.value("timestamps", &[operation])?;
    assert!(layout.slot(timestamp).await? > U256::ONE);
    assert_eq!(layout.slot(timestamp).await?, dao.read(at, getTimestampCall { id: operation }).await?);

    let proposer = dao.read(at, PROPOSER_ROLECall {}).await?;
    for (account, holds) in [(dao.governor, true), (dao.deployer.address(), false)] {
        assert_eq!(dao.read(at, hasRoleCall { role: proposer, account }).await?, holds);
        // A map of maps: the account is hashed with the slot of the role's map.
        let slot = Layout::nested(layout.value("roles", &[proposer])?, account.into_word());
        assert_eq!(layout.slot(slot).await?, U256::from(holds), "{account}");
    }
    Ok(())
}
