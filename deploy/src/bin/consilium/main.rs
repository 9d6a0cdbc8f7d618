//! `consilium`: deploys a DAO to an Arbitrum chain, proves a deployment, says who can do what, keeps its programs alive, and
//! deals with consents, with pointers to records, with revenue, with mandates, with transactions of a Safe, and with the vault of the DAO's
//! funds.

mod at;
mod bar;
mod consent;
mod exit;
mod mandate;
mod password;
mod registry;
mod revenue;
mod safe;
mod say;
mod signing;
mod vault;

use std::path::PathBuf;
use std::process::ExitCode;

use alloy::primitives::{Address, B256};
use alloy::signers::local::PrivateKeySigner;
use clap::{Args, Parser, Subcommand};
use consilium_deploy::signing::address;
use consilium_deploy::{
    Absent, Artifacts, Chain, Config, KeySource, Sender, deploy, parts, permissions, permissions_of, renew, shown,
    verify, without_secrets,
};
use eyre::Result;

use crate::bar::Bar;
use crate::exit::{EXIT_CODES, No, Pending, USAGE, answered};
use crate::password::ask_password;
use crate::say::{answer, complain, say};

/// Deploys a Consilium DAO and proves the deployment.
#[derive(Parser)]
#[command(name = "consilium", version, propagate_version = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Deploy, or go on with a deployment that was interrupted: nothing is deployed twice.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Deploy {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        key: Key,
        /// Where the record of each chain's deployment is kept.
        #[arg(long, value_name = "FOLDER", default_value = "deployments")]
        records: PathBuf,
    },
    /// Prove a deployment from the settings, the programs and the chain. Only reads, and needs no key.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Verify {
        #[command(flatten)]
        place: Place,
        /// The transaction of the founding, for a node that serves no old states; another one is refused.
        #[arg(long, value_name = "TRANSACTION", value_parser = transaction)]
        founding: Option<B256>,
    },
    /// Print who can do what, after which delay, until when, and who can stop it, as the chain says. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Permissions {
        #[command(flatten)]
        place: Place,
        /// A contract, in place of settings and programs, as governor=0x…; those that it names are read as well.
        #[arg(
            long = "contract",
            value_name = "NAME=ADDRESS",
            value_parser = named,
            conflicts_with_all = ["config", "artifacts"]
        )]
        contracts: Vec<(String, Address)>,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Renew the activation of programs that have fewer days left than configured, or are dead. Any account may.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Renew {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        key: Key,
    },
    /// Sign, relay and check consents; import FHIR Consents, and export the access log.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Consent {
        #[command(subcommand)]
        command: consent::Command,
    },
    /// Register pointers to encrypted records, one by one or in batches; request, deliver and decline their keys; sign and
    /// relay such acts, and hand pointers over; admit custodians, and decide about schemas.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Registry {
        #[command(subcommand)]
        command: registry::Command,
    },
    /// Pay revenue in and out, build, publish and claim epochs, and say who earned what.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Revenue {
        #[command(subcommand)]
        command: revenue::Command,
    },
    /// Show mandates, pay and report as their holder, and have reports that are overdue logged.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Mandate {
        #[command(subcommand)]
        command: mandate::Command,
    },
    /// Create the vault of a DAO's funds, show it, and report whether the programs that it watches are alive.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Vault {
        #[command(subcommand)]
        command: vault::Command,
    },
    /// Propose, sign and execute transactions of a Safe, as files that its owners pass on.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Safe {
        #[command(subcommand)]
        command: safe::Command,
    },
}

/// What is deployed, and where.
#[derive(Args)]
struct Place {
    /// The settings.
    #[arg(long, value_name = "FILE", default_value = "deploy/config/devnet.toml")]
    config: PathBuf,
    #[command(flatten)]
    node: Node,
    /// The programs, as `cargo xtask build` leaves them.
    #[arg(long, value_name = "FOLDER", default_value = "target/stylus")]
    artifacts: PathBuf,
}

/// Where the chain is asked.
#[derive(Args)]
struct Node {
    /// The node.
    #[arg(
        long,
        value_name = "URL",
        env = "CONSILIUM_RPC_URL",
        hide_env_values = true,
        default_value = "http://127.0.0.1:8547"
    )]
    rpc_url: String,
}

