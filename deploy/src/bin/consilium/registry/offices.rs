//! `consilium registry admit` and `remove`.

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::config::moment::Moment;
use consilium_deploy::registry::{admit, remove};
use consilium_deploy::signing::address;
use eyre::Result;
use serde_json::json;

use crate::at::{Restrictedly, later};

#[derive(Args)]
pub(crate) struct Admit {
    /// The custodian.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    account: Address,
    /// Until when it is one: 2027-06-30, +365d, or seconds since 1970.
    #[arg(long, value_name = "TIME")]
    until: String,
    #[command(flatten)]
    by: Restrictedly,
}

impl Admit {
    pub(crate) async fn run(self) -> Result<()> {
        let Self { account, until, by } = self;
        let (registry, sender, told) = by.registry().await?;
        let until = later(&registry, &until, "the end of the admission", "+365d").await?;
        told.restricted(admit(&registry, sender.as_ref(), account, until).await?, |(until, sent)| {
            let line = format!("admitted {account} as a custodian until {}", Moment(until));
            (line, json!({ "account": account, "until": until }), sent)
        })
    }
}

#[derive(Args)]
pub(crate) struct Remove {
    /// The custodian.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    account: Address,
    #[command(flatten)]
    by: Restrictedly,
}

impl Remove {
    pub(crate) async fn run(self) -> Result<()> {
        let Self { account, by } = self;
        let (registry, sender, told) = by.registry().await?;
        told.restricted(remove(&registry, sender.as_ref(), account).await?, |(until, sent)| {
            let line = format!("removed the custodian {account}: it keeps its pointers, and registers nothing more");
            (line, json!({ "account": account, "until": until }), sent)
        })
    }
}
