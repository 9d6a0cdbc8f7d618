//! The tables, in Markdown, between two marks of README.md.

use super::{
    gas,
    load::{self, Load, Rate},
};
use crate::demo::grouped;
use crate::project;
use consilium_deploy::{Artifacts, Contract};
use devnode::ProgramCounts;
use eyre::{OptionExt, Result};
use std::fmt::Write;
use std::time::Duration;
use test_support::peers::Peer;

const BEGIN: &str = "<!-- bench: made by `cargo xtask bench`, do not edit -->";
const END: &str = "<!-- /bench -->";

/// All that was measured.
pub(crate) struct Measured {
    pub(crate) start: Duration,
    /// Bytes.
    pub(crate) idle: u64,
    pub(crate) load: Load,
    pub(crate) compiled: [ProgramCounts; 2],
    pub(crate) gas: gas::Table,
}

/// The tables as they stand in the README.
pub(crate) fn tables(measured: &Measured) -> Result<String> {
    let mut text = String::new();
    programs(&mut text, measured)?;
    actions(&mut text, &measured.gas)?;
    node(&mut text, measured)?;
    Ok(text)
}

fn programs(text: &mut String, measured: &Measured) -> Result<()> {
    let artifacts = Artifacts::load(project::artifacts())?;
    writeln!(text, "| contract | deployed bytes | OpenZeppelin's Solidity | gas to enter, not cached | cached |")?;
    writeln!(text, "|---|--:|--:|--:|--:|")?;
    for (contract, gas) in gas::CONTRACTS.into_iter().zip(measured.gas.init_gas) {
        let (program, peer) = match contract {
            Contract::Token => (&artifacts.token, "PeerTokenTime"),
            Contract::Timelock => (&artifacts.timelock, "PeerTimelock"),
            Contract::Governor => (&artifacts.governor, "PeerGovernor"),
        };
        let bytes = [program.code().len(), Peer::load(peer)?.deployed_bytes].map(|bytes| grouped(bytes as u64));
        let gas = [gas.uncached, gas.cached].map(grouped);
        writeln!(text, "| {} | {} | {} | {} | {} |", contract.name(), bytes[0], bytes[1], gas[0], gas[1])?;
    }
    Ok(())
}

/// The tables of gas, which begin with an empty line.
pub(crate) fn actions(text: &mut String, gas: &gas::Table) -> Result<()> {
    writeln!(
        text,
        "\n| gas of a transaction | OpenZeppelin's Solidity | ours, not cached | ours, cached | floor \
         | ours / Solidity, not cached | cached | floor / Solidity |"
    )?;
    writeln!(text, "|---|--:|--:|--:|--:|--:|--:|--:|")?;
    for (index, action) in gas::ACTIONS.iter().enumerate() {
        let (solidity, cached) = (gas.openzeppelin[index].used, gas.cached[index]);
        let ours = [gas.uncached[index].used, cached.used, cached.floor];
        let ratios = ours.map(|ours| ours as f64 / solidity as f64);
        let [uncached, cached, floor] = ours.map(grouped);
        write!(text, "| {action} | {} | {uncached} | {cached} | {floor} ", grouped(solidity))?;
        writeln!(text, "| {:.2} | {:.2} | {:.2} |", ratios[0], ratios[1], ratios[2])?;
    }
    parts(text, gas)
}

/// What ours takes above its floor.
fn parts(text: &mut String, gas: &gas::Table) -> Result<()> {
    writeln!(text, "\n| above the floor | programs entered | entering them, not cached | cached | computing |")?;
    writeln!(text, "|---|---|--:|--:|--:|")?;
    for (index, action) in gas::ACTIONS.iter().enumerate() {
        let cost = gas.cached[index];
        let entered = gas::CONTRACTS.into_iter().zip(cost.calls).filter(|(_, calls)| *calls > 0);
        let entered: Vec<_> = entered.map(|(contract, calls)| format!("{calls} {}", contract.name())).collect();
        let entering = [gas.entering_uncached(index), gas.entering_cached(index)];
        let computing = cost.used.checked_sub(cost.floor + entering[1]).ok_or_eyre("a cost below its parts")?;
        let [uncached, cached, computing] = [entering[0], entering[1], computing].map(grouped);
        writeln!(text, "| {action} | {} | {uncached} | {cached} | {computing} |", entered.join(", "))?;
    }
    Ok(())
}

/// Beside what a real node gave on a machine of the same kind: Nitro 3.9.8 with `--dev`, a Python client with 16 senders, the
/// pause between blocks at 1 ms.
fn node(text: &mut String, measured: &Measured) -> Result<()> {
    let Measured { start, idle, load, compiled, .. } = measured;
    let [transfers, late, end] = [load::TRANSFERS, load::LATE, load::LATE + load::TRANSFERS].map(grouped);
    writeln!(text, "\n| node | devnode | Nitro 3.9.8 |")?;
    writeln!(text, "|---|--:|--:|")?;
    writeln!(text, "| start to first answer | {} | 126 ms |", milliseconds(*start))?;
    writeln!(text, "| memory, idle | {} | 73 MB |", megabytes(*idle))?;
    writeln!(
        text,
        "| memory after {transfers} transfers of a Stylus token | {} | 380 MB (8,000) |",
        megabytes(load.memory)
    )?;
    writeln!(text, "| memory for each further block, with such a transfer in it | {} bytes | |", grouped(load.block))?;
    writeln!(text, "| transfers of ether a second, processor time for one | {} | 485 |", rate(load.evm))?;
    writeln!(text, "| transfers of a Stylus token a second, processor time for one | {} | 384 |", rate(load.stylus))?;
    writeln!(text, "| the same in blocks {late} to {end} | {} | |", rate(load.stylus_late))?;
    writeln!(text, "| from sending to receipt | {} | 17 ms (250 ms as it comes) |", milliseconds(load.receipt))?;
    writeln!(text, "| eth_call | {} | 2 ms |", milliseconds(load.call))?;
    let [first, next] = compiled.map(|counts| counts.compiled);
    writeln!(text, "| programs compiled for a deployment at the first start, at the next | {first}, {next} | |")?;
    Ok(())
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

/// Puts the tables between the marks.
pub(crate) fn write(tables: &str) -> Result<()> {
    let file = project::root().join("README.md");
    let text = std::fs::read_to_string(&file)?;
    Ok(std::fs::write(file, between_marks(&text, tables).ok_or_eyre("README.md has lost the marks of its tables")?)?)
}

fn between_marks(text: &str, tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{tables}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, between_marks};

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let text = format!("a {BEGIN}\nold\n{END} b");
        assert_eq!(between_marks(&text, "new\n"), Some(format!("a {BEGIN}\nnew\n{END} b")));
        assert_eq!(between_marks("no marks", "new\n"), None);
    }
}
