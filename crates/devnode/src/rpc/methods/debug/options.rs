//! How a trace is to be made and shown.

use super::{
    super::overrides::{BlockOverride, StateOverride},
    durations,
    steps::LoggerOptions,
    tracer::Tracer,
};
use crate::{
    chain::Chain,
    rpc::{
        error::RpcError,
        members::{member, plain},
        params::{Param, unexpected},
    },
    trace::StepOptions,
};
use serde_json::{Map, Value};

/// The last parameter of each `debug_trace…`.
#[derive(Debug, Default)]
pub(super) struct TraceOptions {
    logger: LoggerOptions,
    timeout: Option<String>,
    tracer: Option<String>,
    config: Value,
    /// A call runs before the transaction of this index, and not after its block.
    pub(super) index: Option<u64>,
    state: StateOverride,
    block: BlockOverride,
}

impl Param for TraceOptions {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(members) = value else { return Err(unexpected(&value, "tracers.TraceConfig")) };
        let flag = |name| member::<bool>(&members, name).map(Option::unwrap_or_default);
        Ok(Self {
            logger: LoggerOptions {
                steps: StepOptions {
                    memory: flag("enableMemory")?,
                    stack: !flag("disableStack")?,
                    storage: !flag("disableStorage")?,
                    return_data: flag("enableReturnData")?,
                    limit: limit(&members)?,
                },
            },
            timeout: member(&members, "timeout")?,
            tracer: member(&members, "tracer")?,
            index: member(&members, "txIndex")?,
            config: plain(&members, "tracerConfig").cloned().unwrap_or_default(),
            state: member(&members, "stateOverrides")?.unwrap_or_default(),
            block: member(&members, "blockOverrides")?.unwrap_or_default(),
        })
    }
}

/// The opcode logger's limit, a number and no quantity.
fn limit(members: &Map<String, Value>) -> Result<i64, String> {
    let Some(value) = plain(members, "limit") else { return Ok(0) };
    value.as_i64().ok_or_else(|| unexpected(value, "int"))
}

impl TraceOptions {
    /// The tracer that is asked for.
    pub(super) fn tracer(&self, chain: &Chain) -> Result<Tracer, RpcError> {
        let tracer = match &self.tracer {
            Some(name) => Tracer::named(name, &self.config, chain)?,
            None => Tracer::Steps(self.logger),
        };
        if let Some(timeout) = &self.timeout {
            let timeout = durations::read(timeout).map_err(RpcError::failed)?;
            return Ok(Tracer::Within(timeout, Box::new(tracer)));
        }
        Ok(tracer)
    }

    /// What is changed before a call.
    pub(super) fn take_overrides(&mut self) -> (StateOverride, BlockOverride) {
        (std::mem::take(&mut self.state), std::mem::take(&mut self.block))
    }
}
