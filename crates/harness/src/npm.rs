//! The npm packages that folders of `tests/` pin.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use eyre::{Context, Result, ensure};

use crate::root;

/// The folder `tests/<name>`, with what its lock file names installed.
///
/// # Errors
/// Where node or npm is missing, or a package cannot be had.
pub fn installed(name: &str) -> Result<PathBuf> {
    let folder = root().join("tests").join(name);
    let installed = folder.join("node_modules/.package-lock.json");
    let _turn = turn(name)?;
    // npm writes this file last. A newer lock file is a changed one.
    let modified = |file: &Path| fs::metadata(file).and_then(|data| data.modified()).ok();
    if modified(&installed) < modified(&folder.join("package-lock.json")) {
        run(Command::new("npm").args(["ci", "--silent"]).current_dir(&folder))?;
    }
    Ok(folder)
}

/// Test binaries and tests run side by side: one works in a folder, the others wait and find the work done.
pub(crate) fn turn(name: &str) -> Result<File> {
    let target = root().join("target").join(name);
    fs::create_dir_all(&target)?;
    let lock = File::create(target.join(".lock"))?;
    lock.lock()?;
    Ok(lock)
}

pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let output = command.output().wrap_err_with(|| format!("{shown} (node 20 or newer and npm are needed)"))?;
    ensure!(output.status.success(), "{shown} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
