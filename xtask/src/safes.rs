//! `cargo xtask safe-contracts`: Safe's own contracts on a development chain, which has none of them.

use consilium_deploy::{Chain, DEV_CHAIN, dev_key};
use eyre::Result;
use harness::safes::SafeContracts;

/// Creates Safe's factory and fallback handler, and prints the settings that name them.
pub(crate) async fn create(url: &str) -> Result<()> {
    let chain = Chain::connect(url).await?;
    // Its key is public. Elsewhere Safe has deployed them already.
    chain.expect_id(DEV_CHAIN)?;
    let contracts = SafeContracts::create(chain.with_key(dev_key())?.chain().provider()).await?;
    print!("{}", contracts.section());
    Ok(())
}
