//! `cargo xtask …`: what a person types to build, check and try the project.

mod abi;
mod build;
mod chain_command;
mod command;
mod contract_tests;
mod mutants;
mod new;
mod pointers;
mod project;
mod scale;
mod setup;
mod solidity;
mod test;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, checks and tries Consilium.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Writes abi/ and the bindings from what the contracts declare
    Abi {
        /// Write nothing, and fail where a file is stale
        #[arg(long)]
        check: bool,
    },
    /// Builds the contracts: target/stylus/<name>.wasm and .code, and a table of their sizes
    Build {
        /// Only these contracts
        contracts: Vec<String>,
        /// Where the compiler comes from
        #[arg(long, value_enum, default_value_t)]
        toolchain: setup::Choice,
    },
    /// Makes a contract from the template: its folder, its tests, its part of deploy
    New {
        /// Its folder's name, as `voting-token`
        name: String,
    },
    /// Builds the contracts, checks their interfaces and runs all tests
    Test,
    /// Checks formatting, licences and clippy's lints
    Lint,
    /// Carries one proposal from deployment to execution on a local chain, and checks every promise
    Demo {
        /// A Nitro node's JSON-RPC; by default an embedded devnode is started
        #[arg(long, env = "CONSILIUM_RPC_URL")]
        rpc_url: Option<String>,
    },
    /// Deploys Safe's factory and fallback handler to a development chain, and prints the settings that name them
    SafeContracts {
        /// The chain's JSON-RPC
        #[arg(long, env = "CONSILIUM_RPC_URL", default_value = "http://127.0.0.1:8547")]
        rpc_url: String,
    },
    /// Replays a recording of a Nitro node and prints every answer that differs; its own `--help` has the options
    #[command(disable_help_flag = true)]
    Fidelity {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Takes our contracts and OpenZeppelin's through the same random scripts; its own `--help` has the options.
    /// `--contract NAME` takes one contract's own walk
    #[command(disable_help_flag = true)]
    Fuzz {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Changes one small thing in the contracts at a time and expects a test to notice it
    Mutants(mutants::Options),
    /// Measures gas, sizes and the devnode's speed, and writes the README's tables
    Bench {
        /// Measure gas alone, and only print it
        #[arg(long)]
        gas: bool,
        /// Also measure this Nitro node, started with --dev, by turns with the devnode and by the same client
        #[arg(long, value_name = "URL", conflicts_with = "gas")]
        nitro_url: Option<String>,
        /// Fill contracts with what so many people store (by default 100,000), instead; the gas must stay the same
        #[arg(long, value_name = "PEOPLE", num_args = 0..=1, default_missing_value = "100000",
            conflicts_with_all = ["gas", "nitro_url"])]
        scale: Option<u64>,
        /// Make a batch of so many pointers (by default 1,000,000) with `consilium registry`, instead
        #[arg(long, value_name = "COUNT", num_args = 0..=1, default_missing_value = "1000000",
            conflicts_with_all = ["gas", "nitro_url", "scale"])]
        pointers: Option<u64>,
    },
}

fn main() -> ExitCode {
    if let Some(compiled) = build::wrapper::compile() {
        return compiled;
    }
    let done = match Arguments::parse().task {
        Task::Abi { check } => abi::abi(check),
        Task::Build { contracts, toolchain } => build::build(toolchain, &contracts),
        Task::New { name } => new::new(&name),
        Task::Test => test::test(),
        Task::Lint => test::lint(),
        Task::Demo { rpc_url } => chain_command::demo(rpc_url),
        Task::SafeContracts { rpc_url } => chain_command::safe_contracts(&rpc_url),
        Task::Fidelity { options } => chain_command::fidelity(&options),
        Task::Fuzz { options } => chain_command::fuzz(&options),
        Task::Mutants(options) => mutants::mutants(&options),
        Task::Bench { scale: Some(people), .. } => scale::bench(people),
        Task::Bench { pointers: Some(count), .. } => pointers::bench(count),
        Task::Bench { gas, nitro_url, .. } => chain_command::bench(gas, nitro_url),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
