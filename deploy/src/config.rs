//! What a DAO shall be: the settings of a deployment, read from a TOML file and checked.
//!
//! A [`Config`] exists only if every rule holds, so nothing that takes one has to check again. The text of a file
//! becomes one in two steps: `file` gives it its shape (sections, keys and types), `checks` and the parts give it its
//! sense. Either refuses with a [`ConfigError`], which names file, line and reason.

mod amount;
mod checks;
mod error;
mod file;
pub mod members;
pub mod moment;
pub mod rules;
mod safe_name;
mod sections;
mod source;
mod words;

use std::path::Path;

use alloy::primitives::{Address, B256, U256};
use serde::Serialize;

use crate::files;
use crate::part::{self, Part};
use crate::parts;
use crate::vault;
use members::Member;
use moment::Moment;
use source::Source;

pub use error::{ConfigError, Refusal};
pub use file::Section;
pub use nitro::CREATE2_FACTORY;
pub use safe_name::SafeName;
pub use sections::{Sections, Settings};

/// The office that the council's account has.
const GUARDIAN: &str = "guardian";

/// All settings of a DAO.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// The chain it is for.
    pub chain: Chain,
    /// The council's account: the governor's proposal guardian, which can cancel any proposal that has not been executed. The
    /// zero address where a part is it.
    pub council: Address,
    /// The vault, if the DAO has one: it holds funds without Stylus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vault: Option<vault::Settings>,
    /// How much to spend on the chain's program cache.
    pub cache: Cache,
    /// How long the programs must stay active.
    pub programs: Programs,
    /// What the account that deploys may be in the DAO.
    pub deployer: Deployer,
    /// The settings of each part that is deployed.
    #[serde(flatten)]
    pub sections: Sections,
    /// The file that it was read from, for refusals that only the chain's time gives a reason for.
    #[serde(skip)]
    source: Source,
}

/// The chain, and what makes this deployment's addresses its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// EIP-155 chain id.
    pub id: u64,
    /// Keccak-256 of the salt's text.
    pub salt: B256,
    /// The CREATE2 factory that creates the Founder.
    pub create2_factory: Address,
}

/// ERC-6372 clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// Seconds since 1970.
    Timestamp,
    /// Blocks of the parent chain, as `block.number` reads on Arbitrum.
    BlockNumber,
}

impl Clock {
    /// Seconds of a span in this clock's unit.
    pub(crate) const fn seconds(self, span: u64) -> u64 {
        match self {
            Self::Timestamp => span,
            Self::BlockNumber => span.saturating_mul(rules::BLOCK),
        }
    }

    /// What `CLOCK_MODE()` answers (ERC-6372).
    pub const fn mode(self) -> &'static str {
        match self {
            Self::Timestamp => "mode=timestamp",
            Self::BlockNumber => "mode=blocknumber&from=default",
        }
    }
}

/// How programs are put in the chain's cache, where each call of them costs less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cache {
    /// The most to pay for each program, in wei.
    pub max_bid: U256,
}

/// How long the programs must stay active. A Stylus program expires unless somebody renews it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Programs {
    /// The fewest days that a program may have left: with fewer, `deploy` and `renew` renew it and `verify` fails.
    pub least_days: u64,
}

/// What the account that deploys may be in the DAO. By default it is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployer {
    /// Of the offices in the DAO, those that it may have.
    pub may_be: Vec<&'static str>,
}

