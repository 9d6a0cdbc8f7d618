//! `consilium registry batch`, `prove`, `publish` and `individualize`.

use std::path::PathBuf;

use alloy::primitives::B256;
use clap::Args;
use consilium_deploy::registry::{Batch, Batched, batch, clear_manifest, individualize, located_by, publish};
use eyre::{Result, bail, eyre};
use serde_json::json;

use crate::at::{By, id, print_proofs, tell_bad};
use crate::consent::Tables;
use crate::say::{answer, say};

#[derive(Args)]
pub(crate) struct Make {
    /// The pointers: CSV with a line of names, or JSON Lines; `-` is standard input.
    #[arg(value_name = "FILE")]
    list: PathBuf,
    /// The folder to write, which must not be there yet.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    tables: Tables,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Make {
    pub(crate) fn run(self) -> Result<()> {
        match batch(&self.list, &self.tables.names()?, &self.out)? {
            Batched::Written(batch) if self.json => answer(&consilium_deploy::json::pretty(&batch.json())?),
            Batched::Written(batch) => {
                say!("{:>12}  {}, of the custodian {}", "pointers", batch.count(), batch.custodian());
                say!("{:>12}  {}", "root", batch.root());
                say!("{:>12}  {}", "manifest", batch.cid());
                say!("written to {}", self.out.display());
                Ok(())
            }
            Batched::Refused(bad) => {
                tell_bad(&bad, self.json, |line| format!("line {line}"))?;
                let (count, rows) = (bad.count, bad.rows);
                bail!("{count} of {rows} rows cannot be published: the lines above say why. Nothing was written")
            }
        }
    }
}

#[derive(Args)]
pub(crate) struct Prove {
    /// The folder that `batch` wrote.
    #[arg(value_name = "FOLDER")]
    batch: PathBuf,
    /// The pointer's id.
    #[arg(long, value_name = "ID", value_parser = id, required_unless_present = "all")]
    id: Option<B256>,
    /// Print the id and the proof of every pointer, as JSON Lines.
    #[arg(long, conflicts_with_all = ["id", "json"])]
    all: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Prove {
    pub(crate) fn run(self) -> Result<()> {
        let batch = Batch::open(&self.batch)?;
        let Some(id) = self.id else {
            return print_proofs(|each| batch.each_proof(|id, proof| each("id", &id.to_string(), proof)));
        };
        let found = batch.prove(id)?;
        if self.json {
            return answer(&consilium_deploy::json::pretty(&found.json())?);
        }
        let mut lines = vec![format!("{id} is in the batch with the root {}", found.root)];
        lines.extend(found.proof.iter().map(B256::to_string));
        answer(&lines.join("\n"))
    }
}

#[derive(Args)]
pub(crate) struct Publish {
    /// The folder that `batch` wrote.
    #[arg(value_name = "FOLDER")]
    batch: PathBuf,
    /// The number of a batch whose root it replaces; else it is a new batch.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    number: u32,
    /// The CID of the manifest as you store it, which should be encrypted; else that of the folder's list.
    #[arg(long, value_name = "CID")]
    manifest: Option<String>,
    #[command(flatten)]
    by: By,
}

impl Publish {
    pub(crate) async fn run(self) -> Result<()> {
        let batch = Batch::open(&self.batch)?;
        let manifest = match &self.manifest {
            Some(cid) => located_by(cid, None).map_err(|reason| eyre!("the manifest: {reason}"))?,
            None => batch.manifest(),
        };
        let (registry, sender, told) = self.by.registry().await?;
        let (number, sent) = publish(&registry, &sender, &batch, self.number, manifest).await?;
        told.done(
            &format!("published {} pointers as batch {number}, with the root {}", batch.count(), batch.root()),
            json!({ "batch": number, "root": batch.root(), "count": batch.count() }),
            &sent,
        )
    }
}

#[derive(Args)]
pub(crate) struct Clear {
    /// The number of the batch, as `publish` printed it.
    #[arg(long, value_name = "NUMBER")]
    number: u32,
    #[command(flatten)]
    by: By,
}

impl Clear {
    pub(crate) async fn run(self) -> Result<()> {
        let Self { number, by } = self;
        let (registry, sender, told) = by.registry().await?;
        let sent = clear_manifest(&registry, &sender, number).await?;
        told.done(
            &format!("cleared where the manifest of batch {number} is: its root still proves"),
            json!({ "batch": number, "custodian": sender.account() }),
            &sent,
        )
    }
}

#[derive(Args)]
pub(crate) struct Individualize {
    /// The folder that `batch` wrote.
    #[arg(value_name = "FOLDER")]
    batch: PathBuf,
    /// The number of the batch, as `publish` printed it.
    #[arg(long, value_name = "NUMBER")]
    number: u32,
    /// The pointer's id.
    #[arg(long, value_name = "ID", value_parser = id)]
    id: B256,
    #[command(flatten)]
    by: By,
}

impl Individualize {
    pub(crate) async fn run(self) -> Result<()> {
        let batch = Batch::open(&self.batch)?;
        let (registry, sender, told) = self.by.registry().await?;
        let sent = individualize(&registry, &sender, &batch, self.number, self.id).await?;
        let Self { id, number, .. } = self;
        told.done(&format!("registered {id}, of batch {number}"), json!({ "id": id, "batch": number }), &sent)
    }
}
