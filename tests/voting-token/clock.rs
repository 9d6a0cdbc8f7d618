//! ERC-6372 in both modes.

use consilium_bindings::VotingToken::*;
use eyre::Result;

use crate::setup::*;

#[tokio::test]
async fn a_token_on_time_counts_seconds() -> Result<()> {
    let tokens = Tokens::on_time().await?;
    tokens.read(CLOCK_MODECall {}).await?.returned("mode=timestamp".to_string());
    tokens.chain.set_block_number(7).await?;
    let before = tokens.now().await?;
    tokens.pass(1_000).await?;
    let clock = tokens.read(clockCall {}).await?.output::<clockCall>().to::<u64>();
    assert_eq!(clock, tokens.now().await?);
    assert!(clock >= before + 1_000);
    Ok(())
}

#[tokio::test]
async fn a_token_on_blocks_counts_block_number() -> Result<()> {
    let tokens = Tokens::on_blocks().await?;
    tokens.read(CLOCK_MODECall {}).await?.returned("mode=blocknumber&from=default".to_string());
    for number in [7, 8, 1_000_000] {
        tokens.chain.set_block_number(number).await?;
        tokens.read(clockCall {}).await?.returned(unit(number));
    }
    Ok(())
}
