//! Precompiles: Ethereum's own, and those of ArbOS through [`super::Hooks`].

use std::sync::{Arc, LazyLock};

use alloy_primitives::{Bytes, map::AddressSet};
use revm::{
    context::Cfg,
    handler::{EthPrecompiles, PrecompileProvider},
    interpreter::{CallInputs, CallScheme, Gas, InstructionResult, InterpreterResult},
};

use super::{Context, PrecompileCall, PrecompileStatus, fork::SPEC};

static ETHEREUM: LazyLock<EthPrecompiles> = LazyLock::new(|| EthPrecompiles::new(SPEC));

/// Addresses of all precompiles, warm from the start: Ethereum's and `arbos`.
pub(super) fn warm_addresses(arbos: &AddressSet) -> AddressSet {
    ETHEREUM.warm_addresses().iter().chain(arbos).copied().collect()
}

/// Runs what is called at the address of a precompile.
pub(super) struct Precompiles;

impl PrecompileProvider<Context> for Precompiles {
    type Output = InterpreterResult;

    fn set_spec(&mut self, _: <revm::context::CfgEnv as Cfg>::Spec) -> bool {
        false
    }

    fn run(&mut self, context: &mut Context, inputs: &CallInputs) -> Result<Option<InterpreterResult>, String> {
        let runtime = Arc::clone(&context.chain.runtime);
        if !runtime.hooks.precompiles(context.chain.version()).contains(&inputs.bytecode_address) {
            return ETHEREUM.clone().run(context, inputs);
        }
        // revm counts the frames that are open, this one included.
        let depth = context.journaled_state.depth - 1;
        let call = PrecompileCall {
            address: inputs.bytecode_address,
            acting_as: inputs.target_address,
            caller: match inputs.scheme {
                CallScheme::CallCode => inputs.target_address,
                _ => inputs.caller,
            },
            caller_of_caller: context.chain.senders.last().copied().unwrap_or_default(),
            value: inputs.call_value(),
            input: inputs.input.bytes(context),
            gas_limit: inputs.gas_limit,
            is_static: inputs.scheme == CallScheme::StaticCall,
            in_static: inputs.is_static && inputs.scheme != CallScheme::StaticCall,
            depth,
        };
        let answer = runtime.hooks.precompile(context, &call);
        let mut gas = Gas::new(inputs.gas_limit);
        let (result, output) = match answer.status {
            PrecompileStatus::Success => (InstructionResult::Return, answer.output),
            PrecompileStatus::Revert => (InstructionResult::Revert, answer.output),
            PrecompileStatus::Failure(text) => {
                context.chain.failure = Some((depth, text));
                (InstructionResult::PrecompileError, Bytes::new())
            }
        };
        let left = if result.is_ok_or_revert() { answer.gas_left.min(inputs.gas_limit) } else { 0 };
        let spent = gas.record_regular_cost(inputs.gas_limit - left);
        debug_assert!(spent, "what is left is at most the limit");
        Ok(Some(InterpreterResult { result, output, gas }))
    }

    fn warm_addresses(&self) -> &AddressSet {
        ETHEREUM.warm_addresses()
    }
}
