//! Which logs somebody asks for, by address, topics and blocks.

use super::{
    error::RpcError,
    json,
    members::{member, plain},
    param::Param,
    params::{Tag, unexpected},
};
use crate::chain::{Block, Chain};
use alloy_primitives::{Address, B256, Bloom, BloomInput, Log, hex, keccak256};
use serde_json::Value;

/// How many topics may be named for one position (go-ethereum: eth/filters/api.go, `maxSubTopics`).
const MOST_TOPICS: usize = 1_000;
/// How many addresses may be named. Ours: go-ethereum has 1,000 by default (eth/filters/filter_system.go, `LogQueryLimit`), and
/// Nitro takes any number.
const MOST_ADDRESSES: usize = 2_000;

/// Which logs, of which blocks.
#[derive(Debug, Clone, Default)]
pub(super) struct LogQuery {
    block: Option<B256>,
    from: Option<Tag>,
    to: Option<Tag>,
    /// Any of these, in their order; any at all if empty.
    addresses: Vec<Address>,
    /// For each position any of these, in their order; any at all if empty.
    topics: Vec<Vec<B256>>,
    /// What is to be in the filter of a block's header: of each list the hash of any.
    hashes: Vec<Vec<B256>>,
}

impl LogQuery {
    fn fits(&self, log: &Log) -> bool {
        (self.addresses.is_empty() || self.addresses.binary_search(&log.address).is_ok())
            && self.topics.len() <= log.topics().len()
            && self
                .topics
                .iter()
                .zip(log.topics())
                .all(|(any, topic)| any.is_empty() || any.binary_search(topic).is_ok())
    }

    /// Whether a block may have such a log, by the filter in its header.
    fn may_fit(&self, bloom: &Bloom) -> bool {
        let has = |hash: &B256| bloom.contains_input(BloomInput::Hash(*hash));
        !bloom.is_zero() && self.hashes.iter().all(|any| any.is_empty() || any.iter().any(has))
    }

    /// The logs of a block that fit.
    pub(super) fn of_block(&self, block: &Block) -> Vec<Value> {
        let mut found = Vec::new();
        if !self.may_fit(&block.header.logs_bloom) {
            return found;
        }
        for (index, included) in block.transactions.iter().enumerate() {
            for (log, position) in included.receipt.logs.iter().zip(included.receipt.first_log..) {
                if self.fits(log) {
                    found.push(json::log(block, index as u64, included, log, position));
                }
            }
        }
        found
    }

    /// Refuses too many addresses.
    pub(super) fn check_size(&self) -> Result<(), RpcError> {
        match self.addresses.len() > MOST_ADDRESSES {
            true => Err(RpcError::failed("exceed max addresses or topics per search position")),
            false => Ok(()),
        }
    }

    /// Refuses a range that ends before it begins.
    pub(super) fn check_range(&self) -> Result<(), RpcError> {
        match (self.from, self.to) {
            (Some(Tag::Number(from)), Some(Tag::Number(to))) if from > to => {
                Err(RpcError::failed("invalid block range params"))
            }
            _ => Ok(()),
        }
    }

    /// All logs that the query is for.
    pub(super) fn run(&self, chain: &Chain) -> Result<Value, RpcError> {
        self.check_size()?;
        if let Some(hash) = self.block {
            let block = chain.block_by_hash(hash).ok_or_else(|| RpcError::failed("unknown block"))?;
            return Ok(self.of_block(&block).into());
        }
        let head = chain.head().header.number;
        let (from, to) = (self.from.unwrap_or(Tag::Latest), self.to.unwrap_or(Tag::Latest));
        self.check_range()?;
        let (from, to) = (edge(from, head)?, edge(to, head)?);
        let found = (from..=to).filter_map(|number| chain.block(number)).flat_map(|block| self.of_block(&block));
        Ok(found.collect())
    }

    /// Whether a filter with this query gives logs of this block when it is new.
    pub(super) fn covers(&self, number: u64) -> bool {
        let bound = |tag| match tag {
            Some(Tag::Number(number)) => Some(number),
            Some(Tag::Earliest) => Some(0),
            _ => None,
        };
        bound(self.from).is_none_or(|from| number >= from) && bound(self.to).is_none_or(|to| number <= to)
    }
}

fn edge(tag: Tag, head: u64) -> Result<u64, RpcError> {
    match tag {
        Tag::Number(number) if number > head => Err(RpcError::failed("invalid block range params")),
        Tag::Number(number) => Ok(number),
        Tag::Earliest => Ok(0),
        Tag::Latest => Ok(head),
        Tag::Pending => Err(RpcError::failed("pending logs are not supported")),
        Tag::Safe => Err(RpcError::failed("safe header not found")),
        Tag::Finalized => Err(RpcError::failed("finalized header not found")),
    }
}

