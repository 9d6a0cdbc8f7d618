//! An epoch as its folder has it: read again, and proven from.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256, U256};
use eyre::{Result, WrapErr, ensure, eyre};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ALONE, Account, Draft, amount, leaf_of, number};
use crate::merkle::{Form, Leaf, Proofs, Same, Tree, each_proof, each_row};

/// What the summary's file is.
const FORMAT: &str = "consilium revenue epoch 1";

/// The file of the root, the total and the manifest.
pub(super) const SUMMARY: &str = "epoch.json";
/// The file of the rows.
pub(super) const LIST: &str = "payees.jsonl";
/// The file of the tree.
pub(super) const PROOFS: &str = "proofs";
/// The file that says where each account's row is: accounts of 20 bytes, the smallest first, each with 8 bytes, where
/// its row begins in the list, the largest byte first.
pub(super) const ACCOUNTS: &str = "accounts";
const ENTRY: usize = 28;

/// What the file of the tree is.
pub(super) const FORM: Form =
    Form { mark: b"consilium revenue proofs 1\0\0\0\0\0\0", made_by: "consilium revenue epoch build", what: "epoch" };

/// The most bytes of a row of the list.
const LONGEST: u64 = 1_024;

/// An epoch as its folder has it.
#[derive(Debug)]
pub struct Epoch {
    folder: PathBuf,
    summary: Summary,
}

/// How much it promises, and to how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Total {
    pub(super) token: Address,
    pub(super) amount: U256,
    pub(super) count: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Summary {
    format: String,
    /// Zero for ether.
    token: Address,
    /// In decimal digits: programs lose those of a large number.
    total: String,
    count: u64,
    root: B256,
    manifest: B256,
}

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its index, whose highest bit says that nobody but the account claims it.
    pub index: U256,
    /// Who is paid.
    pub account: Address,
    /// How much.
    pub amount: U256,
}

impl Row {
    pub(super) fn leaf(&self) -> B256 {
        leaf_of(self.index, self.account, self.amount)
    }

    /// As a list in the contract's order, as `StandardMerkleTree.of` takes it.
    pub(super) fn listed(&self) -> String {
        format!("[\"{}\",\"{:#x}\",\"{}\"]", self.index, self.account, self.amount)
    }

    /// Whether nobody but the account claims it.
    pub fn is_alone(&self) -> bool {
        self.index.bit(ALONE)
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({
            "index": self.index.to_string(),
            "payee": self.account,
            "amount": self.amount.to_string(),
            "alone": self.is_alone(),
        })
    }
}

impl Summary {
    pub(super) fn new(Total { token, amount, count }: Total, root: B256, manifest: B256) -> Self {
        Self { format: FORMAT.to_owned(), token, total: amount.to_string(), count, root, manifest }
    }
}

pub(super) fn write_accounts(out: &mut impl Write, accounts: &[Account]) -> io::Result<()> {
    accounts.iter().try_for_each(|entry| {
        out.write_all(entry.account.as_slice())?;
        out.write_all(&entry.offset.to_be_bytes())
    })
}

impl Epoch {
    pub(super) fn new(folder: &Path, summary: Summary) -> Self {
        Self { folder: folder.to_owned(), summary }
    }

