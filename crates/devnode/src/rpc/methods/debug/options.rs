//! How a trace is to be made and shown.

use super::{
    super::overrides::{BlockOverride, StateOverride},
    tracer::Tracer,
};
use crate::{
    chain::Chain,
    rpc::{
        error::RpcError,
        members::{member, plain},
        params::{Param, unexpected},
    },
};
use serde_json::Value;

/// The last parameter of each `debug_trace…`.
#[derive(Debug, Default)]
pub(super) struct TraceOptions {
    tracer: Option<String>,
    config: Value,
    state: StateOverride,
    block: BlockOverride,
}

impl Param for TraceOptions {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(members) = value else { return Err(unexpected(&value, "tracers.TraceConfig")) };
        // Settings of the opcode logger and of Nitro's own work, which change nothing here.
        for unused in ["enableMemory", "disableStack", "disableStorage", "enableReturnData"] {
            member::<bool>(&members, unused)?;
        }
        member::<String>(&members, "timeout")?;
        member::<u64>(&members, "txIndex")?;
        Ok(Self {
            tracer: member(&members, "tracer")?,
            config: plain(&members, "tracerConfig").cloned().unwrap_or_default(),
            state: member(&members, "stateOverrides")?.unwrap_or_default(),
            block: member(&members, "blockOverrides")?.unwrap_or_default(),
        })
    }
}

impl TraceOptions {
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
