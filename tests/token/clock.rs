//! ERC-6372 in both modes.

use eyre::Result;

use crate::setup::*;

#[tokio::test]
async fn a_token_on_time_counts_seconds() -> Result<()> {
    let token = Token::on_time().await?;
    assert_eq!(token.read().CLOCK_MODE().call().await?, "mode=timestamp");
    token.chain.set_block_number(7).await?;
    let before = token.chain.now().await?;
    token.chain.advance(1_000).await?;
    let clock = token.read().clock().call().await?.to::<u64>();
    assert_eq!(clock, token.chain.now().await?);
    assert!(clock >= before + 1_000);
    Ok(())
}

#[tokio::test]
async fn a_token_on_blocks_counts_block_number() -> Result<()> {
    let token = Token::on_blocks().await?;
    assert_eq!(token.read().CLOCK_MODE().call().await?, "mode=blocknumber&from=default");
    for number in [7, 8, 1_000_000] {
        token.chain.set_block_number(number).await?;
        assert_eq!(token.read().clock().call().await?.to::<u64>(), number);
    }
    Ok(())
}
