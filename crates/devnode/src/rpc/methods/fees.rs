//! Fees: the base fee is the price, tips do not exist.

use crate::{
    chain::{Block, Chain},
    rpc::{
        error::RpcError,
        json,
        params::{Count, Params, Tag},
    },
};
use serde_json::{Value, json};
use std::sync::Arc;

/// Most blocks in one answer.
const LONGEST_HISTORY: u64 = 1_024;
/// Most percentiles in one request. Ours: go-ethereum has 100 (eth/gasprice/feehistory.go, `maxQueryLimit`), and Nitro, which
/// does not use that file, takes any number.
const MOST_PERCENTILES: usize = 256;

pub(super) fn gas_price(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json::number(chain.head().header.base_fee_per_gas.unwrap_or_default()))
}

pub(super) fn tip(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(json::number(0))
}

pub(super) fn blob(params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(Value::Null)
}

pub(super) fn history(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let (Count(count), newest) = (params.required::<Count>()?, params.required::<Tag>()?);
    let percentiles: Value = params.required()?;
    params.end()?;
    let percentiles = match &percentiles {
        Value::Null => 0,
        Value::Array(list) if list.iter().all(Value::is_number) => list.len(),
        _ => {
            return Err(RpcError::invalid_params(
                "invalid argument 2: json: cannot unmarshal into Go value of type []float64",
            ));
        }
    };
    if count == 0 {
        return Ok(json!({ "oldestBlock": "0x0", "gasUsedRatio": null }));
    }
    if percentiles > MOST_PERCENTILES {
        return Err(RpcError::failed(format!("invalid reward percentile: over the query limit {MOST_PERCENTILES}")));
    }
    let head = chain.head().header.number;
    let newest = match newest {
        Tag::Number(number) => number.min(head),
        // Nitro takes each tag that it does not know here for a number below the first block's.
        Tag::Earliest | Tag::Safe | Tag::Finalized => 0,
        Tag::Latest | Tag::Pending => head,
    };
    let oldest = newest.saturating_sub(count.min(LONGEST_HISTORY) - 1);
    let blocks: Vec<_> = (oldest..=newest).map_while(|number| chain.block(number)).collect();
    let fee = |block: &Block| json::number(block.header.base_fee_per_gas.unwrap_or_default());
    let mut fees: Vec<_> = blocks.iter().map(|block| fee(block)).collect();
    // One more than asked for: the block after. Of the head it is taken to be the same again.
    fees.extend(chain.block(newest + 1).as_deref().map(fee).or_else(|| fees.last().cloned()));
    let mut answer = json!({
        "oldestBlock": json::number(oldest),
        "baseFeePerGas": fees,
        "gasUsedRatio": ratios(chain, &blocks, chain.speed_limit(newest)),
    });
    if percentiles > 0 {
        answer["reward"] = blocks.iter().map(|_| json!(vec!["0x0"; percentiles])).collect();
    }
    Ok(answer)
}

/// How full each block was: gas without that for L1 against twice what the time since the last tick of the clock allows,
/// summed over the blocks of one second. 1 where no tick was seen yet.
fn ratios(chain: &Chain, blocks: &[Arc<Block>], speed_limit: u64) -> Vec<Value> {
    let Some(first) = blocks.first() else { return Vec::new() };
    let before = first.header.number.checked_sub(1).and_then(|number| chain.block(number));
    let mut last = before.map_or(0, |block| block.header.timestamp);
    let (mut seconds, mut gas) = (0, 0);
    let ratio = |block: &Arc<Block>| {
        let time = block.header.timestamp;
        if time > last {
            (seconds, gas) = (time - last, 0);
        }
        last = time;
        gas += block
            .transactions
            .iter()
            .map(|t| t.receipt.gas_used.saturating_sub(t.receipt.gas_used_for_l1))
            .sum::<u64>();
        let ratio = gas as f64 / speed_limit as f64 / seconds as f64 / 2.0;
        if seconds == 0 || ratio >= 1.0 { json!(1) } else { json!(ratio) }
    };
    blocks.iter().map(ratio).collect()
}
