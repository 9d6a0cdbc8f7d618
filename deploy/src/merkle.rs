//! The Merkle tree of `@openzeppelin/merkle-tree`'s `StandardMerkleTree`, and the file that proves each of its leaves.
//!
//! The nodes are in one list: below the node at `i` are those at `2 i + 1` and `2 i + 2`, and the leaves are its end,
//! the largest first. So a leaf is found by halving, and its proof is a walk to the front: the file needs no index.
//!
//! | bytes of the file | what |
//! |---|---|
//! | 32 | the form's mark |
//! | 8 | how many leaves there are, the largest byte first |
//! | 32 for each node, `2 n - 1` | the nodes, the root first |
//! | 8 for each leaf, `n` | where its row begins in the list, in the order of the nodes |

mod list;

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use alloy::primitives::{B256, keccak256};
use eyre::{OptionExt, Result, WrapErr, ensure, eyre};
use serde::de::DeserializeOwned;

use crate::files;

pub(crate) use list::{Tree, each_row};

/// What the files are, and who wrote them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// What a file begins with.
    pub(crate) mark: &'static [u8; 32],
    /// The command that wrote it.
    pub(crate) made_by: &'static str,
    /// What that made, as "batch".
    pub(crate) what: &'static str,
}

/// Where the nodes begin.
const NODES: u64 = 40;
const WORD: u64 = 32;
const OFFSET: u64 = 8;

impl Form {
    /// Reads the summary of a folder that the command wrote: JSON, with a format that `of` finds in it.
    pub(crate) fn summary<T: DeserializeOwned>(&self, path: &Path, format: &str, of: impl Fn(&T) -> &str) -> Result<T> {
        let shown = path.display();
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{shown} cannot be read"))?;
        let article = if self.what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let strange = |reason: &str| {
            eyre!("{shown} is not {article} {}'s: {reason}: name a folder that `{}` wrote", self.what, self.made_by)
        };
        let summary = serde_json::from_str(&text).map_err(|error| strange(&files::json(&error)))?;
        ensure!(of(&summary) == format, strange(&format!("its format is not \"{format}\"")));
        Ok(summary)
    }

    /// The file of proofs in a folder, if it is of this root and count. `summary` is the name of the folder's summary.
    pub(crate) fn proofs(&self, path: &Path, root: B256, count: u64, summary: &str) -> Result<Proofs> {
        let proofs = Proofs::open(path, *self)?;
        let (shown, what) = (path.display(), self.what);
        let fits = proofs.root() == root && proofs.count() == count;
        ensure!(fits, "{shown} is of another {what} than {summary}: make the {what} again");
        Ok(proofs)
    }
}

/// A leaf, the line it is from, and where its row begins in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leaf {
    pub(crate) id: B256,
    pub(crate) line: u32,
    pub(crate) offset: u64,
}

/// The node above two others.
fn above(a: B256, b: B256) -> B256 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let mut pair = [0; 64];
    let (left, right) = pair.split_at_mut(32);
    left.copy_from_slice(low.as_slice());
    right.copy_from_slice(high.as_slice());
    keccak256(pair)
}

/// The nodes above leaves, which are sorted, the smallest first, and differ; the root is the first.
pub(crate) fn nodes(leaves: &[Leaf]) -> Vec<B256> {
    // The list from its end: a node comes after both of those below it.
    let mut nodes = Vec::with_capacity((2 * leaves.len()).saturating_sub(1));
    nodes.extend(leaves.iter().map(|leaf| leaf.id));
    let mut below = 0;
    while nodes.len() + 1 < 2 * leaves.len() {
        let (Some(right), Some(left)) = (nodes.get(below), nodes.get(below + 1)) else { break };
        nodes.push(above(*left, *right));
        below += 2;
    }
    nodes.reverse();
    nodes
}

/// Writes the file of proofs.
pub(crate) fn write(out: &mut impl Write, form: &Form, nodes: &[B256], leaves: &[Leaf]) -> io::Result<()> {
    out.write_all(form.mark)?;
    out.write_all(&(leaves.len() as u64).to_be_bytes())?;
    for node in nodes {
        out.write_all(node.as_slice())?;
    }
    for leaf in leaves.iter().rev() {
        out.write_all(&leaf.offset.to_be_bytes())?;
    }
    Ok(())
}

/// Takes what is written, and fails where a file has something else.
#[derive(Debug)]
pub(crate) struct Same(BufReader<File>);

impl Same {
    /// Whether `write` writes exactly the file at a path.
    pub(crate) fn is_what(path: &Path, write: impl FnOnce(&mut Self) -> io::Result<()>) -> Result<bool> {
        let compared = File::open(path).and_then(|file| {
            let mut same = Self(BufReader::with_capacity(1 << 16, file));
            write(&mut same)?;
            Ok(same.0.fill_buf()?.is_empty())
        });
        match compared {
            Err(error) if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => Ok(false),
            compared => compared.wrap_err_with(|| format!("{} cannot be read", path.display())),
        }
    }
}

