//! `consilium mandate spend`, `report` and `overdue`.

use alloy::primitives::{B256, keccak256};
use consilium_deploy::mandate::{self, Acted, Call, Caller, Mandates};
use consilium_deploy::revenue::amount;
use consilium_deploy::{Sent, shown};
use eyre::{OptionExt, Result, WrapErr};
use serde_json::{Value, json};

use super::{Holder, Overdue, Report, Spend};
use crate::at::{By, Told, print};
use crate::say::{answer, say};

impl Spend {
    pub(super) async fn run(self) -> Result<()> {
        let Self { amount: wanted, to, token, holder, by } = self;
        let (mandates, token) = (by.at.mandates().await?, token.unwrap_or_default());
        let act = async |caller: Caller<'_>| mandate::spend(&mandates, caller, token, to, wanted).await;
        let (acted, told) = made(&mandates, &holder, by, act).await?;
        told_of(acted, &told, |payment| {
            let left = amount(payment.left, token);
            let line = format!("paid {} to {to}; {left} are left until {}", amount(wanted, token), payment.refills_at);
            let value = json!({
                "token": token,
                "to": to,
                "amount": wanted.to_string(),
                "left": payment.left.to_string(),
                "refillsAt": payment.refills_at,
            });
            (line, value)
        })
    }
}

impl Report {
    pub(super) async fn run(self) -> Result<()> {
        let hash = self.hash()?;
        let Self { locator, again, holder, by, .. } = self;
        let mandates = by.at.mandates().await?;
        let act = async |caller: Caller<'_>| mandate::report(&mandates, caller, hash, &locator, again).await;
        let (acted, told) = made(&mandates, &holder, by, act).await?;
        told_of(acted, &told, |report| {
            let line = match report.next_due {
                Some(next) if next == report.due => {
                    format!("reported {hash}; it moves no date: the next report is due by {next}")
                }
                Some(next) => format!("reported {hash}, due by {}; the next report is due by {next}", report.due),
                None => format!("reported {hash}; no other report is due until the mandate ends"),
            };
            (line, json!({ "hash": hash, "due": report.due, "nextDue": report.next_due }))
        })
    }

    fn hash(&self) -> Result<B256> {
        if let Some(hash) = self.hash {
            return Ok(hash);
        }
        let file = self.file.as_ref().ok_or_eyre("name a document, or give --hash")?;
        let bytes = std::fs::read(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
        Ok(keccak256(bytes))
    }
}

impl Overdue {
    pub(super) async fn run(self) -> Result<()> {
        let mandates = self.by.at.mandates().await?;
        let json = self.by.json;
        let (sender, _) = self.by.sender(mandates.chain())?;
        let holders = match self.holder {
            Some(holder) => vec![holder],
            None => mandates.holders().await?,
        };
        let mut logged = Vec::new();
        let tell = |mandate::Missed { holder, due, sent: Sent { transaction, gas_used } }| {
            if !json {
                say!("{holder} did not report by {due}: transaction {transaction}");
            }
            logged.push(json!({ "holder": holder, "due": due, "transaction": transaction, "gasUsed": gas_used }));
        };
        let done = mandate::overdue(&mandates, &sender, &holders, tell).await;
        // Also where there are more, or the node has fallen silent: what was logged before that is logged.
        if json {
            print(&json!({ "logged": logged }))?;
        } else if logged.is_empty() && done.is_ok() {
            say!("no report is overdue that is not logged yet");
        }
        done
    }
}

/// Acts as the Safe that is named, or by the key.
async fn made<T>(
    mandates: &Mandates,
    holder: &Holder,
    by: By,
    act: impl AsyncFnOnce(Caller<'_>) -> Result<Acted<T>>,
) -> Result<(Acted<T>, Told)> {
    if let Some(safe) = holder.safe {
        return Ok((act(Caller::Safe(safe)).await?, Told(by.json)));
    }
    let (sender, told) = by.sender(mandates.chain())?;
    Ok((act(Caller::Key(&sender)).await?, told))
}

fn told_of<T>(acted: Acted<T>, told: &Told, made: impl FnOnce(T) -> (String, Value)) -> Result<()> {
    match acted {
        Acted::Made(found, sent) => {
            let (line, value) = made(found);
            told.done(&line, value, &sent)
        }
        Acted::Propose(Call { safe, to, data }) if told.0 => {
            print(&json!({ "safe": safe, "to": to, "value": "0", "data": data }))
        }
        Acted::Propose(Call { safe, to, data }) => answer(&shown::lines(&format!(
            "nothing was sent: let the owners of the Safe sign it, by\nconsilium safe propose --safe {safe} --to {to} --data \
             {data} --out FILE"
        ))),
    }
}
