//! What lies where in a deployed token: its slots, read by the golden layout, say what its views say.

use alloy::primitives::{Address, B256, U256};
use consilium_bindings::VotingToken::*;
use eyre::Result;
use harness::layout::Layout;

use crate::setup::{Who::*, *};

/// The key of a checkpoint: the trace, and the position in its low 32 bits.
fn position(of: Address, at: u32) -> B256 {
    B256::from(U256::from_be_bytes(of.into_word().0) << 32_usize | U256::from(at))
}

#[tokio::test]
async fn the_slots_hold_what_the_views_say() -> Result<()> {
    for tokens in [Tokens::on_time().await?, Tokens::on_blocks().await?] {
        let [alice, bob, _] = tokens.accounts();
        tokens.call(Alice, delegateCall { delegatee: bob }).await?.succeeded();
        tokens.call(Alice, approveCall { spender: bob, value: U256::from(7) }).await?.succeeded();

        let layout = Layout::of("voting-token", &tokens.chain, tokens.ours)?;
        assert_eq!(layout.field("erc20.total_supply").await?, U256::from(SUPPLY));
        tokens.read(totalSupplyCall {}).await?.returned(U256::from(SUPPLY));
        let balance = layout.value("erc20.balances", &[alice.into_word()])?;
        assert_eq!(layout.slot(balance).await?, U256::from(SUPPLY_OF_ALICE));
        // The key is both accounts at once, so that one hash finds the slot.
        let allowance = layout.value("allowances", &[alice.into_word(), bob.into_word()])?;
        assert_eq!(layout.slot(allowance).await?, U256::from(7));

        let mode = tokens.read(CLOCK_MODECall {}).await?.output::<CLOCK_MODECall>();
        let seat = layout.value("seats", &[alice.into_word()])?;
        assert_eq!(layout.member(seat, "Seat", "delegatee").await?, U256::from_be_bytes(bob.into_word().0));
        assert_eq!(layout.member(seat, "Seat", "checkpoints").await?, U256::ZERO);
        let clock = layout.member(seat, "Seat", "clock").await?;
        assert_eq!(clock, U256::from(if mode == "mode=timestamp" { 1 } else { 2 }));
        let seat = layout.value("seats", &[bob.into_word()])?;
        assert_eq!(layout.member(seat, "Seat", "delegatee").await?, U256::ZERO);
        assert_eq!(layout.member(seat, "Seat", "checkpoints").await?, U256::ONE);

        let stored = layout.value("checkpoints", &[position(bob, 0)])?;
        let view = tokens.read(checkpointsCall { account: bob, pos: 0 }).await?;
        let checkpoint = view.output::<checkpointsCall>();
        assert_eq!(layout.member(stored, "Checkpoint", "key").await?, U256::from(checkpoint._key));
        assert_eq!(layout.member(stored, "Checkpoint", "value").await?, U256::from(checkpoint._value));
        assert_eq!(U256::from(checkpoint._value), U256::from(SUPPLY_OF_ALICE));
    }
    Ok(())
}
