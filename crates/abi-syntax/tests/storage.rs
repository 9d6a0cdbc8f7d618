//! The storage of every contract of the repository: who touches it, and what lies where.

use std::{fs, path::Path};

use consilium_abi_syntax::{Storage, storage};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/abi-syntax is in the repository")
}

fn contracts() -> Vec<Storage> {
    let all = storage(root()).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(!all.is_empty(), "no contracts");
    all
}

/// The compiler keeps other files away from the private fields of a struct in `storage.rs`.
#[test]
fn only_storage_rs_touches_the_fields() {
    for contract in contracts() {
        assert!(contract.leaks.is_empty(), "contracts/{}: {:#?}", contract.folder, contract.leaks);
    }
}

/// A change of the layout is seen in the diff of its golden file.
#[test]
fn the_golden_layouts_are_what_is_declared() {
    for contract in contracts() {
        let file = root().join(format!("abi/layout/{}.txt", contract.folder));
        let golden = fs::read_to_string(&file).unwrap_or_default();
        let lines: Vec<_> = golden.lines().filter(|line| !line.starts_with('#')).collect();
        let declared: Vec<_> = contract.layout.lines().collect();
        assert_eq!(lines.join("\n").trim(), declared.join("\n").trim(), "{}: run `cargo xtask abi`", file.display());
    }
}
