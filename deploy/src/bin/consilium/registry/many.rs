//! `consilium registry request-many`.

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::Args;
use consilium_bindings::DataPointerRegistry as abi;
use consilium_deploy::registry::{Listed, Registry, Request, Unless, read_requests, request_many};
use consilium_deploy::signing::address;
use consilium_deploy::{Sender, Sent, shown};
use eyre::{Result, WrapErr, bail, ensure, eyre};
use serde_json::{Value, json};

use super::access::KeyToAskWith;
use crate::at::{By, print, tell_bad};
use crate::consent::Tables;
use crate::say::say;

/// How many requests go into one transaction.
const MANY: usize = 50;

#[derive(Args)]
pub(crate) struct Ask {
    /// The requests: CSV with a line of names, or JSON Lines, of `id` and, where it is not the same for all, `purpose`,
    /// `onBehalfOf` and `encryptionKey`; `-` is standard input.
    #[arg(value_name = "FILE")]
    list: PathBuf,
    /// What for, where the list does not say it: a code or a number.
    #[arg(long, value_name = "CODE")]
    purpose: Option<String>,
    /// The organisation that you act for, where the list does not say it.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    on_behalf_of: Option<Address>,
    #[command(flatten)]
    key: KeyToAskWith,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    tables: Tables,
}

impl Ask {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let purpose = self.purpose.as_deref().map(|code| names.purpose(code).map_err(|reason| eyre!(reason)));
        let unless = Unless {
            purpose: purpose.transpose()?,
            on_behalf_of: self.on_behalf_of.unwrap_or_default(),
            encryption_key: if self.key.is_given() { Some(self.key.public()?) } else { None },
        };
        let is_json = self.by.json;
        let requests = match read_requests(&self.list, &names, &unless)? {
            Listed::Requests(requests) => requests,
            Listed::Refused(bad) => {
                tell_bad(&bad, is_json, |line| format!("{}:{line}", self.list.display()))?;
                let (count, rows) = (bad.count, bad.rows);
                bail!("{count} of {rows} rows cannot be asked: the lines above say why. Nothing was sent")
            }
        };
        ensure!(!requests.is_empty(), "{} has no request: write a row for each", self.list.display());
        let (registry, sender, _) = self.by.registry().await?;
        let mut all = Vec::with_capacity(requests.len());
        let done = in_lots(&registry, &sender, &requests, &mut all, !is_json).await;
        // Also where the node has fallen silent: what was asked before that was asked.
        if is_json {
            print(&json!({ "requests": all }))?;
        }
        let (told, rows) = (all.len(), requests.len());
        let again = "take those that were asked for out of the list, or a second run asks for them again";
        let refused = match done {
            Err(error) if told > 0 => {
                return Err(error).wrap_err(format!("the lines above tell of {told} of {rows} records: {again}"));
            }
            done => done?,
        };
        let again = if refused < rows { format!("; {again}") } else { String::new() };
        ensure!(refused == 0, "{refused} of {rows} records were not asked for: the lines above say why{again}");
        Ok(())
    }
}

/// Asks for as many as fit in a transaction at a time, and says how many were refused. An object of each goes to `all`.
async fn in_lots(
    registry: &Registry,
    sender: &Sender,
    requests: &[abi::Request],
    all: &mut Vec<Value>,
    in_lines: bool,
) -> Result<usize> {
    let mut refused = 0;
    for some in requests.chunks(MANY) {
        let (outcomes, sent) = request_many(registry, sender, some).await?;
        for (asked, outcome) in some.iter().zip(&outcomes) {
            refused += usize::from(outcome.is_err());
            all.push(object(asked, outcome, sent.as_ref()));
            if in_lines {
                say!("{}", shown::line(&line(asked, outcome)));
            }
        }
        if let (Some(sent), true) = (sent, in_lines) {
            say!("{} gas, transaction {}", sent.gas_used, sent.transaction);
        }
    }
    Ok(refused)
}

fn line(asked: &abi::Request, outcome: &Result<Request, String>) -> String {
    match outcome {
        Ok(found) => format!(
            "asked {} for the key of {}: request {}, due by {}",
            found.custodian,
            found.id,
            found.request,
            found.due()
        ),
        Err(reason) => format!("NOT ASKED  {}: {reason}", asked.id),
    }
}

fn object(asked: &abi::Request, outcome: &Result<Request, String>, sent: Option<&Sent>) -> Value {
    match outcome {
        Ok(found) => json!({
            "id": found.id,
            "request": found.request,
            "custodian": found.custodian,
            "encryptionKey": found.encryption_key,
            "dueBy": found.due().to_string(),
            "transaction": sent.map(|sent| sent.transaction),
        }),
        Err(reason) => json!({ "id": asked.id, "refused": reason }),
    }
}
