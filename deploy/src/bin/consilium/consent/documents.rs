//! `consilium consent import` and `export`.

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::Args;
use consilium_deploy::consent::{self, Draft, document};
use consilium_deploy::shown;
use consilium_deploy::signing::address;
use eyre::{Result, bail};
use fhir::{Addresses, Context, Imported, audit_bundle};

use super::reading::Whose;
use super::{Tables, Version};
use crate::exit::No;
use crate::say::{answer, complain};
use crate::signing::now;

#[derive(Args)]
pub(crate) struct Import {
    /// A FHIR Consent in JSON; with --back, acts as --json prints them.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The id of the chain, whose accounts are eip155:ID:ADDRESS in documents.
    #[arg(long, value_name = "ID")]
    chain: u64,
    /// The patient's account.
    #[arg(long, value_name = "ADDRESS", value_parser = address, required_unless_present = "back")]
    grantor: Option<Address>,
    /// The account of a reference, or of an identifier as SYSTEM|VALUE, of the document; may be repeated.
    #[arg(long = "account", value_name = "REFERENCE=ADDRESS", value_parser = referenced)]
    accounts: Vec<(String, Address)>,
    /// For whom a rule is that names nobody, which FHIR means for everybody: a role's address; may be repeated.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    everybody: Vec<Address>,
    /// The document's version of FHIR; by its elements if it is not said.
    #[arg(long, value_name = "VERSION")]
    fhir: Option<Version>,
    /// The other way: print the FHIR Consent, of this version, that acts make.
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["grantor", "accounts", "everybody", "fhir", "json"])]
    back: Option<Version>,
    #[command(flatten)]
    tables: Tables,
    /// Print the acts as JSON, which `sign --acts` takes.
    #[arg(long)]
    json: bool,
}

impl Import {
    pub(crate) fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        if let Some(version) = self.back {
            let document = consent::consent(Draft::load_all(&self.file)?, &names, version.into(), self.chain)?;
            return answer(&serde_json::to_string_pretty(&document)?);
        }
        let mut addresses = Addresses::of_chain(self.chain);
        for (reference, account) in &self.accounts {
            addresses.insert(reference.as_str(), *account);
        }
        let context = Context {
            vocabulary: names.vocabulary(),
            version: self.fhir.map(Into::into),
            unnamed: &self.everybody,
            now: now(),
            ..Context::new(self.grantor.unwrap_or_default(), &addresses)
        };
        let found = fhir::import(&document(&self.file)?, &context).or_else(|refused| {
            for refusal in &refused.refusals {
                complain!("{}", shown::line(&refusal.to_string()));
            }
            bail!(
                "{} cannot be translated exactly, for {} of its elements: the lines above say what to do with each",
                self.file.display(),
                refused.refusals.len()
            )
        })?;
        let grants = consent::grants(&found.provisions, &names, context.now)?;
        if self.json {
            let acts: Vec<_> = grants.iter().map(|grant| &grant.json).collect();
            return answer(&consilium_deploy::json::pretty(&acts)?);
        }
        let acts = (1..).zip(&grants).map(|(number, grant)| format!("{number}. {}", grant.words(&names)));
        let lines: Vec<_> = acts.chain(notes(&found)).map(|line| shown::line(&line)).collect();
        answer(&lines.join("\n"))
    }
}

/// What to know besides the provisions.
fn notes(found: &Imported) -> Vec<String> {
    let shown = &found.shown;
    let mut lines = vec![format!("the document is about {}", shown.patient)];
    lines.extend(shown.date.iter().map(|date| format!("it is of {date}")));
    for (what, texts) in [
        ("given by", &shown.grantors),
        ("under the policy", &shown.policies),
        ("of the kind", &shown.categories),
        ("verified by", &shown.verifications),
    ] {
        lines.extend(texts.iter().map(|text| format!("{what} {text}")));
    }
    lines.extend(found.cautions.iter().map(|caution| format!("caution: {}: {}", caution.path, caution.text)));
    lines.extend(found.kept.iter().map(|kept| format!("stays in the document only: {}: {}", kept.path, kept.why)));
    lines
}

#[derive(Args)]
pub(crate) struct Export {
    #[command(flatten)]
    log: Whose,
    /// The version of FHIR.
    #[arg(long, value_name = "VERSION")]
    fhir: Version,
    #[command(flatten)]
    tables: Tables,
}

impl Export {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let (chain, contract) = self.log.at.consent().await?;
        let log = self.log.read(&chain, contract).await?;
        // Half a log would look like a whole one.
        log.verify().ensure().map_err(No::of)?;
        log.agree(&chain, contract, &names).await?;
        let addresses = Addresses::of_chain(chain.id());
        let place = fhir::Log { contract, addresses: &addresses, vocabulary: names.vocabulary() };
        answer(&serde_json::to_string_pretty(&audit_bundle(&log.entries, self.fhir.into(), &place))?)
    }
}

/// A reference of a document, and its account. A reference may have an equals sign.
fn referenced(text: &str) -> Result<(String, Address), String> {
    let (reference, written) = text.rsplit_once('=').ok_or("write it as Organization/f203=0x…")?;
    Ok((reference.to_owned(), address(written)?))
}
