//! Blocks, transactions, receipts and logs as JSON, member for member as Nitro has them.

use crate::chain::{Block, Body, Included, Kind, Transaction};
use alloy_primitives::{Address, B256, Bytes, Log, U256, U512, hex};
use serde_json::{Map, Value, json};

/// A quantity: hexadecimal without leading zeros.
pub(super) fn quantity(value: impl TryInto<U512>) -> Value {
    let value: U512 = value.try_into().unwrap_or_default();
    Value::String(format!("{value:#x}"))
}

pub(super) fn number(value: u64) -> Value {
    Value::String(format!("{value:#x}"))
}

pub(super) fn wei(value: U256) -> Value {
    Value::String(format!("{value:#x}"))
}

pub(super) fn data(bytes: &[u8]) -> Value {
    Value::String(hex::encode_prefixed(bytes))
}

pub(super) fn address(address: Address) -> Value {
    data(address.as_slice())
}

pub(super) fn hash(hash: B256) -> Value {
    data(hash.as_slice())
}

/// A block as `eth_getBlockBy…` gives it.
pub(super) fn block(block: &Block, full: bool) -> Value {
    let mut object = header(block);
    let members = object.as_object_mut().expect("a header is an object");
    members.insert("size".into(), number(block.size));
    members.insert("uncles".into(), json!([]));
    let transactions = block.transactions.iter().enumerate();
    let transactions = transactions.map(|(index, included)| match full {
        true => transaction(block, index as u64, included),
        false => hash(included.hash),
    });
    members.insert("transactions".into(), Value::Array(transactions.collect()));
    object
}

/// A header as `eth_getHeaderBy…` gives it.
pub(super) fn header(block: &Block) -> Value {
    let header = &block.header;
    json!({
        "number": number(header.number),
        "hash": hash(block.hash),
        "parentHash": hash(header.parent_hash),
        "nonce": data(header.nonce.as_slice()),
        "mixHash": hash(header.mix_hash),
        "sha3Uncles": hash(header.ommers_hash),
        "logsBloom": data(header.logs_bloom.as_slice()),
        "stateRoot": hash(header.state_root),
        "miner": address(header.beneficiary),
        "difficulty": wei(header.difficulty),
        "extraData": data(&header.extra_data),
        "gasLimit": number(header.gas_limit),
        "gasUsed": number(header.gas_used),
        "timestamp": number(header.timestamp),
        "transactionsRoot": hash(header.transactions_root),
        "receiptsRoot": hash(header.receipts_root),
        "baseFeePerGas": number(header.base_fee_per_gas.unwrap_or_default()),
        "l1BlockNumber": number(block.arbos.l1_block_number),
        "sendCount": number(block.arbos.send_count),
        "sendRoot": hash(block.arbos.send_root),
    })
}

/// The latest block as `pending` shows it: without what only a made block has.
pub(super) fn pending(mut block: Value) -> Value {
    for name in ["hash", "miner", "nonce"] {
        if let Some(value) = block.get_mut(name) {
            *value = Value::Null;
        }
    }
    block
}

/// A header as the subscription `newHeads` pushes it.
pub(super) fn new_head(block: &Block) -> Value {
    let mut object = header(block);
    let members = object.as_object_mut().expect("a header is an object");
    for name in ["l1BlockNumber", "sendCount", "sendRoot"] {
        members.shift_remove(name);
    }
    for name in ["withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"] {
        members.insert(name.into(), Value::Null);
    }
    object
}

/// A transaction in its block.
pub(super) fn transaction(block: &Block, index: u64, included: &Included) -> Value {
    let mut object = json!({
        "blockHash": hash(block.hash),
        "blockNumber": number(block.header.number),
        "from": address(included.sender),
        "hash": hash(included.hash),
        "input": data(included.input()),
        "to": included.to().map(address),
        "transactionIndex": number(index),
        "type": number(included.kind().into()),
    });
    let members = object.as_object_mut().expect("made as an object");
    match &included.body {
        Body::Internal { .. } => {
            let chain = number(crate::CHAIN_ID);
            let zero = || number(0);
            for (name, value) in [("gas", zero()), ("gasPrice", zero()), ("nonce", zero()), ("value", zero())] {
                members.insert(name.into(), value);
            }
            members.insert("chainId".into(), chain);
            for name in ["v", "r", "s"] {
                members.insert(name.into(), zero());
            }
        }
        Body::User(user) => user_members(members, user, price(block, included)),
    }
    object
}

