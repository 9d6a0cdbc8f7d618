//! The commands of `cargo xtask` that drive a chain. `cargo xtask` builds and starts this program; it has no other use.

mod demo;
mod project;

use clap::Parser;
use std::process::ExitCode;

/// Drives a chain.
#[derive(Debug, Parser)]
enum Task {
    /// Carries one proposal from deployment to execution, and checks every promise
    Demo {
        /// A Nitro node's JSON-RPC; by default an embedded devnode is started
        #[arg(long, env = "CONSILIUM_RPC_URL")]
        rpc_url: Option<String>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Task::parse() {
        Task::Demo { rpc_url } => demo::demo(rpc_url).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
