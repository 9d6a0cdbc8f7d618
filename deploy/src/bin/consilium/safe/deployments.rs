//! `consilium safe deployments`.

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::Chain;
use consilium_deploy::safe::{Listed, listed};
use consilium_deploy::signing::address;
use eyre::Result;
use serde_json::json;

use crate::Node;
use crate::at::print;
use crate::say::{complain, say};

#[derive(Args)]
pub(crate) struct List {
    /// A singleton: the contract whose code the proxies run.
    #[arg(long = "singleton", value_name = "ADDRESS", value_parser = address, required = true)]
    singletons: Vec<Address>,
    /// Mark them as released, so that Safe's tools take them without being asked for others.
    #[arg(long)]
    released: bool,
    /// The folder for the files, as v1.4.1/safe.json, none of which must be there yet. Without it they are printed.
    #[arg(long, value_name = "FOLDER", required_unless_present = "json")]
    out: Option<PathBuf>,
    /// The programs, as `cargo xtask build` leaves them: a singleton that a stranger has set up is listed if it is one.
    #[arg(long, value_name = "FOLDER", default_value = "target/stylus")]
    artifacts: PathBuf,
    #[command(flatten)]
    node: Node,
    /// Print them as JSON, by the names of the files.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) async fn run(self) -> Result<()> {
        let chain = Chain::connect(&self.node.rpc_url).await?;
        let mut found: Vec<Listed> = Vec::new();
        for singleton in &self.singletons {
            let (listed, warning) = listed(&chain, *singleton, self.released, &self.artifacts).await?;
            if let Some(warning) = warning {
                complain!("{warning}");
            }
            found.push(listed);
        }
        if let Some(folder) = &self.out {
            for listed in &found {
                let file = listed.write_new(folder)?;
                if !self.json {
                    say!("written to {}", file.display());
                }
            }
        }
        if self.json {
            let by_file = found.iter().map(|listed| (listed.file(), json!(listed)));
            return print(&by_file.collect::<serde_json::Map<_, _>>().into());
        }
        Ok(())
    }
}