impl Config {
    /// Reads and checks a file that describes a DAO of [`parts::ALL`].
    ///
    /// # Errors
    /// [`ConfigError`] if it cannot be read, has more than 1 MiB, is no TOML, has an unknown, missing or mistyped key, or
    /// breaks a rule.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        Self::load_with(path, parts::ALL)
    }

    /// The same for a DAO of other parts.
    ///
    /// # Errors
    /// As [`Config::load`]; and if two parts have one name or section, or one that is deployed needs one that is not.
    pub fn load_with(path: impl AsRef<Path>, parts: &[&'static dyn Part]) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let text = files::text(path, files::MEBIBYTE).map_err(|error| ConfigError::unreadable(path, &error))?;
        Self::parse_with(&text, path, parts)
    }

    /// Checks a text as [`Config::load`] does; `path` is the name that refusals give.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        Self::parse_with(text, path, parts::ALL)
    }

    /// Checks a text as [`Config::load_with`] does.
    ///
    /// # Errors
    /// As [`Config::load_with`].
    pub fn parse_with(text: &str, path: impl AsRef<Path>, parts: &[&'static dyn Part]) -> Result<Self, ConfigError> {
        let file = path.as_ref();
        let whole = |reason| ConfigError { file: file.to_owned(), place: None, reason };
        part::check(parts, &file::SECTIONS).map_err(whole)?;
        let source = Source::new(file, text);
        let mut config = checks::check(text, parts).map_err(|refusal| source.refuse(refusal))?;
        config.check_parts().map_err(whole)?;
        config.check_safes().map_err(|refusal| source.refuse(refusal))?;
        config.parts().try_for_each(|part| part.check(&config.sections)).map_err(|refusal| source.refuse(refusal))?;
        Ok(Self { source, ..config })
    }

    /// The parts that are deployed, in the order they are created.
    pub fn parts(&self) -> impl Iterator<Item = &'static dyn Part> {
        self.sections.parts()
    }

    /// What fits together only where all parts are known.
    fn check_parts(&self) -> Result<(), String> {
        for part in self.parts() {
            for need in part.needs() {
                if !self.parts().any(|other| other.name() == *need) {
                    return Err(format!("there is no {need}, which the {} needs: add its section", part.name()));
                }
            }
        }
        parts::offices::check(&self.sections)?;
        let guardians: Vec<String> = self.guardians().map(|part| format!("the {}", part.name())).collect();
        if guardians.len() > 1 {
            return Err(format!("there is one proposal guardian, and {} would be it", guardians.join(" and ")));
        }
        Ok(())
    }

    /// The parts that are contracts of the DAO, in the order they are created: all but the singletons.
    pub(crate) fn founded(&self) -> impl Iterator<Item = &'static dyn Part> {
        self.parts().filter(|part| !part.is_singleton())
    }

    /// The members of all offices, to change.
    pub(crate) fn members_mut(&mut self, mut change: impl FnMut(&mut Member)) {
        for part in self.parts().collect::<Vec<_>>() {
            part.members_mut(&mut self.sections).into_iter().for_each(&mut change);
        }
    }

    /// Each Safe that is a member of an office is one of the settings.
    fn check_safes(&mut self) -> Result<(), Refusal> {
        let known: Vec<SafeName> = self.safe().iter().flat_map(|settings| settings.names()).collect();
        let mut checked = Ok(());
        self.members_mut(|member| {
            if let (Ok(()), Some(safe)) = (&checked, &member.safe)
                && !known.contains(safe.get_ref())
            {
                checked = rules::refuse(safe, format!("there is no Safe \"{}\" in [safe]: add it", safe.get_ref()));
            }
        });
        checked
    }

    /// The parts that are the proposal guardian: one, or none where the council's account is it.
    fn guardians(&self) -> impl Iterator<Item = &'static dyn Part> {
        self.parts().filter(|part| part.is_guardian(&self.sections))
    }

    /// What is allowed and may still surprise, in sentences.
    pub fn notes(&self) -> Vec<String> {
        let vault = self.vault.iter().flat_map(|vault| vault.notes(self));
        self.parts().flat_map(|part| part.notes(self)).chain(vault).collect()
    }

    /// Refuses settings that make no sense for a DAO that is founded at this time, and gives notes on what may surprise
    /// then.
    pub(crate) fn at_founding(&self, now: Moment) -> Result<Vec<String>, ConfigError> {
        let mut notes = Vec::new();
        for part in self.parts() {
            notes.extend(part.at_founding(self, now).map_err(|refusal| self.source.refuse(refusal))?);
        }
        Ok(notes)
    }

    /// An error about a place of the file.
    pub(crate) fn refuse(&self, refusal: Refusal) -> ConfigError {
        self.source.refuse(refusal)
    }

    /// An error about the file, and no line of it.
    pub(crate) fn refusal(&self, reason: String) -> ConfigError {
        self.source.refuse_whole(reason)
    }

    /// What an account can be in this DAO.
    fn offices(sections: &Sections) -> Vec<&'static str> {
        let mut offices: Vec<_> = sections.parts().flat_map(|part| part.offices()).copied().collect();
        offices.push(GUARDIAN);
        offices
    }

    /// What an account is in this DAO.
    pub fn offices_of(&self, account: Address) -> Vec<&'static str> {
        let mut offices: Vec<_> = self
            .parts()
            .flat_map(|part| part.offices().iter().map(move |office| (part, *office)))
            .filter(|(part, office)| part.is_in_office(self, office, account))
            .map(|(_, office)| office)
            .collect();
        if self.council == account {
            offices.push(GUARDIAN);
        }
        offices
    }
}

#[cfg(test)]
mod tests;
