//! `consilium registry schema propose`, `activate`, `deprecate` and `supersede`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use consilium_deploy::config::moment::Moment;
use consilium_deploy::registry::{Draft, activate_schema, deprecate_schema, propose_schema, supersede_schema};
use eyre::{Result, WrapErr, ensure, eyre};
use serde_json::json;

use crate::at::{By, Restrictedly, later};
use crate::consent::Tables;
use crate::exit::EXIT_CODES;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Propose a schema. Any account may; it means nothing before it is activated.
    // `--version` is the schema's here.
    #[command(display_name = "consilium", after_help = EXIT_CODES, disable_version_flag = true)]
    Propose(Propose),
    /// Activate a schema, so that pointers are registered under it.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Activate(Which),
    /// Say from when on nothing is registered under a schema.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Deprecate(Deprecate),
    /// Replace a schema by another one at once. To leave time, deprecate it.
    #[command(display_name = "consilium", after_help = EXIT_CODES)]
    Supersede(Supersede),
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::Propose(propose) => propose.run().await,
        Command::Activate(which) => which.activate().await,
        Command::Deprecate(deprecate) => deprecate.run().await,
        Command::Supersede(supersede) => supersede.run().await,
    }
}

#[derive(Args)]
pub(crate) struct Propose {
    /// Its file. The registry gets its hash, and that of the URL.
    #[arg(value_name = "FILE")]
    schema: PathBuf,
    /// Its canonical URL.
    #[arg(long, value_name = "URL")]
    url: String,
    /// Its version.
    #[arg(long, value_name = "NUMBER")]
    version: u32,
    /// The class of the data: a code or a number.
    #[arg(long, value_name = "CODE")]
    class: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    tables: Tables,
}

impl Propose {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let class = names.class(&self.class).map_err(|reason| eyre!(reason))?;
        ensure!(!self.url.trim().is_empty(), "the URL is empty: give the schema's canonical one by --url");
        let shown = self.schema.display();
        let content = std::fs::read(&self.schema).wrap_err_with(|| format!("{shown} cannot be read"))?;
        ensure!(!content.is_empty(), "{shown} is empty: name the schema's file");
        let draft = Draft { url: self.url, version: self.version, content, class };
        let (registry, sender, told) = self.by.registry().await?;
        let (number, sent) = propose_schema(&registry, &sender, &draft).await?;
        let (url, content) = draft.hashes();
        told.done(
            &format!("proposed the schema {number}: version {} for {}", draft.version, names.class_in_words(class)),
            json!({ "schema": number, "version": draft.version, "class": class, "url": url, "content": content }),
            &sent,
        )
    }
}

/// A schema.
#[derive(Args)]
pub(crate) struct Which {
    /// Its number, as `propose` printed it.
    #[arg(long, value_name = "NUMBER")]
    number: u32,
    #[command(flatten)]
    by: Restrictedly,
    #[command(flatten)]
    tables: Tables,
}

impl Which {
    async fn activate(self) -> Result<()> {
        let Self { number, by, tables } = self;
        let names = tables.names()?;
        let (registry, sender, told) = by.registry().await?;
        told.restricted(activate_schema(&registry, sender.as_ref(), number, &names).await?, |sent| {
            let line = format!("activated the schema {number}: pointers are registered under it");
            (line, json!({ "schema": number }), sent)
        })
    }
}

#[derive(Args)]
pub(crate) struct Deprecate {
    #[command(flatten)]
    which: Which,
    /// From when on nothing is registered under it: 2027-06-30, +90d, or seconds since 1970.
    #[arg(long, value_name = "TIME")]
    sunset: String,
}

impl Deprecate {
    async fn run(self) -> Result<()> {
        let Self { which: Which { number, by, tables }, sunset } = self;
        let names = tables.names()?;
        let (registry, sender, told) = by.registry().await?;
        let sunset = later(&registry, &sunset, "the sunset", "+90d").await?;
        let found = deprecate_schema(&registry, sender.as_ref(), number, sunset, &names).await?;
        told.restricted(found, |(sunset, sent)| {
            let line =
                format!("deprecated the schema {number}: nothing is registered under it from {} on", Moment(sunset));
            (line, json!({ "schema": number, "sunset": sunset }), sent)
        })
    }
}

#[derive(Args)]
pub(crate) struct Supersede {
    #[command(flatten)]
    which: Which,
    /// The number of the one that replaces it: active, and of the same class.
    #[arg(long, value_name = "NUMBER")]
    successor: u32,
}

impl Supersede {
    async fn run(self) -> Result<()> {
        let Self { which: Which { number, by, tables }, successor } = self;
        let names = tables.names()?;
        let (registry, sender, told) = by.registry().await?;
        let found = supersede_schema(&registry, sender.as_ref(), number, successor, &names).await?;
        told.restricted(found, |sent| {
            let line =
                format!("replaced the schema {number} by {successor}: nothing is registered under {number} any more");
            (line, json!({ "schema": number, "successor": successor }), sent)
        })
    }
}