/// The key that sends: a keystore's, else the environment variable CONSILIUM_PRIVATE_KEY, else, on a devnode, the
/// devnode's.
#[derive(Args, Clone)]
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
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // It quotes what it does not understand: that may be the URL of a node, without its option.
        Err(error) if error.use_stderr() => {
            complain!("{}", without_secrets(error.to_string().trim_end()));
            return ExitCode::from(USAGE);
        }
        Err(help) => help.exit(),
    };
    // It listens to Ctrl-C from now on, also for the commands that show no bar.
    let mut bar = Bar::new();
    let done = match cli.command {
        Command::Deploy { place, key, records } => run_deploy(place, key, records, &mut bar).await,
        Command::Renew { place, key } => run_renew(place, key, &mut bar).await,
        Command::Verify { place, founding } => answered(run_verify(place, founding).await),
        Command::Permissions { place, contracts, json } => run_permissions(place, &contracts, json).await,
        Command::Consent { command } => consent::run(command).await,
        Command::Registry { command } => registry::run(command).await,
        Command::Revenue { command } => revenue::run(command).await,
        Command::Mandate { command } => mandate::run(command).await,
        Command::Vault { command } => vault::run(command).await,
        Command::Safe { command } => safe::run(command).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // What is pending was told where the answer is.
            if !error.is::<Pending>() {
                // In one line, whatever a file or a node said.
                complain!("error: {}", shown::line(&format!("{error:#}")));
            }
            exit::code(&error)
        }
    }
}

async fn run_deploy(place: Place, key: Key, records: PathBuf, bar: &mut Bar) -> Result<()> {
    let (config, artifacts) = place.load()?;
    let sender = key.sender(&place.node.rpc_url, &config).await?;
    say!("Deploying to chain {} from {}", config.chain.id, sender.account());
    for note in config.notes() {
        say!("note: {note}");
    }

    let deployment = deploy(&sender, &config, &artifacts, &records, bar).await?;
    say!("{}", deployment.listed(&config).trim_end());
    if let Some(founding) = deployment.founding {
        say!("{:>16}  {founding}", "founded in");
    }
    Ok(())
}

async fn run_renew(place: Place, key: Key, bar: &mut Bar) -> Result<()> {
    let (config, artifacts) = place.load()?;
    let sender = key.sender(&place.node.rpc_url, &config).await?;
    say!("Renewing on chain {} from {}", config.chain.id, sender.account());
    renew(&sender, &config, &artifacts, bar).await
}

async fn run_verify(place: Place, founding: Option<B256>) -> Result<()> {
    let (config, artifacts) = place.load()?;
    let chain = Chain::connect(&place.node.rpc_url).await?;
    let proof = verify(&chain, &config, &artifacts, founding).await;
    let proof = proof.map_err(|error| if error.is::<Absent>() { No::of(error) } else { error })?;
    say!("{}", proof.to_string().trim_end());
    proof.ensure().map_err(No::of)
}

async fn run_permissions(place: Place, contracts: &[(String, Address)], json: bool) -> Result<()> {
    let found = if contracts.is_empty() {
        let (config, artifacts) = place.load()?;
        permissions(&Chain::connect(&place.node.rpc_url).await?, &config, &artifacts).await?
    } else {
        permissions_of(&Chain::connect(&place.node.rpc_url).await?, contracts, parts::ALL).await?
    };
    let text = if json { consilium_deploy::json::pretty(&found)? } else { found.to_string().trim_end().to_owned() };
    answer(&text)
}

/// The hash of a transaction.
fn transaction(text: &str) -> Result<B256, &'static str> {
    text.parse().map_err(|_| "this is not a transaction: write 0x and 64 hexadecimal digits, its hash")
}

/// A contract's name and address.
fn named(text: &str) -> Result<(String, Address), String> {
    let (name, written) = text.split_once('=').ok_or("write it as governor=0x…")?;
    Ok((name.to_owned(), address(written)?))
}

impl Place {
    /// The settings and the programs.
    fn load(&self) -> Result<(Config, Artifacts)> {
        let config = Config::load(&self.config)?;
        let artifacts = Artifacts::load(&self.artifacts, &config)?;
        Ok((config, artifacts))
    }
}

impl Key {
    /// A node of the configured chain, and the key to send with.
    async fn sender(self, url: &str, config: &Config) -> Result<Sender> {
        let chain = Chain::connect(url).await?;
        chain.expect_id(config.chain.id)?;
        let key = self.key(chain.id())?;
        chain.with_key(key)
    }

    /// The key to send with to a chain. What is sent is told at once: Ctrl-C may come before it is in a block.
    fn sends(self, chain: Chain) -> Result<Sender> {
        let key = self.key(chain.id())?;
        Ok(chain.with_key(key)?.telling(|hash| complain!("sent {hash}")))
    }

    /// The key for a chain.
    fn key(self, chain: u64) -> Result<PrivateKeySigner> {
        KeySource { keystore: self.keystore, password_file: self.password_file }.key(chain, ask_password)
    }
}