    /// Opens a folder that [`super::build`] wrote.
    ///
    /// # Errors
    /// If it cannot be read, or has something else.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(SUMMARY);
        let summary = FORM.summary(&path, FORMAT, |summary: &Summary| &summary.format)?;
        let total = number(&summary.total, "total");
        total.map_err(|reason| eyre!("{}: {reason}: make the epoch again", path.display()))?;
        Ok(Self { folder: folder.to_owned(), summary })
    }

    /// What it pays in; zero for ether.
    pub const fn token(&self) -> Address {
        self.summary.token
    }

    /// What it promises.
    pub fn total(&self) -> U256 {
        // It was read as a number when the folder was opened.
        number(&self.summary.total, "total").unwrap_or_default()
    }

    /// To how many.
    pub const fn count(&self) -> u64 {
        self.summary.count
    }

    /// The root.
    pub const fn root(&self) -> B256 {
        self.summary.root
    }

    /// The SHA-256 of its list.
    pub const fn manifest(&self) -> B256 {
        self.summary.manifest
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let Summary { token, total, count, root, manifest, .. } = &self.summary;
        json!({
            "token": token, "total": total, "count": count, "root": root, "manifest": manifest, "folder": self.folder,
        })
    }

    pub(super) fn proofs(&self) -> Result<Proofs> {
        FORM.proofs(&self.folder.join(PROOFS), self.root(), self.count(), SUMMARY)
    }

    /// The row of an account, and its proof.
    ///
    /// # Errors
    /// If the epoch has none, or its files cannot be read or contradict each other.
    pub fn prove(&self, account: Address) -> Result<(Row, Vec<B256>)> {
        let offset = self.find(account)?.ok_or_else(|| {
            eyre!("{} has no payee {account}: correct the address, or name another epoch", self.folder.display())
        })?;
        let path = self.folder.join(LIST);
        let found = row_at(&path, offset).filter(|row| row.account == account);
        let proven = match found {
            Some(row) => self.proofs()?.find(row.leaf())?.map(|found| (row, found.proof)),
            None => None,
        };
        proven.ok_or_else(|| {
            eyre!("{} does not have the payee {account} as it was proven: make the epoch again", path.display())
        })
    }

    /// Where an account's row begins in the list.
    fn find(&self, account: Address) -> Result<Option<u64>> {
        let path = self.folder.join(ACCOUNTS);
        let unread = || format!("{} cannot be read", path.display());
        let mut file = File::open(&path).wrap_err_with(unread)?;
        let length = file.metadata().wrap_err_with(unread)?.len();
        ensure!(
            Some(length) == self.count().checked_mul(ENTRY as u64),
            "{} is cut off, or was changed: make the epoch again",
            path.display()
        );
        let (mut from, mut to) = (0, self.count());
        let mut entry = [0; ENTRY];
        while from < to {
            let middle = from + (to - from) / 2;
            let read = file.seek(SeekFrom::Start(middle * ENTRY as u64)).and_then(|_| file.read_exact(&mut entry));
            read.wrap_err_with(unread)?;
            let (found, offset) = entry.split_at(Address::len_bytes());
            match found.cmp(account.as_slice()) {
                std::cmp::Ordering::Equal => return Ok(Some(u64::from_be_bytes(offset.try_into()?))),
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        Ok(None)
    }

    /// Hands every leaf and its proof to `each`. Each proof has been checked.
    ///
    /// # Errors
    /// If the file cannot be read or contradicts itself, or `each` fails.
    pub fn each_proof(&self, each: impl FnMut(B256, &[B256]) -> Result<()>) -> Result<()> {
        each_proof(&mut self.proofs()?, each)
    }

    /// Makes manifest, root, total, proofs and accounts of the list again: what is published is what the list says, and
    /// every payee in it is paid.
    ///
    /// # Errors
    /// If a file cannot be read, or the summary, the proofs or the accounts are those of another list.
    pub fn check(&self) -> Result<()> {
        let path = self.folder.join(LIST);
        let (mut leaves, mut accounts) = (Vec::new(), Vec::new());
        let (mut total, mut is_in_order) = (U256::ZERO, true);
        let manifest = each_row(&path, &FORM, LONGEST, row, |offset, row| {
            is_in_order &= row.index & !(U256::ONE << ALONE) == U256::from(leaves.len());
            total = total.saturating_add(row.amount);
            leaves.push(Leaf { id: row.leaf(), line: 0, offset });
            accounts.push(Account { account: row.account, line: 0, offset });
            Ok(())
        })?;
        let tree = Tree::of(leaves);
        ensure!(
            is_in_order && (tree.root(), manifest, total) == (Some(self.root()), self.manifest(), self.total()),
            "{} is not the list that {SUMMARY} was made of: make the epoch again",
            path.display()
        );
        tree.expect_proofs(&self.folder.join(PROOFS), &FORM, LIST)?;
        accounts.sort_unstable();
        let found = self.folder.join(ACCOUNTS);
        let is_it = Same::is_what(&found, |file| write_accounts(file, &accounts))?;
        ensure!(is_it, "{} does not lead to the rows of {LIST}: make the epoch again", found.display());
        Ok(())
    }

    /// Hands every row to `each`, in the list's order.
    ///
    /// # Errors
    /// If the list cannot be read, or `each` fails.
    pub fn each_row(&self, mut each: impl FnMut(Row) -> Result<()>) -> Result<()> {
        each_row(&self.folder.join(LIST), &FORM, LONGEST, row, |_, row| each(row)).map(drop)
    }
}

/// The row at a place of the list.
fn row_at(path: &Path, offset: u64) -> Option<Row> {
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(offset)).ok()?;
    let mut text = String::new();
    BufReader::new(file.take(LONGEST)).read_line(&mut text).ok()?;
    row(&text)
}

fn row(text: &str) -> Option<Row> {
    let draft = Draft::of_json(text).ok()?;
    let index = number(draft.get("index")?, "index").ok()?;
    Some(Row { index, account: draft.account("payee").ok()?, amount: amount(&draft).ok()? })
}
