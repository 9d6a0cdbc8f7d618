//! `consilium vault`: a DAO's vault, and the life of the programs that it watches.

mod run;
mod told;

use alloy::primitives::Address;
use clap::builder::RangedI64ValueParser;
use clap::{Args, Subcommand, value_parser};
use consilium_deploy::CREATE2_FACTORY;
use consilium_deploy::signing::address;
use consilium_deploy::vault::{LEAST_GAS, LONGEST_PERIOD, SHORTEST_PERIOD};
use eyre::Result;

use crate::at::{At, Meant};
use crate::exit::{EXIT_CODES, answered};
use crate::{Key, Node};

/// Seconds of a day.
const DAY: u32 = 86_400;

/// The days of a period, as the file's section takes them.
fn days() -> RangedI64ValueParser<u16> {
    value_parser!(u16).range(i64::from(SHORTEST_PERIOD)..=i64::from(LONGEST_PERIOD))
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Create a vault. Any account may: it gets no power by that.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Create(Create),
    /// Show who owns a vault, the terms of its escape, what was reported, and what speaks against trusting it. Only reads.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Show(Show),
    /// Report whether the programs that a vault watches are alive; those that only wait for an activation get it. Any
    /// account may.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Report(Report),
    /// Print the call by which the heir becomes the owner, for the heir's Safe to send.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Escape(Escape),
}

#[derive(Args)]
pub(crate) struct Create {
    /// The DAO's timelock.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    owner: Address,
    /// The programs that the DAO needs to decide and to pay: timelock, governor and voting token; with commas.
    #[arg(long = "program", value_name = "ADDRESS", value_parser = address, value_delimiter = ',', required = true)]
    programs: Vec<Address>,
    /// Who becomes the owner if one of the programs is dead: a Safe of Safe's own code.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    heir: Address,
    /// For how many days a program has to be dead until its death is confirmed.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = days())]
    death_days: u16,
    /// How many days the heir waits after that.
    #[arg(long, value_name = "DAYS", default_value_t = 60, value_parser = days())]
    escape_days: u16,
    /// How many reports confirm a death, at least.
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = value_parser!(u16).range(1..))]
    reports: u16,
    /// The gas of an attempt to activate a program: more than any activation takes, and less than the chain lets a
    /// transaction have.
    #[arg(long, value_name = "GAS", default_value_t = 20_000_000, value_parser = value_parser!(u64).range(LEAST_GAS..))]
    activation_gas: u64,
    #[command(flatten)]
    factory: Factory,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    meant: Meant,
    #[command(flatten)]
    key: Key,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Who creates vaults.
#[derive(Args)]
struct Factory {
    /// The CREATE2 factory that creates the vault: the vault's address follows from it.
    #[arg(long, value_name = "ADDRESS", value_parser = address, default_value_t = CREATE2_FACTORY)]
    factory: Address,
}

/// A vault, and whether it is told of in JSON.
#[derive(Args)]
pub(crate) struct Told {
    #[command(flatten)]
    at: At,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct Show {
    #[command(flatten)]
    vault: Told,
    /// An earlier owner that the DAO trusts, such as the timelock before this one; several with commas.
    #[arg(long = "earlier-owner", value_name = "ADDRESS", value_parser = address, value_delimiter = ',')]
    earlier_owners: Vec<Address>,
    #[command(flatten)]
    factory: Factory,
}

#[derive(Args)]
pub(crate) struct Report {
    #[command(flatten)]
    vault: Told,
    /// The program; all that the vault watches, if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    program: Option<Address>,
    #[command(flatten)]
    factory: Factory,
    #[command(flatten)]
    key: Key,
}

#[derive(Args)]
pub(crate) struct Escape {
    #[command(flatten)]
    vault: Told,
    /// The program that is dead.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    program: Address,
    #[command(flatten)]
    factory: Factory,
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Create(create) => create.run().await,
        Command::Show(show) => answered(show.run().await),
        Command::Report(report) => report.run().await,
        Command::Escape(escape) => escape.run().await,
    }
}
