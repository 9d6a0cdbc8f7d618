//! Builds an epoch of a list of payees: its root, the list that its manifest is the hash of, and a file that proves
//! each payee's row.
//!
//! Rows are read one by one. What stays in memory is a leaf of 48 bytes and an account of 32 for each payee, and then
//! the tree's nodes, of 64. The files are written to a folder beside the one that is asked for, which takes its name
//! when all is done.

mod opened;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolValue;
use eyre::{OptionExt, Result, WrapErr, ensure, eyre};
use sha2::{Digest, Sha256};

use crate::merkle::{self, Leaf};
use crate::partial::{Partial, finish, unwritten};
use crate::rows::{self, BadRows, Kind};
use crate::signing;
use opened::{ACCOUNTS, FORM, LIST, PROOFS, SUMMARY, Summary, Total};

pub use opened::{Epoch, Row};

/// The bit of an index that says that nobody but the account claims it.
const ALONE: usize = 255;

/// The most bits of an epoch's total.
const MOST_BITS: usize = 112;

/// What the rows of a list of payees are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payees;

impl Kind for Payees {
    const NAME: &'static str = "payee";
    const FIELDS: &'static [&'static str] = &["index", "payee", "amount", "alone"];
    const MEMBERS: usize = 3;
    const NEEDED: &'static [&'static str] = &["payee", "amount"];
}

type Draft<'a> = rows::Draft<'a, Payees>;

/// What became of a list.
#[derive(Debug)]
pub enum Built {
    /// The epoch was written, and so many of its payees claim alone.
    Written(Box<Epoch>, u64),
    /// There are bad rows, and nothing was written.
    Refused(BadRows),
}

/// The leaf of a row: that of `@openzeppelin/merkle-tree`, as the contract checks it.
pub(super) fn leaf_of(index: U256, account: Address, amount: U256) -> B256 {
    keccak256(keccak256((index, account, amount).abi_encode()))
}

/// Builds an epoch of the payees of a file in a new folder. The amounts are of ether (zero) or a token, and at most
/// `balance` together, if there is one.
///
/// # Errors
/// If the file cannot be read, or the folder is there or cannot be written. Bad rows are told by [`Built::Refused`].
pub fn build(list: &Path, token: Address, balance: Option<U256>, folder: &Path) -> Result<Built> {
    let partial = Partial::beside(folder)?;
    let mut making = Making::new(balance, partial.file(LIST)?);
    rows::read(list, |(line, row)| making.add(line, row))?;
    making.sort();
    let Making { leaves, accounts, out, hash, total, alone, bad, .. } = making;
    if bad.count > 0 {
        return Ok(Built::Refused(bad));
    }
    ensure!(!leaves.is_empty(), "{} has no payee: write a row for each", list.display());
    finish(out, LIST)?;
    let nodes = merkle::nodes(&leaves);
    let mut proofs = partial.file(PROOFS)?;
    merkle::write(&mut proofs, &FORM, &nodes, &leaves).wrap_err_with(|| unwritten(PROOFS))?;
    finish(proofs, PROOFS)?;
    let mut out = partial.file(ACCOUNTS)?;
    opened::write_accounts(&mut out, &accounts).wrap_err_with(|| unwritten(ACCOUNTS))?;
    finish(out, ACCOUNTS)?;
    let root = *nodes.first().ok_or_eyre("a tree has a root")?;
    let total = Total { token, amount: total, count: leaves.len() as u64 };
    let summary = Summary::new(total, root, B256::new(hash.finalize().into()));
    let mut out = partial.file(SUMMARY)?;
    let text = crate::json::pretty(&summary)? + "\n";
    out.write_all(text.as_bytes()).wrap_err_with(|| unwritten(SUMMARY))?;
    finish(out, SUMMARY)?;
    partial.becomes(folder)?;
    Ok(Built::Written(Box::new(Epoch::new(folder, summary)), alone))
}

/// An account, the line it is in, and where its row begins in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Account {
    account: Address,
    line: u32,
    offset: u64,
}

/// An epoch under way.
struct Making {
    balance: Option<U256>,
    leaves: Vec<Leaf>,
    accounts: Vec<Account>,
    out: BufWriter<File>,
    hash: Sha256,
    offset: u64,
    total: U256,
    alone: u64,
    is_over: bool,
    bad: BadRows,
}

impl Making {
    fn new(balance: Option<U256>, out: BufWriter<File>) -> Self {
        let (leaves, accounts, bad) = (Vec::new(), Vec::new(), BadRows::default());
        let (hash, total) = (Sha256::new(), U256::ZERO);
        Self { balance, leaves, accounts, out, hash, offset: 0, total, alone: 0, is_over: false, bad }
    }

