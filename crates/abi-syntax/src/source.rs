//! Finds declarations in Rust source files.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use syn::{Item, Result};

use crate::{Interface, compose::last};

/// All interfaces and fragments that the `sol_abi!` of a Rust source declare, in order. One that is made of fragments
/// has still to be composed.
pub fn interfaces_in(source: &str) -> Result<Vec<Interface>> {
    let mut all = Vec::new();
    for item in syn::parse_file(source)?.items {
        if let Item::Macro(item) = item
            && item.mac.path.segments.last().is_some_and(|last| last.ident == "sol_abi")
        {
            all.extend(Interface::parse_all(item.mac.tokens)?);
        }
    }
    Ok(all)
}

/// Why sources cannot be read as declarations: file, line and reason.
#[derive(Debug)]
pub struct Fault(pub(crate) String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// What each `contracts/*/src/abi.rs` of the repository at `root` answers, with the fragments of `crates/` it is made
/// of, in the order of the files' names. The files' paths are relative to `root`.
///
/// # Errors
/// Where a file cannot be read, a declaration is refused, or a fragment is unknown or declared twice.
pub fn contracts(root: &Path) -> std::result::Result<Vec<(PathBuf, Interface)>, Fault> {
    answered_in(root, "contracts")
}

/// The same for contracts in another folder of the repository.
///
/// # Errors
/// As [`contracts`].
pub fn answered_in(root: &Path, folder: &str) -> std::result::Result<Vec<(PathBuf, Interface)>, Fault> {
    let mut fragments = BTreeMap::new();
    for file in rust_files(&root.join("crates"))? {
        let source = read(&file)?;
        // Most files declare nothing: they need not be parsed.
        if !source.contains("fragment ") || !source.contains("sol_abi!") {
            continue;
        }
        for fragment in declared(root, &file, &source)?.into_iter().filter(|declared| declared.is_fragment) {
            let name = fragment.name.to_string();
            if fragments.insert(name.clone(), fragment).is_some() {
                return Err(Fault(format!("{}: a second fragment `{name}`", file.display())));
            }
        }
    }
    let mut all = Vec::new();
    for folder in entries(&root.join(folder))? {
        let file = folder.join("src/abi.rs");
        if !file.is_file() {
            continue;
        }
        let answered = declared(root, &file, &read(&file)?)?.into_iter().filter(|one| one.target.is_some());
        for interface in answered {
            let parts = interface.made_of.iter().map(|path| {
                let known = last(path).and_then(|name| fragments.get(&name.to_string()));
                known.cloned().ok_or_else(|| syn::Error::new_spanned(path, "no fragment in crates/ has this name"))
            });
            let composed = parts.collect::<Result<_>>().and_then(|parts| interface.clone().compose(parts));
            all.push((relative(root, &file), composed.map_err(|error| at(root, &file, &error))?));
        }
    }
    Ok(all)
}

fn declared(root: &Path, file: &Path, source: &str) -> std::result::Result<Vec<Interface>, Fault> {
    interfaces_in(source).map_err(|error| at(root, file, &error))
}

pub(crate) fn at(root: &Path, file: &Path, error: &syn::Error) -> Fault {
    let start = error.span().start();
    Fault(format!("{}:{}:{}: {error}", relative(root, file).display(), start.line, start.column + 1))
}

fn relative(root: &Path, file: &Path) -> PathBuf {
    file.strip_prefix(root).unwrap_or(file).to_owned()
}

/// All `.rs` files in the `src` folders of a folder of crates.
fn rust_files(crates: &Path) -> std::result::Result<Vec<PathBuf>, Fault> {
    let mut files = Vec::new();
    for folder in entries(crates)? {
        files.extend(rust_files_in(&folder.join("src"))?);
    }
    files.sort();
    Ok(files)
}

/// All `.rs` files in a folder and those below it. None where there is no such folder.
pub(crate) fn rust_files_in(folder: &Path) -> std::result::Result<Vec<PathBuf>, Fault> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in entries(&folder)? {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                files.push(entry);
            }
        }
    }
    files.sort();
    Ok(files)
}

pub(crate) fn entries(folder: &Path) -> std::result::Result<Vec<PathBuf>, Fault> {
    let unreadable = |error| Fault(format!("{}: {error}", folder.display()));
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut paths =
        entries.map(|entry| Ok(entry.map_err(unreadable)?.path())).collect::<std::result::Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

pub(crate) fn read(file: &Path) -> std::result::Result<String, Fault> {
    fs::read_to_string(file).map_err(|error| Fault(format!("{}: {error}", file.display())))
}
