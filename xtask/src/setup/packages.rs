//! Debian's packages: installed without a question where this user may, else named.

use crate::command;
use eyre::{Context, Result, bail};
use std::process::Command;

/// Installs packages by apt-get. `purpose` says in a few words what they are needed for.
///
/// # Errors
/// Where there is no apt-get, where the user is not root, and where apt-get fails: each names the command that would mend it.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let mend = format!("apt-get update && apt-get install --yes {}", packages.join(" "));
    if command::ask(Command::new("apt-get").arg("--version")).is_none() {
        bail!("{purpose} is missing, and there is no apt-get here to install it");
    }
    if command::ask(Command::new("id").arg("--user")).as_deref() != Some("0") {
        bail!("{purpose} is missing; as root run: {mend}");
    }
    eprintln!("set-up: installing {} ({purpose})", packages.join(", "));
    let apt = |arguments: &[&str]| {
        command::run(
            Command::new("apt-get")
                .args(["-qq", "-o", "Dpkg::Use-Pty=0"])
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    apt(&["update"])
        .and_then(|()| apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat()))
        .with_context(|| format!("{purpose} could not be installed; try: {mend}"))
}
