//! What a custodian keeps, in a folder: `records/CID`, `keys/ID.json` and `answers/ID/REQUEST.json`.
//!
//! A file is written under another name first, so that none is ever half there.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use alloy::primitives::B256;
use consilium_deploy::registry::{RecordKey, WrappedKey};
use eyre::{Result, WrapErr};

/// The folder.
#[derive(Clone, Debug)]
pub struct Vault {
    folder: PathBuf,
}

impl Vault {
    /// Opens a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(folder: &Path) -> Result<Self> {
        for part in ["records", "keys", "answers"] {
            let path = folder.join(part);
            fs::create_dir_all(&path).wrap_err_with(|| format!("{} cannot be made", path.display()))?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    pub(crate) fn record(&self, cid: &str) -> PathBuf {
        self.folder.join("records").join(cid)
    }

    pub(crate) fn key(&self, id: B256) -> PathBuf {
        self.folder.join("keys").join(format!("{id}.json"))
    }

    fn answers(&self, id: B256) -> PathBuf {
        self.folder.join("answers").join(id.to_string())
    }

    pub(crate) fn answer(&self, id: B256, request: B256) -> PathBuf {
        self.answers(id).join(format!("{request}.json"))
    }

    /// An answer that the registry may not have recorded yet. Nobody gets it.
    fn pending(&self, id: B256, request: B256) -> PathBuf {
        self.answer(id, request).with_extension("pending")
    }

    /// Keeps a ciphertext under its CID.
    pub(crate) fn keep_record(&self, cid: &str, ciphertext: &[u8]) -> Result<()> {
        let (path, partial) = (self.record(cid), self.record(&format!("{cid}.partial")));
        let written = fs::write(&partial, ciphertext).and_then(|()| fs::rename(&partial, &path));
        written.wrap_err_with(|| format!("{} cannot be written", path.display()))
    }

    /// Keeps the key of a pointer's record, and the CID by its side: the registry forgets it when it is erased.
    pub(crate) fn keep_key(&self, id: B256, key: &RecordKey, cid: &str) -> Result<()> {
        let path = self.key(id).with_extension("cid");
        fs::write(&path, cid).wrap_err_with(|| format!("{} cannot be written", path.display()))?;
        key.write_new(&self.key(id))
    }

    /// The key of a pointer's record; none if this custodian has none.
    pub(crate) fn find_key(&self, id: B256) -> Result<Option<RecordKey>> {
        let path = self.key(id);
        if path.try_exists()? { RecordKey::load(&path).map(Some) } else { Ok(None) }
    }

    /// Destroys a pointer's key, then what it was wrapped to, and then its ciphertext. Says whether there was a key.
    pub(crate) fn destroy(&self, id: B256) -> Result<bool> {
        let key = self.key(id);
        let cid = fs::read_to_string(key.with_extension("cid")).ok();
        let found = remove(&key)?;
        match fs::remove_dir_all(self.answers(id)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).wrap_err("answers cannot be removed");
            }
            _ => {}
        }
        if let Some(cid) = cid {
            remove(&self.record(&cid))?;
            remove(&key.with_extension("cid"))?;
        }
        Ok(found)
    }

    /// The wrapped key of a request: the one that was made before, if the program was stopped in between; else this
    /// one.
    pub(crate) fn pending_answer(&self, id: B256, request: B256, made: WrappedKey) -> Result<WrappedKey> {
        let path = self.pending(id, request);
        if path.try_exists()? {
            // Half a file is made again: nothing was recorded of it.
            if let Ok(found) = WrappedKey::load(&path) {
                return Ok(found);
            }
            remove(&path)?;
        }
        fs::create_dir_all(self.answers(id)).wrap_err("a folder of answers cannot be made")?;
        made.write_new(&path)?;
        Ok(made)
    }

    /// Hands an answer out from now on. Says whether there was one.
    pub(crate) fn release(&self, id: B256, request: B256) -> Result<bool> {
        match fs::rename(self.pending(id, request), self.answer(id, request)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error).wrap_err("an answer cannot be released"),
        }
    }

    /// Forgets an answer that will not be given.
    pub(crate) fn withdraw(&self, id: B256, request: B256) -> Result<()> {
        remove(&self.pending(id, request)).map(drop)
    }
}

fn remove(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).wrap_err_with(|| format!("{} cannot be removed", path.display())),
    }
}
