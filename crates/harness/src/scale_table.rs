//! The table that a contract's folder of tests brings where it holds very much: what people pay at the first, and what
//! they pay then. The test holds the two equal; `cargo xtask bench --scale` asks it for the table.

use eyre::Result;
use serde::Serialize;

use crate::gas_table::write;

/// A figure at the first and at the last.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured, with its unit if that is not gas.
    pub what: String,
    /// When nothing was stored.
    pub first: u64,
    /// When everything was.
    pub last: u64,
}

/// What was measured of a contract.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// How many it held at the last of what.
    pub held: Vec<(u64, String)>,
    /// Seconds that storing it took.
    pub seconds: u64,
    /// The least and the most gas that each of the transactions that stored it took, less its calldata.
    pub between: (u64, u64),
    /// Gas: the same at the last as at the first.
    pub gas: Vec<Row>,
    /// What the devnode took. Nobody promises anything about it.
    pub node: Vec<Row>,
}

/// Prints what the devnode took, and where `CONSILIUM_BENCH` is set, writes the table to `target/bench/NAME-scale.json`.
///
/// # Errors
/// Where the file cannot be written.
pub fn keep(contract: &str, table: &Table) -> Result<()> {
    println!("{:?} in {} s", table.held, table.seconds);
    for Row { what, first, last } in &table.node {
        println!("{what}: {first}, then {last}");
    }
    write(&format!("{contract}-scale"), table)
}
