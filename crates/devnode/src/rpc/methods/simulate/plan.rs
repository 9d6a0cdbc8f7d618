//! What is to be simulated, block by block.

use super::codes::{INVALID_PARAMS, LIMIT_EXCEEDED, MOST_BLOCKS, NUMBER, TIMESTAMP};
use crate::{
    chain::BlockPlan,
    rpc::{
        error::RpcError,
        members::{member, plain},
        methods::{
            overrides::{BlockOverride, StateOverride},
            request::Request,
        },
        params::{Param, unexpected},
    },
};
use alloy_primitives::U256;
use serde_json::{Map, Value};

/// Seconds from one simulated block to the next, if nothing else is said.
const SECONDS: u64 = 12;

/// What a request asks for.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) blocks: Vec<Asked>,
    pub(super) traces_transfers: bool,
    pub(super) validates: bool,
    pub(super) with_transactions: bool,
}

/// A block as it is asked for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    block: BlockOverride,
    state: StateOverride,
    calls: Vec<Request>,
}

/// A block with its place in the chain.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) plan: BlockPlan,
    pub(super) state: StateOverride,
    pub(super) calls: Vec<Request>,
}

impl Param for Options {
    fn read(value: Value) -> Result<Self, String> {
        let Some(members) = members(value, "ethapi.simOpts")? else { return Ok(Self::default()) };
        let flag = |name: &str| member::<bool>(&members, name).map(Option::unwrap_or_default);
        Ok(Self {
            blocks: list(&members, "blockStateCalls", "[]ethapi.simBlock")?,
            traces_transfers: flag("traceTransfers")?,
            validates: flag("validation")?,
            with_transactions: flag("returnFullTransactions")?,
        })
    }
}

impl Param for Asked {
    fn read(value: Value) -> Result<Self, String> {
        let Some(members) = members(value, "ethapi.simBlock")? else { return Ok(Self::default()) };
        Ok(Self {
            block: member(&members, "blockOverrides")?.unwrap_or_default(),
            state: member(&members, "stateOverrides")?.unwrap_or_default(),
            calls: list(&members, "calls", "[]ethapi.TransactionArgs")?,
        })
    }
}

fn members(value: Value, kind: &str) -> Result<Option<Map<String, Value>>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Object(members) => Ok(Some(members)),
        other => Err(unexpected(&other, kind)),
    }
}

fn list<T: Param>(members: &Map<String, Value>, name: &str, kind: &str) -> Result<Vec<T>, String> {
    match plain(members, name) {
        None => Ok(Vec::new()),
        Some(Value::Array(values)) => values.iter().map(|value| T::read(value.clone())).collect(),
        Some(other) => Err(unexpected(other, kind)),
    }
}

/// Gives each block its number and its time, which must rise, and fills gaps with empty blocks. `number` and `time` are
/// those of the block that they follow.
pub(super) fn in_order(asked: Vec<Asked>, number: u64, time: u64) -> Result<Vec<Planned>, RpcError> {
    let last = number.saturating_add(MOST_BLOCKS);
    let (mut number, mut time) = (number, time);
    let mut planned = Vec::with_capacity(asked.len());
    for Asked { block, state, calls } in asked {
        let wanted = block.number.unwrap_or_else(|| U256::from(number) + U256::ONE);
        if wanted <= U256::from(number) {
            return Err(RpcError::new(NUMBER, format!("block numbers must be in order: {wanted} <= {number}")));
        }
        let wanted = u64::try_from(wanted).ok().filter(|wanted| *wanted <= last);
        let wanted = wanted.ok_or_else(|| RpcError::new(LIMIT_EXCEEDED, "too many blocks"))?;
        for number in number + 1..wanted {
            time = time.wrapping_add(SECONDS);
            let plan = BlockPlan { number, timestamp: time, ..BlockPlan::default() };
            planned.push(Planned { plan, state: StateOverride::default(), calls: Vec::new() });
        }
        number = wanted;
        let timestamp = block.time.unwrap_or_else(|| time.wrapping_add(SECONDS));
        if block.time.is_some_and(|wanted| wanted < time) {
            return Err(RpcError::new(TIMESTAMP, format!("block timestamps must be in order: {timestamp} <= {time}")));
        }
        time = timestamp;
        planned.push(Planned { plan: plan(block, number, timestamp)?, state, calls });
    }
    Ok(planned)
}

fn plan(block: BlockOverride, number: u64, timestamp: u64) -> Result<BlockPlan, RpcError> {
    let base_fee = block.base_fee.map(u64::try_from).transpose();
    Ok(BlockPlan {
        number,
        timestamp,
        gas_limit: block.gas_limit,
        beneficiary: block.fee_recipient,
        difficulty: block.difficulty,
        mix_hash: block.randomness,
        base_fee: base_fee.map_err(|_| RpcError::new(INVALID_PARAMS, "baseFeePerGas exceeds 64 bits"))?,
        beacon_root: block.beacon_root,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn planned(blocks: Value) -> Result<Vec<(u64, u64)>, (i32, String)> {
        let options = Options::read(json!({ "blockStateCalls": blocks })).unwrap();
        let planned = in_order(options.blocks, 10, 100).map_err(|error| (error.code, error.message))?;
        Ok(planned.iter().map(|block| (block.plan.number, block.plan.timestamp)).collect())
    }

    #[test]
    fn gaps_are_filled_twelve_seconds_apart() {
        let number = |number: &str| json!({ "blockOverrides": { "number": number } });
        assert_eq!(planned(json!([{}, null])), Ok(vec![(11, 112), (12, 124)]));
        let at = json!({ "blockOverrides": { "number": "0xd", "time": "0x100" } });
        assert_eq!(planned(json!([at, {}])), Ok(vec![(11, 112), (12, 124), (13, 256), (14, 268)]));
        assert_eq!(planned(json!([number("0x10a")])).map(|blocks| blocks.len()), Ok(256));
        assert_eq!(planned(json!([number("0x10b")])), Err((-38026, "too many blocks".into())));
        let huge = number(&format!("0x{}", "f".repeat(64)));
        assert_eq!(planned(json!([huge])), Err((-38026, "too many blocks".into())));
    }

    #[test]
    fn numbers_and_times_rise() {
        let low = json!({ "blockOverrides": { "number": "0xa" } });
        assert_eq!(planned(json!([low])), Err((-38020, "block numbers must be in order: 10 <= 10".into())));
        assert_eq!(planned(json!([{}, low])), Err((-38020, "block numbers must be in order: 10 <= 11".into())));
        let time = |time: &str| json!({ "blockOverrides": { "time": time } });
        assert_eq!(planned(json!([time("0x64")])), Ok(vec![(11, 100)]));
        assert_eq!(
            planned(json!([time("0x63")])),
            Err((-38021, "block timestamps must be in order: 99 <= 100".into()))
        );
    }

    #[test]
    fn what_is_malformed_is_refused_in_the_words_of_go() {
        let read = |value: Value| Options::read(value).unwrap_err();
        assert_eq!(read(json!([])), "json: cannot unmarshal array into Go value of type ethapi.simOpts");
        let calls = json!({ "blockStateCalls": [{ "calls": 1 }] });
        assert_eq!(read(calls), "json: cannot unmarshal number into Go value of type []ethapi.TransactionArgs");
        assert!(Options::read(Value::Null).unwrap().blocks.is_empty());
    }
}
