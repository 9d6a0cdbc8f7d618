//! `consilium safe`: transactions of a Safe, as files that its owners pass on.

mod by;
mod deployments;
mod execute;
mod propose;
mod show;
mod sign;
mod told;

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::{Args, Subcommand};
use consilium_deploy::safe::{Names, Proposal, Safe};
use consilium_deploy::signing::address;
use consilium_deploy::{Chain, Deployment};
use eyre::{Result, ensure};

use crate::Node;
use crate::exit::EXIT_CODES;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Write a transaction to a file, for the owners to sign.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Propose(Box<propose::Propose>),
    /// Check a file, say what it does, and add an owner's signature.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Sign(sign::Sign),
    /// Simulate a transaction that enough owners have signed, and send it. Any account may.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Execute(execute::Execute),
    /// Say what a transaction does, who signed it, who is missing, and what has become of it. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Show(show::Show),
    /// List singletons in the shape of the npm package `@safe-global/safe-deployments`. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Deployments(deployments::List),
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Propose(propose) => propose.run().await,
        Command::Sign(sign) => sign.run().await,
        Command::Execute(execute) => execute.run().await,
        Command::Show(show) => show.run().await,
        Command::Deployments(list) => list.run().await,
    }
}

/// The names of contracts, for what is told.
#[derive(Args)]
struct Records {
    /// Where `deploy` keeps the record of each chain's deployment: its contracts are told by their names.
    #[arg(long, value_name = "FOLDER", default_value = "deployments")]
    records: PathBuf,
}

impl Records {
    fn names(&self, chain: u64) -> Result<Names> {
        Ok(Names::of(Deployment::read(&self.records, chain)?.as_ref()))
    }
}

/// A transaction: one file, or several of owners who signed apart.
#[derive(Args)]
struct Files {
    /// The file; several, if owners signed copies of it.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The Safe that you mean: a file of another one is refused.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    safe: Option<Address>,
    #[command(flatten)]
    records: Records,
}

impl Files {
    /// What they say, checked without a node.
    fn load(&self) -> Result<(Proposal, Names)> {
        let proposal = Proposal::load_all(&self.files)?;
        let place = proposal.place();
        if let Some(safe) = self.safe {
            ensure!(safe == place.contract, "it is of the Safe {}, and not of {safe}", place.contract);
        }
        let names = self.records.names(place.chain)?;
        Ok((proposal, names))
    }
}

impl Node {
    /// The Safe of a file.
    async fn safe_of(&self, proposal: &Proposal) -> Result<Safe> {
        Safe::of(&Chain::connect(&self.rpc_url).await?, proposal).await
    }
}
