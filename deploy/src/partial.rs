//! A folder that is written whole or not at all.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use eyre::{OptionExt, Result, WrapErr, ensure, eyre};

/// A folder that takes another name when all of it is written, and goes if that does not happen.
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
        fs::create_dir(&partial).wrap_err_with(|| format!("{} cannot be created", partial.display()))?;
        Ok(Self(Some(partial)))
    }

    pub(crate) fn file(&self, name: &str) -> Result<BufWriter<File>> {
        let folder = self.0.as_deref().ok_or_eyre("the folder has its name already")?;
        let file = File::create_new(folder.join(name)).wrap_err_with(|| format!("{name} cannot be written"))?;
        Ok(BufWriter::with_capacity(1 << 16, file))
    }

    pub(crate) fn becomes(mut self, folder: &Path) -> Result<()> {
        if let Some(partial) = &self.0 {
            // A folder that came meanwhile is not replaced, unless it is empty.
            fs::rename(partial, folder).wrap_err_with(|| format!("{} cannot be written", folder.display()))?;
        }
        self.0 = None;
        Ok(())
    }
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
            let _ = fs::remove_dir_all(partial);
        }
    }
}
