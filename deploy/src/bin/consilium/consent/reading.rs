//! `consilium consent ask`, `log` and `verify`.

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::consent::{AccessLog, Question, ask, read_log};
use consilium_deploy::signing::address;
use consilium_deploy::{Chain, shown};
use eyre::{Result, eyre};

use super::Tables;
use crate::at::At;
use crate::exit::No;
use crate::say::answer;

#[derive(Args)]
pub(crate) struct Ask {
    #[command(flatten)]
    at: At,
    /// Whose data.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    grantor: Address,
    /// Who wants to see it.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    actor: Address,
    /// The organisation that the actor acts for.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    on_behalf_of: Option<Address>,
    /// The class of data: a code or a number.
    #[arg(long, value_name = "CODE")]
    class: String,
    /// What for: a code or a number.
    #[arg(long, value_name = "CODE")]
    purpose: String,
    #[command(flatten)]
    tables: Tables,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Ask {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let question = Question {
            grantor: self.grantor,
            actor: self.actor,
            on_behalf_of: self.on_behalf_of.unwrap_or_default(),
            class: names.class(&self.class).map_err(|reason| eyre!(reason))?,
            purpose: names.purpose(&self.purpose).map_err(|reason| eyre!(reason))?,
        };
        let (chain, contract) = self.at.consent().await?;
        let found = ask(&chain, contract, question, &names).await?;
        answer(&if self.json {
            consilium_deploy::json::pretty(&found.json())?
        } else {
            shown::lines(&found.to_string())
        })?;
        match found.is_permitted() {
            true => Ok(()),
            false => Err(No::of(eyre!("it is not permitted: {}", found.reason()))),
        }
    }
}

#[derive(Args)]
pub(crate) struct Log {
    #[command(flatten)]
    log: Whose,
    #[command(flatten)]
    tables: Tables,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    log: Whose,
}

/// A log.
#[derive(Args)]
pub(super) struct Whose {
    #[command(flatten)]
    pub(super) at: At,
    /// Whose log.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    grantor: Address,
}

impl Whose {
    pub(super) async fn read(&self, chain: &Chain, contract: Address) -> Result<AccessLog> {
        read_log(chain, contract, self.grantor).await
    }
}

impl Log {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let (chain, contract) = self.log.at.consent().await?;
        let log = self.log.read(&chain, contract).await?;
        let verdict = log.verify();
        if self.json {
            answer(&consilium_deploy::json::pretty(&log.json())?)?;
        } else {
            // A program reads numbers; people read what the tables say of them.
            log.agree(&chain, contract, &names).await?;
            let mut lines = log.lines(&names);
            lines.push(verdict.to_string());
            answer(&shown::lines(&lines.join("\n")))?;
        }
        verdict.ensure().map_err(No::of)
    }
}

impl Verify {
    pub(crate) async fn run(self) -> Result<()> {
        let (chain, contract) = self.log.at.consent().await?;
        let verdict = self.log.read(&chain, contract).await?.verify();
        answer(&verdict.to_string())?;
        verdict.ensure().map_err(No::of)
    }
}
