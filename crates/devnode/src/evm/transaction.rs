//! A message from its checks to the fees: Nitro's state transition.

use alloy_primitives::{B256, Bytes, TxKind, U256, keccak256};
use revm::{
    context::{JournalTr, journaled_state::account::JournaledAccountTr},
    handler::FrameResult,
    interpreter::{CallOutcome, Gas, InstructionResult, InterpreterResult},
};

use super::{
    Charge, Context, Deadline, Execution, Message, Mode, Outcome, Refusal, Resource, Resources, Settlement,
    checks::{buy_gas, check, check_value_and_init_code, intrinsic_gas},
    first::first_frame,
    frame::Machine,
    prepare::{begin_call, warm},
    status, told,
};
use crate::{
    ArbosVersion,
    trace::{Recorder, Sink, Trace, Wanted},
};

/// Refunds are at most this part of the gas used (EIP-3529).
const REFUND_QUOTIENT: u64 = 5;

impl Execution<'_> {
    /// Executes a message and says what came of it.
    ///
    /// # Errors
    /// [`Refusal`] if the message cannot start: nothing is paid and nothing changes.
    pub fn run(self, message: &Message) -> Result<Outcome, Refusal> {
        run(self, message, (None, None)).map(|(outcome, _)| outcome)
    }

    /// Executes a message until a deadline.
    ///
    /// # Errors
    /// As [`Self::run`], and [`Refusal::TimedOut`].
    pub fn run_until(self, message: &Message, deadline: Deadline) -> Result<Outcome, Refusal> {
        run(self, message, (None, Some(deadline))).map(|(outcome, _)| outcome)
    }

    /// Executes a message, and records what happens.
    ///
    /// # Errors
    /// As [`Self::run`], [`Refusal::TimedOut`] and [`Refusal::TraceTooLarge`].
    pub fn trace(self, message: &Message, wanted: Wanted) -> Result<(Outcome, Trace), Refusal> {
        let within = (Some(Box::new(Recorder::new(wanted)) as _), Some(Deadline::after(wanted.timeout)));
        let (outcome, trace) = run(self, message, within)?;
        Ok((outcome, trace.expect("it was recorded")))
    }

    /// Says whether a message can start, and executes nothing.
    ///
    /// # Errors
    /// Those of [`Self::run`].
    pub fn check(self, message: &Message) -> Result<(), Refusal> {
        begin(self, message, (None, None)).map(drop)
    }
}

/// Most gas that code may use in what is no transaction: twice what a request may ask for. A request that is granted more,
/// for L1 data that turns out to cost nothing, gets the rest back unused.
const MOST_COMPUTED: u64 = 100_000_000;

/// A message that has been checked and has paid.
struct Begun {
    context: Context,
    /// Price of a gas in wei.
    paid: U256,
    charge: Charge,
    /// Gas that its code has.
    gas_left: u64,
    /// The least gas that it uses (EIP-7623).
    floor_gas: u64,
}

/// Who records a message, and when it ends.
type Within = (Option<Box<dyn Sink>>, Option<Deadline>);

/// Checks a message and lets it pay.
fn begin(execution: Execution<'_>, message: &Message, (recorder, deadline): Within) -> Result<Begun, Refusal> {
    let (runtime, block, mode) = (execution.runtime, execution.block, execution.mode);
    let visible_base_fee = if message.is_free(mode) && mode.hides_base_fee() { 0 } else { block.base_fee };
    let mut context = execution.context();
    context.block.basefee = visible_base_fee;
    context.tx.caller = message.from;
    context.chain.origin = message.from;
    context.chain.recorder = recorder;
    context.chain.deadline = deadline;
    if context.chain.is_watched() {
        told::begin(&mut context, message);
    }
    let with_tip = runtime.hooks.collects_tips(&mut context);
    let offered = message.price(visible_base_fee);
    let paid = if with_tip { offered } else { offered.min(U256::from(visible_base_fee)) };
    context.tx.gas_price = paid.saturating_to();
    context.chain.gas_price = paid;
    context.chain.offered_price = offered;

    check(&mut context, message, mode, visible_base_fee, with_tip)?;
    buy_gas(&mut context, message, paid)?;
    let (intrinsic_gas, floor_gas) = intrinsic_gas(&mut context, message)?;
    let mut gas_left = message.gas_limit - intrinsic_gas;

    let mut charge = runtime.hooks.charge(&mut context, message, intrinsic_gas, gas_left)?;
    gas_left -= charge.poster_gas + charge.held_gas;
    if mode != Mode::Transaction {
        let held = gas_left.saturating_sub(MOST_COMPUTED);
        charge.held_gas += held;
        gas_left -= held;
    }
    context.chain.poster_gas = charge.poster_gas;
    context.chain.poster_fee = charge.poster_fee;
    context.chain.held_gas = charge.held_gas;

    check_value_and_init_code(&mut context, message)?;
    Ok(Begun { context, paid, charge, gas_left, floor_gas })
}