    fn add(&mut self, line: u64, row: Result<Draft<'_>, String>) -> Result<()> {
        let place = self.bad.rows;
        self.bad.rows += 1;
        match row.and_then(|draft| self.checked(place, &draft)) {
            Ok(row) => self.keep(line, &row),
            Err(reason) => {
                self.bad.complain(line, reason);
                Ok(())
            }
        }
    }

    /// The row, which is at this place of the list, from 0.
    fn checked(&mut self, place: u64, draft: &Draft<'_>) -> Result<Row, String> {
        let ((account, is_a_passkey), amount) = (payee(draft)?, amount(draft)?);
        let (index, alone) = (U256::from(place), alone(draft, is_a_passkey)?);
        let own = if alone { index | U256::ONE << ALONE } else { index };
        let given = draft.get("index").map(|text| number(text, "index")).transpose()?;
        // A list that was written before says by its index who claims alone.
        let own = match given {
            Some(given) if given == index | U256::ONE << ALONE => given,
            Some(given) if given != own => {
                return Err(format!(
                    "its `index` is {given}, and rows are counted from 0: leave it out, or write {own}"
                ));
            }
            _ => own,
        };
        let total = self.total.checked_add(amount).filter(|total| total.bit_len() <= MOST_BITS);
        let total = total.ok_or("the amounts up to here are beyond 2^112: the contract holds no more")?;
        self.total = total;
        match self.balance {
            // Of all rows after it, that would be said too.
            Some(balance) if total > balance && !self.is_over => {
                self.is_over = true;
                Err(format!("the amounts up to here are {total} together, and there are {balance}: promise less"))
            }
            _ => Ok(Row { index: own, account, amount }),
        }
    }

    fn keep(&mut self, line: u64, row: &Row) -> Result<()> {
        let line = u32::try_from(line).map_err(|_| eyre!("line {line}: the list is too long: make several epochs"))?;
        let offset = self.offset;
        self.alone += u64::from(row.is_alone());
        self.leaves.push(Leaf { id: row.leaf(), line, offset });
        self.accounts.push(Account { account: row.account, line, offset });
        let text = row.listed() + "\n";
        self.hash.update(&text);
        self.offset += text.len() as u64;
        self.out.write_all(text.as_bytes()).wrap_err_with(|| unwritten(LIST))
    }

    /// Sorts leaves and accounts, and finds the accounts that are there twice. No two leaves are the same: each has
    /// another index.
    fn sort(&mut self) {
        self.leaves.sort_unstable();
        self.accounts.sort_unstable();
        self.bad.complain_of_twins(&self.accounts, |a, b| a.account == b.account, |one| one.line, "payee");
    }
}

fn amount(draft: &Draft<'_>) -> Result<U256, String> {
    let amount = number(draft.needed("amount")?, "amount")?;
    if amount.is_zero() { Err("`amount` is zero: leave the payee out".to_owned()) } else { Ok(amount) }
}

fn number(text: &str, name: &str) -> Result<U256, String> {
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|text| U256::from_str_radix(text, 10).ok());
    number.ok_or_else(|| {
        format!("`{name}` is not a whole number that fits: write it in digits, in wei or the token's smallest unit")
    })
}

/// Who is paid, and whether that is the account of a passkey, whose public key stands there.
fn payee(draft: &Draft<'_>) -> Result<(Address, bool), String> {
    let text = draft.needed("payee")?;
    match signing::address(text) {
        Ok(_) => Ok((draft.account("payee")?, false)),
        Err(_) => signing::account(text).map(|account| (account, true)).map_err(|reason| format!("`payee`: {reason}")),
    }
}

/// Whether nobody but the account claims it. Nobody has a key that sends as a passkey's address: money that a stranger
/// had paid to it would be lost.
fn alone(draft: &Draft<'_>, is_a_passkey: bool) -> Result<bool, String> {
    match draft.get("alone").map(str::to_ascii_lowercase).as_deref() {
        Some("yes" | "true" | "1") => Ok(true),
        Some("no" | "false" | "0") if is_a_passkey => {
            Err("`alone` is no, and a passkey's part paid to its address is lost: leave `alone` out".to_owned())
        }
        None | Some("no" | "false" | "0") => Ok(is_a_passkey),
        Some(_) => Err("`alone` is neither yes nor no".to_owned()),
    }
}

#[cfg(test)]
mod tests;
