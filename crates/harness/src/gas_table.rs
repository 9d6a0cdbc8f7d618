//! The table of gas that a contract's folder of tests brings: what people do, ours and the peer's on one chain. The test
//! states the ratios that it promises; `cargo xtask bench` asks it for the rows and puts them into the README.

use std::{env, fs};

use eyre::{Context, Result};
use serde::Serialize;

use crate::{cost::Cost, root};

/// What a person does, in gas of the transaction.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What is done.
    pub action: String,
    /// With the peer; none where the peer cannot do it.
    pub peer: Option<u64>,
    /// With ours, whose program is not cached.
    pub uncached: u64,
    /// With ours, whose program is cached.
    pub cached: u64,
    /// What ours pays for its calldata, its slots and its logs alone, where it was measured: see [`crate::cost`].
    pub floor: Option<u64>,
}

impl Row {
    /// Ours, cached, in percent of the peer's.
    pub fn percent(&self) -> Option<u64> {
        self.peer.map(|peer| self.cached * 100 / peer)
    }
}

/// Gas that somebody paid for something, and what of it no code can save, if that was measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    used: u64,
    floor: Option<u64>,
}

impl From<u64> for Measured {
    fn from(used: u64) -> Self {
        Self { used, floor: None }
    }
}

impl<const N: usize> From<Cost<N>> for Measured {
    fn from(cost: Cost<N>) -> Self {
        Self { used: cost.used, floor: Some(cost.floor) }
    }
}

/// The rows of what was measured uncached, cached, and with the peer: the same actions, in the same order.
///
/// # Panics
/// If it is not three runs.
pub fn rows(measured: &[Vec<(&str, Measured)>]) -> Vec<Row> {
    let [uncached, cached, peer] = measured else { panic!("{} runs instead of three", measured.len()) };
    (uncached.iter().zip(cached).zip(peer))
        .map(|(((action, uncached), (_, cached)), (_, peer))| Row {
            action: (*action).to_owned(),
            peer: Some(peer.used),
            uncached: uncached.used,
            cached: cached.used,
            floor: cached.floor,
        })
        .collect()
}

/// Prints the rows, and where `CONSILIUM_BENCH` is set, writes them to `target/bench/NAME.json`.
///
/// # Errors
/// Where the file cannot be written.
pub fn keep(contract: &str, rows: &[Row]) -> Result<()> {
    for row in rows {
        let (peer, percent) = (row.peer.unwrap_or_default(), row.percent().unwrap_or_default());
        let floor = row.floor.map(|floor| format!(", floor {floor}")).unwrap_or_default();
        let Row { action, uncached, cached, .. } = row;
        println!("{action}: {uncached} uncached, {cached} cached{floor}, {peer} the peer's, {percent} %");
    }
    write(contract, rows)
}

/// Where `CONSILIUM_BENCH` is set, writes what was measured to `target/bench/NAME.json`.
pub(crate) fn write(name: &str, measured: &(impl Serialize + ?Sized)) -> Result<()> {
    if env::var_os("CONSILIUM_BENCH").is_none() {
        return Ok(());
    }
    let folder = root().join("target/bench");
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.json"));
    fs::write(&file, serde_json::to_vec_pretty(measured)?).wrap_err_with(|| format!("cannot write {}", file.display()))
}

/// What a transaction pays for its calldata: a byte (EIP-2028), zero or not. Arbitrum has no minimum for it (EIP-7623).
pub fn calldata(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum()
}