/// A transaction that is in no block yet.
pub(super) fn pooled(transaction: &Transaction, sender: Address) -> Value {
    let mut object = json!({
        "blockHash": null,
        "blockNumber": null,
        "from": address(sender),
        "hash": hash(transaction.hash),
        "input": data(&transaction.input),
        "to": transaction.to.map(address),
        "transactionIndex": null,
        "type": number((transaction.kind as u8).into()),
    });
    let members = object.as_object_mut().expect("made as an object");
    user_members(members, transaction, U256::ZERO);
    // What it will pay at most.
    members.insert("gasPrice".into(), quantity(transaction.max_fee));
    object
}

/// What a transaction paid for a gas, in wei.
fn price(block: &Block, included: &Included) -> U256 {
    U256::from(block.header.base_fee_per_gas.unwrap_or_default()).saturating_add(included.receipt.tip)
}

fn user_members(members: &mut Map<String, Value>, user: &Transaction, paid: U256) {
    let mut put = |name: &str, value: Value| {
        members.insert(name.into(), value);
    };
    put("nonce", number(user.nonce));
    put("gas", number(user.gas));
    put("value", quantity(user.value));
    match user.tip {
        Some(tip) => {
            put("gasPrice", wei(paid));
            put("maxFeePerGas", quantity(user.max_fee));
            put("maxPriorityFeePerGas", quantity(tip));
        }
        None => put("gasPrice", quantity(user.max_fee)),
    }
    if let Some(chain_id) = user.chain_id {
        put("chainId", quantity(chain_id));
    }
    if user.kind != Kind::Legacy {
        put("accessList", serde_json::to_value(&user.access_list).unwrap_or_default());
        put("yParity", quantity(user.v));
    }
    if user.kind == Kind::SetCode {
        put("authorizationList", serde_json::to_value(&user.authorizations).unwrap_or_default());
    }
    put("v", quantity(user.v));
    put("r", quantity(user.r));
    put("s", quantity(user.s));
}

/// A receipt.
pub(super) fn receipt(block: &Block, index: u64, included: &Included) -> Value {
    let receipt = &included.receipt;
    let logs = receipt.logs.iter().zip(receipt.first_log..);
    let logs: Vec<_> = logs.map(|(entry, position)| log(block, index, included, entry, position)).collect();
    json!({
        "blockHash": hash(block.hash),
        "blockNumber": number(block.header.number),
        "contractAddress": receipt.contract.map(address),
        "cumulativeGasUsed": number(receipt.cumulative_gas_used),
        "effectiveGasPrice": wei(price(block, included)),
        "from": address(included.sender),
        "gasUsed": number(receipt.gas_used),
        "gasUsedForL1": number(receipt.gas_used_for_l1),
        "l1BlockNumber": number(block.arbos.l1_block_number),
        "logs": logs,
        "logsBloom": data(receipt.bloom().as_slice()),
        "status": number(receipt.success.into()),
        "timeboosted": false,
        "to": included.to().map(address),
        "transactionHash": hash(included.hash),
        "transactionIndex": number(index),
        "type": number(included.kind().into()),
    })
}

/// A log; `position` counts the logs of the block.
pub(super) fn log(block: &Block, index: u64, included: &Included, log: &Log, position: u64) -> Value {
    json!({
        "address": address(log.address),
        "topics": log.topics().iter().map(|topic| hash(*topic)).collect::<Vec<_>>(),
        "data": data(&log.data.data),
        "blockNumber": number(block.header.number),
        "transactionHash": hash(included.hash),
        "transactionIndex": number(index),
        "blockHash": hash(block.hash),
        "blockTimestamp": number(block.header.timestamp),
        "logIndex": number(position),
        "removed": false,
    })
}

/// Bytes as JSON text.
pub(super) fn bytes(value: &Bytes) -> Value {
    data(value)
}
