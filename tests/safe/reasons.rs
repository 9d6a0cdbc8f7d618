//! docs/errors.md explains every number that the Safe refuses with, and no other.

use std::collections::BTreeSet;

use eyre::{OptionExt, Result, ensure};
use harness::root;
use regex::Regex;

#[test]
fn every_reason_is_explained() -> Result<()> {
    let sources = ["crates/components/src/safe/reasons.rs", "contracts/safe/src/reasons.rs"];
    let sources = sources.map(|file| std::fs::read_to_string(root().join(file)));
    let source = sources.into_iter().collect::<Result<String, _>>()?;
    let declared = Regex::new(r"(?m)^pub(?:\(\w+\))? const \w+: Gs = Gs\((\d+)\);$")?;
    let declared: BTreeSet<u16> =
        declared.captures_iter(&source).map(|found| found[1].parse()).collect::<Result<_, _>>()?;
    let page = std::fs::read_to_string(root().join("docs/errors.md"))?;
    let section = page.split("\n## ").find(|section| section.starts_with("Safe\n")).ok_or_eyre("a section")?;
    let explained = Regex::new(r"(?m)^\| `GS(\d{3})` \|")?;
    let explained: Vec<u16> =
        explained.captures_iter(section).map(|found| found[1].parse()).collect::<Result<_, _>>()?;
    ensure!(declared.len() > 30, "{declared:?}");
    ensure!(explained == declared.into_iter().collect::<Vec<_>>(), "docs/errors.md explains {explained:?}");
    Ok(())
}
