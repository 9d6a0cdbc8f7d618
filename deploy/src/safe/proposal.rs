//! The file of a transaction: what is signed, its hashes, what was known of the Safe, and the signatures so far.

use std::path::Path;

use alloy::primitives::{Address, B256};
use eyre::{Result, WrapErr, bail, ensure, eyre};
use serde::{Deserialize, Serialize};

use super::signature::{Confirmation, Kind};
use super::transaction::{Hashes, Operation, Transaction};
use super::words;
use super::{Names, VERSIONS};
use crate::files;
use crate::signing::Place;

/// What its files are.
const FORMAT: &str = "consilium-safe-transaction/1";

/// The most owners of a Safe that a file names.
const MOST_OWNERS: usize = 1_000;

/// What is known of a Safe. In a file it is what the chain said when the transaction was proposed, and nothing that is
/// signed: whoever made the file may have written something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Facts {
    /// Its version, as `1.4.1`.
    pub version: String,
    /// Its owners.
    pub owners: Vec<Address>,
    /// How many of them have to sign.
    pub threshold: u64,
}

/// A transaction that its owners sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proposal {
    format: String,
    /// For people. No program reads it: [`Proposal::words`] tells the transaction itself.
    says: Vec<String>,
    chain_id: u64,
    safe: Address,
    known: Facts,
    transaction: Transaction,
    domain_hash: B256,
    message_hash: B256,
    safe_tx_hash: B256,
    signatures: Vec<Confirmation>,
}

impl Facts {
    /// Refuses what no Safe can be.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), String> {
        if !VERSIONS.contains(&self.version.as_str()) {
            let versions = VERSIONS.join(", ");
            return Err(format!("the Safe's version is \"{}\", and those known here are {versions}", self.version));
        }
        let count = self.owners.len();
        if self.threshold == 0 || count > MOST_OWNERS || self.threshold > count as u64 {
            return Err(format!("a Safe of {count} owners has no threshold of {}", self.threshold));
        }
        let mut sorted = self.owners.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.len() != count { Err("an owner is there twice".to_owned()) } else { Ok(()) }
    }

    /// Refuses a signature that no Safe of the version takes.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn take(&self, kind: Kind) -> Result<(), String> {
        if kind == Kind::P256 && self.version == VERSIONS[0] {
            return Err(format!(
                "a Safe of version {} takes no signature by a key on P-256: our Safe of version 1.5.0 does",
                self.version
            ));
        }
        Ok(())
    }
}

impl Proposal {
    /// A transaction that nobody has signed.
    ///
    /// # Errors
    /// If no Safe can be as the facts say.
    pub fn new(place: Place, known: Facts, transaction: Transaction, names: &Names) -> Result<Self> {
        known.check().map_err(|reason| eyre!(reason))?;
        let Hashes { domain, message, transaction: hash } = transaction.hashes(&place);
        let mut made = Self {
            format: FORMAT.to_owned(),
            says: Vec::new(),
            chain_id: place.chain,
            safe: place.contract,
            known,
            transaction,
            domain_hash: domain,
            message_hash: message,
            safe_tx_hash: hash,
            signatures: Vec::new(),
        };
        made.says = made.words(names);
        Ok(made)
    }