impl Param for LogQuery {
    fn read(value: Value) -> Result<Self, String> {
        let members = match value {
            Value::Null => return Ok(Self::default()),
            Value::Object(members) => members,
            other => return Err(unexpected(&other, "filters.input")),
        };
        let block: Option<B256> = member(&members, "blockHash")?;
        let from: Option<Tag> = member(&members, "fromBlock")?;
        let to: Option<Tag> = member(&members, "toBlock")?;
        if block.is_some() && (from.is_some() || to.is_some()) {
            return Err("cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other".into());
        }
        let mut addresses = match plain(&members, "address") {
            None => Vec::new(),
            Some(Value::Array(list)) => list.iter().map(an_address).collect::<Result<Vec<_>, _>>()?,
            Some(one) => vec![an_address(one)?],
        };
        let mut topics = match plain(&members, "topics") {
            None => Vec::new(),
            Some(Value::Array(list)) if list.len() > 4 => return Err("exceed max topics".into()),
            Some(Value::Array(list)) => list.iter().map(position).collect::<Result<Vec<_>, _>>()?,
            Some(other) => {
                let kind = unexpected(other, "[]interface {}");
                return Err(kind.replace("into Go value", "into Go struct field input.topics"));
            }
        };
        addresses.sort_unstable();
        addresses.dedup();
        let mut hashes = vec![addresses.iter().map(keccak256).collect()];
        for any in &mut topics {
            any.sort_unstable();
            any.dedup();
            hashes.push(any.iter().map(keccak256).collect());
        }
        Ok(Self { block, from, to, addresses, topics, hashes })
    }
}

fn an_address(value: &Value) -> Result<Address, String> {
    let text = value.as_str().ok_or("invalid addresses in query")?;
    bytes(text, 20, "address").map_err(|problem| format!("invalid address: {problem}")).map(|b| Address::from_slice(&b))
}

fn position(value: &Value) -> Result<Vec<B256>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => Ok(vec![topic(text)?]),
        Value::Array(any) if any.len() > MOST_TOPICS => Err("exceed max topics".into()),
        // A gap in the list lets anything through, as a gap in its place would.
        Value::Array(any) if any.iter().any(Value::is_null) => Ok(Vec::new()),
        Value::Array(any) => any.iter().map(|one| topic(one.as_str().ok_or("invalid topic(s)")?)).collect(),
        _ => Err("invalid topic(s)".into()),
    }
}

fn topic(text: &str) -> Result<B256, String> {
    bytes(text, 32, "topic").map(|bytes| B256::from_slice(&bytes))
}

fn bytes(text: &str, length: usize, what: &str) -> Result<Vec<u8>, String> {
    if text.is_empty() {
        return Err("empty hex string".into());
    }
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).ok_or("hex string without 0x prefix")?;
    if digits.len() % 2 == 1 {
        return Err("hex string of odd length".into());
    }
    let bytes = hex::decode(digits).map_err(|_| "invalid hex string")?;
    if bytes.len() != length {
        return Err(format!("hex has invalid length {} after decoding; expected {length} for {what}", bytes.len()));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::{Bytes, LogData};
    use serde_json::json;

    fn query(json: Value) -> LogQuery {
        LogQuery::read(json).unwrap()
    }

    fn log(address: u8, topics: &[u8]) -> Log {
        let topics = topics.iter().map(|topic| B256::with_last_byte(*topic)).collect();
        Log { address: Address::with_last_byte(address), data: LogData::new_unchecked(topics, Bytes::new()) }
    }

    #[test]
    fn a_log_fits_by_address_and_by_topics_in_their_places() {
        let [one, two] = [1, 2].map(B256::with_last_byte);
        let any = query(json!({}));
        assert!(any.fits(&log(1, &[])));
        let by_address = query(json!({ "address": [Address::with_last_byte(1), Address::with_last_byte(2)] }));
        assert!(by_address.fits(&log(2, &[])) && !by_address.fits(&log(3, &[])));
        let second = query(json!({ "topics": [null, two] }));
        assert!(second.fits(&log(1, &[9, 2, 3])));
        assert!(!second.fits(&log(1, &[2])) && !second.fits(&log(1, &[9])));
        let either = query(json!({ "topics": [[one, two]] }));
        assert!(either.fits(&log(1, &[1])) && either.fits(&log(1, &[2])) && !either.fits(&log(1, &[3])));
        for (log, fits) in [(log(1, &[9, 2]), true), (log(1, &[2, 9]), true), (log(1, &[7, 8]), false)] {
            assert_eq!(second.may_fit(&std::iter::once(&log).collect()), fits);
        }
    }

    #[test]
    fn malformed_queries_are_refused() {
        for (json, problem) in [
            (json!({ "address": 5 }), "invalid addresses in query"),
            (json!({ "topics": [null, null, null, null, null] }), "exceed max topics"),
            (json!({ "topics": [[["0x1"]]] }), "invalid topic(s)"),
            (json!({ "topics": ["0x1"] }), "hex string of odd length"),
        ] {
            assert_eq!(LogQuery::read(json).unwrap_err(), problem);
        }
    }
}
