//! Makes a batch of a list of pointers: its root, the list that its manifest leads to, and a file that proves each
//! pointer.
//!
//! Rows are read one by one. What stays in memory is a leaf of 48 bytes for each pointer, and then the tree's nodes, of
//! 64. The files are written to a folder beside the one that is asked for, which takes its name when all is done.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry::{Manifest, Pointer};
use eyre::{OptionExt, Result, WrapErr, ensure, eyre};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::content;
use super::pointer::{Draft, listed, pointer_id, pointer_json};
use super::rows;
use super::tree::{self, Leaf, Proofs, each_proof};
use crate::consent::Names;
use crate::files;

/// What the summary's file is.
const FORMAT: &str = "consilium registry batch 1";

/// The files of a batch.
const SUMMARY: &str = "batch.json";
const LIST: &str = "pointers.jsonl";
const PROOFS: &str = "proofs";

/// The most bytes of a pointer in the list.
const LONGEST: u64 = 4_096;

/// The most bad rows that are told. The others are counted.
const MOST: usize = 1_000;

/// A row that cannot be published, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong, and what to do.
    pub reason: String,
}

/// What became of a list.
#[derive(Debug)]
pub enum Batched {
    /// The batch was written.
    Written(Box<Batch>),
    /// There are bad rows, and nothing was written.
    Refused {
        /// The first of them.
        bad: Vec<BadRow>,
        /// How many there are.
        count: u64,
        /// Of how many rows.
        rows: u64,
    },
}

/// A batch as its folder has it.
#[derive(Debug)]
pub struct Batch {
    folder: PathBuf,
    summary: Summary,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Summary {
    format: String,
    custodian: Address,
    root: B256,
    count: u64,
    manifest: Found,
}

/// A manifest for programs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Found {
    hash_code: u64,
    digest: B256,
    locator_kind: u8,
    locator_codec: u64,
    locator: B256,
    /// For people and programs of IPFS.
    cid: String,
}

/// A pointer of a batch, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The pointer's id.
    pub id: B256,
    /// The pointer.
    pub pointer: Pointer,
    /// The root of the batch.
    pub root: B256,
    /// The nodes beside the way from the leaf to the root.
    pub proof: Vec<B256>,
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
    let Making { leaves, out, hash, custodian, bad, bad_count, rows, .. } = making;
    if bad_count > 0 {
        return Ok(Batched::Refused { bad, count: bad_count, rows });
    }
    let custodian = custodian.ok_or_else(|| eyre!("{} has no pointer: write a row for each", list.display()))?;
    finish(out, LIST)?;
    let nodes = tree::nodes(&leaves);
    let mut proofs = partial.file(PROOFS)?;
    tree::write(&mut proofs, &nodes, &leaves).wrap_err_with(|| unwritten(PROOFS))?;
    finish(proofs, PROOFS)?;
    let manifest = content::of_bytes(B256::new(hash.finalize().into()));
    let root = *nodes.first().ok_or_eyre("a tree has a root")?;
    let (format, count) = (FORMAT.to_owned(), leaves.len() as u64);
    let summary = Summary { format, custodian, root, count, manifest: Found::of(&manifest)? };
    let mut out = partial.file(SUMMARY)?;
    let text = serde_json::to_string_pretty(&summary)? + "\n";
    out.write_all(text.as_bytes()).wrap_err_with(|| unwritten(SUMMARY))?;
    finish(out, SUMMARY)?;
    partial.becomes(folder)?;
    Ok(Batched::Written(Box::new(Batch { folder: folder.to_owned(), summary })))
}

fn finish(out: BufWriter<File>, name: &str) -> Result<()> {
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error);
    file.and_then(|file| file.sync_all()).wrap_err_with(|| unwritten(name))
}

fn unwritten(name: &str) -> String {
    format!("{name} cannot be written")
}

/// A batch under way.
struct Making<'a> {
    names: &'a Names,
    leaves: Vec<Leaf>,
    out: BufWriter<File>,
    hash: Sha256,
    offset: u64,
    custodian: Option<Address>,
    bad: Vec<BadRow>,
    bad_count: u64,
    rows: u64,
}

impl<'a> Making<'a> {
    fn new(names: &'a Names, out: BufWriter<File>) -> Self {
        let (leaves, bad) = (Vec::new(), Vec::new());
        Self { names, leaves, out, hash: Sha256::new(), offset: 0, custodian: None, bad, bad_count: 0, rows: 0 }
    }

