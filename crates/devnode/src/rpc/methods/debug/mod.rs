//! What happened inside a transaction, a block or a call.

mod bundlers;
mod calls;
mod durations;
mod flat;
mod hosts;
mod options;
mod prestate;
mod selectors;
mod steps;
mod traced;
mod tracer;

use super::{blocks, call::Place, raw, request::Request};
use crate::{
    chain::{Block, Body, Chain, Replayed, Simulation},
    evm::Refusal,
    rpc::{
        error::RpcError,
        json,
        params::{BlockId, Params, Tag},
    },
    trace::{MOST_RECORDED, Wanted},
};
use alloy_primitives::{B256, Bytes};
use options::TraceOptions;
use serde_json::{Value, json};
use std::sync::Arc;
use traced::{Paid, Traced};
use tracer::Tracer;

/// `debug_traceTransaction(hash, {tracer, tracerConfig})`
pub(super) async fn trace_transaction(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required()?;
    let options: TraceOptions = params.optional()?.unwrap_or_default();
    params.end()?;
    let (block, index) = chain.transaction(hash).ok_or_else(|| RpcError::failed("transaction not found"))?;
    let tracer = options.tracer(chain)?;
    let replayed = chain.replay(block.clone(), index, tracer.wanted()).await.ok_or_else(RpcError::internal)?;
    show(&tracer, block, index, replayed.map_err(|refusal| untraced(&refusal, ""))?)
}

/// `debug_traceBlockByNumber(number, {tracer, tracerConfig})`
pub(super) async fn trace_block_by_number(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let tag: Tag = params.required()?;
    let options: TraceOptions = params.optional()?.unwrap_or_default();
    params.end()?;
    trace_block(chain, BlockId::Tag(tag), &options).await
}

/// `debug_traceBlockByHash(hash, {tracer, tracerConfig})`
pub(super) async fn trace_block_by_hash(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required()?;
    let options: TraceOptions = params.optional()?.unwrap_or_default();
    params.end()?;
    trace_block(chain, BlockId::Hash(hash), &options).await
}

/// `debug_traceBlock(block, {tracer, tracerConfig})`: a block as `debug_getRawBlock` encodes it. Nitro also executes blocks
/// that are not its own.
pub(super) async fn trace_raw_block(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let encoded: Bytes = params.required()?;
    let options: TraceOptions = params.optional()?.unwrap_or_default();
    params.end()?;
    let hash = raw::hash_of(&encoded).map_err(|why| RpcError::failed(format!("could not decode block: {why}")))?;
    if chain.block_by_hash(hash).is_none_or(|block| block.encoded() != encoded) {
        return Err(RpcError::failed("only blocks of this chain are traced, as debug_getRawBlock encodes them"));
    }
    trace_block(chain, BlockId::Hash(hash), &options).await
}

/// `debug_standardTraceBlockToFile(hash, config?)`: this node writes no files.
pub(super) fn trace_to_file(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required()?;
    let _: Option<Value> = params.optional()?;
    params.end()?;
    exists(chain, BlockId::Hash(hash))?;
    Err(RpcError::failed("this node writes no files: debug_traceBlockByHash answers the same steps"))
}

/// `debug_intermediateRoots(hash, config?)`: the root of the state after each transaction of a block.
pub(super) async fn intermediate_roots(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required()?;
    let _: Option<Value> = params.optional()?;
    params.end()?;
    let block = traceable(chain, BlockId::Hash(hash))?;
    let roots = chain.roots_within(block).await.ok_or_else(RpcError::internal)?;
    let roots = roots.map_err(|refusal| RpcError::failed(refusal.to_string()))?;
    Ok(roots.into_iter().map(json::hash).collect())
}

