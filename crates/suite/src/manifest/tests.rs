//! Of the repository's own manifests, and of faulty ones.

use super::parse;
use crate::{contracts, test_programs};
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/suite is in the repository")
}

#[test]
fn each_contract_says_what_it_is_allowed() {
    let contracts = contracts(root()).unwrap();
    assert!(contracts.len() >= 3);
    assert!(contracts.iter().all(|contract| contract.metadata.budget <= 22_000 && contract.metadata.pages <= 2));
}

#[test]
fn a_test_program_is_no_contract() {
    let (contracts, programs) = (contracts(root()).unwrap(), test_programs(root()).unwrap());
    assert!(!programs.is_empty());
    assert!(programs.iter().all(|program| contracts.iter().all(|contract| contract.name != program.name)));
}

/// What `cargo xtask mutants` is to run exists.
#[test]
fn modules_and_tests_that_are_named_exist() {
    for contract in contracts(root()).unwrap().into_iter().chain(test_programs(root()).unwrap()) {
        let sources = contract.manifest.with_file_name("src");
        for module in &contract.metadata.rules {
            assert!(sources.join(module).with_extension("rs").is_file(), "{}: no module {module}", contract.name);
        }
        for test in &contract.metadata.tests {
            let folders = [root().join("tests"), root().join(crate::TEMPLATE).join("tests")];
            let exists = folders.iter().any(|folder| folder.join(test).join("main.rs").is_file());
            assert!(exists, "{}: no test {test}", contract.name);
        }
    }
}

#[test]
fn a_manifest_without_a_budget_is_refused() {
    let refused = |text: &str| format!("{:#}", parse(text).unwrap_err());
    assert!(refused("[package]\nname = \"a\"").contains("`budget`"));
    assert!(refused("[package]\nname = \"a\"\n[package.metadata.consilium]").contains("missing field `budget`"));
    let typo = "[package]\nname = \"a\"\n[package.metadata.consilium]\nbudget = 1\npage = 2";
    assert!(refused(typo).contains("unknown field `page`"));
}

#[test]
fn a_workspace_of_its_own_is_known() {
    let manifest = "[package]\nname = \"a\"\n[package.metadata.consilium]\nbudget = 1\n";
    assert!(!parse(manifest).unwrap().1);
    assert!(parse(&format!("[workspace]\n{manifest}")).unwrap().1);
}
