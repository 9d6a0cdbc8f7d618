//! What `docs/operations.md` says that a founding costs.

use std::collections::BTreeMap;

use consilium_deploy::{Config, Done, Step};
use eyre::{OptionExt, Result, ensure};
use harness::root;

use crate::setup::{Site, Watch};

/// By how much of a hundred a figure may be wrong.
const TOLERANCE: u64 = 1;

/// The rows of the table: the settings, and the gas.
fn documented() -> Result<BTreeMap<String, u64>> {
    let page = std::fs::read_to_string(root().join("docs/operations.md"))?;
    let table = page.split("## What it costs").nth(1).ok_or_eyre("the section")?;
    let rows = table.lines().filter_map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let name = cells.get(1)?.strip_prefix('`')?.strip_suffix(".toml`")?;
        Some((name.to_owned(), cells.get(2)?.replace(',', "").parse().ok()?))
    });
    Ok(rows.collect())
}

#[tokio::test]
async fn foundings_cost_what_is_documented() -> Result<()> {
    let documented = documented()?;
    ensure!(documented.len() == 3, "{documented:?}");
    for (name, expected) in documented {
        let site = Site::of(Config::load(root().join(format!("deploy/config/{name}.toml")))?)?;
        let mut watch = Watch::default();
        site.deploy(&site.sender().await?, &mut watch).await?;
        let Some(Done::Sent(receipt)) = watch.done(Step::Found) else { panic!("{name}: it was founded") };
        let gas = receipt.gas_used;
        ensure!(
            gas.abs_diff(expected) * 100 <= expected * TOLERANCE,
            "{name}.toml: {gas} gas, and {expected} documented"
        );
    }
    Ok(())
}
