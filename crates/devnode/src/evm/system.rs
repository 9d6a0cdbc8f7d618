//! ArbOS' own work, outside of any message.

use std::sync::Arc;

use alloy_primitives::{Address, Bytes, U256};
use revm::context::JournalTr;

use super::{BlockContext, Context, Execution, Mode, ReadableState, Runtime, first::call_frame, frame::Machine, told};
use crate::trace::{Recorder, Trace, Wanted};

/// Runs ArbOS' own work on a state outside of any message: the start of a block, a genesis, a reading.
///
/// Returns what `work` returns and all accounts that were loaded, the touched ones to be committed.
pub fn system<R>(
    runtime: &Arc<Runtime>,
    state: Arc<dyn ReadableState>,
    block: &BlockContext,
    work: impl FnOnce(&mut Context) -> R,
) -> (R, revm::state::EvmState) {
    let mut context = Execution { runtime, state, block, mode: Mode::Transaction }.context();
    let result = work(&mut context);
    (result, context.journaled_state.finalize())
}

/// Records a call that no message makes, and what ArbOS does after it: nobody pays for it, and nothing is warm. The state is
/// not changed. The call's instructions are not shown.
pub fn trace_system(
    runtime: &Arc<Runtime>,
    state: Arc<dyn ReadableState>,
    block: &BlockContext,
    (from, to): (Address, Address),
    (input, gas): (Bytes, u64),
    wanted: Wanted,
    (before, after): (impl FnOnce(&mut Context), impl FnOnce(&mut Context)),
) -> Trace {
    let mut context = Execution { runtime, state, block, mode: Mode::Transaction }.context();
    context.chain.origin = from;
    context.chain.recorder = Some(Box::new(Recorder::new(wanted)));
    before(&mut context);
    told::tell(&mut context, |sink, _| sink.hide(true));
    let first = call_frame(&mut context, (from, to), U256::ZERO, input, gas);
    let mut machine = Machine::new(context);
    machine.run(first);
    let mut context = machine.into_context();
    told::tell(&mut context, |sink, _| sink.hide(false));
    after(&mut context);
    told::finish(&mut context).expect("it was recorded")
}
