//! The precompiles of ArbOS: tables of methods, and the one way in which all of them are called
//! (Nitro `precompiles/precompile.go`, `context.go`, `wrapper.go`).
//!
//! Each precompile is a file: its ABI, its table, its methods. A method is called with the caller's gas in a [`Call`];
//! it pays for each access to ArbOS' state, and its arguments and results are paid by the word.

mod address_table;
mod aggregator;
mod arb_sys;
mod call;
mod debug;
mod errors;
mod filtering;
mod fragments;
mod gas_info;
mod info;
mod method;
mod native_token;
mod owner;
mod owner_public;
mod retryable_tx;
mod wasm;
mod wasm_cache;

pub(crate) use arb_sys::alias;
pub use errors::render_error;
pub(super) use info::start_block_data;

use self::{
    call::{Call, Halt},
    method::{Method, Purity},
};
use super::{
    addresses::*,
    layout::layout,
    storage::{Ledger, words},
};
use crate::evm::{Context, PrecompileCall, PrecompileResult, PrecompileStatus, Resource, Resources};
use alloy_primitives::{Address, Bytes};
use std::borrow::Cow;

/// Gas of copying a word of arguments or results.
const COPY_GAS: u64 = 3;

/// The methods at an address.
fn methods(address: Address) -> &'static [Method] {
    match address {
        ARB_SYS => arb_sys::METHODS,
        ARB_INFO => info::INFO,
        ARB_ADDRESS_TABLE => address_table::METHODS,
        ARB_FUNCTION_TABLE => info::FUNCTION_TABLE,
        ARBOS_TEST => info::TEST,
        ARB_OWNER_PUBLIC => owner_public::METHODS,
        ARB_GAS_INFO => gas_info::METHODS,
        ARB_AGGREGATOR => aggregator::METHODS,
        ARB_RETRYABLE_TX => retryable_tx::METHODS,
        ARB_STATISTICS => info::STATISTICS,
        ARB_OWNER => owner::METHODS,
        ARB_WASM => wasm::METHODS,
        ARB_WASM_CACHE => wasm_cache::METHODS,
        ARB_NATIVE_TOKEN_MANAGER => native_token::METHODS,
        ARB_FILTERED_TRANSACTIONS => filtering::METHODS,
        ARB_DEBUG => debug::METHODS,
        ARBOS => info::ACTS,
        // ArbBLS has an address and no methods.
        _ => &[],
    }
}

/// Runs a precompile.
pub(super) fn run(context: &mut Context, call: &PrecompileCall) -> PrecompileResult {
    match call.address {
        ARB_OWNER => run_for_owner(context, call),
        ARB_FILTERED_TRANSACTIONS => run_for_filterer(context, call),
        _ => run_method(context, call),
    }
}

/// ArbOwner: for chain owners only, whom it costs nothing.
fn run_for_owner(context: &mut Context, call: &PrecompileCall) -> PrecompileResult {
    let mut check = Call::new(context, call, false);
    match check.open_state().and_then(|()| layout().chain_owners.contains(&mut check, call.caller)) {
        Ok(true) => {}
        Ok(false) => return check.fails("unauthorized caller to access-controlled method"),
        Err(_) => return check.fails(OUT_OF_GAS),
    }
    let result = run_method(context, call);
    if matches!(result.status, PrecompileStatus::Failure(_)) {
        return result;
    }
    if result.status == PrecompileStatus::Success && !call.is_static {
        owner::log_act(context, call);
    }
    PrecompileResult { gas_left: call.gas_limit, resources: Resources::default(), ..result }
}

/// ArbFilteredTransactionsManager: it costs those nothing who may filter, and anybody else what it takes to find out.
fn run_for_filterer(context: &mut Context, call: &PrecompileCall) -> PrecompileResult {
    let mut check = Call::new(context, call, false);
    let Ok(may) = check.open_state().and_then(|()| layout().filterers.contains(&mut check, call.caller)) else {
        return check.fails(OUT_OF_GAS);
    };
    let (gas_left, resources) =
        if may { (call.gas_limit, Resources::default()) } else { (check.gas_left(), check.resources()) };
    PrecompileResult { gas_left, resources, ..run_method(context, call) }
}

const OUT_OF_GAS: &str = "out of gas";

/// A call that reverts and takes all gas: no such method, or one that must not be called so.
fn refused() -> PrecompileResult {
    let (status, resources) = (PrecompileStatus::Revert, Resources::default());
    PrecompileResult { status, output: Bytes::new(), gas_left: 0, resources }
}

fn run_method(context: &mut Context, call: &PrecompileCall) -> PrecompileResult {
    let Some((selector, arguments)) = call.input.split_first_chunk::<4>() else { return refused() };
    let version = context.chain.version();
    let known = |method: &&Method| method.selector == *selector && method.since <= version;
    let Some(method) = methods(call.address).iter().find(known) else { return refused() };
    let foreign = method.purity >= Purity::View && call.acting_as != call.address;
    let writes_in_static = method.purity >= Purity::Write && call.is_static;
    let unpayable = method.purity < Purity::Payable && !call.value.is_zero();
    if foreign || writes_in_static || unpayable {
        return refused();
    }

    let mut frame = Call::new(context, call, method.purity <= Purity::View);
    if method.purity != Purity::Pure && frame.open_state().is_err() {
        return PrecompileResult::failure(OUT_OF_GAS);
    }
    if method.purity >= Purity::Write && call.in_static && frame.burn_a_transaction().is_err() {
        return PrecompileResult::failure(OUT_OF_GAS);
    }
    if frame.burn(Resource::L2Calldata, COPY_GAS * words(arguments.len())).is_err() {
        return refused();
    }
    let outcome = match method.run(&mut frame, arguments) {
        Some(outcome) => outcome,
        // The calldata does not fit the signature.
        None => return refused(),
    };
    match outcome {
        Ok(output) => frame.answer(PrecompileStatus::Success, output),
        Err(Halt::Solidity(data)) => frame.answer(PrecompileStatus::Revert, data),
        Err(Halt::Activation(text)) => frame.fails(text),
        Err(halt) => {
            if let Halt::Other(reason) = halt {
                tracing::debug!(precompile = %call.address, reason, "a precompile reverts without data");
            }
            frame.ends(PrecompileStatus::Revert, Bytes::new())
        }
    }
}

impl Call<'_> {
    /// Burns the gas that a transaction can have at most: Nitro's way of keeping code that must not change state from
    /// methods that do. Only a call (not a transaction) can have more.
    fn burn_a_transaction(&mut self) -> Result<(), Halt> {
        let limit = self.get_u64(layout().l2.tx_gas_limit)?;
        self.burn(Resource::Computation, limit)
    }

    /// Answers with data, which is paid by the word.
    fn answer(mut self, status: PrecompileStatus, output: Vec<u8>) -> PrecompileResult {
        match self.burn(Resource::Computation, COPY_GAS * words(output.len())) {
            Ok(()) => self.ends(status, output.into()),
            Err(_) => self.ends(PrecompileStatus::Revert, Bytes::new()),
        }
    }

    /// Ends with the gas that is left.
    fn ends(&self, status: PrecompileStatus, output: Bytes) -> PrecompileResult {
        PrecompileResult { status, output, gas_left: self.gas_left(), resources: self.resources() }
    }

    /// Ends as a failure, which takes all gas.
    fn fails(&self, text: impl Into<Cow<'static, str>>) -> PrecompileResult {
        PrecompileResult { resources: self.resources(), ..PrecompileResult::failure(text) }
    }
}
