//! `consilium revenue fund`.

use alloy::primitives::{Address, U256};
use clap::Args;
use consilium_deploy::revenue::{amount, fund};
use consilium_deploy::signing::address;
use eyre::Result;
use serde_json::json;

use super::pay::approved;
use super::whole;
use crate::at::By;

#[derive(Args)]
pub(crate) struct Fund {
    /// How much, in wei or the token's smallest unit.
    #[arg(value_name = "AMOUNT", value_parser = whole)]
    amount: U256,
    /// Pay in this token; in ether if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    token: Option<Address>,
    /// Let the splitter take the amount of the token first, if it may not yet.
    #[arg(long, requires = "token")]
    approve: bool,
    #[command(flatten)]
    by: By,
}

impl Fund {
    pub(crate) async fn run(self) -> Result<()> {
        let token = self.token.unwrap_or_default();
        let (splitter, sender, told) = self.by.splitter().await?;
        let (received, approvals, sent) = fund(&splitter, &sender, token, self.amount, self.approve).await?;
        told.done(
            &format!("{}gave {} to the pool, which epochs pay out", approved(&approvals), amount(received, token)),
            json!({ "token": token, "received": received.to_string(), "approvals": approvals }),
            &sent,
        )
    }
}
