//! A batch as its folder has it: read again, and proven from.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256};
use consilium_bindings::DataPointerRegistry::{Manifest, Pointer};
use eyre::{OptionExt, Result, ensure, eyre};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::content;
use super::super::pointer::{Draft, pointer_id, pointer_json};
use crate::consent::Names;
use crate::merkle::{Form, Leaf, Proofs, Tree, each_proof, each_row};

/// What the summary's file is.
const FORMAT: &str = "consilium registry batch 1";

/// The file of the root, the count and the manifest.
pub(super) const SUMMARY: &str = "batch.json";
/// The file of the pointers.
pub(super) const LIST: &str = "pointers.jsonl";
/// The file of the tree.
pub(super) const PROOFS: &str = "proofs";

/// What the file of the tree is.
pub(super) const FORM: Form =
    Form { mark: b"consilium registry proofs 1\0\0\0\0\0", made_by: "consilium registry batch", what: "batch" };

/// The most bytes of a pointer in the list.
const LONGEST: u64 = 4_096;

/// A batch as its folder has it.
#[derive(Debug)]
pub struct Batch {
    folder: PathBuf,
    summary: Summary,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Summary {
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

impl Found {
    fn of(manifest: &Manifest) -> Result<Self> {
        let cid = content::located(manifest).ok_or_eyre("a list is found by its CID")?.to_string();
        let &Manifest { hashCode: hash_code, digest, locatorKind: locator_kind, locatorCodec: locator_codec, locator } =
            manifest;
        Ok(Self { hash_code, digest, locator_kind, locator_codec, locator, cid })
    }
}

impl Summary {
    pub(super) fn new(custodian: Address, root: B256, count: u64, manifest: &Manifest) -> Result<Self> {
        Ok(Self { format: FORMAT.to_owned(), custodian, root, count, manifest: Found::of(manifest)? })
    }
}

impl Batch {
    pub(super) fn new(folder: &Path, summary: Summary) -> Self {
        Self { folder: folder.to_owned(), summary }
    }

    /// Opens a folder that [`batch`] wrote.
    ///
    /// # Errors
    /// If it cannot be read, or has something else.
    pub fn open(folder: &Path) -> Result<Self> {
        let summary = FORM.summary(&folder.join(SUMMARY), FORMAT, |summary: &Summary| &summary.format)?;
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

    pub(super) fn proofs(&self) -> Result<Proofs> {
        FORM.proofs(&self.folder.join(PROOFS), self.root(), self.count(), SUMMARY)
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

    /// Makes manifest, root, count and proofs of the list again: what is published is what the list says, and every
    /// pointer in it can be proven.
    ///
    /// # Errors
    /// If a file cannot be read, or the summary or the proofs are those of another list, or a pointer in it has another
    /// custodian.
    pub fn check(&self) -> Result<()> {
        let path = self.folder.join(LIST);
        let (mut leaves, mut is_its) = (Vec::new(), true);
        let hash = each_row(&path, &FORM, LONGEST, pointer, |offset, pointer| {
            is_its &= pointer.custodian == self.custodian();
            leaves.push(Leaf { id: pointer_id(&pointer), line: 0, offset });
            Ok(())
        })?;
        let (count, tree) = (leaves.len() as u64, Tree::of(leaves));
        let made = (tree.root(), count, content::of_bytes(hash));
        ensure!(
            is_its && made == (Some(self.root()), self.count(), self.manifest()),
            "{} is not the list that {SUMMARY} was made of: make the batch again",
            path.display()
        );
        tree.expect_proofs(&self.folder.join(PROOFS), &FORM, LIST)
    }
}

/// The pointer of a row of the list.
fn row(path: &Path, offset: u64) -> Option<Pointer> {
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(offset)).ok()?;
    let mut text = String::new();
    BufReader::new(file.take(LONGEST)).read_line(&mut text).ok()?;
    pointer(&text)
}

/// The pointer of a line. The list has the contract's numbers: no table is asked what they mean.
fn pointer(text: &str) -> Option<Pointer> {
    Draft::of_json(text).ok()?.pointer(&Names::standard()).ok()
}

impl Proof {
    /// For programs.
    pub fn json(&self) -> Value {
        json!({ "id": self.id, "root": self.root, "proof": self.proof, "pointer": pointer_json(&self.pointer) })
    }
}
