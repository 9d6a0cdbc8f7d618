//! Checkpoints.

use alloy::primitives::{
    U256,
    aliases::{U48, U208},
};
use eyre::Result;

use crate::twins::{Parts::*, Twins};

const LAST: u64 = (1 << 48) - 1;

#[tokio::test(flavor = "multi_thread")]
async fn past_values_are_found() -> Result<()> {
    let twins = Twins::start().await?;
    let at = |key: u64| upperLookupCall { key: U48::from(key) };
    let push = |key: u64, value: U208| pushCall { key: U48::from(key), value };
    twins.call(latestCall {}).await?.returned(U256::ZERO);
    twins.call(at(LAST)).await?.returned(U256::ZERO);

    // Each key twice, so that the second takes the first's place; the keys begin at zero and end at the last.
    let keys = [0, 1, 5, 6, 100, 1_000_000, LAST - 1, LAST];
    let mut before = U208::ZERO;
    for (index, key) in keys.into_iter().enumerate() {
        for value in [U208::from(index + 1), U208::MAX - U208::from(index)] {
            twins.call(push(key, value)).await?.returned((U256::from(before), U256::from(value)));
            twins.call(latestCall {}).await?.returned(U256::from(value));
            before = value;
        }
        if let Some(earlier) = key.checked_sub(1) {
            twins.call(push(earlier, U208::ZERO)).await?.refused(CheckpointUnorderedInsertion {});
        }
    }
    for key in keys.into_iter().flat_map(|key| [key.saturating_sub(1), key, (key + 1).min(LAST)]) {
        let index = keys.iter().rposition(|pushed| *pushed <= key).expect("zero is pushed");
        twins.call(at(key)).await?.returned(U256::from(U208::MAX - U208::from(index)));
    }
    Ok(())
}
