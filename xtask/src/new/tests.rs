//! That the template is rendered without a trace of its name, and that a refusal leaves nothing behind.

use super::{ERRORS, PARTS, make, render};
use crate::project;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use suite::{Name, TEMPLATE};

fn template() -> PathBuf {
    project::root().join(TEMPLATE)
}

/// What a tree of its own is made of: the repository's files that `new` reads and changes.
const NEEDED: [&str; 3] = [PARTS, ERRORS, "Cargo.lock"];

/// A tree with the template and little else, removed when dropped.
struct Tree(PathBuf);

impl Tree {
    fn plant(name: &str) -> Self {
        let tree = Self(project::root().join("target/new-tests").join(name));
        let _ = fs::remove_dir_all(&tree.0);
        crate::mutants::copy(&template(), &tree.0.join(TEMPLATE)).unwrap();
        for file in NEEDED {
            let to = tree.0.join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(project::root().join(file), to).unwrap();
        }
        fs::create_dir_all(tree.0.join("contracts/first-one/src")).unwrap();
        let manifest = "[package]\nname = \"first-one\"\n[package.metadata.consilium]\nbudget = 1\n";
        fs::write(tree.0.join("contracts/first-one/Cargo.toml"), manifest).unwrap();
        fs::create_dir_all(tree.0.join("tests/abi")).unwrap();
        tree
    }

    /// Every file with its text.
    fn files(&self) -> BTreeMap<PathBuf, String> {
        let (mut files, mut folders) = (BTreeMap::new(), vec![self.0.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(path.strip_prefix(&self.0).unwrap().to_owned(), fs::read_to_string(path).unwrap());
                }
            }
        }
        files
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn under_its_own_name_the_template_is_itself() {
    let own = render::own_name(&template()).unwrap();
    let files = render::files(&template(), &own).unwrap();
    assert!(files.len() >= 10, "{files:?}");
    for (file, text) in files {
        assert_eq!(text, fs::read_to_string(template().join(file)).unwrap());
    }
}

#[test]
fn nothing_of_the_templates_name_is_left() {
    let own = render::own_name(&template()).unwrap();
    let own = own.kebab().split('-').map(str::to_owned).collect::<Vec<_>>();
    for name in ["x-ray-register", "ledger"] {
        for (file, text) in render::files(&template(), &Name::new(name).unwrap()).unwrap() {
            let all = format!("{}\n{text}", file.display()).to_lowercase();
            let compact: String = all.chars().filter(|letter| !"-_ ".contains(*letter)).collect();
            assert!(!compact.contains(&own.concat()), "{}", file.display());
            if file.extension().is_some_and(|extension| extension == "rs") {
                syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            }
        }
    }
}

#[test]
fn a_contract_has_its_folders_one_part_and_a_section() {
    let tree = Tree::plant("made");
    let before = tree.files();
    let name = Name::new("x-ray-register").unwrap();
    make(&tree.0, &name).unwrap().keep();
    let after = tree.files();
    let own = |file: &Path| {
        file.starts_with("contracts/x-ray-register")
            || file.starts_with("tests/x-ray-register")
            || file == Path::new("deploy/src/parts/x_ray_register.rs")
    };
    let (mut added, mut changed) = (0, Vec::new());
    for (file, text) in &after {
        match before.get(file) {
            None => {
                assert!(own(file), "{}", file.display());
                added += 1;
            }
            Some(old) if old != text => changed.push(file.to_str().unwrap()),
            Some(_) => {}
        }
    }
    assert!(added >= 10);
    assert_eq!(changed, [PARTS, ERRORS]);
    assert!(after[Path::new(ERRORS)].contains("\n\n## X ray register\n"));
    let contract = suite::read(tree.0.join("contracts/x-ray-register/Cargo.toml")).unwrap();
    assert_eq!((contract.name, contract.metadata.tests), (name, vec!["x-ray-register".to_owned()]));
    let declared = fs::read_to_string(tree.0.join("contracts/x-ray-register/src/abi.rs")).unwrap();
    let [interface] = &consilium_abi_syntax::interfaces_in(&declared).unwrap()[..] else { panic!("one interface") };
    assert_eq!(interface.contract_name(), "XRayRegister");
}

#[test]
fn a_name_that_is_taken_is_refused_and_nothing_is_written() {
    let tree = Tree::plant("taken");
    let before = tree.files();
    for (name, reason) in [
        ("first-one", "contracts/first-one is there already"),
        ("abi", "tests/abi is there already"),
        ("notice-board", "in Solidity already"),
        ("serde", "a package"),
    ] {
        let refused = format!("{:#}", make(&tree.0, &Name::new(name).unwrap()).unwrap_err());
        assert!(refused.contains(reason), "{name}: {refused}");
        assert_eq!(tree.files(), before);
    }
    assert_eq!(render::own_name(&template()).unwrap().kebab(), "notice-board");
}

#[test]
fn a_failure_on_the_way_leaves_nothing_behind() {
    let tree = Tree::plant("failing");
    let name = Name::new("x-ray-register").unwrap();
    // A later step failed: what was made is not kept.
    let before = tree.files();
    drop(make(&tree.0, &name).unwrap());
    assert_eq!(tree.files(), before);
    assert!(!tree.0.join("contracts/x-ray-register").exists());
    // A list that cannot be read.
    fs::write(tree.0.join(PARTS), "").unwrap();
    let before = tree.files();
    assert!(make(&tree.0, &name).is_err());
    assert_eq!(tree.files(), before);
    // A file where a folder of the contract has to be, behind others that are written before it.
    fs::copy(project::root().join(PARTS), tree.0.join(PARTS)).unwrap();
    fs::remove_dir_all(tree.0.join("tests")).unwrap();
    fs::write(tree.0.join("tests"), "").unwrap();
    let before = tree.files();
    assert!(make(&tree.0, &name).is_err());
    assert_eq!(tree.files(), before);
    assert!(!tree.0.join("contracts/x-ray-register").exists());
}
