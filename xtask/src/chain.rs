//! The commands of `cargo xtask` that drive a chain. `cargo xtask` builds and starts this program; it has no other use.

mod bench;
mod demo;
mod fidelity;
mod fuzz;
mod project;
mod safes;

use clap::Parser;
use eyre::Result;
use std::future::Future;
use std::process::ExitCode;

/// Drives a chain.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Carries one proposal from deployment to execution, and checks every promise
    Demo {
        /// A Nitro node's JSON-RPC; by default an embedded devnode is started
        #[arg(long, env = "CONSILIUM_RPC_URL")]
        rpc_url: Option<String>,
    },
    /// Measures gas, sizes and the devnode's speed, and writes the README's tables
    Bench {
        /// Measure gas alone, and only print it
        #[arg(long)]
        gas: bool,
        /// Also measure this Nitro node, started with --dev, by turns with the devnode and by the same client
        #[arg(long, value_name = "URL", conflicts_with = "gas")]
        nitro_url: Option<String>,
    },
    /// Deploys Safe's factory and fallback handler to a development chain, and prints the settings that name them
    SafeContracts {
        /// The chain's JSON-RPC
        #[arg(long, env = "CONSILIUM_RPC_URL", default_value = "http://127.0.0.1:8547")]
        rpc_url: String,
    },
    /// Replays a recording of a Nitro node and prints every answer that differs
    Fidelity(fidelity::Options),
    /// Takes our contracts and OpenZeppelin's through the same random scripts and compares everything
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    let done = match Task::parse() {
        Task::Demo { rpc_url } => wait(demo::demo(rpc_url)),
        Task::Bench { gas: true, .. } => wait(bench::gas()),
        Task::Bench { nitro_url, .. } => wait(bench::bench(nitro_url.as_deref())),
        Task::SafeContracts { rpc_url } => wait(safes::create(&rpc_url)),
        Task::Fidelity(options) => fidelity::fidelity(options),
        Task::Fuzz(options) => fuzz::run_fuzz(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn wait(task: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(task)
}
