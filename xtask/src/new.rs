//! `cargo xtask new NAME`: a contract with its tests and its part of deploy, ready to build, test and deploy.
//!
//! What is copied is [`TEMPLATE`], a piece of the repository with all files of one contract, itself built and tested. Every
//! spelling of the template's name becomes the same spelling of the new name.

mod listing;
mod render;

use crate::{abi, command, project};
use eyre::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use suite::{Name, TEMPLATE};

/// The list of deploy's parts, which gets the new one.
const PARTS: &str = "deploy/src/parts.rs";
/// The packages that cargo knows.
const LOCK: &str = "Cargo.lock";
/// The page that explains every error, which gets the new contract's section.
const ERRORS: &str = "docs/errors.md";

/// Makes a contract.
///
/// # Errors
/// If the name is taken or unusable, or a file cannot be written. Then nothing is left of the contract.
pub(crate) fn new(name: &str) -> Result<()> {
    let root = project::root();
    let name = Name::new(name)?;
    let made = make(root, &name)?;
    // The lock file gets the new package, and nothing else changes in it.
    command::run(command::cargo().args(["update", "--workspace", "--offline", "--quiet"]))?;
    command::run(command::cargo().args(["fmt", "--all"]))?;
    abi::abi(false)?;
    made.keep();
    println!(
        "made {name}: contracts/{name}, tests/{name}, deploy/src/parts/{}.rs\n\
         try it:  cargo xtask build {name} && cargo test --workspace --test {name}\n\
         then change it into what you need, and add its row to README.md and its folder to ARCHITECTURE.md",
        name.snake()
    );
    Ok(())
}

/// Writes all files of the contract, or none. They stay if what is returned is kept.
#[must_use = "dropping it removes the contract again"]
fn make(root: &Path, name: &Name) -> Result<Undo> {
    let files = render::files(&root.join(TEMPLATE), name)?;
    free(root, name, &files)?;
    let edit = |file: &str, edit: &dyn Fn(&str) -> Result<String>| {
        let path = root.join(file);
        let text = fs::read_to_string(&path).with_context(|| file.to_owned())?;
        Ok((path, edit(&text).with_context(|| file.to_owned())?, text))
    };
    let section = render::section(&root.join(TEMPLATE).join(ERRORS), name)?;
    let edits: [Result<_>; 2] = [
        edit(PARTS, &|text| listing::with(text, name)),
        edit(ERRORS, &|text| Ok(format!("{}\n\n{section}", text.trim_end()))),
    ];
    let edits = edits.into_iter().collect::<Result<Vec<_>>>()?;

    let mut done = Undo::default();
    for (file, text) in &files {
        done.create(&root.join(file), text)?;
    }
    for (path, new, old) in &edits {
        done.replace(path, new, old)?;
    }
    // Cargo is going to change it.
    done.remember(&root.join(LOCK))?;
    Ok(done)
}

/// Refuses a name that something else has.
fn free(root: &Path, name: &Name, files: &[(PathBuf, String)]) -> Result<()> {
    let places = [Path::new("contracts").join(name), Path::new("tests").join(name)];
    for place in places.iter().chain(files.iter().map(|(file, _)| file)) {
        ensure!(!root.join(place).exists(), "{} is there already: choose another name", place.display());
    }
    for contract in suite::contracts(root)?.iter().chain(&suite::test_programs(root)?) {
        let same = contract.name.pascal() == name.pascal();
        ensure!(!same, "{} is called {} in Solidity already: choose another name", contract.name, name.pascal());
    }
    let lock = fs::read_to_string(root.join(LOCK)).context(LOCK)?;
    let taken = lock.lines().any(|line| line == format!("name = \"{name}\""));
    ensure!(
        !taken,
        "a package that the suite uses is called {name}, and cargo could not tell them apart: choose another name"
    );
    Ok(())
}

/// What was written, to take it back unless all goes well.
#[derive(Debug, Default)]
struct Undo {
    created: Vec<PathBuf>,
    replaced: Vec<(PathBuf, String)>,
}

impl Undo {
    fn create(&mut self, path: &Path, text: &str) -> Result<()> {
        for folder in path.ancestors().skip(1).take_while(|folder| !folder.exists()).collect::<Vec<_>>().iter().rev() {
            fs::create_dir(folder).with_context(|| folder.display().to_string())?;
            self.created.push(folder.to_path_buf());
        }
        self.created.push(path.to_owned());
        fs::write(path, text).with_context(|| path.display().to_string())
    }

    fn replace(&mut self, path: &Path, new: &str, old: &str) -> Result<()> {
        self.replaced.push((path.to_owned(), old.to_owned()));
        fs::write(path, new).with_context(|| path.display().to_string())
    }

    fn remember(&mut self, path: &Path) -> Result<()> {
        let old = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        self.replaced.push((path.to_owned(), old));
        Ok(())
    }

    fn keep(mut self) {
        self.created.clear();
        self.replaced.clear();
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        // What cannot be taken back stays: the error that led here is told.
        for (path, old) in &self.replaced {
            let _ = fs::write(path, old);
        }
        for path in self.created.iter().rev() {
            let _ = if path.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) };
        }
    }
}

#[cfg(test)]
mod tests;