async fn trace_block(chain: &Chain, id: BlockId, options: &TraceOptions) -> Result<Value, RpcError> {
    let block = traceable(chain, id)?;
    let tracer = options.tracer(chain)?;
    let mut traces = Vec::with_capacity(block.transactions.len());
    let mut replay = chain.begin_replay(block.clone()).await.ok_or_else(RpcError::internal)?;
    let mut room = MOST_RECORDED;
    for (index, included) in (0..).zip(&block.transactions) {
        let wanted = Wanted { bytes: room, ..tracer.wanted() };
        let (behind, replayed) = chain.replay_next(replay, wanted).await.ok_or_else(RpcError::internal)?;
        replay = behind;
        let (outcome, trace) = replayed.map_err(|refusal| untraced(&refusal, ""))?;
        room = room.saturating_sub(trace.kept);
        let trace = show(&tracer, block.clone(), index, (outcome, trace))?;
        traces.push(json!({ "txHash": json::hash(included.hash), "result": trace }));
    }
    Ok(Value::Array(traces))
}

/// A block that can be executed again.
fn traceable(chain: &Chain, id: BlockId) -> Result<Arc<Block>, RpcError> {
    exists(chain, id)?;
    let block = blocks::resolve(chain, id)?;
    if block.header.number == 0 {
        return Err(RpcError::failed("genesis is not traceable"));
    }
    Ok(block)
}

/// What a tracer says of a transaction that was executed again.
fn show(tracer: &Tracer, block: Arc<Block>, index: u64, (outcome, trace): Replayed) -> Result<Value, RpcError> {
    let limit = match &block.transactions[index as usize].body {
        Body::User(transaction) => transaction.gas,
        Body::Internal { .. } => 0,
    };
    let paid = outcome.map(|outcome| Paid::new(&outcome, limit));
    tracer.show(&Traced { trace, paid, place: Some((block, index)) })
}

/// `debug_traceCall(request, block, {tracer, tracerConfig, stateOverrides, blockOverrides})`
pub(super) async fn trace_call(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    let block: BlockId = params.required()?;
    let mut options: TraceOptions = params.optional()?.unwrap_or_default();
    params.end()?;
    if block == BlockId::Tag(Tag::Pending) {
        return Err(RpcError::failed("tracing on top of pending is not supported"));
    }
    exists(chain, block)?;
    let tracer = options.tracer(chain)?;
    let place = Place::at(chain, block, options.take_overrides(), true)?;
    let message = request.call()?;
    let wanted = tracer.wanted();
    let run = move |simulation: &Simulation| {
        let message = simulation.capped(message);
        (message.gas_limit, simulation.trace(message, wanted))
    };
    let (limit, traced) = match options.index {
        Some(index) => place.run_before(chain, index, run).await?,
        None => place.run(chain, run).await?,
    };
    let (outcome, trace) = traced.map_err(|refusal| untraced(&refusal, "tracing failed: "))?;
    tracer.show(&Traced { trace, paid: Some(Paid::new(&outcome, limit)), place: None })
}

/// The error of what could not be traced. That it took too long go-ethereum says without `before`.
fn untraced(refusal: &Refusal, before: &str) -> RpcError {
    match refusal {
        Refusal::TimedOut(_) => RpcError::failed("execution timeout"),
        // Of the traces of a block the last one had less room.
        Refusal::TraceTooLarge(_) => RpcError::failed(Refusal::TraceTooLarge(MOST_RECORDED).to_string()),
        _ => RpcError::failed(format!("{before}{refusal}")),
    }
}

/// Refuses a block that does not exist in the words that traces have for it.
fn exists(chain: &Chain, id: BlockId) -> Result<(), RpcError> {
    match id {
        BlockId::Tag(Tag::Number(number)) if chain.block(number).is_none() => {
            Err(RpcError::failed(format!("block #{number} not found")))
        }
        BlockId::Hash(hash) if chain.block_by_hash(hash).is_none() => {
            Err(RpcError::failed(format!("block {hash:#x} not found")))
        }
        _ => Ok(()),
    }
}
