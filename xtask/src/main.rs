//! `cargo xtask …`: what a person types to build, check and try the project.

mod build;
mod command;
mod project;
mod setup;

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
    /// Builds the contracts: target/stylus/<name>.wasm and .code, and a table of their sizes
    Build {
        /// Only these contracts
        contracts: Vec<String>,
        /// Where the compiler comes from
        #[arg(long, value_enum, default_value_t)]
        toolchain: setup::Choice,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Build { contracts, toolchain } => build::build(toolchain, &contracts),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