    fn add(&mut self, line: u64, row: Result<Draft<'_>, String>) -> Result<()> {
        self.rows += 1;
        match row.and_then(|draft| self.checked(&draft)) {
            Ok(pointer) => self.keep(line, &pointer),
            Err(reason) => {
                self.complain(line, reason);
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
        let leaves = std::mem::take(&mut self.leaves);
        for same in leaves.chunk_by(|a, b| a.id == b.id) {
            let [first, others @ ..] = same else { continue };
            for other in others {
                let reason = format!("it is the same pointer as in line {}: delete one of them", first.line);
                self.complain(other.line.into(), reason);
            }
        }
        self.bad.sort_by_key(|bad| bad.line);
        self.leaves = leaves;
    }

    fn complain(&mut self, line: u64, reason: String) {
        self.bad_count += 1;
        if self.bad.len() < MOST {
            self.bad.push(BadRow { line, reason });
        }
    }
}

/// A folder that takes another name when all of it is written, and goes if that does not happen.
struct Partial(Option<PathBuf>);

impl Partial {
    fn beside(folder: &Path) -> Result<Self> {
        let shown = folder.display();
        let there = folder.try_exists().wrap_err_with(|| format!("{shown} cannot be reached"))?;
        ensure!(!there, "{shown} is there already: name another folder, or move it away");
        let name = folder.file_name().ok_or_else(|| eyre!("{shown} is not a folder's name: give a new one"))?;
        let mut name = name.to_owned();
        name.push(format!(".partial-{}", std::process::id()));
        let partial = folder.with_file_name(name);
        fs::create_dir(&partial).wrap_err_with(|| format!("{} cannot be created", partial.display()))?;
        Ok(Self(Some(partial)))
    }

    fn file(&self, name: &str) -> Result<BufWriter<File>> {
        let folder = self.0.as_deref().ok_or_eyre("the folder has its name already")?;
        let file = File::create_new(folder.join(name)).wrap_err_with(|| unwritten(name))?;
        Ok(BufWriter::with_capacity(1 << 16, file))
    }

    fn becomes(mut self, folder: &Path) -> Result<()> {
        if let Some(partial) = &self.0 {
            // A folder that came meanwhile is not replaced, unless it is empty.
            fs::rename(partial, folder).wrap_err_with(|| format!("{} cannot be written", folder.display()))?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(partial) = &self.0 {
            let _ = fs::remove_dir_all(partial);
        }
    }
}

impl Found {
    fn of(manifest: &Manifest) -> Result<Self> {
        let cid = content::located(manifest).ok_or_eyre("a list is found by its CID")?.to_string();
        let &Manifest { hashCode: hash_code, digest, locatorKind: locator_kind, locatorCodec: locator_codec, locator } =
            manifest;
        Ok(Self { hash_code, digest, locator_kind, locator_codec, locator, cid })
    }
}

impl Batch {
    /// Opens a folder that [`batch`] wrote.
    ///
    /// # Errors
    /// If it cannot be read, or has something else.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(SUMMARY);
        let shown = path.display();
        let text = files::text(&path, files::MEBIBYTE).wrap_err_with(|| format!("{shown} cannot be read"))?;
        let strange = |reason: &str| {
            eyre!("{shown} is not a batch's: {reason}: name a folder that `consilium registry batch` wrote")
        };
        let summary: Summary = serde_json::from_str(&text).map_err(|error| strange(&files::json(&error)))?;
        ensure!(summary.format == FORMAT, strange(&format!("its format is not \"{FORMAT}\"")));
        Ok(Self { folder: folder.to_owned(), summary })
    }

    /// Whose pointers it has.
    pub const fn custodian(&self) -> Address {
        self.summary.custodian
    }

    /// The root.
    pub const fn root(&self) -> B256 {
        self.summary.root
    }

    /// How many pointers it has.
    pub const fn count(&self) -> u64 {
        self.summary.count
    }

    /// Where its list is, by the hash of its file.
    pub const fn manifest(&self) -> Manifest {
        let found = &self.summary.manifest;
        Manifest {
            hashCode: found.hash_code,
            digest: found.digest,
            locatorKind: found.locator_kind,
            locatorCodec: found.locator_codec,
            locator: found.locator,
        }
    }

    /// The CID of its list.
    pub fn cid(&self) -> &str {
        &self.summary.manifest.cid
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let Summary { custodian, root, count, manifest, .. } = &self.summary;
        json!({
            "custodian": custodian,
            "root": root,
            "count": count,
            "manifest": manifest,
            "folder": self.folder,
        })
    }

    fn proofs(&self) -> Result<Proofs> {
        let path = self.folder.join(PROOFS);
        let proofs = Proofs::open(&path)?;
        let fits = proofs.root() == self.root() && proofs.count() == self.count();
        ensure!(fits, "{} is of another batch than {SUMMARY}: make the batch again", path.display());
        Ok(proofs)
    }

    /// The pointer with an id, and its proof.
    ///
    /// # Errors
    /// If the batch has none, or its files cannot be read or contradict each other.
    pub fn prove(&self, id: B256) -> Result<Proof> {
        let found = self.proofs()?.find(id)?;
        let found = found.ok_or_else(|| {
            eyre!("{} has no pointer {id}: correct the id, or name another batch", self.folder.display())
        })?;
        let path = self.folder.join(LIST);
        let pointer = row(&path, found.offset).filter(|pointer| pointer_id(pointer) == id).ok_or_else(|| {
            eyre!("{} does not have the pointer {id} where it was: make the batch again", path.display())
        })?;
        Ok(Proof { id, pointer, root: self.root(), proof: found.proof })
    }

    /// Hands every id and its proof to `each`. Each proof has been checked.
    ///
    /// # Errors
    /// If the file cannot be read or contradicts itself, or `each` fails.
    pub fn each_proof(&self, each: impl FnMut(B256, &[B256]) -> Result<()>) -> Result<()> {
        each_proof(&mut self.proofs()?, each)
    }
}

/// The pointer of a row of the list.
fn row(path: &Path, offset: u64) -> Option<Pointer> {
    use std::io::BufRead as _;
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(offset)).ok()?;
    let mut text = String::new();
    BufReader::new(file.take(LONGEST)).read_line(&mut text).ok()?;
    // The list has the contract's numbers: no table is asked what they mean.
    Draft::of_json(serde_json::from_str(&text).ok()?).ok()?.pointer(&Names::standard()).ok()
}

impl Proof {
    /// For programs.
    pub fn json(&self) -> Value {
        json!({ "id": self.id, "root": self.root, "proof": self.proof, "pointer": pointer_json(&self.pointer) })
    }
}

#[cfg(test)]
mod tests;
