//! The list that a folder's tree was made of, read once more: what is published is what the list says, and each row of it
//! can be proven.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use alloy::primitives::B256;
use eyre::{Result, WrapErr, ensure, eyre};
use sha2::{Digest, Sha256};

use super::{Form, Leaf, Same, nodes, write};

/// Hands every row of a list to `each`, with the place where it begins, in the list's order. Returns the SHA-256 of the
/// list. `read` makes a row of a line, which has at most `most` bytes.
///
/// # Errors
/// If the list cannot be read, a line is no row, or `each` fails.
pub(crate) fn each_row<R>(
    path: &Path,
    form: &Form,
    most: u64,
    read: impl Fn(&str) -> Option<R>,
    mut each: impl FnMut(u64, R) -> Result<()>,
) -> Result<B256> {
    let shown = path.display();
    let mut file = BufReader::new(File::open(path).wrap_err_with(|| format!("{shown} cannot be read"))?);
    let (mut line, mut hash, mut offset) = (Vec::new(), Sha256::new(), 0);
    for number in 1_u64.. {
        line.clear();
        let found = file.by_ref().take(most).read_until(b'\n', &mut line);
        if found.wrap_err_with(|| format!("{shown} cannot be read"))? == 0 {
            break;
        }
        let row = std::str::from_utf8(&line).ok().and_then(&read);
        let row = row.ok_or_else(|| eyre!("{shown}:{number}: it was changed: make the {} again", form.what))?;
        each(offset, row)?;
        hash.update(&line);
        offset += line.len() as u64;
    }
    Ok(B256::new(hash.finalize().into()))
}

/// The tree of a list that was read once more.
#[derive(Debug)]
pub(crate) struct Tree {
    leaves: Vec<Leaf>,
    nodes: Vec<B256>,
}

impl Tree {
    pub(crate) fn of(mut leaves: Vec<Leaf>) -> Self {
        leaves.sort_unstable();
        let nodes = nodes(&leaves);
        Self { leaves, nodes }
    }

    /// The root; none of an empty list.
    pub(crate) fn root(&self) -> Option<B256> {
        self.nodes.first().copied()
    }

    /// Refuses a file of proofs that is not exactly that of this tree. `list` is the name of the list.
    ///
    /// # Errors
    /// As said, or if the file cannot be read.
    pub(crate) fn expect_proofs(&self, path: &Path, form: &Form, list: &str) -> Result<()> {
        let is_it = Same::is_what(path, |file| write(file, form, &self.nodes, &self.leaves))?;
        ensure!(is_it, "{} does not prove the rows of {list}: make the {} again", path.display(), form.what);
        Ok(())
    }
}
