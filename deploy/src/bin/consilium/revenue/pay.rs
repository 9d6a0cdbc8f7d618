//! `consilium revenue pay`.

use alloy::primitives::{Address, B256, U256};
use clap::Args;
use consilium_deploy::revenue::{Payment, amount, pay};
use consilium_deploy::signing::address;
use eyre::{Result, eyre};
use serde_json::json;

use super::whole;
use crate::at::{By, id};
use crate::consent::Tables;

#[derive(Args)]
pub(crate) struct Pay {
    /// How much, in wei or the token's smallest unit.
    #[arg(value_name = "AMOUNT", value_parser = whole)]
    amount: U256,
    /// Pay in this token; in ether if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    token: Option<Address>,
    /// Let the splitter take the amount of the token first, if it may not yet.
    #[arg(long, requires = "token")]
    approve: bool,
    /// The class of the data that earned it: a code or a number. With a pointer the registry says it.
    #[arg(long, value_name = "CODE", conflicts_with = "pointer", required_unless_present = "pointer")]
    class: Option<String>,
    /// The number or the hash of the licence.
    #[arg(long, value_name = "ID", value_parser = id)]
    licence: Option<B256>,
    /// The registry's id of the request.
    #[arg(long, value_name = "ID", value_parser = id)]
    request: Option<B256>,
    /// The pointer of the request, so that the splitter asks the registry for both.
    #[arg(long, value_name = "ID", value_parser = id, requires = "request")]
    pointer: Option<B256>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    tables: Tables,
}

/// Which of the transactions that were sent are approvals, in lines of their own.
pub(super) fn approved(transactions: &[B256]) -> String {
    transactions.iter().map(|hash| format!("approved the token in transaction {hash}\n")).collect()
}

impl Pay {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let class = self.class.as_deref().map(|code| names.class(code).map_err(|reason| eyre!(reason))).transpose()?;
        let payment = Payment {
            token: self.token.unwrap_or_default(),
            amount: self.amount,
            class: class.unwrap_or_default(),
            licence: self.licence.unwrap_or_default(),
            request: self.request.unwrap_or_default(),
            pointer: self.pointer,
        };
        let (splitter, sender, told) = self.by.splitter().await?;
        let paid = pay(&splitter, &sender, &payment, self.approve).await?;
        let (received, table) = (amount(paid.received, payment.token), paid.table);
        let class = names.class_in_words(paid.class);
        told.done(
            &format!("{}paid {received} for {class}, which table {table} splits", approved(&paid.approvals)),
            json!({
                "token": payment.token,
                "received": paid.received.to_string(),
                "table": table,
                "class": paid.class,
                "licence": payment.licence,
                "request": payment.request,
                "approvals": paid.approvals,
            }),
            &paid.sent,
        )
    }
}
