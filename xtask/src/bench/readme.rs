//! The tables, in Markdown, between two marks of README.md.

use super::{
    compare::Comparison,
    gas,
    load::{self, Load, Rate, SENDERS},
    programs::Program,
};
use crate::demo::grouped;
use crate::project;
use devnode::ProgramCounts;
use eyre::{OptionExt, Result};
use std::fmt::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What each run measures.
const TABLES: [&str; 2] = ["<!-- bench: made by `cargo xtask bench`, do not edit -->", "<!-- /bench -->"];
/// What a run measures that is given a Nitro node.
const COMPARISON: [&str; 2] =
    ["<!-- comparison: made by `cargo xtask bench --nitro-url`, do not edit -->", "<!-- /comparison -->"];

/// All that was measured.
pub(crate) struct Measured {
    pub(crate) start: Duration,
    /// Bytes.
    pub(crate) idle: u64,
    pub(crate) load: Load,
    pub(crate) compiled: [ProgramCounts; 2],
    pub(crate) gas: gas::Table,
    /// Every contract.
    pub(crate) programs: Vec<Program>,
}

/// The tables as they stand in the README.
pub(crate) fn tables(measured: &Measured) -> Result<String> {
    let mut text = String::new();
    programs(&mut text, &measured.programs)?;
    actions(&mut text, &measured.gas)?;
    node(&mut text, measured)?;
    Ok(text)
}

fn programs(text: &mut String, programs: &[Program]) -> Result<()> {
    writeln!(text, "| contract | deployed bytes | in Solidity | gas to enter, not cached | cached |")?;
    writeln!(text, "|---|--:|--:|--:|--:|")?;
    for Program { name, bytes, peer, init_gas } in programs {
        let peer = peer.map_or_else(|| "-".to_owned(), |bytes| grouped(bytes as u64));
        let [uncached, cached] = [init_gas.uncached, init_gas.cached].map(grouped);
        writeln!(text, "| {name} | {} | {peer} | {uncached} | {cached} |", grouped(*bytes as u64))?;
    }
    Ok(())
}

