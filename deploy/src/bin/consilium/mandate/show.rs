//! `consilium mandate show`.

use consilium_deploy::mandate::{Held, Mandates, Purse};
use consilium_deploy::revenue::{amount, token_in_words};
use eyre::{OptionExt, Result};
use serde_json::{Value, json};

use super::Show;
use crate::at::print;
use crate::say::say;

impl Show {
    pub(super) async fn run(self) -> Result<()> {
        let mandates = self.at.mandates().await?;
        let found = match self.holder {
            Some(holder) => {
                let held = mandates.held(holder).await?;
                vec![held.ok_or_eyre(format!("{holder} never had a mandate"))?]
            }
            None => all(&mandates).await?,
        };
        if self.json {
            let holders: Vec<_> = found.iter().map(in_json).collect();
            return print(&json!({ "contract": mandates.address(), "holders": holders }));
        }
        if found.is_empty() {
            say!("nobody has a mandate");
        }
        found.iter().for_each(tell);
        Ok(())
    }
}

async fn all(mandates: &Mandates) -> Result<Vec<Held>> {
    let mut all = Vec::new();
    for holder in mandates.holders().await? {
        all.extend(mandates.held(holder).await?);
    }
    Ok(all)
}

fn in_json(held: &Held) -> Value {
    let purse = |purse: &Purse| {
        json!({
            "token": purse.token,
            "limit": purse.limit.to_string(),
            "left": purse.left.to_string(),
            "period": purse.period,
            "refillsAt": purse.refills_at,
        })
    };
    json!({
        "holder": held.holder,
        "until": held.until,
        "running": held.running,
        "reportEvery": held.report_every,
        "due": held.due,
        "overdue": held.overdue,
        "missed": held.missed,
        "allowances": held.purses.iter().map(purse).collect::<Vec<_>>(),
    })
}

fn tell(held: &Held) {
    let Held { holder, until, running, .. } = held;
    say!("{holder}  {} {until}", if *running { "until" } else { "ended at" });
    for Purse { token, limit, left, period, refills_at } in &held.purses {
        let of = token_in_words(*token);
        say!("  {of}: {left} of {} left until {refills_at}; each period has {period} seconds", amount(*limit, *token));
    }
    match held.due {
        Some(due) if held.overdue => {
            say!("  its report was due by {due} and is overdue: it spends nothing until it reports")
        }
        Some(due) => say!("  its next report is due by {due}; then each {} seconds", held.report_every),
        None => say!("  it owes no report"),
    }
}
