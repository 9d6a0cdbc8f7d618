//! `cargo xtask bench`: the README's tables, measured in one run.
//!
//! 1. [`gas`]: what people do, ours beside OpenZeppelin's Solidity contracts on the same chain;
//! 2. [`load`]: what the devnode takes, through a [`client`] that costs little;
//! 3. [`node`]: its start and its memory;
//! 4. [`programs`]: each contract's size and what entering it costs, and what the devnode need not compile again;
//! 5. [`compare`]: the devnode and a Nitro node, by the same client, if the URL of one is given;
//! 6. [`readme`]: the tables, printed and written between the README's marks.

mod client;
mod compare;
mod gas;
mod load;
mod node;
mod programs;
mod readme;

use compare::Other;
use eyre::Result;
use harness::chain::Chain;
use node::Node;

/// Starts are measured this often; the median counts.
const STARTS: usize = 9;
/// Two nodes are measured by turns this often.
const ROUNDS: usize = 4;

/// Measures gas alone, and prints it.
///
/// # Errors
/// If a transaction fails that must not.
pub(crate) async fn gas() -> Result<()> {
    let mut tables = String::new();
    readme::actions(&mut tables, &gas::measure().await?)?;
    println!("{tables}");
    Ok(())
}

/// Measures everything and brings the README up to date. The table that compares it with a Nitro node is measured where
/// the URL of one is given, and stays as it is, with its date, where not.
///
/// # Errors
/// If the Nitro node cannot be measured, a transaction fails that must not, or the README has lost its marks; then it is as
/// it was.
pub(crate) async fn bench(nitro_url: Option<&str>) -> Result<()> {
    let nitro = nitro_url.map(Other::find).transpose()?;
    let starts = (0..STARTS).map(|_| Ok(Node::start()?.first_answer)).collect::<Result<Vec<_>>>()?;
    let node = Node::start()?;
    // Idle: whatever its start has left to do is done.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let idle = node.memory()?;
    let load = load::measure(&node).await?;
    drop(node);
    let compiled = programs::measure().await?;
    let gas = gas::measure().await?;
    let programs = programs::of_contracts(&Chain::start()?).await?;

    let measured = readme::Measured { start: load::median(starts), idle, load, compiled, gas, programs };
    let tables = readme::tables(&measured)?;
    let comparison = match nitro {
        Some(nitro) => Some(nitro.measure(&Node::start()?.endpoint(), ROUNDS, load::TRANSFERS).await?),
        None => None,
    };
    let comparison = comparison.as_ref().map(readme::comparison).transpose()?;
    println!("{tables}{}", comparison.as_deref().unwrap_or_default());
    readme::write(&tables, comparison.as_deref())
}