/// The tables of gas, which begin with an empty line.
pub(crate) fn actions(text: &mut String, gas: &gas::Table) -> Result<()> {
    writeln!(
        text,
        "\n| gas of a transaction | OpenZeppelin's Solidity | ours, not cached, ArbOS 51 | not cached | cached | floor \
         | ours / Solidity, not cached, ArbOS 51 | not cached | cached | floor / Solidity |"
    )?;
    writeln!(text, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")?;
    for (index, action) in gas::ACTIONS.iter().enumerate() {
        let (solidity, cached) = (gas.openzeppelin[index].used, gas.cached[index]);
        let ours = [gas.uncached_51[index].used, gas.uncached[index].used, cached.used, cached.floor];
        let ratios = ours.map(|ours| format!("{:.2}", ours as f64 / solidity as f64));
        let (ours, ratios) = (ours.map(grouped).join(" | "), ratios.join(" | "));
        writeln!(text, "| {action} | {} | {ours} | {ratios} |", grouped(solidity))?;
    }
    parts(text, gas)
}

/// What ours takes above its floor.
fn parts(text: &mut String, gas: &gas::Table) -> Result<()> {
    writeln!(
        text,
        "\n| above the floor | programs entered | entering them, not cached, ArbOS 51 | not cached | cached | computing |"
    )?;
    writeln!(text, "|---|---|--:|--:|--:|--:|")?;
    for (index, action) in gas::ACTIONS.iter().enumerate() {
        let cost = gas.cached[index];
        let entered = gas::CONTRACTS.into_iter().zip(cost.calls).filter(|(_, calls)| *calls > 0);
        let entered: Vec<_> = entered.map(|(contract, calls)| format!("{calls} {contract}")).collect();
        let cached = gas.entering_cached(index);
        let computing = cost.used.checked_sub(cost.floor + cached).ok_or_eyre("a cost below its parts")?;
        let gas = [gas.entering_uncached_51(index), gas.entering_uncached(index), cached, computing].map(grouped);
        writeln!(text, "| {action} | {} | {} |", entered.join(", "), gas.join(" | "))?;
    }
    Ok(())
}

/// What the devnode gave in this run. [`comparison`] has what a real node gives, from a run with one.
fn node(text: &mut String, measured: &Measured) -> Result<()> {
    let Measured { start, idle, load, compiled, .. } = measured;
    let [transfers, late, end] = [load::TRANSFERS, load::LATE, load::LATE + load::TRANSFERS].map(grouped);
    writeln!(text, "\n| the devnode | |")?;
    writeln!(text, "|---|--:|")?;
    writeln!(text, "| start to first answer | {} |", milliseconds(*start))?;
    writeln!(text, "| memory, idle | {} |", megabytes(*idle))?;
    writeln!(text, "| memory after {transfers} transfers of a Stylus token | {} |", megabytes(load.memory))?;
    writeln!(text, "| memory for each further block, with such a transfer in it | {} bytes |", grouped(load.block))?;
    writeln!(text, "| transfers of ether a second, processor time for one | {} |", rate(load.evm))?;
    writeln!(text, "| transfers of a Stylus token a second, processor time for one | {} |", rate(load.stylus))?;
    writeln!(text, "| the same in blocks {late} to {end} | {} |", rate(load.stylus_late))?;
    writeln!(text, "| from sending to receipt | {} |", milliseconds(load.receipt))?;
    writeln!(text, "| eth_call | {} |", milliseconds(load.call))?;
    let [first, next] = compiled.map(|counts| counts.compiled);
    writeln!(text, "| programs compiled for a deployment at the first start, at the next | {first}, {next} |")?;
    Ok(())
}

/// The devnode compared with another node, and where the figures come from.
pub(crate) fn comparison(measured: &Comparison) -> Result<String> {
    let Comparison { version, transfers, ether, stylus, receipt, call } = measured;
    let cores = std::thread::available_parallelism()?;
    let mut text = format!(
        "Measured on {} by `cargo xtask bench --nitro-url`, on {cores} cores: `{version}` and the devnode by turns in one run, \
         with one client, {SENDERS} connections, {} rounds of {} transfers. A row has its rounds in order.\n\n",
        date(SystemTime::now().duration_since(UNIX_EPOCH)?),
        ether.len(),
        grouped(*transfers),
    );
    writeln!(text, "| one client, one run | devnode | Nitro | devnode / Nitro |\n|---|--:|--:|--:|")?;
    for (what, rounds) in [("ether", ether), ("a Stylus token", stylus)] {
        let row = |show: &dyn Fn(&[u64; 2]) -> String| rounds.iter().map(show).collect::<Vec<_>>().join("; ");
        let (ours, theirs) = (row(&|rates| grouped(rates[0])), row(&|rates| grouped(rates[1])));
        let ratios = row(&|rates| format!("{:.1}", rates[0] as f64 / rates[1] as f64));
        writeln!(text, "| transfers of {what} a second | {ours} | {theirs} | {ratios} |")?;
    }
    for (what, [ours, theirs]) in [("from sending to receipt", receipt), ("eth_call", call)] {
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        writeln!(text, "| {what} | {} | {} | {ratio:.2} |", milliseconds(*ours), milliseconds(*theirs))?;
    }
    Ok(text)
}

/// The day, in UTC, of a time since 1970, as in 2026-11-28.
fn date(since_1970: Duration) -> String {
    // Years are counted from March of the year 0, so that a leap day is a year's last; 400 years are one period.
    let days = since_1970.as_secs() / 86_400 + 719_468;
    let (period, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, (month + 2) % 12 + 1);
    format!("{:04}-{month:02}-{day:02}", period * 400 + year + u64::from(month <= 2))
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

fn rate(rate: Rate) -> String {
    format!("{}, {}", grouped(rate.a_second), milliseconds(rate.processor))
}

fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1_000.0;
    if milliseconds < 10.0 { format!("{milliseconds:.2} ms") } else { format!("{milliseconds:.0} ms") }
}

/// Puts the tables between the marks; without a new one the table of two nodes stays.
pub(crate) fn write(tables: &str, comparison: Option<&str>) -> Result<()> {
    const LOST: &str = "README.md has lost the marks of its tables";
    let file = project::root().join("README.md");
    let mut text = between_marks(&std::fs::read_to_string(&file)?, TABLES, tables).ok_or_eyre(LOST)?;
    if let Some(comparison) = comparison {
        text = between_marks(&text, COMPARISON, comparison).ok_or_eyre(LOST)?;
    }
    Ok(std::fs::write(file, text)?)
}

fn between_marks(text: &str, [begin, end]: [&str; 2], new: &str) -> Option<String> {
    let (before, rest) = text.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}\n{new}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{COMPARISON, TABLES, between_marks, comparison, date};
    use crate::bench::compare::Comparison;
    use crate::project;
    use std::time::Duration;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        for marks @ [begin, end] in [TABLES, COMPARISON] {
            let text = format!("a {begin}\nold\n{end} b");
            assert_eq!(between_marks(&text, marks, "new\n"), Some(format!("a {begin}\nnew\n{end} b")));
            assert_eq!(between_marks("no marks", marks, "new\n"), None);
            let readme = std::fs::read_to_string(project::root().join("README.md")).unwrap();
            assert!(between_marks(&readme, marks, "").is_some(), "README.md has no {begin}");
        }
    }

    #[test]
    fn a_table_of_two_nodes_says_where_it_comes_from() {
        let [ours, theirs] = [620, 2_320].map(Duration::from_micros);
        let measured = Comparison {
            version: "nitro/v3.9.8".to_owned(),
            transfers: 10_000,
            ether: vec![[7_000, 700], [6_000, 1_000]],
            stylus: vec![[4_000, 500], [3_000, 1_000]],
            receipt: [ours, theirs],
            call: [ours, theirs],
        };
        let text = comparison(&measured).unwrap();
        for part in [
            "`nitro/v3.9.8`",
            "16 connections, 2 rounds of 10,000 transfers",
            "| transfers of ether a second | 7,000; 6,000 | 700; 1,000 | 10.0; 6.0 |",
            "| transfers of a Stylus token a second | 4,000; 3,000 | 500; 1,000 | 8.0; 3.0 |",
            "| from sending to receipt | 0.62 ms | 2.32 ms | 0.27 |",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn a_day_is_the_calendars() {
        let day = |days: u64| date(Duration::from_secs(days * 86_400));
        assert_eq!(
            [day(0), day(59), day(11_016), day(19_782)],
            ["1970-01-01", "1970-03-01", "2000-02-29", "2024-02-29"]
        );
        assert_eq!([day(20_785), day(20_819)], ["2026-11-28", "2027-01-01"]);
    }
}
