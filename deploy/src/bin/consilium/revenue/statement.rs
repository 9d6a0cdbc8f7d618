//! `consilium revenue statement`.

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::revenue::statement;
use consilium_deploy::shown;
use consilium_deploy::signing::address;
use eyre::Result;

use crate::at::{At, print};
use crate::consent::Tables;
use crate::say::answer;

#[derive(Args)]
pub(crate) struct State {
    /// Whose earnings.
    #[arg(value_name = "ACCOUNT", value_parser = address)]
    account: Address,
    /// Of these tokens alone, several with commas, and the zero address for ether; else of ether and every token that
    /// the contract has logged.
    #[arg(long = "token", value_name = "ADDRESS", value_parser = address, value_delimiter = ',')]
    tokens: Vec<Address>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    tables: Tables,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl State {
    pub(crate) async fn run(self) -> Result<()> {
        let splitter = self.at.splitter().await?;
        let found = statement(&splitter, self.account, &self.tokens, &self.tables.names()?).await?;
        if self.json { print(&found.json()) } else { answer(&shown::lines(&found.to_string())) }
    }
}