    /// Reads a file, and checks all that can be checked without a node: that its hashes are those of its members, and
    /// that each signature is its owner's.
    ///
    /// # Errors
    /// If it cannot be read, has another form, or was changed.
    pub fn load(path: &Path) -> Result<Self> {
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&text).map_err(|reason| eyre!("{} is not taken: {reason}", path.display()))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let found: Self = serde_json::from_str(text).map_err(|error| files::json(&error))?;
        if found.format != FORMAT {
            return Err(format!("its format is not \"{FORMAT}\": name a file of `consilium safe propose`"));
        }
        found.known.check()?;
        let hashes = found.transaction.hashes(&found.place());
        for (name, written, own) in [
            ("domainHash", found.domain_hash, hashes.domain),
            ("messageHash", found.message_hash, hashes.message),
            ("safeTxHash", found.safe_tx_hash, hashes.transaction),
        ] {
            if written != own {
                return Err(format!(
                    "its {name} is not that of what it says: something was changed. Let it be proposed again"
                ));
            }
        }
        for (at, confirmation) in found.signatures.iter().enumerate() {
            confirmation.check(hashes.transaction)?;
            if found.signatures.iter().take(at).any(|earlier| earlier.owner == confirmation.owner) {
                return Err(format!("it has two signatures of {}", confirmation.owner));
            }
        }
        Ok(found)
    }

    /// Several files of one transaction, whose owners signed apart, with all their signatures.
    ///
    /// # Errors
    /// As [`Proposal::load`], if there is none, or they are of different transactions or have different signatures of a
    /// contract.
    pub fn load_all(paths: &[impl AsRef<Path>]) -> Result<Self> {
        let (first, others) = paths.split_first().ok_or_else(|| eyre!("name a file"))?;
        let mut all = Self::load(first.as_ref())?;
        for path in others {
            let other = Self::load(path.as_ref())?;
            // The hash has the chain, the Safe and all members in it.
            ensure!(
                other.safe_tx_hash == all.safe_tx_hash,
                "{} is of another transaction than {}: name files of one",
                path.as_ref().display(),
                first.as_ref().display()
            );
            for confirmation in other.signatures {
                match all.signature_of(confirmation.owner) {
                    None => all.signatures.push(confirmation),
                    // Either of a key's is good. Of a contract's one may be, and which is not known here.
                    Some(own) => ensure!(
                        *own == confirmation || confirmation.check(all.safe_tx_hash) != Ok(Kind::Contract),
                        "{} has another signature of the contract {} than the files before it: look at each by \
                         `consilium safe show`, and leave out what it refuses",
                        path.as_ref().display(),
                        confirmation.owner
                    ),
                }
            }
        }
        Ok(all)
    }

    /// With what it says of itself made from what is signed again: whoever made a file may have written something else.
    pub fn retold(mut self, names: &Names) -> Self {
        self.says = self.words(names);
        self
    }

    /// Adds an owner's signature, to a Safe that is as these facts say. A contract's takes the place of an earlier one:
    /// that one may be good no more, or never have been, which a file does not show.
    ///
    /// # Errors
    /// If it is not that owner's, no Safe of the version takes it, or the owner has signed before.
    pub fn add(&mut self, confirmation: Confirmation, facts: &Facts) -> Result<()> {
        let owner = confirmation.owner;
        self.expect_owner(owner, &facts.owners)?;
        let kind = confirmation.check(self.safe_tx_hash).map_err(|reason| eyre!(reason))?;
        facts.take(kind).map_err(|reason| eyre!(reason))?;
        match self.signatures.iter_mut().find(|earlier| earlier.owner == owner) {
            None => self.signatures.push(confirmation),
            Some(earlier) if kind == Kind::Contract && *earlier != confirmation => *earlier = confirmation,
            Some(_) => bail!("{owner} has signed it already: there is nothing to do"),
        }
        Ok(())
    }

    /// Refuses code that runs as the Safe's own, unless that is meant.
    ///
    /// # Errors
    /// If it is a delegated call, has one within it or may have one, and `allowed` is not true.
    pub fn agree_to_delegatecall(&self, allowed: bool) -> Result<()> {
        let advice = "can take the whole Safe. If you know that code, give --allow-delegatecall";
        ensure!(
            self.transaction.operation == Operation::Call || allowed,
            "it is a DELEGATECALL: the code of {} runs as the Safe's own, and {advice}",
            self.transaction.to
        );
        ensure!(
            allowed || !self.told(&Names::default()).delegates,
            "it has a DELEGATECALL within it, or calls that cannot be read: code that runs as a Safe's own {advice}"
        );
        Ok(())
    }

    /// Writes it to a file that is not there yet: what others signed before is not lost.
    ///
    /// # Errors
    /// If there is such a file, or it cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<()> {
        files::write_new(path, self, 0o666)
    }

    /// What it does, from what is signed.
    pub fn words(&self, names: &Names) -> Vec<String> {
        self.told(names).lines
    }

    /// Who is called with data, in batches too, or has code that runs as the Safe's own.
    pub(super) fn targets(&self) -> Vec<Address> {
        self.told(&Names::default()).targets
    }

    pub(super) fn told(&self, names: &Names) -> words::Told {
        words::told(&self.place(), &self.transaction, names)
    }

    /// The Safe and its chain.
    pub const fn place(&self) -> Place {
        Place { chain: self.chain_id, contract: self.safe }
    }

    /// What was known of the Safe when it was proposed.
    pub const fn known(&self) -> &Facts {
        &self.known
    }

    /// What is signed.
    pub const fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// Its hashes, which are those of its members.
    pub const fn hashes(&self) -> Hashes {
        Hashes { domain: self.domain_hash, message: self.message_hash, transaction: self.safe_tx_hash }
    }

    /// Who has signed it.
    pub fn signatures(&self) -> &[Confirmation] {
        &self.signatures
    }

    /// The signature of an owner.
    pub fn signature_of(&self, owner: Address) -> Option<&Confirmation> {
        self.signatures.iter().find(|confirmation| confirmation.owner == owner)
    }

    /// Whose signature an owner's is, in words.
    pub fn kind_of(&self, owner: Address) -> &'static str {
        let kind = self.signature_of(owner).and_then(|made| made.check(self.safe_tx_hash).ok());
        kind.map_or("", Kind::words)
    }

    /// Refuses an account that cannot sign it.
    ///
    /// # Errors
    /// If it is none of `owners`.
    pub fn expect_owner(&self, account: Address, owners: &[Address]) -> Result<()> {
        ensure!(
            owners.contains(&account),
            "{account} is no owner of the Safe {}: sign by the key of an owner, {}",
            self.safe,
            words::listed(owners)
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests;
