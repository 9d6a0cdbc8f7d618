//! `consilium`: deploys a DAO to an Arbitrum chain, and proves a deployment.

mod bar;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use comfy_table::{Table, presets};
use consilium_deploy::{Artifacts, Chain, Config, Contract, KeySource, Proof, deploy, verify};
use eyre::{Result, ensure};

use crate::bar::Bar;

/// Deploys a Consilium DAO and proves the deployment.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Deploy, or go on with a deployment that was interrupted: nothing is deployed twice.
    Deploy {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        key: Key,
    },
    /// Prove a deployment again. Only reads, and needs no key.
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

/// What is deployed, and where.
#[derive(Args)]
struct Place {
    /// The settings.
    #[arg(long, value_name = "FILE", default_value = "deploy/config/devnet.toml")]
    config: PathBuf,
    /// The node.
    #[arg(long, value_name = "URL", env = "CONSILIUM_RPC_URL", default_value = "http://127.0.0.1:8547")]
    rpc_url: String,
    /// The programs, as `cargo xtask build` leaves them.
    #[arg(long, value_name = "FOLDER", default_value = "target/stylus")]
    artifacts: PathBuf,
    /// Where the record of each chain's deployment is kept.
    #[arg(long, value_name = "FOLDER", default_value = "deployments")]
    records: PathBuf,
}

/// The key that sends: a keystore's, else the environment variable CONSILIUM_PRIVATE_KEY, else, on a devnode, the
/// devnode's.
#[derive(Args)]
struct Key {
    /// An encrypted keystore file, as `cast wallet` and geth write it.
    #[arg(long, value_name = "FILE")]
    keystore: Option<PathBuf>,
    /// A file with the keystore's password; else CONSILIUM_KEYSTORE_PASSWORD, else it is asked for.
    #[arg(long, value_name = "FILE", requires = "keystore")]
    password_file: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Deploy { place, key } => run_deploy(place, key).await,
        Command::Verify { place } => run_verify(place).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run_deploy(place: Place, key: Key) -> Result<()> {
    let config = Config::load(&place.config)?;
    let artifacts = Artifacts::load(&place.artifacts)?;
    let chain = Chain::connect(&place.rpc_url).await?;
    chain.expect_id(config.chain.id)?;
    let source = KeySource { keystore: key.keystore, password_file: key.password_file };
    let sender = chain.with_key(source.key(config.chain.id, ask_password)?)?;
    println!("Deploying to chain {} from {}", config.chain.id, sender.account());

    let deployment = deploy(&sender, &config, &artifacts, &place.records, &mut Bar::new()).await?;
    for contract in Contract::ALL {
        println!("{:>12}  {}", contract.name(), deployment.address(contract));
    }
    Ok(())
}

async fn run_verify(place: Place) -> Result<()> {
    let config = Config::load(&place.config)?;
    let artifacts = Artifacts::load(&place.artifacts)?;
    let chain = Chain::connect(&place.rpc_url).await?;
    let proof = verify(&chain, &config, &artifacts, &place.records).await?;
    print_proof(&proof);
    proof.ensure()
}

fn print_proof(proof: &Proof) {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["", "what", "on the chain", "configured"]);
    for check in &proof.checks {
        let (mark, configured) = if check.holds() { ("ok", "") } else { ("NO", check.expected.as_str()) };
        table.add_row([mark, &check.subject, &check.found, configured]);
    }
    println!("{table}");
    for note in &proof.notes {
        println!("note: {note}");
    }
}

fn ask_password() -> Result<String> {
    let terminal = console::Term::stderr();
    ensure!(terminal.is_term(), "the keystore's password is not known: give --password-file");
    terminal.write_str("Password of the keystore: ")?;
    Ok(terminal.read_secure_line()?)
}
