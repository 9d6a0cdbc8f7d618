//! What the contract costs when much is stored: just what it costs at the first. `cargo xtask bench --scale` stores a
//! million provisions; the test run stores a small share of them.

mod filling;
mod life;

use std::env;

use eyre::{Context, Result};
use harness::scale_table::{Row, Table, keep, memory};

use filling::TEN;
use life::Stage;

/// Grantors of the test run, with ten provisions each.
const GRANTORS: u64 = 200;
/// Gas by which transactions of the same kind differ at most: two addresses are compared up to the first byte that
/// differs.
const NOISE: u64 = 100;
/// What says how many there are instead.
const VARIABLE: &str = "CONSILIUM_SCALE";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_costs_more_when_much_is_stored() -> Result<()> {
    let grantors = match env::var(VARIABLE) {
        Ok(number) => number.parse().wrap_err(VARIABLE)?,
        Err(_) => GRANTORS,
    };
    let stage = Stage::set().await?;
    let first = stage.life("first").await?;
    let questions = stage.questions(first.grantor).await?;
    let (time, held) = (stage.time(first.grantor).await?, memory()?);

    let filled = stage.fill(grantors).await?;
    let (time_after, held_after) = (stage.time(first.grantor).await?, memory()?);
    let last = stage.life("last").await?;

    let between = filled.gas;
    println!("ten grants, less calldata: {} at the first, then {between:?}, {} at the last", first.ten, last.ten);
    assert!(between.start().abs_diff(first.ten).max(between.end().abs_diff(first.ten)) < NOISE, "{between:?}");
    assert_eq!(stage.questions(first.grantor).await?, questions, "of the first grantor");
    assert_eq!(stage.questions(filled.last).await?, questions, "of the last grantor of many");
    let rows = |first: Vec<(&str, u64)>, last: Vec<(&str, u64)>| -> Vec<Row> {
        assert_eq!(first.len(), last.len());
        let row = |((what, first), (of, last)): ((&str, u64), (&str, u64))| {
            assert_eq!(what, of);
            Row { what: what.to_owned(), first, last }
        };
        first.into_iter().zip(last).map(row).collect()
    };
    let of = |mut life: life::Life| {
        life.questions.extend(life.acts);
        life.questions
    };
    let gas = rows(of(first), of(last));
    let dearer: Vec<_> = gas.iter().filter(|row| row.first != row.last).collect();
    assert!(dearer.is_empty(), "{dearer:#?}");
    let node = vec![
        Row { what: "isPermitted by eth_call, µs".into(), first: time, last: time_after },
        Row { what: "a transaction with ten grants, µs".into(), first: filled.first_time, last: filled.last_time },
        Row { what: "memory of the chain and its client, MB".into(), first: held, last: held_after },
    ];
    let held = vec![(grantors * TEN, "provisions".to_owned()), (grantors, "grantors".to_owned())];
    keep("consent", &Table { held, seconds: filled.seconds, between: (*between.start(), *between.end()), gas, node })
}
