//! `consilium registry sign` and `relay`.

use std::path::PathBuf;

use alloy::primitives::{Address, B256};
use clap::{Args, ValueEnum};
use consilium_bindings::DataPointerRegistry as abi;
use consilium_deploy::Sent;
use consilium_deploy::consent::Names;
use consilium_deploy::registry::{Act, Outcome, Signed, read_pointer, relay, relay_together};
use consilium_deploy::shown::line;
use consilium_deploy::signing::{account, address};
use eyre::{OptionExt, Result, ensure, eyre};
use serde_json::{Value, json};

use super::access::KeyToAskWith;
use crate::at::{By, id};
use crate::consent::Tables;
use crate::say::{answer, say};
use crate::signing::Signing;

/// What can be signed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// As the subject: let the pointer's custodian register it.
    Register,
    /// As the subject: erase a pointer.
    Erase,
    /// As the subject: refuse a pointer that was never registered.
    Refuse,
    /// As who asks: ask for the key of a record.
    Request,
}

#[derive(Args)]
pub(crate) struct Sign {
    /// What is signed.
    #[arg(value_name = "ACT", value_enum, required_unless_present = "unsigned")]
    act: Option<Kind>,
    #[command(flatten)]
    arguments: Arguments,
    #[command(flatten)]
    signing: Signing,
    #[command(flatten)]
    tables: Tables,
    /// Print what was signed as JSON.
    #[arg(long)]
    json: bool,
}

/// What an act has: each takes some of these.
#[derive(Args)]
struct Arguments {
    /// The pointer to register or to refuse: an object of JSON with its members, as `prove --json` prints it, or CSV.
    #[arg(long, value_name = "FILE", required_if_eq_any = [("act", "register"), ("act", "refuse")])]
    pointer: Option<PathBuf>,
    /// The id of the pointer to erase or to ask for.
    #[arg(long, value_name = "ID", value_parser = id, required_if_eq_any = [("act", "erase"), ("act", "request")])]
    id: Option<B256>,
    /// Who asks and signs: an address, or a passkey's public key.
    #[arg(long, value_name = "ACCOUNT", value_parser = account, required_if_eq("act", "request"))]
    actor: Option<Address>,
    /// What for: a code or a number.
    #[arg(long, value_name = "CODE", required_if_eq("act", "request"))]
    purpose: Option<String>,
    /// The organisation that the actor acts for.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    on_behalf_of: Option<Address>,
    #[command(flatten)]
    key: KeyToAskWith,
}

impl Sign {
    pub(crate) fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let Self { act, arguments, signing, json, .. } = self;
        signing.run(&names, || arguments.act(act.ok_or_eyre("say what is signed")?, &names), json)
    }
}

impl Arguments {
    fn act(self, kind: Kind, names: &Names) -> Result<Act> {
        self.ensure_belong(kind)?;
        let missing = "an option of the act is missing";
        Ok(match kind {
            Kind::Register => Act::Register(read_pointer(&self.pointer.ok_or_eyre(missing)?, names, None)?),
            Kind::Refuse => Act::Refuse(read_pointer(&self.pointer.ok_or_eyre(missing)?, names, None)?),
            Kind::Erase => Act::Erase(self.id.ok_or_eyre(missing)?),
            Kind::Request => {
                let purpose = self.purpose.ok_or_eyre(missing)?;
                let purpose = names.purpose(&purpose).map_err(|reason| eyre!(reason))?;
                let (id, actor) = (self.id.ok_or_eyre(missing)?, self.actor.ok_or_eyre(missing)?);
                let on_behalf_of = self.on_behalf_of.unwrap_or_default();
                let request = abi::Request { id, purpose, onBehalfOf: on_behalf_of, encryptionKey: self.key.public()? };
                Act::Request { actor, request }
            }
        })
    }

    /// What would be ignored is refused.
    fn ensure_belong(&self, kind: Kind) -> Result<()> {
        let has_pointer = matches!(kind, Kind::Register | Kind::Refuse);
        let asks = kind == Kind::Request;
        for (name, is_given, belongs) in [
            ("--pointer", self.pointer.is_some(), has_pointer),
            ("--id", self.id.is_some(), !has_pointer),
            ("--actor", self.actor.is_some(), asks),
            ("--purpose", self.purpose.is_some(), asks),
            ("--on-behalf-of", self.on_behalf_of.is_some(), asks),
            ("--encryption-key or --key-file", self.key.is_given(), asks),
        ] {
            ensure!(!is_given || belongs, "this act does not take {name}: leave it out");
        }
        Ok(())
    }
}

#[derive(Args)]
pub(crate) struct Relay {
    /// Files of signed acts.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Bring all of them in one transaction, which costs less: all are performed, or none.
    #[arg(long)]
    together: bool,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    tables: Tables,
}

impl Relay {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let acts = self.files.iter().map(|file| Signed::load(file)).collect::<Result<Vec<_>>>()?;
        let (registry, sender, told) = self.by.registry().await?;
        let outcomes = if self.together {
            relay_together(&registry, &sender, &acts).await?
        } else {
            relay(&registry, &sender, &acts).await?
        };
        let files: Vec<_> = self.files.iter().map(|file| file.display().to_string()).collect();
        let all = || files.iter().zip(&acts).zip(&outcomes).map(|((file, act), outcome)| (file, act, outcome));
        if told.0 {
            let list: Vec<_> = all().map(|(file, act, outcome)| as_json(file, act, outcome, &names)).collect();
            answer(&consilium_deploy::json::pretty(&list)?)?;
        } else {
            for (file, act, outcome) in all() {
                tell(&line(file), &act.act_in_words(&names), outcome);
            }
        }
        let not_done = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::NotDone { .. })).count();
        ensure!(not_done == 0, "{not_done} of {} acts were not performed: the lines above say why", acts.len());
        Ok(())
    }
}

fn tell(file: &str, act: &str, outcome: &Outcome) {
    match outcome {
        Outcome::Performed { sent: Sent { transaction, gas_used }, request } => {
            let request = request.as_ref().map_or_else(String::new, |request| {
                format!(": request {} to {}, due by {}", request.request, request.custodian, request.due())
            });
            say!("        done  {file}: {act}{request}");
            say!("              {gas_used} gas, transaction {transaction}");
        }
        Outcome::NotDone { reason } => say!("    NOT DONE  {file}: {act}: {reason}"),
    }
}

fn as_json(file: &str, act: &Signed, outcome: &Outcome, names: &Names) -> Value {
    let (sent, request, reason) = match outcome {
        Outcome::Performed { sent, request } => (Some(sent), request.as_ref(), None),
        Outcome::NotDone { reason } => (None, None, Some(reason)),
    };
    json!({
        "file": file,
        "says": act.act_in_words(names),
        "done": sent.is_some(),
        "reason": reason,
        "request": request.map(|request| request.request),
        "custodian": request.map(|request| request.custodian),
        "dueBy": request.map(|request| request.due().to_string()),
        "transaction": sent.map(|sent| sent.transaction),
        "gasUsed": sent.map(|sent| sent.gas_used),
    })
}
