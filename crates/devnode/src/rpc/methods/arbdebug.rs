//! How prices and tickets went, block by block (Nitro: execution/gethexec/api.go, `ArbDebugAPI`).

use crate::{
    arbos::{L1PriceModel, PriceModel, pricing, waiting_tickets},
    chain::Chain,
    rpc::{
        error::RpcError,
        params::{Params, Tag},
    },
};
use serde_json::{Number, Value, json};
use std::fmt::Display;

/// Most blocks that an answer looks at; Nitro's default.
const MOST_BLOCKS: u64 = 256;

/// Blocks at even distances.
#[derive(Debug, PartialEq, Eq)]
struct Spaced {
    first: u64,
    last: u64,
    step: u64,
    count: u64,
}

impl Spaced {
    /// As many between two blocks, the last one among them, as an answer may look at.
    fn between(start: u64, end: u64) -> Result<Self, RpcError> {
        let all = end.checked_sub(start).map(|distance| distance + 1);
        let all = all.ok_or_else(|| RpcError::failed(format!("invalid block range: {start} to {end}")))?;
        let (step, count) = match all > MOST_BLOCKS {
            // Rounded to the nearest.
            true => {
                let step = (2 * all + MOST_BLOCKS) / (2 * MOST_BLOCKS);
                (step, MOST_BLOCKS.min(all / step))
            }
            false => (1, all),
        };
        Ok(Self { first: end - step * (count - 1), last: end, step, count })
    }

    fn read(chain: &Chain, mut params: Params) -> Result<Self, RpcError> {
        let (start, end): (Tag, Tag) = (params.required()?, params.required()?);
        params.end()?;
        Self::between(clipped(chain, start), clipped(chain, end))
    }

    fn numbers(&self) -> impl Iterator<Item = u64> {
        let (first, step) = (self.first, self.step);
        (0..self.count).map(move |index| first + index * step)
    }
}

/// The nearest block that there is; what is never reached counts as the first.
fn clipped(chain: &Chain, tag: Tag) -> u64 {
    let head = chain.head().header.number;
    match tag {
        Tag::Number(number) => number.min(head),
        Tag::Latest | Tag::Pending => head,
        Tag::Earliest | Tag::Safe | Tag::Finalized => 0,
    }
}

/// A number of any size, as Go writes it.
fn number(value: impl Display) -> Value {
    let number: Number = value.to_string().parse().expect("digits");
    Value::Number(number)
}

/// `arbdebug_pricingModel(start, end)`: prices and what they follow from, in blocks of that range.
pub(super) fn pricing_model(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    let range = Spaced::read(chain, params)?;
    let blocks: Vec<_> = range
        .numbers()
        .map(|number| Some((chain.block(number)?, pricing(&chain.view(number)))))
        .collect::<Option<_>>()
        .ok_or_else(RpcError::internal)?;
    let Some((_, last)) = blocks.last() else { return Err(RpcError::internal()) };
    let of = |part: fn(&PriceModel) -> Value| blocks.iter().map(|(_, pricing)| part(pricing)).collect::<Value>();
    let l1 = &last.l1;
    let L1PriceModel { inertia, per_unit_reward, per_batch_gas, amortized_cost_cap_bips, pay_rewards_to, .. } = l1;
    Ok(json!({
        "start": range.first,
        "end": range.last,
        "step": range.step,
        "timestamp": blocks.iter().map(|(block, _)| block.header.timestamp).collect::<Vec<_>>(),
        "baseFee": blocks.iter().map(|(block, _)| block.header.base_fee_per_gas).collect::<Vec<_>>(),
        "gasBacklog": of(|pricing| json!(pricing.backlog)),
        "gasUsed": blocks.iter().map(|(block, _)| block.header.gas_used).collect::<Vec<_>>(),
        "minBaseFee": number(last.min_base_fee),
        "speedLimit": last.speed_limit,
        "perBlockGasLimit": last.block_gas_limit,
        "perTxGasLimit": last.tx_gas_limit,
        "pricingInertia": last.inertia,
        "backlogTolerance": last.tolerance,
        "l1BaseFeeEstimate": of(|pricing| number(pricing.l1.price_per_unit)),
        "l1LastSurplus": of(|pricing| number(pricing.l1.last_surplus)),
        "l1FundsDue": of(|pricing| number(pricing.l1.funds_due)),
        "l1FundsDueForRewards": of(|pricing| number(pricing.l1.funds_due_for_rewards)),
        "l1UnitsSinceUpdate": of(|pricing| json!(pricing.l1.units_since_update)),
        "l1LastUpdateTime": of(|pricing| json!(pricing.l1.last_update_time)),
        "l1EquilibrationUnits": number(l1.equilibration_units),
        "l1PerBatchCost": per_batch_gas,
        "l1AmortizedCostCapBips": amortized_cost_cap_bips,
        "l1PricingInertia": inertia,
        "l1PerUnitReward": per_unit_reward,
        "l1PayRewardTo": pay_rewards_to.to_string(),
    }))
}

/// `arbdebug_timeoutQueueHistory(start, end)`: how many tickets wait, in blocks of that range.
pub(super) fn timeout_queue_history(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    let range = Spaced::read(chain, params)?;
    let count: Vec<_> = range.numbers().map(|number| waiting_tickets(&chain.view(number))).collect();
    Ok(json!({ "start": range.first, "end": range.last, "step": range.step, "count": count }))
}

/// `arbdebug_timeoutQueue(block)`: the tickets that wait. Nothing on this chain makes one.
pub(super) fn timeout_queue(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let block = clipped(chain, params.required()?);
    params.end()?;
    Ok(json!({ "blockNumber": block, "tickets": [], "timeouts": [] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_ranges_are_thinned_out_from_their_end() {
        let spaced = |start, end| Spaced::between(start, end).unwrap();
        assert_eq!(spaced(3, 5), Spaced { first: 3, last: 5, step: 1, count: 3 });
        assert_eq!(spaced(0, 255), Spaced { first: 0, last: 255, step: 1, count: 256 });
        // 257 / 256 + 0.5 is below 2, and 384 / 256 + 0.5 is 2.
        assert_eq!(spaced(0, 256), Spaced { first: 1, last: 256, step: 1, count: 256 });
        assert_eq!(spaced(0, 383), Spaced { first: 1, last: 383, step: 2, count: 192 });
        assert_eq!(spaced(0, 9_999).numbers().last(), Some(9_999));
        assert_eq!(Spaced::between(6, 5).unwrap_err(), RpcError::failed("invalid block range: 6 to 5"));
    }

    #[test]
    fn numbers_have_no_limit() {
        assert_eq!(number(alloy_primitives::U256::MAX).to_string(), alloy_primitives::U256::MAX.to_string());
        assert_eq!(number(alloy_primitives::I256::MINUS_ONE).to_string(), "-1");
    }
}
