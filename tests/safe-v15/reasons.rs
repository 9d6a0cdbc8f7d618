//! docs/errors.md explains the numbers that this version refuses with and the other does not, or means otherwise.

use std::collections::BTreeSet;

use eyre::{OptionExt, Result, ensure};
use harness::root;
use regex::Regex;

#[test]
fn every_reason_is_explained() -> Result<()> {
    let source = std::fs::read_to_string(root().join("contracts/safe-v15/src/reasons.rs"))?;
    let declared = Regex::new(r"(?m)^pub\(crate\) const \w+: Gs = Gs\((\d+)\);$")?;
    let declared: BTreeSet<u16> =
        declared.captures_iter(&source).map(|found| found[1].parse()).collect::<Result<_, _>>()?;
    let page = std::fs::read_to_string(root().join("docs/errors.md"))?;
    let section = page.split("\n## ").find(|section| section.starts_with("Safe v15\n")).ok_or_eyre("a section")?;
    let explained = Regex::new(r"(?m)^\| `GS(\d{3})` \|")?;
    let explained: Vec<u16> =
        explained.captures_iter(section).map(|found| found[1].parse()).collect::<Result<_, _>>()?;
    ensure!(declared.len() == 3, "{declared:?}");
    ensure!(explained == declared.into_iter().collect::<Vec<_>>(), "docs/errors.md explains {explained:?}");
    Ok(())
}
