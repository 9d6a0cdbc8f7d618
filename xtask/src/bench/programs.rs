//! Programs that a node compiles, and those that it finds where an earlier one kept them.

use super::load::deployed;
use crate::project;
use consilium_deploy::{Chain, dev_key};
use devnode::{DevNode, ProgramCounts};
use eyre::Result;

/// Deploys our contracts on a fresh chain, then on another that is started with what the first one compiled.
pub(crate) async fn measure() -> Result<[ProgramCounts; 2]> {
    let folder = project::root().join("target/bench-programs");
    // What an earlier run left there must not count.
    let _ = std::fs::remove_dir_all(&folder);
    let start = async || {
        let node = DevNode::builder().program_cache(folder.clone()).spawn()?;
        let deployer = Chain::connect(&node.http_url()).await?.with_key(dev_key())?;
        deployed(&deployer, None).await?;
        eyre::Ok(node.programs())
    };
    Ok([start().await?, start().await?])
}
