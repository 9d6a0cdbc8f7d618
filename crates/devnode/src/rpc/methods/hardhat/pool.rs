//! Transactions that wait for a block.

use crate::{
    chain::{Chain, Pooled},
    rpc::{
        error::RpcError,
        json,
        methods::state,
        params::{BlockId, Params, Tag},
    },
};
use alloy_primitives::{Address, B256};
use serde_json::{Map, Value, json};

/// `hardhat_dropTransaction(hash)`; whether it waited.
pub(super) async fn drop(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required()?;
    params.end()?;
    match chain.sequencer().drop_transaction(hash).await {
        Some(dropped) => Ok(json!(dropped)),
        None => Err(RpcError::invalid_params(format!("transaction {hash} cannot be dropped: it is in a block"))),
    }
}

/// `eth_getTransactionByHash(hash)`, of one that waits. Anything but a hash goes back for the usual answer.
pub(super) fn transaction(chain: &Chain, params: Params) -> Result<Result<Value, RpcError>, Params> {
    waiting(chain, params, shown)
}

/// `eth_getRawTransactionByHash(hash)`, of one that waits.
pub(super) fn raw(chain: &Chain, params: Params) -> Result<Result<Value, RpcError>, Params> {
    waiting(chain, params, |pooled| json::bytes(&pooled.transaction.raw))
}

/// What is said of a transaction that waits; the parameters go back if there is none.
fn waiting(
    chain: &Chain,
    params: Params,
    say: impl FnOnce(&Pooled) -> Value,
) -> Result<Result<Value, RpcError>, Params> {
    let Some(hash) = params.peek::<B256>(0) else { return Err(params) };
    let waiting = chain.pooled().into_iter().find(|pooled| pooled.transaction.hash == hash);
    match waiting {
        Some(pooled) if chain.transaction(hash).is_none() => Ok(params.end_after(1).map(|()| say(&pooled))),
        _ => Err(params),
    }
}

/// `eth_getTransactionCount(address, "pending")`: those that wait are counted.
pub(super) fn nonce(chain: &Chain, params: Params) -> Result<Result<Value, RpcError>, Params> {
    match (params.peek::<Address>(0), params.peek::<BlockId>(1)) {
        (Some(address), Some(BlockId::Tag(Tag::Pending))) => {
            Ok(params.end_after(2).map(|()| json::number(chain.next_nonce(address))))
        }
        _ => Ok(state::nonce(chain, params)),
    }
}

/// `eth_pendingTransactions`
pub(super) fn pending(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(chain.pooled().iter().map(shown).collect())
}

/// `txpool_content`: by sender and nonce; what can be executed is pending, what lacks one before it is queued.
pub(super) fn content(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    Ok(sorted(chain, shown))
}

/// `txpool_contentFrom(address)`: those of one sender, by nonce.
pub(super) fn content_from(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let sender: Address = params.required()?;
    params.end()?;
    let mut content = sorted(chain, shown);
    let mut of_sender = |part: &str| {
        let found = content[part].as_object_mut().and_then(|senders| senders.remove(&sender.to_string()));
        found.unwrap_or_else(|| json!({}))
    };
    let (pending, queued) = (of_sender("pending"), of_sender("queued"));
    Ok(json!({ "pending": pending, "queued": queued }))
}

/// `txpool_inspect`: the same in a line each.
pub(super) fn inspect(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    let line = |pooled: &Pooled| {
        let transaction = &pooled.transaction;
        let to = transaction.to.map_or_else(|| "contract creation".to_owned(), |to| to.to_string());
        json!(format!("{to}: {} wei + {} gas × {} wei", transaction.value, transaction.gas, transaction.max_fee))
    };
    Ok(sorted(chain, line))
}

/// `txpool_status`
pub(super) fn status(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    params.end()?;
    let all = chain.pooled();
    let pending = all.iter().filter(|pooled| is_pending(chain, pooled)).count();
    Ok(json!({ "pending": json::number(pending as u64), "queued": json::number((all.len() - pending) as u64) }))
}

fn is_pending(chain: &Chain, pooled: &Pooled) -> bool {
    pooled.transaction.nonce < chain.next_nonce(pooled.sender)
}

fn sorted(chain: &Chain, show: impl Fn(&Pooled) -> Value) -> Value {
    let (mut pending, mut queued) = (Map::new(), Map::new());
    for pooled in chain.pooled() {
        let part = if is_pending(chain, &pooled) { &mut pending } else { &mut queued };
        let of_sender = part.entry(pooled.sender.to_string()).or_insert_with(|| json!({}));
        of_sender[pooled.transaction.nonce.to_string()] = show(&pooled);
    }
    json!({ "pending": pending, "queued": queued })
}

fn shown(pooled: &Pooled) -> Value {
    json::pooled(&pooled.transaction, pooled.sender)
}
