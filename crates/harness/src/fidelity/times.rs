//! When the blocks of a recording were made.
//!
//! A recording tells the time of a block where somebody asked for it, and the hash of nearly every block. The hash covers
//! the time, and through the root of the state everything that the chain remembers. So a block's time is the second in
//! which the node under test makes a block of that hash; if there is none, the node's state is not Nitro's.

use super::{Call, Client, Entry, Exceptions, Recording};
use eyre::{Result, eyre};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Seconds within which a block was made before or after one whose time is known, where the recording tells no more.
const LATEST: u64 = 60;

/// The times of a recording's blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    /// In seconds since 1970, from block 1 on.
    pub seconds: Vec<u64>,
    /// Blocks that have the hash that they had on Nitro, up to the first that has not.
    pub equal: usize,
}

/// What a recording says of a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Told {
    hash: Option<String>,
    time: Option<u64>,
}

impl Times {
    /// Finds them by a fresh devnode, to which the recording's transactions are sent.
    ///
    /// # Errors
    /// If the node cannot be reached, or cannot undo a block.
    pub fn find(url: &str, recording: &Recording, exceptions: &Exceptions) -> Result<Self> {
        let told = told(&recording.entries);
        let mut client = Client::new(url)?;
        let mut times = Self::default();
        let mut last = None;
        for entry in &recording.entries {
            let Call::Rpc { method, params, result, .. } = &entry.call else { continue };
            if !makes_block(method) || result.is_null() || entry.race || exceptions.skipping(entry).is_some() {
                continue;
            }
            let block = times.seconds.len() as u64 + 1;
            let here = told.get(&block).cloned().unwrap_or_default();
            let later = || told.range(block..).find_map(|(_, told)| told.time);
            let first = here.time.or(last).or_else(|| Some(later()?.saturating_sub(LATEST))).unwrap_or_default();
            let until = here.time.or_else(later).map_or(first + LATEST, |time| time.max(first));
            // Behind a block of another hash no hash can be the same.
            let known = here.hash.filter(|_| times.equal + 1 == block as usize);
            for time in first..=until {
                let snapshot = ask(&mut client, "evm_snapshot", json!([]))?;
                ask(&mut client, "evm_setNextBlockTimestamp", json!([time]))?;
                client.call(entry.n, method, params)?;
                let made = ask(&mut client, "eth_getBlockByNumber", json!(["latest", false]))?;
                let equal = known.as_ref().is_some_and(|hash| made["hash"] == hash.as_str());
                if equal || known.is_none() || time == until {
                    times.equal += usize::from(equal);
                    times.seconds.push(time);
                    last = Some(time);
                    break;
                }
                ask(&mut client, "evm_revert", json!([snapshot]))?;
            }
        }
        Ok(times)
    }
}

/// Whether a request makes a block if it is taken.
pub(super) fn makes_block(method: &str) -> bool {
    method.starts_with("eth_sendRawTransaction")
}

fn ask(client: &mut Client, method: &str, params: Value) -> Result<Value> {
    let mut answer = client.call(0, method, &params)?;
    match answer.get_mut("result") {
        Some(result) => Ok(result.take()),
        None => Err(eyre!("{method}: {}", answer["error"])),
    }
}

fn told(entries: &[Entry]) -> BTreeMap<u64, Told> {
    let mut blocks = BTreeMap::new();
    for entry in entries {
        // A simulated block is none of the chain's.
        if let Call::Rpc { method, result, .. } = &entry.call
            && method != "eth_simulateV1"
        {
            read(&mut blocks, result);
        }
    }
    blocks
}

/// Receipts, transactions and logs name their block by these keys, and a block has keys of its own.
fn read(blocks: &mut BTreeMap<u64, Told>, value: &Value) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| read(blocks, value)),
        Value::Object(object) => {
            let keys = if object.contains_key("stateRoot") {
                ["number", "hash", "timestamp"]
            } else {
                ["blockNumber", "blockHash", "blockTimestamp"]
            };
            let [block, hash, time] = keys.map(|key| object.get(key).unwrap_or(&Value::Null));
            if let (Some(block), Some(hash)) = (number(block), hash.as_str()) {
                let told = blocks.entry(block).or_default();
                told.hash.get_or_insert_with(|| hash.to_owned());
                told.time = told.time.or(number(time));
            }
            object.values().for_each(|value| read(blocks, value));
        }
        _ => {}
    }
}

fn number(value: &Value) -> Option<u64> {
    u64::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_of_by_themselves_and_by_what_is_in_them() {
        let mut blocks = BTreeMap::new();
        read(
            &mut blocks,
            &json!({ "blockNumber": "0x2", "blockHash": "0xb", "logs": [
            { "blockNumber": "0x2", "blockHash": "0xb", "blockTimestamp": "0x5" },
        ] }),
        );
        read(&mut blocks, &json!([{ "number": "0x3", "hash": "0xc", "timestamp": "0x7", "stateRoot": "0x" }]));
        read(&mut blocks, &json!({ "blockNumber": null, "blockHash": null }));
        let told = |hash: &str, time| Told { hash: Some(hash.to_owned()), time: Some(time) };
        assert_eq!(blocks, BTreeMap::from([(2, told("0xb", 5)), (3, told("0xc", 7))]));
    }
}
