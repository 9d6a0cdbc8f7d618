//! How time passes: an embedded devnode is told to, a real node is waited for.

use alloy::eips::BlockNumberOrTag::Latest;
use alloy::primitives::{Bytes, U256};
use alloy::providers::{DynProvider, Provider};
use consilium_deploy::Sender;
use eyre::{Context, OptionExt, Result};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use std::time::Duration;

/// Lets time pass on a chain.
pub(crate) trait Clock {
    /// Returns once the chain's newest block is of `time` (seconds since 1970) or later. `what` is being waited for.
    async fn until(&self, time: u64, what: &str) -> Result<()>;
}

/// The clock of a node, whichever it has.
#[derive(Debug)]
pub(crate) enum ChainClock {
    /// The node can be told the time of its next block.
    Moved(DynProvider),
    /// Time is what it is. A Nitro chain makes a block, and so looks at the clock, only when a transaction comes: this
    /// account sends them.
    Real(Sender),
}

impl ChainClock {
    /// Asks the node whether its time can be moved.
    pub(crate) async fn of(sender: &Sender) -> Self {
        let node = sender.chain().provider();
        match ask(node, "evm_increaseTime", [0].as_slice()).await {
            Ok(_) => Self::Moved(node.clone()),
            Err(_) => Self::Real(sender.clone()),
        }
    }

    /// Whether waiting takes as long as it says.
    pub(crate) fn is_real(&self) -> bool {
        matches!(self, Self::Real(_))
    }
}

impl Clock for ChainClock {
    async fn until(&self, time: u64, what: &str) -> Result<()> {
        match self {
            Self::Moved(node) => {
                if now(node).await? < time {
                    ask(node, "evm_setNextBlockTimestamp", [time].as_slice()).await?;
                    ask(node, "evm_mine", [].as_slice()).await?;
                }
                Ok(())
            }
            Self::Real(sender) => wait(sender, time, what).await,
        }
    }
}

/// The newest block's time, in seconds since 1970.
pub(crate) async fn now(node: &DynProvider) -> Result<u64> {
    let block = node.get_block_by_number(Latest).await?.ok_or_eyre("the node has no newest block")?;
    Ok(block.header.timestamp)
}

async fn ask(node: &DynProvider, method: &'static str, parameters: &[u64]) -> Result<Value> {
    node.raw_request(method.into(), parameters.to_vec()).await.context(method)
}

/// Waits in earnest, with a bar where a person looks. Each second makes a block, so that the chain itself says how late it
/// is, whatever this machine's clock shows.
async fn wait(sender: &Sender, time: u64, what: &str) -> Result<()> {
    let node = sender.chain().provider();
    let begin = now(node).await?;
    let style = ProgressStyle::with_template("  {msg} {wide_bar} {pos}/{len} s").expect("a valid template");
    let bar = ProgressBar::new(time.saturating_sub(begin)).with_style(style).with_message(what.to_owned());
    loop {
        let now = now(node).await?;
        bar.set_position(now.saturating_sub(begin));
        if now >= time {
            bar.finish_and_clear();
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        sender.send(sender.account(), Bytes::new(), U256::ZERO).await?;
    }
}
