//! The section of the file: where Safe's own contracts stand, and the Safes.

use alloy::primitives::{Address, B256, address, keccak256};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::config::rules::{account, named, refuse};
use crate::config::{Refusal, SafeName};

/// Where Safe's SafeProxyFactory 1.4.1 stands on public chains.
pub const CANONICAL_PROXY_FACTORY: Address = address!("0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67");

/// Where Safe's CompatibilityFallbackHandler 1.4.1 stands on public chains.
pub const CANONICAL_FALLBACK_HANDLER: Address = address!("0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99");

/// The most Safes. Each is a transaction.
const MOST_SAFES: usize = 10;

/// The most owners. Each costs 25,000 gas when the Safe is created.
const MOST_OWNERS: usize = 50;

/// What a Safe's lists begin and end with.
const SENTINEL: Address = Address::with_last_byte(1);

/// The settings of the Safes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Safe's SafeProxyFactory 1.4.1, which creates them.
    pub proxy_factory: Address,
    /// Who answers functions that a Safe does not have: Safe's CompatibilityFallbackHandler 1.4.1.
    pub fallback_handler: Address,
    /// The Safes.
    pub safes: Vec<Wallet>,
}

/// A Safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wallet {
    /// What the settings call it.
    pub name: SafeName,
    /// Its owners, in the order of the file.
    pub owners: Vec<Address>,
    /// How many of them have to sign.
    pub threshold: usize,
    /// Keccak-256 of the salt's text.
    pub salt: B256,
    /// Where it stands or will stand; none until [`resolved`](crate::Config::resolved) has worked it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    proxy_factory: Option<Spanned<String>>,
    fallback_handler: Option<Spanned<String>>,
    safes: Spanned<Vec<FileSafe>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSafe {
    name: Spanned<String>,
    owners: Spanned<Vec<Spanned<String>>>,
    threshold: Spanned<u64>,
    salt: Option<Spanned<String>>,
}

impl Wallet {
    /// Whether an account is one of its owners.
    pub fn is_owner(&self, account: Address) -> bool {
        self.owners.contains(&account)
    }
}

impl Settings {
    /// The names of the Safes.
    pub(crate) fn names(&self) -> impl Iterator<Item = SafeName> + '_ {
        self.safes.iter().map(|safe| safe.name)
    }

    /// What may surprise.
    pub(super) fn notes(&self) -> Vec<String> {
        let alone = |safe: &&Wallet| safe.threshold == 1 && safe.owners.len() > 1;
        let note = |safe: &Wallet| {
            format!("each owner of the Safe \"{}\" acts alone: raise its threshold if this is not meant", safe.name)
        };
        let mut notes: Vec<String> = self.safes.iter().filter(alone).map(note).collect();
        let all = self.safes.iter().filter(|safe| safe.threshold == safe.owners.len() && safe.threshold > 1);
        notes.extend(all.map(|safe| {
            format!("all owners of the Safe \"{}\" have to sign: if one key is lost, it can do nothing", safe.name)
        }));
        notes
    }
}

pub(super) fn check(file: &File) -> Result<Settings, Refusal> {
    let contract = |text: &Option<Spanned<String>>, what: &str, canonical| {
        text.as_ref().map_or(Ok(canonical), |text| account(text, what))
    };
    let list = file.safes.get_ref();
    if list.is_empty() || list.len() > MOST_SAFES {
        return refuse(&file.safes, format!("[safe] has 1 to {MOST_SAFES} Safes, and this are {}", list.len()));
    }
    let mut safes: Vec<Wallet> = Vec::with_capacity(list.len());
    for found in list {
        let safe = wallet(found)?;
        if safes.iter().any(|other| other.name == safe.name) {
            return refuse(&found.name, format!("two Safes are named \"{}\": rename one", safe.name));
        }
        let same =
            |other: &&Wallet| (&other.owners, other.threshold, other.salt) == (&safe.owners, safe.threshold, safe.salt);
        if let Some(other) = safes.iter().find(same) {
            let reason = format!("the Safes \"{}\" and \"{}\" are one: give one another `salt`", other.name, safe.name);
            return refuse(&found.name, reason);
        }
        safes.push(safe);
    }
    Ok(Settings {
        proxy_factory: contract(&file.proxy_factory, "the proxy factory", CANONICAL_PROXY_FACTORY)?,
        fallback_handler: contract(&file.fallback_handler, "the fallback handler", CANONICAL_FALLBACK_HANDLER)?,
        safes,
    })
}

/// The rules are the contract's, which would refuse with `GS201` to `GS204`.
fn wallet(file: &FileSafe) -> Result<Wallet, Refusal> {
    let name = SafeName::read(&file.name)?;
    let mut owners: Vec<Address> = Vec::new();
    if file.owners.get_ref().len() > MOST_OWNERS {
        return refuse(&file.owners, format!("the Safe \"{name}\" has more than {MOST_OWNERS} owners"));
    }
    for text in file.owners.get_ref() {
        let owner = account(text, &format!("an owner of the Safe \"{name}\""))?;
        if owner == SENTINEL {
            return refuse(text, format!("{owner} is the beginning of a Safe's list of owners, and no owner"));
        }
        if owners.contains(&owner) {
            return refuse(text, format!("{owner} is listed twice"));
        }
        owners.push(owner);
    }
    let threshold = usize::try_from(*file.threshold.get_ref()).unwrap_or(usize::MAX);
    if threshold == 0 || threshold > owners.len() {
        return refuse(
            &file.threshold,
            format!("the threshold of the Safe \"{name}\" is not between 1 and its {} owners", owners.len()),
        );
    }
    let salt = file.salt.as_ref().map_or_else(|| Ok(name.to_string()), |salt| named(salt, "the salt of a Safe"))?;
    Ok(Wallet { name, owners, threshold, salt: keccak256(salt), address: None })
}