impl Write for Same {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut found = vec![0; bytes.len()];
        self.0.read_exact(&mut found)?;
        if found == bytes { Ok(bytes.len()) } else { Err(ErrorKind::InvalidData.into()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The root that a proof leads to.
pub(crate) fn root_of(leaf: B256, proof: &[B256]) -> B256 {
    proof.iter().fold(leaf, |node, other| above(node, *other))
}

/// The file of proofs.
#[derive(Debug)]
pub(crate) struct Proofs {
    form: Form,
    file: BufReader<File>,
    path: PathBuf,
    count: u64,
    root: B256,
}

/// A leaf of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proven {
    pub(crate) id: B256,
    pub(crate) proof: Vec<B256>,
    /// Where its row begins in the list.
    pub(crate) offset: u64,
}

impl Proofs {
    /// Opens the file.
    ///
    /// # Errors
    /// If it cannot be read, or is not whole.
    pub(crate) fn open(path: &Path, form: Form) -> Result<Self> {
        let Form { mark, made_by, what } = form;
        let shown = path.display();
        let file = File::open(path).wrap_err_with(|| format!("{shown} cannot be read"))?;
        let length = file.metadata().wrap_err_with(|| format!("{shown} cannot be read"))?.len();
        let mut file = BufReader::with_capacity(4_096, file);
        let mut start = [0; NODES as usize];
        let is_it = file.read_exact(&mut start).is_ok() && start.starts_with(mark);
        let strange = || eyre!("{shown} is not a file of proofs: name a folder that `{made_by}` wrote");
        ensure!(is_it, strange());
        let (_, count) = start.split_at(mark.len());
        let count = u64::from_be_bytes(count.try_into()?);
        let whole = count.checked_mul(2 * WORD + OFFSET).and_then(|size| size.checked_add(NODES - WORD));
        ensure!(count > 0 && whole == Some(length), "{shown} is cut off, or was changed: make the {what} again");
        let mut proofs = Self { form, file, path: path.to_owned(), count, root: B256::ZERO };
        proofs.root = proofs.node(0)?;
        Ok(proofs)
    }

    pub(crate) const fn root(&self) -> B256 {
        self.root
    }

    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> Result<[u8; N]> {
        let mut found = [0; N];
        let read = self.file.seek(SeekFrom::Start(at)).and_then(|_| self.file.read_exact(&mut found));
        read.wrap_err_with(|| format!("{} cannot be read", self.path.display()))?;
        Ok(found)
    }

    fn node(&mut self, place: u64) -> Result<B256> {
        Ok(B256::new(self.bytes(NODES + place * WORD)?))
    }

    /// The proof of a leaf; none if it is not one of this tree.
    pub(crate) fn find(&mut self, id: B256) -> Result<Option<Proven>> {
        // The leaves are the end of the list, the largest first.
        let (mut from, mut to) = (self.count - 1, 2 * self.count - 1);
        while from < to {
            let middle = from + (to - from) / 2;
            let found = self.node(middle)?;
            if found == id {
                return self.at(middle - (self.count - 1)).map(Some);
            }
            if found > id { from = middle + 1 } else { to = middle }
        }
        Ok(None)
    }

    /// The proof of the leaf at a rank, from 0. It is checked against the root.
    pub(crate) fn at(&mut self, rank: u64) -> Result<Proven> {
        ensure!(rank < self.count, "there is no leaf {rank}: there are {}", self.count);
        let mut place = self.count - 1 + rank;
        let id = self.node(place)?;
        let mut proof = Vec::new();
        while place > 0 {
            // The other node below the same one.
            let other = if place % 2 == 1 { place + 1 } else { place - 1 };
            proof.push(self.node(other)?);
            place = (place - 1) / 2;
        }
        ensure!(
            root_of(id, &proof) == self.root,
            "{} contradicts itself: something in it was changed, so make the {} again",
            self.path.display(),
            self.form.what
        );
        let offset = self.bytes(NODES + (2 * self.count - 1) * WORD + rank * OFFSET)?;
        Ok(Proven { id, proof, offset: u64::from_be_bytes(offset) })
    }
}

/// All proofs of a file, from one reading of it.
pub(crate) fn each_proof(proofs: &mut Proofs, mut each: impl FnMut(B256, &[B256]) -> Result<()>) -> Result<()> {
    let (shown, what) = (proofs.path.display().to_string(), proofs.form.what);
    let mut nodes = Vec::with_capacity(usize::try_from(2 * proofs.count - 1)?);
    proofs.file.seek(SeekFrom::Start(NODES)).wrap_err_with(|| format!("{shown} cannot be read"))?;
    let mut node = B256::ZERO;
    for _ in 0..2 * proofs.count - 1 {
        proofs.file.read_exact(node.as_mut_slice()).wrap_err_with(|| format!("{shown} cannot be read"))?;
        nodes.push(node);
    }
    let changed = || format!("{shown} contradicts itself: something in it was changed, so make the {what} again");
    let mut proof = Vec::new();
    for rank in 0..usize::try_from(proofs.count)? {
        let mut place = nodes.len() / 2 + rank;
        let id = *nodes.get(place).ok_or_eyre("a leaf is missing")?;
        proof.clear();
        while place > 0 {
            let other = if place % 2 == 1 { place + 1 } else { place - 1 };
            proof.push(*nodes.get(other).ok_or_eyre("a node is missing")?);
            place = (place - 1) / 2;
        }
        ensure!(root_of(id, &proof) == proofs.root, changed());
        each(id, &proof)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
