//! `consilium revenue claim`.

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::KeySource;
use consilium_deploy::revenue::{Epoch, Message, Splitter, amount, claim, claim_many, claim_signed};
use consilium_deploy::signing::{Assertion, address};
use consilium_deploy::{Sender, shown};
use eyre::{Result, ensure, eyre};
use serde_json::json;

use super::later;
use crate::ask_password;
use crate::at::{By, Told, print};
use crate::say::say;

/// How many claims go into one transaction.
const MANY: usize = 50;

/// For how long a signature is good.
const A_DAY: &str = "+1d";

#[derive(Args)]
pub(crate) struct Claim {
    /// The folder that `epoch build` wrote.
    #[arg(value_name = "FOLDER")]
    epoch: PathBuf,
    /// The number of the epoch, as `epoch publish` printed it.
    #[arg(long, value_name = "NUMBER")]
    number: u32,
    /// Whose part; several with commas.
    #[arg(long = "payee", value_name = "ADDRESS", value_parser = address, value_delimiter = ',', required = true)]
    payees: Vec<Address>,
    /// Pay it to this account, which the payee signs.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    to: Option<Address>,
    #[command(flatten)]
    signed: Signed,
    #[command(flatten)]
    by: By,
}

/// Who signs that it goes to another account. Without any of it, the key that sends is the payee's.
#[derive(Args)]
struct Signed {
    /// The payee's keystore; another key sends.
    #[arg(long, value_name = "FILE", requires = "to", conflicts_with_all = ["challenge", "assertion"])]
    payee_keystore: Option<PathBuf>,
    /// A file with that keystore's password.
    #[arg(long, value_name = "FILE", requires = "payee_keystore")]
    payee_password_file: Option<PathBuf>,
    /// Send nothing, and print the challenge for the payee's passkey.
    #[arg(long, requires = "to", conflicts_with = "assertion")]
    challenge: bool,
    /// What the passkey signed: a file with authenticatorData, clientDataJSON, signature and publicKey.
    #[arg(long, value_name = "FILE", requires = "to")]
    assertion: Option<PathBuf>,
    /// Until when the signature is good, the same for the challenge and what is signed: 2027-06-30, +7d, or seconds
    /// since 1970; a day from now if it is not said.
    #[arg(long, value_name = "TIME", requires = "to")]
    deadline: Option<String>,
}

impl Claim {
    pub(crate) async fn run(mut self) -> Result<()> {
        let epoch = Epoch::open(&self.epoch)?;
        self.payees.sort_unstable();
        self.payees.dedup();
        if let Some(to) = self.to {
            return self.pay_another(&epoch, to).await;
        }
        let (splitter, sender, told) = self.by.splitter().await?;
        if let [payee] = self.payees[..] {
            let (paid, sent) = claim(&splitter, &sender, &epoch, self.number, payee).await?;
            return told.done(
                &format!("paid {} of epoch {} to {payee}", amount(paid, epoch.token()), self.number),
                json!({ "epoch": self.number, "payee": payee, "to": payee, "paid": paid.to_string() }),
                &sent,
            );
        }
        many(&splitter, &sender, &told, &epoch, self.number, &self.payees).await
    }

    /// By the payee's signature.
    async fn pay_another(self, epoch: &Epoch, to: Address) -> Result<()> {
        let [payee] = self.payees[..] else { return Err(eyre!("one payee signs at a time: give one --payee")) };
        ensure!(
            self.signed.deadline.is_some() || !self.signed.challenge && self.signed.assertion.is_none(),
            "what a passkey signs has to be the same twice: give --deadline as seconds or a date"
        );
        let deadline = self.signed.deadline.as_deref().unwrap_or(A_DAY);
        if self.signed.challenge {
            let splitter = self.by.at.splitter().await?;
            let deadline = later(&splitter, deadline, A_DAY).await?;
            let message = Message::new(&splitter, epoch, self.number, payee, to, deadline).await?;
            if self.by.json {
                return print(&json!({ "says": message.words(), "challenge": message.challenge() }));
            }
            say!("{}", message.words());
            say!("the challenge for the passkey, in base64url: {}", message.challenge());
            return Ok(());
        }
        let own = self.by.key.clone();
        let (splitter, sender, told) = self.by.splitter().await?;
        let deadline = later(&splitter, deadline, A_DAY).await?;
        let message = Message::new(&splitter, epoch, self.number, payee, to, deadline).await?;
        let signature = match (&self.signed.assertion, &self.signed.payee_keystore) {
            (Some(file), _) => message.assert(&Assertion::load(file)?)?,
            (None, keystore) => {
                let key = match keystore {
                    None => own.key(splitter.chain().id())?,
                    Some(_) => {
                        KeySource { keystore: keystore.clone(), password_file: self.signed.payee_password_file.clone() }
                            .key(splitter.chain().id(), ask_password)?
                    }
                };
                message.sign(&key)?
            }
        };
        let (paid, sent) = claim_signed(&splitter, &sender, epoch, &message, signature).await?;
        told.done(
            &format!("paid {} of {payee} in epoch {} to {to}", amount(paid, epoch.token()), self.number),
            json!({ "epoch": self.number, "payee": payee, "to": to, "paid": paid.to_string() }),
            &sent,
        )
    }
}

/// Several, as many as fit in a transaction at a time.
async fn many(
    splitter: &Splitter,
    sender: &Sender,
    told: &Told,
    epoch: &Epoch,
    number: u32,
    payees: &[Address],
) -> Result<()> {
    let (mut all, mut skipped) = (Vec::new(), 0);
    for some in payees.chunks(MANY) {
        let (outcomes, sent) = claim_many(splitter, sender, epoch, number, some).await?;
        for (payee, outcome) in &outcomes {
            let line = match outcome {
                Ok(paid) => format!("paid {} to {payee}", amount(*paid, epoch.token())),
                Err(reason) => format!("NOT PAID  {payee}: {reason}"),
            };
            skipped += usize::from(outcome.is_err());
            all.push(match outcome {
                Ok(paid) => json!({ "payee": payee, "paid": paid.to_string(), "transaction": sent.transaction }),
                Err(reason) => json!({ "payee": payee, "refused": reason, "transaction": sent.transaction }),
            });
            if !told.0 {
                say!("{}", shown::line(&line));
            }
        }
        if !told.0 {
            say!("{} gas, transaction {}", sent.gas_used, sent.transaction);
        }
    }
    if told.0 {
        print(&json!({ "epoch": number, "payees": all }))?;
    }
    ensure!(skipped == 0, "{skipped} of {} payees were not paid: the lines above say why", payees.len());
    Ok(())
}
