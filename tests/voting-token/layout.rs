//! What lies where in a deployed token: its slots, read by the golden layout, say what its views say.

use alloy::primitives::{Address, B256, U256};
use eyre::Result;
use harness::layout::Layout;

use crate::setup::*;

/// The key of a checkpoint: the trace, and the position in its low 32 bits.
fn position(of: Address, at: u32) -> B256 {
    B256::from(U256::from_be_bytes(of.into_word().0) << 32_usize | U256::from(at))
}

#[tokio::test]
async fn the_slots_hold_what_the_views_say() -> Result<()> {
    for token in [Token::on_time().await?, Token::on_blocks().await?] {
        let (alice, bob) = (token.alice.address(), token.bob.address());
        token.by(&token.alice).delegate(bob).send().await?.get_receipt().await?;
        token.by(&token.alice).approve(bob, U256::from(7)).send().await?.get_receipt().await?;

        let (layout, read) = (Layout::of("voting-token", &token.chain, token.at)?, token.read());
        assert_eq!(layout.field("erc20.total_supply").await?, read.totalSupply().call().await?);
        let balance = layout.value("erc20.balances", &[alice.into_word()])?;
        assert_eq!(layout.slot(balance).await?, read.balanceOf(alice).call().await?);
        // The key is both accounts at once, so that one hash finds the slot.
        let allowance = layout.value("allowances", &[alice.into_word(), bob.into_word()])?;
        assert_eq!(layout.slot(allowance).await?, U256::from(7));

        let timestamp = read.CLOCK_MODE().call().await? == "mode=timestamp";
        let seat = layout.value("seats", &[alice.into_word()])?;
        assert_eq!(layout.member(seat, "Seat", "delegatee").await?, U256::from_be_bytes(bob.into_word().0));
        assert_eq!(layout.member(seat, "Seat", "checkpoints").await?, U256::ZERO);
        assert_eq!(layout.member(seat, "Seat", "clock").await?, U256::from(if timestamp { 1 } else { 2 }));
        let seat = layout.value("seats", &[bob.into_word()])?;
        assert_eq!(layout.member(seat, "Seat", "delegatee").await?, U256::ZERO);
        assert_eq!(layout.member(seat, "Seat", "checkpoints").await?, U256::ONE);

        let stored = layout.value("checkpoints", &[position(bob, 0)])?;
        let checkpoint = read.checkpoints(bob, 0).call().await?;
        assert_eq!(layout.member(stored, "Checkpoint", "key").await?, U256::from(checkpoint._key));
        assert_eq!(layout.member(stored, "Checkpoint", "value").await?, U256::from(checkpoint._value));
        assert_eq!(U256::from(checkpoint._value), U256::from(SUPPLY_OF_ALICE));
    }
    Ok(())
}
