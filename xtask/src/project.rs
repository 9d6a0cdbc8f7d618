//! Where things are.

use std::path::{Path, PathBuf};

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the repository's root")
}

/// Where the finished programs are: `<name>.wasm`, `<name>.code` and `sizes.json`.
pub(crate) fn artifacts() -> PathBuf {
    root().join("target/stylus")
}
