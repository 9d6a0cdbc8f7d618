//! `consilium revenue claim`.

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::revenue::{Epoch, Message, Payout, Recipient, Splitter, amount, claim, claim_many, claim_signed};
use consilium_deploy::signing::{Assertion, address};
use consilium_deploy::{KeySource, Sender, Sent, shown};
use eyre::{Result, ensure, eyre};
use serde_json::{Value, json};

use super::loss;
use crate::at::{By, Told, later, print};
use crate::password::ask;
use crate::say::say;

/// How many claims go into one transaction.
const MANY: usize = 50;

/// What is too late.
const DEADLINE: &str = "the deadline";

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
    /// Where the splitter holds less of the token than it owes, take less for the sender, or for who signed, and give
    /// up the rest.
    #[arg(long)]
    at_a_loss: bool,
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
    /// Who alone may bring what is signed: only then it is taken at a loss. Anybody may if it is not said, or with
    /// --at-a-loss the account that sends.
    #[arg(long, value_name = "ADDRESS", value_parser = address, requires = "to")]
    relayer: Option<Address>,
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
            let paid = claim(&splitter, &sender, &epoch, self.number, payee, self.at_a_loss).await?;
            return tell(&told, &epoch, self.number, payee, payee, &paid);
        }
        let (mut all, json) = (Vec::new(), told.0);
        let many = Many { splitter, sender, epoch, number: self.number, at_a_loss: self.at_a_loss, in_lines: !json };
        let done = many.pay(&self.payees, &mut all).await;
        // Also where the node has fallen silent: what was paid before that was paid.
        if json {
            print(&json!({ "epoch": self.number, "payees": all }))?;
        }
        let skipped = done?;
        ensure!(skipped == 0, "{skipped} of {} payees were not paid: the lines above say why", self.payees.len());
        Ok(())
    }

    /// By the payee's signature.
    async fn pay_another(self, epoch: &Epoch, to: Address) -> Result<()> {
        let [payee] = self.payees[..] else { return Err(eyre!("one payee signs at a time: give one --payee")) };
        ensure!(
            self.signed.deadline.is_some() || !self.signed.challenge && self.signed.assertion.is_none(),
            "what a passkey signs has to be the same twice: give --deadline as seconds or a date"
        );
        let deadline = self.signed.deadline.as_deref().unwrap_or(A_DAY);
        let is_a_passkey = self.signed.challenge || self.signed.assertion.is_some();
        ensure!(
            !is_a_passkey || !deadline.starts_with('+'),
            "what a passkey signs has to be the same twice, and {deadline} is another time in each run: give \
             --deadline as seconds or a date"
        );
        ensure!(
            !is_a_passkey || !self.at_a_loss || self.signed.relayer.is_some(),
            "a passkey signs who may bring a claim at a loss: give --relayer, the same twice"
        );
        if self.signed.challenge {
            let splitter = self.by.at.splitter().await?;
            let deadline = later(&splitter, deadline, DEADLINE, A_DAY).await?.at;
            let recipient = Recipient { to, deadline, relayer: self.signed.relayer.unwrap_or_default() };
            let message = Message::new(&splitter, epoch, self.number, payee, recipient).await?;
            if self.by.json {
                return print(&json!({ "says": message.words(), "challenge": message.challenge() }));
            }
            say!("{}", message.words());
            say!("the challenge for the passkey, in base64url: {}", message.challenge());
            return Ok(());
        }
        let own = self.by.key.clone();
        let (splitter, sender, told) = self.by.splitter().await?;
        let deadline = later(&splitter, deadline, DEADLINE, A_DAY).await?.at;
        let sends = if self.at_a_loss { sender.account() } else { Address::ZERO };
        let recipient = Recipient { to, deadline, relayer: self.signed.relayer.unwrap_or(sends) };
        let message = Message::new(&splitter, epoch, self.number, payee, recipient).await?;
        let signature = match (&self.signed.assertion, &self.signed.payee_keystore) {
            (Some(file), _) => message.assert(&Assertion::load(file)?)?,
            (None, keystore) => {
                let source =
                    KeySource { keystore: keystore.clone(), password_file: self.signed.payee_password_file.clone() };
                let key = match keystore {
                    None => own.key(splitter.chain().id())?,
                    Some(_) if own.keystore.is_none() => source.key(splitter.chain().id(), ask_of_payee)?,
                    Some(_) => source.second(ask_of_payee)?,
                };
                message.sign(&key)?
            }
        };
        let paid = claim_signed(&splitter, &sender, epoch, &message, signature, self.at_a_loss).await?;
        tell(&told, epoch, self.number, payee, to, &paid)
    }
}

fn ask_of_payee() -> Result<String> {
    ask("the password of the payee's keystore", "--payee-password-file", "Password of the payee's keystore: ")
}

/// Several of an epoch, as many as fit in a transaction at a time.
struct Many {
    splitter: Splitter,
    sender: Sender,
    epoch: Epoch,
    number: u32,
    at_a_loss: bool,
    in_lines: bool,
}

impl Many {
    /// Pays them, and says how many were not paid. An object of each goes to `all` when it is done.
    async fn pay(&self, payees: &[Address], all: &mut Vec<Value>) -> Result<usize> {
        let Self { splitter, sender, epoch, number, at_a_loss, in_lines } = self;
        let mut skipped = 0;
        for some in payees.chunks(MANY) {
            let (outcomes, sent) = claim_many(splitter, sender, epoch, *number, some, *at_a_loss).await?;
            for (payee, outcome) in &outcomes {
                skipped += usize::from(outcome.is_err());
                all.push(object(payee, outcome, sent.as_ref()));
                if *in_lines {
                    say!("{}", shown::line(&line(payee, outcome, epoch.token())));
                }
            }
            if let (Some(sent), true) = (sent, *in_lines) {
                say!("{} gas, transaction {}", sent.gas_used, sent.transaction);
            }
        }
        Ok(skipped)
    }
}

/// Tells of one that was paid.
fn tell(told: &Told, epoch: &Epoch, number: u32, payee: Address, to: Address, payout: &Payout) -> Result<()> {
    let Payout { paid, lost, sent } = payout;
    let of = if payee == to { String::new() } else { format!(" of {payee}") };
    told.done(
        &format!("paid {}{of} in epoch {number} to {to}{}", amount(*paid, epoch.token()), loss(payout, epoch.token())),
        json!({ "epoch": number, "payee": payee, "to": to, "paid": paid.to_string(), "lost": lost.to_string() }),
        sent,
    )
}

fn line(payee: &Address, outcome: &Result<Payout, String>, token: Address) -> String {
    match outcome {
        Ok(payout) => format!("paid {} to {payee}{}", amount(payout.paid, token), loss(payout, token)),
        Err(reason) => format!("NOT PAID  {payee}: {reason}"),
    }
}

fn object(payee: &Address, outcome: &Result<Payout, String>, sent: Option<&Sent>) -> Value {
    let transaction = sent.map(|sent| sent.transaction);
    match outcome {
        Ok(Payout { paid, lost, .. }) => json!({
            "payee": payee,
            "paid": paid.to_string(),
            "lost": lost.to_string(),
            "transaction": transaction,
        }),
        Err(reason) => json!({ "payee": payee, "refused": reason, "transaction": transaction }),
    }
}
