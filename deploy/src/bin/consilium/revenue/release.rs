//! `consilium revenue release`.

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::revenue::{Outcome, Released, amount, payees, release};
use consilium_deploy::shown;
use consilium_deploy::signing::address;
use eyre::{Result, ensure};
use serde_json::{Value, json};

use crate::at::{By, print};
use crate::say::say;

#[derive(Args)]
pub(crate) struct Release {
    /// Whom to pay; several with commas.
    #[arg(
        long = "payee",
        value_name = "ADDRESS",
        value_parser = address,
        value_delimiter = ',',
        required_unless_present = "all"
    )]
    payees: Vec<Address>,
    /// Pay all payees of all tables that are due something.
    #[arg(long, conflicts_with = "payees")]
    all: bool,
    /// Pay in this token; in ether if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    token: Option<Address>,
    #[command(flatten)]
    by: By,
}

impl Release {
    pub(crate) async fn run(self) -> Result<()> {
        let (token, is_json) = (self.token.unwrap_or_default(), self.by.json);
        let (splitter, sender, _) = self.by.splitter().await?;
        let payees = if self.all { payees(&splitter).await? } else { self.payees };
        let tell = |released: &Released| {
            if !is_json {
                say!("{}", shown::line(&words(released, token)));
            }
        };
        let all = release(&splitter, &sender, token, &payees, tell).await?;
        if is_json {
            print(&json!({ "token": token, "payees": all.iter().map(object).collect::<Vec<_>>() }))?;
        }
        // Whoever is named and due nothing was not paid as asked; of all, that is no failure.
        let refused = all.iter().filter(|one| match one.outcome {
            Outcome::Refused(_) => true,
            Outcome::NothingDue => !self.all,
            Outcome::Paid(..) => false,
        });
        let count = refused.count();
        ensure!(count == 0, "{count} of {} payees were not paid: the lines above say why", all.len());
        Ok(())
    }
}

fn words(Released { payee, outcome }: &Released, token: Address) -> String {
    match outcome {
        Outcome::Paid(paid, sent) => {
            format!("paid {} to {payee}: {} gas, transaction {}", amount(*paid, token), sent.gas_used, sent.transaction)
        }
        Outcome::NothingDue => format!("{payee} is due nothing"),
        Outcome::Refused(reason) => format!("NOT PAID  {payee}: {reason}"),
    }
}

fn object(Released { payee, outcome }: &Released) -> Value {
    match outcome {
        Outcome::Paid(amount, sent) => json!({
            "payee": payee,
            "paid": amount.to_string(),
            "transaction": sent.transaction,
            "gasUsed": sent.gas_used,
        }),
        Outcome::NothingDue => json!({ "payee": payee, "paid": "0" }),
        Outcome::Refused(reason) => json!({ "payee": payee, "refused": reason }),
    }
}
