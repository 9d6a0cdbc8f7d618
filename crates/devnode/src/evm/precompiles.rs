//! Precompiles: Ethereum's own, and those of ArbOS through [`super::Hooks`].

use std::sync::{Arc, LazyLock};

use alloy_primitives::{Address, Bytes, map::AddressSet};
use revm::{
    context::Cfg,
    handler::{EthPrecompiles, PrecompileProvider},
    interpreter::{CallInputs, CallScheme, Gas, InstructionResult, InterpreterResult},
};

use super::{Context, PrecompileCall, PrecompileStatus, fork::SPEC, precompile_errors};

static ETHEREUM: LazyLock<EthPrecompiles> = LazyLock::new(|| EthPrecompiles::new(SPEC));

/// Addresses of all precompiles, warm from the start: Ethereum's and `arbos`.
pub(super) fn warm_addresses(arbos: &AddressSet) -> AddressSet {
    ETHEREUM.warm_addresses().iter().chain(arbos).copied().collect()
}

/// The name of one of Ethereum's precompiles (EIP-7910).
pub(crate) fn name(address: Address) -> Option<&'static str> {
    Some(ETHEREUM.precompiles.get(&address)?.id().name())
}

/// Runs what is called at the address of a precompile.
pub(super) struct Precompiles;

impl PrecompileProvider<Context> for Precompiles {
    type Output = InterpreterResult;

    fn set_spec(&mut self, _: <revm::context::CfgEnv as Cfg>::Spec) -> bool {
        false
    }

    fn run(&mut self, context: &mut Context, inputs: &CallInputs) -> Result<Option<InterpreterResult>, String> {
        let here = inputs.bytecode_address;
        let Some(address) = context.chain.block.moved.at(here) else { return Ok(None) };
        let runtime = Arc::clone(&context.chain.runtime);
        // revm counts the frames that are open, this one included.
        let depth = context.journaled_state.depth.saturating_sub(1);
        if !runtime.hooks.precompiles(context.chain.version()).contains(&address) {
            return ethereum(context, inputs, address, depth);
        }
        let call = PrecompileCall {
            address,
            // Where it was moved to it acts as itself, too.
            acting_as: if inputs.target_address == here { address } else { inputs.target_address },
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
        context.chain.count(&answer.resources);
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

/// Runs one of Ethereum's precompiles, which is known by `address`.
fn ethereum(
    context: &mut Context,
    inputs: &CallInputs,
    address: Address,
    depth: usize,
) -> Result<Option<InterpreterResult>, String> {
    let ran = match address == inputs.bytecode_address {
        true => ETHEREUM.clone().run(context, inputs)?,
        false => ETHEREUM.clone().run(context, &CallInputs { bytecode_address: address, ..inputs.clone() })?,
    };
    let failed = ran.as_ref().is_some_and(|ran| ran.result == InstructionResult::PrecompileError);
    if failed && context.chain.tells_failures_at(depth) {
        let input = inputs.input.bytes(context);
        let text = precompile_errors::text(address, &input, inputs.gas_limit);
        context.chain.failure = Some((depth, text));
    }
    Ok(ran)
}
