//! Who may execute what has waited long enough.

use alloy::primitives::Address;
use serde::Serialize;
use toml::Spanned;

use crate::config::Refusal;
use crate::config::rules::{account, refuse};

/// The most named executors. Each costs 50,000 gas at the founding.
const MOST_EXECUTORS: usize = 20;

/// Who may execute what has waited long enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Executors {
    /// Everybody: the role is granted to the zero address.
    Anyone,
    /// The governor, and these accounts. The governor is always one of them: a decision about the governor itself
    /// can be executed through the governor only, so a DAO without it could never change its own settings.
    Governor(Vec<Address>),
}

pub(super) fn check(file: &Spanned<Vec<Spanned<String>>>) -> Result<Executors, Refusal> {
    let open = |text: &Spanned<String>| text.get_ref() == "anyone" || text.get_ref().parse() == Ok(Address::ZERO);
    if let Some(anyone) = file.get_ref().iter().find(|text| open(text)) {
        if file.get_ref().len() > 1 {
            return refuse(anyone, "where anyone executes, no other executor can be named");
        }
        return Ok(Executors::Anyone);
    }
    if file.get_ref().len() > MOST_EXECUTORS {
        return refuse(file, format!("there are more than {MOST_EXECUTORS} executors: name a Safe, or \"anyone\""));
    }
    let mut accounts = Vec::with_capacity(file.get_ref().len());
    for text in file.get_ref() {
        let executor = account(text, "an executor")?;
        if accounts.contains(&executor) {
            return refuse(text, format!("{executor} is listed twice"));
        }
        accounts.push(executor);
    }
    Ok(Executors::Governor(accounts))
}
