//! Figures and messages that the pages quote, held to the settings and the sources, and the pages' width.

use std::{collections::BTreeSet, path::Path};

use eyre::{OptionExt, Result, ensure};
use regex::Regex;

use crate::docs::{pages, quoted, sources, text};

/// The demo's settings.
const SETTINGS: &str = "deploy/config/health.toml";

/// The lines of a page that a person wrote as prose, with their numbers: no code, tables, headings or generated text.
fn prose(page: &str) -> Vec<(usize, &str)> {
    let (mut lines, mut code, mut generated) = (Vec::new(), false, false);
    for (index, line) in page.lines().enumerate() {
        if line.starts_with("```") {
            code = !code;
        } else if line.starts_with("<!--") {
            generated = !line.starts_with("<!-- /");
        } else if !code && !generated && !line.starts_with(['|', '#']) {
            lines.push((index + 1, line));
        }
    }
    lines
}

#[test]
fn every_page_is_wrapped() -> Result<()> {
    let mut wide = Vec::new();
    let mut checked = 0;
    for (page, content) in pages()? {
        for (number, line) in prose(&content) {
            checked += 1;
            if line.chars().count() > 120 {
                wide.push(format!("{}:{number}", page.display()));
            }
        }
    }
    ensure!(wide.is_empty() && checked > 500, "{checked} lines, wider than 120 columns: {wide:#?}");
    Ok(())
}

/// A row of a table that names a setting and gives it in seconds has the demo's value.
#[test]
fn every_period_is_the_demos() -> Result<()> {
    let settings: toml::Table = toml::from_str(&text(Path::new(SETTINGS))?)?;
    let row = Regex::new(r"(?m)^\|.*\| `(\w+)\.(\w+)` \| (\d+) s \|")?;
    let mut checked = BTreeSet::new();
    for (page, content) in pages()? {
        for found in row.captures_iter(&content) {
            let value = settings.get(&found[1]).and_then(|section| section.get(&found[2])?.as_integer());
            let value = value.ok_or_eyre(format!("{}: no setting {}.{}", page.display(), &found[1], &found[2]))?;
            ensure!(found[3] == value.to_string(), "{}: {}, not {value} s", page.display(), &found[0]);
            checked.insert((page.clone(), found[2].to_string()));
        }
    }
    ensure!(checked.len() >= 8, "only {checked:?}");
    Ok(())
}

/// The limits that docs/operations.md names are the constants of the deploy command.
#[test]
fn every_limit_is_the_commands() -> Result<()> {
    let page = text(Path::new("docs/operations.md"))?.replace('\n', " ");
    let command = sources(&["deploy/src"])?;
    let limits = [
        ("MOST_EXECUTORS", "at most N named executors"),
        ("LONGEST_NAME", "names of at most N bytes"),
        ("LEAST_DAYS", "`programs.least_days` (N unless the file says otherwise)"),
    ];
    for (constant, sentence) in limits {
        let value = Regex::new(&format!(r"const {constant}: \w+ = (\d+);"))?;
        let value = value.captures(&command).ok_or_eyre(format!("deploy/src has no constant {constant}"))?;
        let sentence = sentence.replace('N', &value[1]);
        ensure!(page.contains(&sentence), "docs/operations.md does not say {sentence:?}");
    }
    Ok(())
}

/// What is quoted as a message, on any page and outside of tables too, is in the sources of a program. What differs each
/// time is `…` or a number; a place in a file may stand before it.
#[test]
fn every_message_in_prose_is_said() -> Result<()> {
    let said = sources(&["deploy/src", "xtask/src", "crates/devnode/src"])?;
    let place = Regex::new(r"^[\w-]+\.toml:\d+:\d+: ")?;
    let message = Regex::new(r"^[a-z][a-z,:'-]*(?: [a-zA-Z,:'\d…-]+){2,}$|^unsupported \w+$")?;
    let command = Regex::new(r"^(?:cargo|cast|test|consilium) ")?;
    let differs = Regex::new(r"…|\b[A-Z]\b|\d+")?;
    let mut checked = BTreeSet::new();
    for (page, content) in pages()? {
        let lines = prose(&content).into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n");
        for word in quoted(&lines) {
            let word = place.replace(word, "");
            if !message.is_match(&word) || command.is_match(&word) || word.contains(" --") {
                continue;
            }
            for part in differs.split(&word).map(|part| part.trim_matches([' ', ':', ','])) {
                ensure!(said.contains(part), "{}: no program says {part:?}, of {word:?}", page.display());
            }
            checked.insert(word.into_owned());
        }
    }
    ensure!(checked.len() >= 3, "only {checked:?}");
    Ok(())
}
