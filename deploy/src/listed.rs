//! The contracts of a DAO with their addresses, as people read them at the end of a deployment and above a table.

use std::collections::BTreeMap;
use std::fmt::Write;

use alloy::primitives::Address;

use crate::config::Config;
use crate::record::Deployment;

/// What a Safe's code is told as. It has no owners, so nobody moves what it has.
const SINGLETON: &str = "singleton of the Safes: send nothing to it";

/// The least width of the names.
const WIDTH: usize = 16;

/// A contract with its address.
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) address: Address,
    /// Whether it is the code of Safes, and no Safe.
    pub(crate) is_singleton: bool,
}

/// A line for each contract, each Safe and the vault.
pub(crate) fn listed(
    contracts: impl Iterator<Item = Listed>,
    safes: &BTreeMap<String, Address>,
    vault: Option<Address>,
) -> String {
    let mut rows: Vec<_> = contracts.map(|found| (found.name, found.address, found.is_singleton)).collect();
    rows.extend(safes.iter().map(|(name, address)| (format!("Safe \"{name}\""), *address, false)));
    rows.extend(vault.map(|address| ("vault".to_owned(), address, false)));
    let width = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or_default().max(WIDTH);
    rows.iter().fold(String::new(), |mut text, (name, address, is_singleton)| {
        let note = if *is_singleton { format!("  ({SINGLETON})") } else { String::new() };
        // Nothing fails that writes to a string.
        let _ = writeln!(text, "{name:>width$}  {address}{note}");
        text
    })
}

impl Deployment {
    /// The contracts, the Safes and the vault of a deployment, a line each, for people.
    pub fn listed(&self, config: &Config) -> String {
        let parts = config.parts().filter_map(|part| {
            let address = self.address(part.name()).ok()?;
            Some(Listed { name: part.name().to_string(), address, is_singleton: part.is_singleton() })
        });
        listed(parts, &self.safes, self.vault)
    }
}
