//! How a trace is to be made and shown.

use super::{
    super::overrides::{BlockOverride, StateOverride},
    tracer::Tracer,
};
use crate::{
    chain::Chain,
    rpc::{
        error::RpcError,
        params::{Param, member, unexpected},
    },
};
use serde_json::Value;

/// The last parameter of each `debug_trace…`.
#[derive(Debug, Default)]
pub(super) struct Options {
    tracer: Option<String>,
    config: Value,
    state: StateOverride,
    block: BlockOverride,
}

impl Param for Options {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(members) = value else { return Err(unexpected(&value, "tracers.TraceConfig")) };
        Ok(Self {
            tracer: member(&members, "tracer")?,
            config: members.get("tracerConfig").cloned().unwrap_or_default(),
            state: member(&members, "stateOverrides")?.unwrap_or_default(),
            block: member(&members, "blockOverrides")?.unwrap_or_default(),
        })
    }
}

impl Options {
    /// The tracer that is asked for.
    pub(super) fn tracer(&self, chain: &Chain) -> Result<Tracer, RpcError> {
        match &self.tracer {
            Some(name) => Tracer::named(name, &self.config, chain),
            None => {
                Err(RpcError::failed(format!("the opcode logger is not supported: name a tracer, {}", Tracer::NAMES)))
            }
        }
    }

    /// What is changed before a call.
    pub(super) fn take_overrides(&mut self) -> (StateOverride, BlockOverride) {
        (std::mem::take(&mut self.state), std::mem::take(&mut self.block))
    }
}
