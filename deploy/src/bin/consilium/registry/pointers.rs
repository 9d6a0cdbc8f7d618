//! `consilium registry register`, `show`, `erase` and `refuse`.

use std::path::PathBuf;

use alloy::primitives::B256;
use clap::Args;
use consilium_deploy::registry::{erase, read_pointer, refuse, register, show};
use consilium_deploy::shown;
use eyre::Result;
use serde_json::json;

use crate::at::{At, By, id};
use crate::consent::Tables;
use crate::say::answer;

#[derive(Args)]
pub(crate) struct Register {
    /// The pointer: an object of JSON with its members, or CSV. The sender is its custodian if it names none.
    #[arg(value_name = "FILE")]
    pointer: PathBuf,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    tables: Tables,
}

impl Register {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let (registry, sender, told) = self.by.registry().await?;
        let pointer = read_pointer(&self.pointer, &names, Some(sender.account()))?;
        let subject = pointer.subject;
        let (id, sent) = register(&registry, &sender, pointer).await?;
        told.done(&format!("registered {id}, of the subject {subject}"), json!({ "id": id }), &sent)
    }
}

#[derive(Args)]
pub(crate) struct Show {
    /// The pointer's id.
    #[arg(long, value_name = "ID", value_parser = id)]
    id: B256,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    tables: Tables,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) async fn run(self) -> Result<()> {
        let found = show(&self.at.registry().await?, self.id, &self.tables.names()?).await?;
        answer(&if self.json {
            consilium_deploy::json::pretty(&found.json())?
        } else {
            shown::lines(&found.to_string())
        })
    }
}

#[derive(Args)]
pub(crate) struct Erase {
    /// The pointer's id.
    #[arg(long, value_name = "ID", value_parser = id)]
    id: B256,
    #[command(flatten)]
    by: By,
}

impl Erase {
    pub(crate) async fn run(self) -> Result<()> {
        let (registry, sender, told) = self.by.registry().await?;
        let sent = erase(&registry, &sender, self.id).await?;
        told.done(&format!("erased {}", self.id), json!({ "id": self.id }), &sent)
    }
}

#[derive(Args)]
pub(crate) struct Refuse {
    /// The pointer: an object of JSON with its members, as `prove --json` prints it, or CSV.
    #[arg(value_name = "FILE")]
    pointer: PathBuf,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    tables: Tables,
}

impl Refuse {
    pub(crate) async fn run(self) -> Result<()> {
        let pointer = read_pointer(&self.pointer, &self.tables.names()?, None)?;
        let (registry, sender, told) = self.by.registry().await?;
        let (id, sent) = refuse(&registry, &sender, pointer).await?;
        told.done(&format!("refused {id}: it is never registered"), json!({ "id": id }), &sent)
    }
}
