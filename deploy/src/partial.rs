//! A folder that is written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use eyre::{OptionExt, Result, WrapErr, ensure, eyre};

/// The folders that are being written. Whoever holds the list may make a file in one of them, or give it its name.
static BEGUN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn begun() -> MutexGuard<'static, Vec<PathBuf>> {
    BEGUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every folder that is not written to its end: for a program that ends now. No other is written afterwards.
pub fn abandon() {
    let begun = begun();
    for partial in begun.iter() {
        let _ = fs::remove_dir_all(partial);
    }
    std::mem::forget(begun);
}

/// A folder that takes another name when all of it is written, and goes if that does not happen. On Unix it is for its
/// owner alone: a list may be of patients.
pub(crate) struct Partial(Option<PathBuf>);

impl Partial {
    pub(crate) fn beside(folder: &Path) -> Result<Self> {
        let shown = folder.display();
        let there = folder.try_exists().wrap_err_with(|| format!("{shown} cannot be reached"))?;
        ensure!(!there, "{shown} is there already: name another folder, or move it away");
        let name = folder.file_name().ok_or_else(|| eyre!("{shown} is not a folder's name: give a new one"))?;
        let mut name = name.to_owned();
        name.push(format!(".partial-{}", std::process::id()));
        let partial = folder.with_file_name(name);
        let mut begun = begun();
        create(&partial).wrap_err_with(|| format!("{} cannot be created", partial.display()))?;
        begun.push(partial.clone());
        Ok(Self(Some(partial)))
    }

    pub(crate) fn file(&self, name: &str) -> Result<BufWriter<File>> {
        let folder = self.0.as_deref().ok_or_eyre("the folder has its name already")?;
        let _begun = begun();
        let file = File::create_new(folder.join(name)).wrap_err_with(|| format!("{name} cannot be written"))?;
        Ok(BufWriter::with_capacity(1 << 16, file))
    }

    pub(crate) fn becomes(mut self, folder: &Path) -> Result<()> {
        if let Some(partial) = &self.0 {
            let mut begun = begun();
            // A folder that came meanwhile is not replaced, unless it is empty.
            fs::rename(partial, folder).wrap_err_with(|| format!("{} cannot be written", folder.display()))?;
            begun.retain(|other| other != partial);
        }
        self.0 = None;
        Ok(())
    }
}

#[cfg(unix)]
fn create(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

/// Writes a file of it to its end.
pub(crate) fn finish(out: BufWriter<File>, name: &str) -> Result<()> {
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error);
    file.and_then(|file| file.sync_all()).wrap_err_with(|| unwritten(name))
}

pub(crate) fn unwritten(name: &str) -> String {
    format!("{name} cannot be written")
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(partial) = &self.0 {
            let mut begun = begun();
            let _ = fs::remove_dir_all(partial);
            begun.retain(|other| other != partial);
        }
    }
}
