//! What the documentation names exists: files, headings, tests, errors with their arguments, commands and messages.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use alloy::json_abi::{ContractObject, JsonAbi};
use eyre::{Result, WrapErr, ensure};
use harness::root;
use regex::Regex;

/// The folders of the repository that are no sources of it.
const SKIPPED: [&str; 4] = ["target", "node_modules", ".git", "deployments"];

/// Every file of the repository, from its root.
pub(crate) fn files() -> Result<Vec<PathBuf>> {
    let (mut folders, mut files) = (vec![root().to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if SKIPPED.iter().any(|skipped| entry.file_name() == *skipped) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path().strip_prefix(root())?.to_owned());
            }
        }
    }
    Ok(files)
}

fn ends(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|found| found == ending)
}

pub(crate) fn text(file: &Path) -> Result<String> {
    fs::read_to_string(root().join(file)).wrap_err_with(|| file.display().to_string())
}

/// Every Markdown file with its text.
pub(crate) fn pages() -> Result<Vec<(PathBuf, String)>> {
    let pages: Vec<_> = files()?.into_iter().filter(|file| ends(file, "md")).collect();
    ensure!(pages.len() > 10, "few pages were found: {pages:?}");
    pages.into_iter().map(|page| text(&page).map(|text| (page, text))).collect()
}

/// The sources with these endings, as one text. A string that a backslash continues is one line.
pub(crate) fn sources(folders: &[&str]) -> Result<String> {
    static CONTINUED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\\\n\s*").expect("a pattern"));
    let mut all = String::new();
    for file in files()? {
        if ends(&file, "rs") && folders.iter().any(|folder| file.starts_with(folder)) {
            all += &CONTINUED.replace_all(&text(&file)?, "");
        }
    }
    ensure!(!all.is_empty(), "no sources");
    Ok(all)
}

/// What stands between backticks on one line, outside of blocks of code.
pub(crate) fn quoted(page: &str) -> Vec<&str> {
    let prose = page.split("```").step_by(2);
    prose.flat_map(|part| part.lines().flat_map(|line| line.split('`').skip(1).step_by(2))).collect()
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings
        .map(|heading| {
            let kept = heading.to_lowercase().replace(' ', "-");
            kept.chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect()
        })
        .collect()
}

#[test]
fn every_link_leads_somewhere() -> Result<()> {
    let link = Regex::new(r"\]\(([^)\s]+)\)")?;
    let mut broken = Vec::new();
    let mut checked = 0;
    for (page, content) in pages()? {
        for found in link.captures_iter(&content) {
            let (path, anchor) = found[1].split_once('#').unwrap_or((&found[1], ""));
            if path.starts_with("http") {
                continue;
            }
            checked += 1;
            let folder = page.parent().unwrap_or(Path::new(""));
            let target = if path.is_empty() { page.clone() } else { folder.join(path) };
            let exists = root().join(&target).exists();
            if !exists || !(anchor.is_empty() || anchors(&text(&target)?).contains(anchor)) {
                broken.push(format!("{}: {}", page.display(), &found[1]));
            }
        }
    }
    ensure!(broken.is_empty() && checked > 50, "{checked} links, broken: {broken:#?}");
    Ok(())
}

#[test]
fn every_path_exists() -> Result<()> {
    let all = files()?;
    let names: BTreeSet<_> = all.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    let tops: BTreeSet<_> = all.iter().filter_map(|file| file.iter().next()?.to_str()).collect();
    let path = Regex::new(r"^[\w.\-/]+$")?;
    let mut missing = Vec::new();
    let mut checked = 0;
    for (page, content) in pages()? {
        for word in quoted(&content).into_iter().filter(|word| path.is_match(word)) {
            if word.contains("Name.") {
                // Stands for each contract's name.
                continue;
            }
            let (first, below) = word.split_once('/').unwrap_or((word, ""));
            let exists = match below {
                // A file's name alone, as in a list of a folder's files.
                "" if first.ends_with(".rs") => names.contains(first),
                "" => continue,
                // From the root, or from the page's folder.
                _ if tops.contains(first) => {
                    root().join(word).exists() || root().join(&page).with_file_name(word).exists()
                }
                _ => continue,
            };
            checked += 1;
            if !exists {
                missing.push(format!("{}: {word}", page.display()));
            }
        }
    }
    ensure!(missing.is_empty() && checked > 30, "{checked} paths, missing: {missing:#?}");
    Ok(())
}

