//! `consilium revenue epoch build`, `prove` and `publish`.

use std::path::PathBuf;

use alloy::primitives::{Address, B256, U256};
use clap::{Args, Subcommand};
use consilium_deploy::config::moment::Moment;
use consilium_deploy::revenue::{Built, Epoch, Published, amount, build, publish};
use consilium_deploy::signing::address;
use eyre::{Result, bail};
use serde_json::json;

use super::whole;
use crate::at::{At, Restrictedly, later, print, print_proofs, tell_bad};
use crate::exit::EXIT_CODES;
use crate::say::{answer, say};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Build an epoch of a list of payees: its Merkle root, its manifest and its proofs.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Build(Build),
    /// Print a payee's row of an epoch and its proof. Asks no node.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Prove(Prove),
    /// Publish an epoch, or say what to propose where the DAO itself publishes.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Publish(Publish),
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Build(build) => build.run().await,
        Command::Prove(prove) => prove.run(),
        Command::Publish(publish) => publish.run().await,
    }
}

#[derive(Args)]
pub(crate) struct Build {
    /// The payees, by address or a passkey's public key, and their amounts: CSV with a line of names, or JSON Lines;
    /// `-` is standard input.
    #[arg(value_name = "FILE")]
    list: PathBuf,
    /// The folder to write, which must not be there yet.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The token that the amounts are of; ether if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    token: Option<Address>,
    /// The most that all amounts may be together.
    #[arg(long, value_name = "AMOUNT", value_parser = whole)]
    balance: Option<U256>,
    /// Ask the splitter what its pool has: all amounts may be that much together.
    #[arg(long, conflicts_with = "balance")]
    pool: bool,
    #[command(flatten)]
    at: At,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Build {
    pub(crate) async fn run(self) -> Result<()> {
        let token = self.token.unwrap_or_default();
        let balance = if self.pool { Some(self.at.splitter().await?.pool(token).await?) } else { self.balance };
        match build(&self.list, token, balance, &self.out)? {
            Built::Written(epoch, alone) if self.json => {
                let mut found = epoch.json();
                if let Some(members) = found.as_object_mut() {
                    members.insert("alone".to_owned(), json!(alone));
                }
                print(&found)
            }
            Built::Written(epoch, alone) => {
                say!("{:>12}  {}, together {}", "payees", epoch.count(), amount(epoch.total(), token));
                say!("{:>12}  {alone}: nobody else claims their part", "alone");
                say!("{:>12}  {}", "root", epoch.root());
                say!("{:>12}  {}", "manifest", epoch.manifest());
                say!("written to {}", self.out.display());
                Ok(())
            }
            Built::Refused(bad) => {
                tell_bad(&bad, self.json, |line| format!("{}:{line}", self.list.display()))?;
                let (count, rows) = (bad.count, bad.rows);
                bail!("{count} of {rows} rows cannot be paid: the lines above say why. Nothing was written")
            }
        }
    }
}

#[derive(Args)]
pub(crate) struct Prove {
    /// The folder that `build` wrote.
    #[arg(value_name = "FOLDER")]
    epoch: PathBuf,
    /// The payee.
    #[arg(long, value_name = "ADDRESS", value_parser = address, required_unless_present = "all")]
    payee: Option<Address>,
    /// Print the leaf and the proof of every payee, as JSON Lines.
    #[arg(long, conflicts_with_all = ["payee", "json"])]
    all: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Prove {
    pub(crate) fn run(self) -> Result<()> {
        let epoch = Epoch::open(&self.epoch)?;
        let Some(payee) = self.payee else {
            return print_proofs(|each| epoch.each_proof(|leaf, proof| each("id", &leaf.to_string(), proof)));
        };
        let (row, proof) = epoch.prove(payee)?;
        if self.json {
            return print(&json!({ "row": row.json(), "root": epoch.root(), "proof": proof }));
        }
        let alone = if row.is_alone() { ", which it alone claims" } else { "" };
        let due = amount(row.amount, epoch.token());
        let mut lines = vec![format!("{payee} is due {due}, with the index {}{alone}", row.index)];
        lines.extend(proof.iter().map(B256::to_string));
        answer(&lines.join("\n"))
    }
}

#[derive(Args)]
pub(crate) struct Publish {
    /// The folder that `build` wrote.
    #[arg(value_name = "FOLDER")]
    epoch: PathBuf,
    /// Until when it can be claimed: 2027-06-30, +90d, or seconds since 1970.
    #[arg(long, value_name = "TIME")]
    deadline: String,
    #[command(flatten)]
    by: Restrictedly,
}

impl Publish {
    pub(crate) async fn run(self) -> Result<()> {
        let epoch = Epoch::open(&self.epoch)?;
        let (splitter, sender, told) = self.by.splitter().await?;
        let deadline = later(&splitter, &self.deadline, "the deadline", "+90d").await?;
        let found = publish(&splitter, sender.as_ref(), &epoch, deadline).await?;
        told.restricted(found, |Published { number, claimable_from, deadline, sent }| {
            let line = format!(
                "published {} payees as epoch {number}, with the root {}: they claim from {} on",
                epoch.count(),
                epoch.root(),
                Moment(claimable_from)
            );
            let root = epoch.root();
            let value = json!({ "epoch": number, "root": root, "claimableFrom": claimable_from, "deadline": deadline });
            (line, value, sent)
        })
    }
}
