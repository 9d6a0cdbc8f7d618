//! `consilium consent`: acts that are signed offline, the question, the access log, and HL7 FHIR.

mod documents;
mod reading;
mod relay;
mod sign;

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::{Args, Subcommand, ValueEnum};
use consilium_deploy::consent::Names;
use consilium_deploy::{Chain, parts};
use eyre::Result;

use crate::at::At;
use crate::exit::{EXIT_CODES, answered};

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
        Command::Ask(ask) => answered(ask.run().await),
        Command::Log(log) => answered(log.run().await),
        Command::Verify(verify) => answered(verify.run().await),
        Command::Import(import) => import.run(),
        Command::Export(export) => answered(export.run().await),
    }
}

impl At {
    /// The chain, and the contract there.
    async fn consent(&self) -> Result<(Chain, Address)> {
        self.find(parts::consent::NAME).await
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