/// A test is named by its module or its folder, and its function or a module of the folder.
#[test]
fn every_test_exists() -> Result<()> {
    let name = Regex::new(r"^([a-z_]+)::([a-z0-9_]+)$")?;
    let all: Vec<_> = files()?.into_iter().filter(|path| path.starts_with("tests") && ends(path, "rs")).collect();
    let mut missing = Vec::new();
    let mut checked = 0;
    for (page, content) in pages()? {
        for named in quoted(&content).into_iter().filter_map(|word| name.captures(word)) {
            if named[1].starts_with("consilium_") {
                // A crate's item.
                continue;
            }
            checked += 1;
            let (module, function) = (&named[1], format!("fn {}(", &named[2]));
            let is_in = |path: &&PathBuf| {
                let folder = path.parent().and_then(Path::file_name);
                path.file_stem().is_some_and(|stem| stem == module) || folder.is_some_and(|folder| folder == module)
            };
            let mut modules = all.iter().filter(is_in);
            if !modules.any(|path| {
                path.file_stem().is_some_and(|stem| *stem == named[2])
                    || text(path).is_ok_and(|text| text.contains(&function))
            }) {
                missing.push(format!("{}: {}", page.display(), &named[0]));
            }
        }
    }
    ensure!(missing.is_empty() && checked > 40, "{checked} tests, missing: {missing:#?}");
    Ok(())
}

/// The interface in a file of `abi/`.
fn interface(file: &Path) -> Result<JsonAbi> {
    let artifact: ContractObject = serde_json::from_str(&text(file)?)?;
    artifact.abi.ok_or_else(|| eyre::eyre!("{} has no `abi`", file.display()))
}

/// docs/errors.md has every error of each contract, with its arguments, and none that a contract does not have.
#[test]
fn every_error_is_explained() -> Result<()> {
    let page = text(Path::new("docs/errors.md"))?;
    let error = Regex::new(r"^([A-Z][A-Za-z0-9]+)(\(.*\))?$")?;
    for contract in suite::contracts(root())? {
        let (heading, name) = (contract.name.heading(), contract.name.pascal());
        let section = page.split("\n## ").find(|section| section.starts_with(&heading));
        let section = section.ok_or_else(|| eyre::eyre!("docs/errors.md has no section {heading}"))?;
        let abi = interface(&Path::new("abi").join(format!("{name}.json")))?;
        let mut explained = BTreeSet::new();
        for word in quoted(section) {
            let Some(found) = error.captures(word) else { continue };
            let known = abi.errors().find(|known| known.name == found[1]);
            if let (None, None) = (known, found.get(2)) {
                continue;
            }
            let known = known.ok_or_else(|| eyre::eyre!("{name} has no error {word}"))?;
            let arguments: Vec<_> = known.inputs.iter().map(|input| input.name.as_str()).collect();
            let arguments = format!("({})", arguments.join(", "));
            ensure!(found.get(2).is_none_or(|given| given.as_str() == arguments), "{name}: {word}, not {arguments}");
            explained.insert(known.name.clone());
        }
        let all: BTreeSet<_> = abi.errors().map(|error| error.name.clone()).collect();
        ensure!(explained == all, "{name}: docs/errors.md lacks {:?}", all.difference(&explained));
    }
    Ok(())
}

/// Errors and events that are named on any page, and functions that the life of a proposal is told with, are in some contract's interface.
#[test]
fn every_error_event_and_function_exists() -> Result<()> {
    let (mut named, mut functions) = (BTreeSet::new(), BTreeSet::new());
    for file in files()?.into_iter().filter(|file| file.starts_with("abi") && ends(file, "json")) {
        let abi = interface(&file)?;
        named.extend(abi.errors().map(|error| error.name.clone()));
        named.extend(abi.events().map(|event| event.name.clone()));
        functions.extend(abi.functions().map(|function| function.name.clone()));
    }
    // A component's errors and events are those of every contract that takes it, whether there is one yet or not.
    let declared = Regex::new(r"(?m)^\s*(?:error|event) (\w+)\(")?;
    named.extend(declared.captures_iter(&sources(&["crates/components/src"])?).map(|found| found[1].to_owned()));
    let contracts: Vec<_> = suite::contracts(root())?.into_iter().map(|contract| contract.name.pascal()).collect();
    let error =
        Regex::new(&format!(r"^((?:{}|AccessControl|ERC\d+|ECDSA|Votes)[A-Z]\w+)(?:\(.*\))?$", contracts.join("|")))?;
    let function = Regex::new(r"^([a-z][A-Za-z]+)\(.*\)$")?;
    let mut checked = 0;
    for (page, content) in
        pages()?.into_iter().filter(|(page, _)| page.starts_with("docs") || page.starts_with("README.md"))
    {
        for word in quoted(&content) {
            if let Some(found) = error.captures(word) {
                ensure!(named.contains(&found[1]), "{}: no contract or component has {word}", page.display());
                checked += 1;
            }
            if let (true, Some(found)) = (page.ends_with("lifecycle.md"), function.captures(word)) {
                ensure!(functions.contains(&found[1]), "{}: no contract has {word}", page.display());
                checked += 1;
            }
        }
    }
    ensure!(checked > 50, "{checked} names");
    Ok(())
}

