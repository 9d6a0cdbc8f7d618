//! The template's files under another name.

use eyre::{Context, OptionExt, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use suite::Name;

/// The folders of the template that are copied. What else it has serves its own tests.
const COPIED: [&str; 3] = ["contracts", "tests", "deploy"];

/// The template's own name: that of its only contract.
pub(super) fn own_name(template: &Path) -> Result<Name> {
    let entries = fs::read_dir(template.join("contracts")).context("the template")?;
    let folders = entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>()?;
    ensure!(folders.len() == 1, "{} must have one contract, and has {folders:?}", template.display());
    let name = Name::new(folders[0].to_str().ok_or_eyre("the template's name is no text")?)?;
    ensure!(name.kebab().contains('-'), "{name} must be two words: the spellings of one cannot be told apart");
    Ok(name)
}

/// All files of a contract with this name, by their paths in the repository, in the order of the paths.
pub(super) fn files(template: &Path, name: &Name) -> Result<Vec<(PathBuf, String)>> {
    let own = own_name(template)?;
    let mut files = Vec::new();
    let mut folders: Vec<_> = COPIED.iter().map(|folder| template.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let place = path.strip_prefix(template)?.to_str().ok_or_eyre("a file's name is no text")?;
            files.push((name.in_place_of(&own, place).into(), name.in_place_of(&own, &text)));
        }
    }
    files.sort();
    Ok(files)
}

/// A section of a page, from the template's file.
pub(super) fn section(file: &Path, name: &Name) -> Result<String> {
    let own = own_name(file.ancestors().nth(2).ok_or_eyre("the template's folder")?)?;
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(name.in_place_of(&own, &text))
}