/// Executes a message from its checks to the fees.
fn run(execution: Execution<'_>, message: &Message, within: Within) -> Result<(Outcome, Option<Trace>), Refusal> {
    let deadline = within.1;
    // What is recorded is executed once.
    let counts = within.0.is_some() && execution.block.version >= ArbosVersion::V60;
    if let Some(done) = attempt(execution.clone(), message, within, counts)? {
        return Ok(done);
    }
    let again = attempt(execution, message, (None, deadline), true)?;
    Ok(again.expect("its gas was counted by resource"))
}

/// Executes a message, and counts its gas by resource if ArbOS prices that or `counts` says so. `None` if ArbOS prices it only
/// since this message: then it must be executed again.
fn attempt(
    execution: Execution<'_>,
    message: &Message,
    within: Within,
    counts: bool,
) -> Result<Option<(Outcome, Option<Trace>)>, Refusal> {
    let runtime = execution.runtime;
    let Begun { mut context, paid, charge, gas_left, floor_gas } = begin(execution, message, within)?;
    let counts = counts || runtime.hooks.prices_resources(&mut context);
    context.chain.resources = counts.then(Resources::default);
    warm(&mut context, message);

    let (mut context, result, delegation_refund) = if runtime.hooks.is_filtered(&mut context, message) {
        let result = filtered(&mut context, message, gas_left);
        (context, result, 0)
    } else {
        // Delegations and their refunds stay even if the call reverts.
        let delegation_refund = match message.to {
            TxKind::Create => 0,
            TxKind::Call(_) => begin_call(&mut context, message),
        };
        if context.chain.is_watched() {
            context.chain.counted.refunds.push(delegation_refund.try_into().unwrap_or_default());
        }
        let first = first_frame(&mut context, message, gas_left);
        let mut machine = Machine::new(context);
        let result = machine.run(first);
        (machine.into_context(), result, delegation_refund)
    };

    context.chain.must_stop();
    if let Some(stopped) = context.chain.stopped.take() {
        return Err(stopped);
    }
    if !counts && runtime.hooks.prices_resources(&mut context) {
        return Ok(None);
    }
    let ended = status::of(&mut context, &result);
    let refund = delegation_refund + u64::try_from(ended.refund).unwrap_or(0);
    let mut peak_gas_used = message.gas_limit - (ended.gas_left + charge.held_gas);
    let refund = refund.min((peak_gas_used - charge.poster_gas) / REFUND_QUOTIENT);
    let mut gas_used = peak_gas_used - refund;
    let mut counted_gas = peak_gas_used.saturating_add_signed(context.chain.lost_gas.saturating_neg());
    let mut resources = context.chain.resources.take();
    if gas_used < floor_gas && runtime.hooks.has_calldata_floor(&mut context) {
        gas_used = floor_gas;
        peak_gas_used = peak_gas_used.max(floor_gas);
        // The refund is not taken off what is counted.
        let filled_up = (floor_gas + refund).saturating_sub(counted_gas);
        counted_gas += filled_up;
        if let Some(resources) = &mut resources {
            resources.add(Resource::L2Calldata, filled_up);
        }
    }
    if let Some(resources) = &mut resources {
        resources.add_intrinsic(message);
        resources.add(Resource::SingleDim, charge.poster_gas);
        resources.complete(counted_gas);
    }

    let unused = U256::from(message.gas_limit - gas_used) * paid;
    let Ok(mut sender) = context.journaled_state.load_account_mut(message.from);
    sender.data.incr_balance(unused);
    let success = ended.status.is_success();
    let settlement =
        Settlement { gas_used, counted_gas, resources, refunded_gas: refund, tip_to: charge.tip_to, success };
    let fees = runtime.hooks.settle(&mut context, message, &settlement);

    let logs = context.journaled_state.take_logs();
    let trace = told::finish(&mut context);
    let outcome = Outcome {
        status: ended.status,
        gas_used,
        gas_used_for_l1: charge.poster_gas,
        peak_gas_used,
        resources,
        output: ended.output,
        logs,
        created: ended.created,
        gas_price: paid,
        fees,
        recent: std::mem::take(&mut context.chain.block.recent),
        state: context.journaled_state.finalize(),
    };
    Ok(Some((outcome, trace)))
}

/// What comes of a transaction that is filtered: its nonce and its gas are used up.
fn filtered(context: &mut Context, message: &Message, gas_left: u64) -> FrameResult {
    let Ok(mut sender) = context.journaled_state.load_account_mut(message.from);
    sender.data.bump_nonce();
    let hash = message.raw.as_ref().map_or(B256::ZERO, keccak256);
    context.chain.failure = Some((0, format!("transaction {hash:#x} in onchain filter").into()));
    let mut gas = Gas::new(gas_left);
    gas.spend_all();
    let result = InterpreterResult { result: InstructionResult::PrecompileError, output: Bytes::new(), gas };
    FrameResult::Call(CallOutcome::new(result, 0..0))
}
