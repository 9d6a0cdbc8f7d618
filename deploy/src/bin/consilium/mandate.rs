//! `consilium mandate`: what holders of mandates may spend and owe, and what they do.

mod act;
mod show;

use std::path::PathBuf;

use alloy::primitives::{Address, B256, U256};
use clap::{Args, Subcommand};
use consilium_deploy::Name;
use consilium_deploy::mandate::Mandates;
use consilium_deploy::signing::address;
use eyre::Result;

use crate::at::{At, By, id};
use crate::exit::EXIT_CODES;
use crate::revenue::whole;

/// The contract's name in a record.
const NAME: Name = Name::new("mandate");

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show who has a mandate until when, what is left of its allowances, and when its next report is due. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Show(Show),
    /// Pay from the contract's balance, within the sender's allowance; or print the call for a Safe's owners to sign.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Spend(Spend),
    /// File a report of the sender's; or print the call for a Safe's owners to sign.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Report(Report),
    /// Have reports that are overdue logged, each missed date once. Any account may.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Overdue(Overdue),
}

#[derive(Args)]
pub(crate) struct Show {
    /// Only this holder.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    holder: Option<Address>,
    #[command(flatten)]
    at: At,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct Spend {
    /// How much, in wei or the token's smallest unit.
    #[arg(value_name = "AMOUNT", value_parser = whole)]
    amount: U256,
    /// Who is paid.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    to: Address,
    /// Pay in this token; in ether if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    token: Option<Address>,
    #[command(flatten)]
    holder: Holder,
    #[command(flatten)]
    by: By,
}

#[derive(Args)]
pub(crate) struct Report {
    /// The document, which is hashed by keccak-256 and stays where it is.
    #[arg(value_name = "FILE", required_unless_present = "hash")]
    file: Option<PathBuf>,
    /// The hash, in place of the document.
    #[arg(long, value_name = "HASH", value_parser = id, conflicts_with = "file")]
    hash: Option<B256>,
    /// Where the document can be read, for example its IPFS URI. It is public for ever, so it has nothing about a person.
    #[arg(long, value_name = "URI", default_value = "")]
    locator: String,
    /// File it although the holder's last report is the same document.
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    holder: Holder,
    #[command(flatten)]
    by: By,
}

#[derive(Args)]
pub(crate) struct Overdue {
    /// Only this holder.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    holder: Option<Address>,
    #[command(flatten)]
    by: By,
}

/// A holder that is a Safe.
#[derive(Args)]
struct Holder {
    /// The Safe that holds the mandate: nothing is sent, and the call for `consilium safe propose` is printed.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    safe: Option<Address>,
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Show(show) => show.run().await,
        Command::Spend(spend) => spend.run().await,
        Command::Report(report) => report.run().await,
        Command::Overdue(overdue) => overdue.run().await,
    }
}

impl At {
    /// The mandates there.
    async fn mandates(&self) -> Result<Mandates> {
        let (chain, contract) = self.find(NAME).await?;
        Mandates::open(&chain, contract).await
    }
}
