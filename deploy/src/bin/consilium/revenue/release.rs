//! `consilium revenue release`.

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::revenue::{Outcome, Payout, Released, amount, payees, release};
use consilium_deploy::shown;
use consilium_deploy::signing::address;
use eyre::{Result, ensure};
use serde_json::{Value, json};

use super::loss;
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
    /// Where the splitter holds less of the token than it owes, pay the sender less, and let it give up the rest.
    #[arg(long, requires = "token")]
    at_a_loss: bool,
    #[command(flatten)]
    by: By,
}

impl Release {
    pub(crate) async fn run(self) -> Result<()> {
        let (token, is_json) = (self.token.unwrap_or_default(), self.by.json);
        let (splitter, sender, _) = self.by.splitter().await?;
        let payees = if self.all { payees(&splitter).await? } else { self.payees };
        let mut all = Vec::with_capacity(payees.len());
        let tell = |released: Released| {
            if !is_json {
                say!("{}", shown::line(&words(&released, token)));
            }
            all.push(released);
        };
        let done = release(&splitter, &sender, token, &payees, self.at_a_loss, tell).await;
        // Also where the node has fallen silent: what was paid before that was paid.
        if is_json {
            print(&json!({ "token": token, "payees": all.iter().map(object).collect::<Vec<_>>() }))?;
        }
        done?;
        // Whoever is named and due nothing was not paid as asked; of all, that is no failure.
        let refused = all.iter().filter(|one| match one.outcome {
            Outcome::Refused(_) => true,
            Outcome::NothingDue => !self.all,
            Outcome::Paid(_) => false,
        });
        let count = refused.count();
        ensure!(count == 0, "{count} of {} payees were not paid: the lines above say why", all.len());
        Ok(())
    }
}

fn words(Released { payee, outcome }: &Released, token: Address) -> String {
    match outcome {
        Outcome::Paid(payout) => {
            let Payout { paid, sent, .. } = payout;
            let (paid, lost) = (amount(*paid, token), loss(payout, token));
            format!("paid {paid} to {payee}{lost}: {} gas, transaction {}", sent.gas_used, sent.transaction)
        }
        Outcome::NothingDue => format!("{payee} is due nothing"),
        Outcome::Refused(reason) => format!("NOT PAID  {payee}: {reason}"),
    }
}

fn object(Released { payee, outcome }: &Released) -> Value {
    match outcome {
        Outcome::Paid(Payout { paid, lost, sent }) => json!({
            "payee": payee,
            "paid": paid.to_string(),
            "lost": lost.to_string(),
            "transaction": sent.transaction,
            "gasUsed": sent.gas_used,
        }),
        Outcome::NothingDue => json!({ "payee": payee, "paid": "0", "lost": "0" }),
        Outcome::Refused(reason) => json!({ "payee": payee, "refused": reason }),
    }
}
