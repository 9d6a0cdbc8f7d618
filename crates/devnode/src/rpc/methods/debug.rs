//! What happened inside a transaction or call.

use super::{
    call::Place,
    overrides::{BlockOverride, StateOverride},
    request::Request,
};
use crate::{
    chain::{Chain, Simulation},
    evm::{Outcome, Status},
    rpc::{
        error::RpcError,
        json,
        params::{BlockId, Param, Params, Tag, member, unexpected},
        revert,
    },
    trace::{CallFrame, CallLog},
};
use alloy_primitives::{Address, B256, U256, address};
use serde_json::{Map, Value, json};

/// Where fees for L1 data go.
const L1_PRICER_FUNDS: Address = address!("0xA4B00000000000000000000000000000000000F6");

/// How a trace is to be made and shown.
#[derive(Debug, Default)]
struct Options {
    tracer: Option<String>,
    only_top: bool,
    with_logs: bool,
    state: StateOverride,
    block: BlockOverride,
}

impl Param for Options {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(members) = value else { return Err(unexpected(&value, "tracers.TraceConfig")) };
        let config = match members.get("tracerConfig") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(config)) => config.clone(),
            Some(other) => return Err(unexpected(other, "native.callTracerConfig")),
        };
        Ok(Self {
            tracer: member(&members, "tracer")?,
            only_top: member(&config, "onlyTopCall")?.unwrap_or(false),
            with_logs: member(&config, "withLog")?.unwrap_or(false),
            state: member(&members, "stateOverrides")?.unwrap_or_default(),
            block: member(&members, "blockOverrides")?.unwrap_or_default(),
        })
    }
}

impl Options {
    /// Only what this node records can be shown.
    fn check(&self) -> Result<(), RpcError> {
        match self.tracer.as_deref() {
            Some("callTracer" | "noopTracer") => Ok(()),
            Some(other) => Err(RpcError::failed(format!("tracer {other:?} is not supported: callTracer is"))),
            None => Err(RpcError::failed("the opcode logger is not supported: name a tracer, callTracer is supported")),
        }
    }
}

/// `debug_traceTransaction(hash, {tracer, tracerConfig})`
pub(super) async fn trace_transaction(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required()?;
    let options: Options = params.optional()?.unwrap_or_default();
    params.end()?;
    let (block, index) = chain.transaction(hash).ok_or_else(|| RpcError::failed("transaction not found"))?;
    options.check()?;
    let limit = match &block.transactions[index as usize].body {
        crate::chain::Body::User(transaction) => transaction.gas,
        crate::chain::Body::Internal { .. } => {
            return Err(RpcError::failed("the internal transaction is not recorded: it calls nothing of a user's"));
        }
    };
    let replayed = chain.replay(block, index).await.ok_or_else(RpcError::internal)?;
    let (outcome, call) = replayed.map_err(|refusal| RpcError::failed(refusal.to_string()))?;
    let price = outcome.gas_price;
    Ok(show(&options, call, &outcome, limit, price, price))
}

/// `debug_traceCall(request, block, {tracer, tracerConfig})`
pub(super) async fn trace_call(chain: &Chain, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    let block: BlockId = params.required()?;
    let mut options: Options = params.optional()?.unwrap_or_default();
    params.end()?;
    if block == BlockId::Tag(Tag::Pending) {
        return Err(RpcError::failed("tracing on top of pending is not supported"));
    }
    options.check()?;
    let changes = (std::mem::take(&mut options.state), std::mem::take(&mut options.block));
    let place = Place::at(chain, block, changes)?;
    let base_fee = U256::from(place.base_fee());
    let message = request.call()?;
    let run = move |simulation: &Simulation| {
        let message = simulation.capped(message);
        (message.gas_limit, simulation.trace(message))
    };
    let (limit, traced) = place.run(chain, run).await?;
    let (outcome, call) = traced.map_err(|refusal| RpcError::failed(format!("tracing failed: {refusal}")))?;
    Ok(show(&options, call, &outcome, limit, outcome.gas_price, base_fee))
}

/// A trace, and what was moved around it: the sender pays `paid` for a gas, and ArbOS gives on `collected`, which in a
/// call without a price is more.
fn show(options: &Options, call: CallFrame, outcome: &Outcome, limit: u64, paid: U256, collected: U256) -> Value {
    if options.tracer.as_deref() == Some("noopTracer") {
        return json!({});
    }
    let sender = call.from;
    let mut top = frame(&call, options);
    // Of the outermost call the whole transaction's figures are shown, and its own words for a failure.
    top.insert("gas".into(), json::number(limit));
    top.insert("gasUsed".into(), json::number(outcome.gas_used));
    if let Status::Failure(text) = &outcome.status {
        top.insert("error".into(), json!(text));
    }
    let moved = |purpose: &str, from: Option<Address>, to: Option<Address>, price: U256, gas: u64| {
        json!({
            "purpose": purpose,
            "from": from.map(|from| from.to_checksum(None)),
            "to": to.map(|to| to.to_checksum(None)),
            "value": json::wei(price * U256::from(gas)),
        })
    };
    let computed = outcome.gas_used - outcome.gas_used_for_l1;
    top.insert("beforeEVMTransfers".into(), json!([moved("feePayment", Some(sender), None, paid, limit)]));
    top.insert(
        "afterEVMTransfers".into(),
        json!([
            moved("gasRefund", None, Some(sender), paid, limit - outcome.gas_used),
            moved("feeCollection", None, Some(Address::ZERO), collected, computed),
            moved("feeCollection", None, Some(L1_PRICER_FUNDS), collected, outcome.gas_used_for_l1),
        ]),
    );
    Value::Object(top)
}

fn frame(call: &CallFrame, options: &Options) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.into(), value);
    };
    put("from", json::address(call.from));
    put("gas", json::number(call.gas));
    put("gasUsed", json::number(call.gas_used));
    if let Some(to) = call.to {
        put("to", json::address(to));
    }
    put("input", json::data(&call.input));
    if !call.output.is_empty() {
        put("output", json::data(&call.output));
    }
    if let Some(error) = call.error {
        put("error", json!(error));
        if let Some(reason) = revert::reason(&call.output) {
            put("revertReason", json!(reason));
        }
    }
    if !options.only_top && !call.calls.is_empty() {
        put("calls", call.calls.iter().map(|inner| Value::Object(frame(inner, options))).collect());
    }
    if options.with_logs && !call.logs.is_empty() {
        put("logs", call.logs.iter().map(log).collect());
    }
    if let Some(value) = call.value {
        put("value", json::wei(value));
    }
    put("type", json!(call.kind));
    members
}

fn log(entry: &CallLog) -> Value {
    json!({
        "address": json::address(entry.log.address),
        "topics": entry.log.topics().iter().map(|topic| json::hash(*topic)).collect::<Vec<_>>(),
        "data": json::data(&entry.log.data.data),
        "position": json::number(entry.position),
    })
}
