//! `consilium consent`: acts that are signed offline, the question, the access log, and HL7 FHIR.

mod documents;
mod reading;
mod relay;
mod sign;

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::{Args, Subcommand, ValueEnum};
use consilium_deploy::consent::Names;
use consilium_deploy::signing::address;
use consilium_deploy::{Chain, Deployment, parts};
use eyre::{Result, WrapErr, eyre};

use crate::{EXIT_CODES, Node};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Sign an act, offline, to a file that anybody can relay. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Sign(Box<sign::Sign>),
    /// Bring signed acts to the chain. What would not be performed is left out, with the reason.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Relay(relay::Relay),
    /// Ask whether somebody may see data, and why. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Ask(reading::Ask),
    /// List a patient's access log, and check it. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Log(reading::Log),
    /// Check a patient's access log: say which entry is missing or forged. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Verify(reading::Verify),
    /// Turn a FHIR Consent into acts to sign, or such acts into a FHIR Consent. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Import(documents::Import),
    /// Print a patient's access log as FHIR AuditEvents, if it is complete. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Export(documents::Export),
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Sign(sign) => sign.run(),
        Command::Relay(relay) => relay.run().await,
        Command::Ask(ask) => ask.run().await,
        Command::Log(log) => log.run().await,
        Command::Verify(verify) => verify.run().await,
        Command::Import(import) => import.run(),
        Command::Export(export) => export.run().await,
    }
}

/// The consent contract, and its chain.
#[derive(Args)]
struct At {
    /// The consent contract; else the one in the record of the chain's deployment.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    contract: Option<Address>,
    /// Where `deploy` keeps the record of each chain's deployment.
    #[arg(long, value_name = "FOLDER", default_value = "deployments", conflicts_with = "contract")]
    records: PathBuf,
    #[command(flatten)]
    node: Node,
}

impl At {
    /// The chain, and the contract there.
    async fn open(&self) -> Result<(Chain, Address)> {
        let chain = Chain::connect(&self.node.rpc_url).await?;
        if let Some(contract) = self.contract {
            return Ok((chain, contract));
        }
        let (id, folder) = (chain.id(), self.records.display());
        let missing = || eyre!("{folder} has no record of a deployment on chain {id}: give --contract, or --records");
        let record = Deployment::read(&self.records, id)?.ok_or_else(missing)?;
        let contract = record.address(parts::consent::NAME).wrap_err_with(|| {
            format!("{} names no consent contract: give --contract", Deployment::path(&self.records, id).display())
        })?;
        Ok((chain, contract))
    }
}

/// What the numbers of classes and purposes mean.
#[derive(Args)]
pub(crate) struct Tables {
    /// The deployment's own tables, in the form of crates/fhir/src/vocabulary.toml; else those.
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
}

impl Tables {
    pub(crate) fn names(&self) -> Result<Names> {
        self.vocabulary.as_deref().map_or_else(|| Ok(Names::standard()), Names::load)
    }
}

/// A version of FHIR.
#[derive(Clone, Copy, ValueEnum)]
enum Version {
    R4,
    R5,
}

impl From<Version> for fhir::Version {
    fn from(version: Version) -> Self {
        match version {
            Version::R4 => Self::R4,
            Version::R5 => Self::R5,
        }
    }
}
