//! What the contract costs when much is stored: just what it costs at the first. `cargo xtask bench --scale` stores a
//! million provisions; the test run stores a small share of them.
//!
//! The same people do the same twice. The first time nothing is stored, and the chain is taken back afterwards. The second
//! time everything is.

mod filling;
mod life;

use std::{env, ops::RangeInclusive};

use eyre::{Context, Result, ensure};
use harness::{
    process::Process,
    scale_table::{Row, Table, keep},
};

use filling::{BATCH, Paid, TEN, grantor};
use life::Stage;

/// Grantors of the test run, with ten provisions each.
const GRANTORS: u64 = 300;
/// What says how many there are instead.
const VARIABLE: &str = "CONSILIUM_SCALE";
/// Gas by which transactions of several people differ at most, calldata aside: a program's way through its instructions
/// depends a little on the bytes of addresses and hashes.
const NOISE: u64 = 50;

/// What was paid by people who did nothing before.
#[derive(Debug, PartialEq, Eq)]
struct Measured {
    /// By each of the last grantors of all, for ten provisions.
    grantors: Vec<Paid>,
    /// For questions about the very last.
    questions: Vec<(&'static str, u64)>,
    /// For everything else.
    acts: Vec<(&'static str, u64)>,
}

impl Measured {
    async fn of(stage: &Stage, last: &RangeInclusive<u64>) -> Result<Self> {
        let grantors = stage.sent(last.clone()).await?;
        Ok(Self { grantors, questions: stage.questions(grantor(*last.end())?).await?, acts: stage.life().await? })
    }

    fn rows(self) -> impl Iterator<Item = (&'static str, u64)> {
        let ten = self.grantors.last().map(|paid| ("multicall of ten grants, the first", paid.gas));
        self.questions.into_iter().chain(ten).chain(self.acts)
    }
}

/// What this process holds; 0 where the system is not Linux.
fn megabytes() -> u64 {
    Process::own().memory().unwrap_or_default() / 1_000_000
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_costs_more_when_much_is_stored() -> Result<()> {
    let number = match env::var(VARIABLE) {
        Ok(number) => number.parse().wrap_err(VARIABLE)?,
        Err(_) => GRANTORS,
    };
    ensure!(number > 2 * BATCH, "{VARIABLE}: more than {} grantors are needed", 2 * BATCH);
    let last = number - BATCH + 1..=number;
    let stage = Stage::set().await?;
    let snapshot: serde_json::Value = stage.world.chain.rpc("evm_snapshot", ()).await?;
    let before = Measured::of(&stage, &last).await?;
    ensure!(stage.world.chain.rpc::<_, bool>("evm_revert", (snapshot,)).await?, "the chain is not taken back");

    let mut paid = stage.sent(1..=BATCH).await?;
    let questions = stage.questions(grantor(1)?).await?;
    let (time, held) = (stage.time(grantor(1)?).await?, megabytes());
    let filled = stage.fill(BATCH + 1..=number - BATCH).await?;
    let after = Measured::of(&stage, &last).await?;
    assert_eq!(after, before);
    assert_eq!(stage.questions(grantor(1)?).await?, questions, "the first grantor's questions cost something else");

    paid.extend(filled.paid.iter().chain(&after.grantors));
    assert_eq!(paid.len() as u64, number);
    let gas = |paid: &Paid| paid.gas - paid.calldata;
    let between = paid.iter().map(gas).fold((u64::MAX, 0), |(least, most), gas| (least.min(gas), most.max(gas)));
    assert!(between.1 - between.0 < NOISE, "{between:?}");

    let gas = before.rows().zip(after.rows());
    let gas = gas.map(|((what, first), (_, last))| Row { what: what.to_owned(), first, last }).collect();
    let node = [
        ("isPermitted by eth_call, µs", time, stage.time(grantor(1)?).await?),
        ("processor time for a grantor and its ten grants, µs", filled.first_time, filled.last_time),
        ("memory, MB", held, megabytes()),
    ];
    let node = node.map(|(what, first, last)| Row { what: what.to_owned(), first, last }).into();
    let held = vec![(number * TEN, "provisions".to_owned()), (number, "grantors".to_owned())];
    keep("consent", &Table { held, seconds: filled.seconds, between, gas, node })
}
