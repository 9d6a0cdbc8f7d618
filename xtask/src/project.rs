//! Where things are.

use eyre::Result;
use std::path::{Path, PathBuf};

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the repository's root")
}

/// All contracts, by name.
///
/// # Errors
/// If one has a faulty manifest.
pub(crate) fn contracts() -> Result<Vec<suite::Contract>> {
    suite::contracts(root())
}

/// Where the finished programs are: `<name>.wasm`, `<name>.code` and `sizes.json`.
pub(crate) fn artifacts() -> PathBuf {
    root().join("target/stylus")
}
