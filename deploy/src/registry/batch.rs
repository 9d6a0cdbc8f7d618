//! Makes a batch of a list of pointers: its root, the list that its manifest leads to, and a file that proves each
//! pointer.
//!
//! Rows are read one by one. What stays in memory is a leaf of 48 bytes for each pointer, and then the tree's nodes, of
//! 64. The files are written to a folder beside the one that is asked for, which takes its name when all is done.

mod opened;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry::Pointer;
use eyre::{OptionExt, Result, WrapErr, eyre};
use sha2::{Digest, Sha256};

use super::content;
use super::pointer::{Draft, listed, pointer_id};
use crate::consent::Names;
use crate::merkle::{self, Leaf};
use crate::partial::{Partial, finish, unwritten};
use crate::rows::{self, BadRows};
use opened::{FORM, LIST, PROOFS, SUMMARY, Summary};

pub use opened::{Batch, Proof};

/// What became of a list.
#[derive(Debug)]
pub enum Batched {
    /// The batch was written.
    Written(Box<Batch>),
    /// There are bad rows, and nothing was written.
    Refused(BadRows),
}

/// Makes a batch of the pointers of a file in a new folder.
///
/// # Errors
/// If the file cannot be read, or the folder is there or cannot be written. Bad rows are told by [`Batched::Refused`].
pub fn batch(list: &Path, names: &Names, folder: &Path) -> Result<Batched> {
    let partial = Partial::beside(folder)?;
    let mut making = Making::new(names, partial.file(LIST)?);
    rows::read(list, |(line, row)| making.add(line, row))?;
    making.sort();
    let Making { leaves, out, hash, custodian, bad, .. } = making;
    if bad.count > 0 {
        return Ok(Batched::Refused(bad));
    }
    let custodian = custodian.ok_or_else(|| eyre!("{} has no pointer: write a row for each", list.display()))?;
    finish(out, LIST)?;
    let nodes = merkle::nodes(&leaves);
    let mut proofs = partial.file(PROOFS)?;
    merkle::write(&mut proofs, &FORM, &nodes, &leaves).wrap_err_with(|| unwritten(PROOFS))?;
    finish(proofs, PROOFS)?;
    let manifest = content::of_bytes(B256::new(hash.finalize().into()));
    let root = *nodes.first().ok_or_eyre("a tree has a root")?;
    let summary = Summary::new(custodian, root, leaves.len() as u64, &manifest)?;
    let mut out = partial.file(SUMMARY)?;
    let text = crate::json::pretty(&summary)? + "\n";
    out.write_all(text.as_bytes()).wrap_err_with(|| unwritten(SUMMARY))?;
    finish(out, SUMMARY)?;
    partial.becomes(folder)?;
    Ok(Batched::Written(Box::new(Batch::new(folder, summary))))
}

/// A batch under way.
struct Making<'a> {
    names: &'a Names,
    leaves: Vec<Leaf>,
    out: BufWriter<File>,
    hash: Sha256,
    offset: u64,
    custodian: Option<Address>,
    bad: BadRows,
}

impl<'a> Making<'a> {
    fn new(names: &'a Names, out: BufWriter<File>) -> Self {
        let (leaves, bad) = (Vec::new(), BadRows::default());
        Self { names, leaves, out, hash: Sha256::new(), offset: 0, custodian: None, bad }
    }

    fn add(&mut self, line: u64, row: Result<Draft<'_>, String>) -> Result<()> {
        self.bad.rows += 1;
        match row.and_then(|draft| self.checked(&draft)) {
            Ok(pointer) => self.keep(line, &pointer),
            Err(reason) => {
                self.bad.complain(line, reason);
                Ok(())
            }
        }
    }

    fn checked(&mut self, draft: &Draft<'_>) -> Result<Pointer, String> {
        let pointer = draft.pointer(self.names)?;
        let custodian = *self.custodian.get_or_insert(pointer.custodian);
        if pointer.custodian != custodian {
            return Err(format!(
                "its custodian is {}, and the first pointer's is {custodian}: a batch has one custodian, so make one \
                 for each",
                pointer.custodian
            ));
        }
        Ok(pointer)
    }

    fn keep(&mut self, line: u64, pointer: &Pointer) -> Result<()> {
        let line = u32::try_from(line).map_err(|_| eyre!("line {line}: the list is too long: make several batches"))?;
        self.leaves.push(Leaf { id: pointer_id(pointer), line, offset: self.offset });
        let text = listed(pointer) + "\n";
        self.hash.update(&text);
        self.offset += text.len() as u64;
        self.out.write_all(text.as_bytes()).wrap_err_with(|| unwritten(LIST))
    }

    /// Sorts the leaves, and finds the pointers that are there twice.
    fn sort(&mut self) {
        self.leaves.sort_unstable();
        self.bad.complain_of_twins(&self.leaves, |a, b| a.id == b.id, |leaf| leaf.line, "pointer");
    }
}

#[cfg(test)]
mod tests;
