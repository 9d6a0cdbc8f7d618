//! `consilium registry offer`, `withdraw` and `accept`.

use alloy::primitives::{Address, B256};
use clap::Args;
use consilium_deploy::registry::{accept, offer, withdraw};
use consilium_deploy::signing::address;
use eyre::Result;
use serde_json::json;

use crate::at::{By, id};

#[derive(Args)]
pub(crate) struct Offer {
    /// The pointer's id.
    #[arg(long, value_name = "ID", value_parser = id)]
    id: B256,
    /// The other custodian, which has to accept it.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    to: Address,
    #[command(flatten)]
    by: By,
}

impl Offer {
    pub(crate) async fn run(self) -> Result<()> {
        let Self { id, to, by } = self;
        let (registry, sender, told) = by.registry().await?;
        let sent = offer(&registry, &sender, id, to).await?;
        let from = sender.account();
        told.done(
            &format!("offered {id} to {to}: it is yours until {to} accepts it"),
            json!({ "id": id, "from": from, "to": to }),
            &sent,
        )
    }
}

/// A pointer that is offered.
#[derive(Args)]
pub(crate) struct Offered {
    /// The pointer's id.
    #[arg(long, value_name = "ID", value_parser = id)]
    id: B256,
    #[command(flatten)]
    by: By,
}

impl Offered {
    pub(crate) async fn withdraw(self) -> Result<()> {
        let Self { id, by } = self;
        let (registry, sender, told) = by.registry().await?;
        let (to, sent) = withdraw(&registry, &sender, id).await?;
        told.done(&format!("took {id} back from {to}"), json!({ "id": id, "offeredTo": to }), &sent)
    }

    pub(crate) async fn accept(self) -> Result<()> {
        let Self { id, by } = self;
        let (registry, sender, told) = by.registry().await?;
        let (from, sent) = accept(&registry, &sender, id).await?;
        let to = sender.account();
        told.done(&format!("took {id} over from {from}"), json!({ "id": id, "from": from, "to": to }), &sent)
    }
}