/// The messages that the pages quote in tables of what is said and what to do are in the sources. `…` and single capital
/// letters stand for what differs.
#[test]
fn every_quoted_message_is_said() -> Result<()> {
    let said = sources(&["deploy/src", "xtask/src"])?;
    let differs = Regex::new(r"…|\b[A-Z]\b|<name>|\d+")?;
    let mut checked = 0;
    for page in ["docs/errors.md", "docs/operations.md"] {
        let content = text(Path::new(page))?;
        let tables = content
            .split("\n\n")
            .filter(|part| part.starts_with("| what is said |") || part.starts_with("| message |"));
        for row in tables.flat_map(|table| table.lines().skip(2)) {
            let cell = row.split(" | ").next().unwrap_or_default();
            for message in quoted(cell) {
                for part in
                    differs.split(message).map(|part| part.trim_matches([' ', ':', ','])).filter(|part| part.len() > 2)
                {
                    // A step's name may stand behind what became of it.
                    let mut halves = part.match_indices(' ').map(|(at, _)| part.split_at(at));
                    let joined = halves.any(|(first, second)| {
                        first.len() > 6 && second.len() > 6 && said.contains(first) && said.contains(second.trim())
                    });
                    ensure!(said.contains(part) || joined, "{page}: no source says {part:?}, of {message:?}");
                    checked += 1;
                }
            }
        }
    }
    ensure!(checked > 10, "{checked} messages");
    Ok(())
}

/// Every command and option of `cargo xtask`, `devnode` and `consilium` that a page names; and the README names every command.
#[test]
fn every_command_exists() -> Result<()> {
    let tasks = text(Path::new("xtask/src/main.rs"))?;
    let tasks = tasks.split_once("enum Task {").and_then(|(_, rest)| rest.split_once("\n}")).map(|(tasks, _)| tasks);
    let variant = Regex::new(r"(?m)^    ([A-Z][A-Za-z]+)\b")?;
    let word = Regex::new(r"[A-Z][a-z]+")?;
    let spelled = |variant: &str| word.find_iter(variant).map(|word| word.as_str().to_lowercase()).collect::<Vec<_>>();
    let tasks: BTreeSet<_> =
        variant.captures_iter(tasks.unwrap_or_default()).map(|found| spelled(&found[1]).join("-")).collect();
    ensure!(tasks.len() > 5, "{tasks:?}");
    let command = Regex::new(r"cargo xtask ([a-z][a-z-]*)")?;
    let readme = text(Path::new("README.md"))?;
    for task in tasks.iter().filter(|task| task.as_str() != "test") {
        ensure!(readme.contains(&format!("cargo xtask {task}")), "README.md does not name cargo xtask {task}");
    }

    let option = Regex::new(r"(?:^|\s)--([a-z][a-z-]+)")?;
    let known = sources(&["deploy/src", "xtask/src", "crates/devnode/src"])?;
    for (page, content) in pages()? {
        for found in command.captures_iter(&content) {
            ensure!(tasks.contains(&found[1]), "{}: there is no {}", page.display(), &found[0]);
        }
        for line in content.lines().filter(|line| line.contains("cargo xtask") || line.contains("consilium-deploy --"))
        {
            for found in option.captures_iter(line) {
                let (flag, field) = (format!("--{}", &found[1]), format!("{}:", found[1].replace('-', "_")));
                let exists = known.contains(&field) || known.contains(&flag);
                ensure!(exists, "{}: no program has {flag}", page.display());
            }
        }
    }
    Ok(())
}
