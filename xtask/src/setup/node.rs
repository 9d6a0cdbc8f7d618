//! Node.js and the npm packages that folders of this repository pin: Binaryen for the build, Solidity's compiler and the
//! peers' sources for tests.

use super::packages;
use crate::command;
use eyre::{Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::process::Command;

/// The oldest Node.js that runs Binaryen's and Solidity's builds.
const OLDEST: u32 = 18;

/// Finds Node.js and npm, or installs them; gives the version, such as `v20.20.2`.
pub(crate) fn ready() -> Result<String> {
    let version = || command::ask(Command::new("node").arg("--version"));
    if version().is_none() || command::ask(Command::new("npm").arg("--version")).is_none() {
        packages::install(&["nodejs", "npm"], "Node.js, which runs Binaryen and Solidity's compiler,")?;
    }
    let Some(version) = version() else { bail!("node --version fails although Node.js was installed") };
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= OLDEST),
        "node is {version}, but {OLDEST} or newer is needed; install a newer Node.js (https://nodejs.org) and put it first on the PATH"
    );
    Ok(version)
}

/// Installs exactly what the lock file of `folder` names, unless that has been done: a stamp beside the packages holds the
/// lock file's hash.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let lock = std::fs::read(folder.join("package-lock.json"))?;
    let wanted = hex::encode(Sha256::digest(&lock));
    let stamp = folder.join("node_modules/.installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    ready()?;
    eprintln!("set-up: npm ci in {}", folder.strip_prefix(crate::project::root()).unwrap_or(folder).display());
    command::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))?;
    Ok(std::fs::write(stamp, wanted)?)
}
