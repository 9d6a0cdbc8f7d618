//! Subscriptions, which need a WebSocket.

use super::lists::Hashes;
use crate::{
    ArbosVersion,
    chain::Chain,
    rpc::{
        error::RpcError,
        log_query::LogQuery,
        members::member,
        params::{Param, Params, unexpected},
        subscription::{MOST_SUBSCRIPTIONS, Subject, Subscriber},
    },
};
use alloy_primitives::B256;
use serde_json::{Value, json};

/// Most transactions whose receipts one subscription may name.
const MOST_HASHES: usize = 200;

/// Transactions by their hashes.
#[derive(Debug, Default)]
struct Transactions(Vec<B256>);

impl Param for Transactions {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(members) = value else { return Err(unexpected(&value, "filters.input")) };
        Ok(Self(member::<Hashes>(&members, "transactionHashes")?.map_or_else(Vec::new, |hashes| hashes.0)))
    }
}

pub(super) fn subscribe(chain: &Chain, mut params: Params, session: Option<&Subscriber>) -> Result<Value, RpcError> {
    let session = session.ok_or_else(|| RpcError::new(-32601, "notifications not supported"))?;
    let name: String = params.required()?;
    let subject = match name.as_str() {
        "newHeads" => Subject::Heads,
        "logs" => {
            let query: LogQuery = params.required()?;
            query.check_size()?;
            Subject::Logs(query)
        }
        "newPendingTransactions" => {
            params.optional::<bool>()?;
            Subject::Pending
        }
        // Nitro v3.10 has it, and v3.9 does not.
        "transactionReceipts" if chain.head().arbos.version >= ArbosVersion::V60 => {
            let Transactions(hashes) = params.optional()?.unwrap_or_default();
            if hashes.len() > MOST_HASHES {
                return Err(RpcError::failed(
                    "exceed max number of transaction hashes allowed per transactionReceipts subscription",
                ));
            }
            Subject::Receipts(hashes)
        }
        _ => return Err(RpcError::new(-32601, format!("no {name:?} subscription in eth namespace"))),
    };
    params.end()?;
    let id = session.subscribe(subject).ok_or_else(|| {
        RpcError::failed(format!(
            "too many subscriptions: a connection may have {MOST_SUBSCRIPTIONS}; end one, or open another connection"
        ))
    })?;
    Ok(json!(id))
}

pub(super) fn unsubscribe(mut params: Params, session: Option<&Subscriber>) -> Result<Value, RpcError> {
    let id: String = params.required()?;
    params.end()?;
    match session.is_some_and(|session| session.unsubscribe(&id)) {
        true => Ok(json!(true)),
        false => Err(RpcError::failed("subscription not found")),
    }
}
