//! Executing a message without a block: calls and estimates.

use super::{block::Block, handle::Chain, produce, replay};
use crate::{
    arbos::l1_estimate,
    evm::{self, Message, Mode, Outcome, Refusal, Status},
    state::Overlay,
    trace::{Trace, Wanted},
};
use alloy_primitives::{Address, Bytes, TxKind, U256};
use std::{borrow::Cow, sync::Arc, time::Duration};

/// Most gas that a call may use without that for L1 data, and what it gets if it asks for none.
pub const GAS_CAP: u64 = 50_000_000;
/// Time that a call may take, and all calls of a simulation together (Nitro: `--node.rpc.evm-timeout`).
pub const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Time that a request may take that executes the same message many times: an estimate, an access list (go-ethereum:
/// rpc/http.go, `DefaultHTTPTimeouts.WriteTimeout`).
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Gas of a transfer, and the least that any transaction needs.
const TRANSFER_GAS: u64 = 21_000;
/// What EVM code gets for free with a call that carries value; an estimate leaves room for it.
const CALL_STIPEND: u64 = 2_300;
/// An estimate stops when it is at most so much too high.
const TOLERANCE: f64 = 0.015;

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EstimateError {
    /// It cannot be sent at all, whatever its gas; the gas that was tried.
    Refused(Refusal, u64),
    /// The sender cannot even pay the value.
    NoFundsForTransfer,
    /// It needs more than this (gas).
    Exceeds(u64),
    /// It reverts, with this data.
    Reverts(Bytes),
    /// It fails for a reason that more gas does not change.
    Fails(Cow<'static, str>),
}

/// A state and a block to execute messages in. Executing changes neither.
#[derive(Debug, Clone)]
pub struct Simulation {
    pub(super) runtime: Arc<evm::Runtime>,
    state: Arc<Overlay>,
    pub(super) block: evm::BlockContext,
    /// When the request ends for which messages are executed.
    pub(super) deadline: evm::Deadline,
}

impl Chain {
    /// Runs `work` on a thread for calls, with a simulation on the state after `block` that was changed by `change`.
    /// `pending` puts what waits for a block before it.
    ///
    /// `None` if it panicked.
    pub async fn simulate<T: Send + 'static>(
        &self,
        block: Arc<Block>,
        pending: bool,
        change: impl FnOnce(&mut Overlay, &mut evm::BlockContext) + Send + 'static,
        work: impl FnOnce(&Simulation) -> T + Send + 'static,
    ) -> Option<T> {
        let shared = self.shared.clone();
        let job = move || {
            let mut environment = produce::environment(&block);
            let mut state = match shared.pool.lock().clone() {
                pool if pending && !pool.is_empty() => {
                    let (state, version) = produce::pending(&shared, pool);
                    environment.version = version;
                    state
                }
                _ => Overlay::new(shared.view(block.header.number)),
            };
            change(&mut state, &mut environment);
            work(&Simulation::new(shared.runtime.clone(), state, environment))
        };
        self.workers.run(job).await
    }
}

impl Chain {
    /// As [`Self::simulate`], on the state before the transaction of that index in the block.
    ///
    /// The inner `None` says that there is no such transaction; an error, why one before it cannot be executed again.
    pub async fn simulate_before<T: Send + 'static>(
        &self,
        block: Arc<Block>,
        index: u64,
        change: impl FnOnce(&mut Overlay, &mut evm::BlockContext) + Send + 'static,
        work: impl FnOnce(&Simulation) -> T + Send + 'static,
    ) -> Option<Option<Result<T, Refusal>>> {
        let shared = self.shared.clone();
        let job = move || {
            let runtime = shared.runtime.clone();
            Some(replay::before(shared, block, index)?.map(|(mut state, mut environment)| {
                change(&mut state, &mut environment);
                work(&Simulation::new(runtime, state, environment))
            }))
        };
        self.workers.run(job).await
    }
}

impl Simulation {
    /// One that begins now.
    fn new(runtime: Arc<evm::Runtime>, state: Overlay, block: evm::BlockContext) -> Self {
        Self { runtime, state: Arc::new(state), block, deadline: evm::Deadline::after(REQUEST_TIMEOUT) }
    }

    /// The state that messages are executed on.
    pub fn state(&self) -> &Overlay {
        &self.state
    }

    /// Wei for a gas in its block.
    pub fn base_fee(&self) -> u64 {
        self.block.base_fee
    }

    /// Wei that an account has.
    pub fn balance(&self, address: &Address) -> U256 {
        self.state.account(address).unwrap_or_default().balance
    }

    /// The same, where an account has so many wei.
    pub fn with_balance(&self, address: Address, balance: U256) -> Self {
        let mut state = Overlay::clone(&self.state);
        state.set_balance(address, balance);
        Self { state: Arc::new(state), ..self.clone() }
    }

    /// The nonce of an account.
    pub fn nonce(&self, address: &Address) -> u64 {
        self.state.account(address).unwrap_or_default().nonce
    }

    /// A call with the gas that it may use: what it asks for, at most [`GAS_CAP`] and what its L1 data takes.
    pub fn capped(&self, mut message: Message) -> Message {
        if message.gas_limit > GAS_CAP {
            let for_l1 = l1_estimate(&*self.state, &message).estimated_gas;
            message.gas_limit = message.gas_limit.min(GAS_CAP.saturating_add(for_l1));
        }
        message
    }

    /// Executes a call.
    pub fn call(&self, message: Message) -> Result<Outcome, Refusal> {
        self.execution(Mode::Call).run_until(&message, evm::Deadline::after(CALL_TIMEOUT))
    }

    /// Executes a call, and records what happens.
    pub fn trace(&self, message: Message, wanted: Wanted) -> Result<(Outcome, Trace), Refusal> {
        self.execution(Mode::Call).trace(&message, wanted)
    }

    /// Executes a message as estimates do, until the request ends.
    fn execute(&self, message: &Message) -> Result<Outcome, Refusal> {
        self.execution(Mode::Estimate).run_until(message, self.deadline)
    }

    fn execution(&self, mode: Mode) -> evm::Execution<'_> {
        evm::Execution { runtime: &self.runtime, state: self.state.clone(), block: &self.block, mode }
    }

    /// The least gas limit with which a message succeeds, at most 1.5% too high; go-ethereum's search. `message`'s own
    /// limit is the most that is tried, unless it is below that of a transfer.
    pub fn estimate(&self, mut message: Message) -> Result<u64, EstimateError> {
        let high = self.most(&message)?;
        if message.input.is_empty() && self.is_plain_transfer(&message) {
            message.gas_limit = TRANSFER_GAS;
            if self.execute(&message).is_ok_and(|outcome| outcome.status.is_success()) {
                return Ok(TRANSFER_GAS);
            }
        }
        self.search(message, high, true)
    }

    /// Executes what redeems a ticket.
    pub fn redeem(&self, message: &Message) -> Result<Outcome, Refusal> {
        self.execute(message)
    }

    /// The least gas limit with which redeeming a ticket succeeds, at most 1.5% too high. `message`'s own limit is the most
    /// that is tried.
    pub fn estimate_redeem(&self, message: Message) -> Result<u64, EstimateError> {
        let most = message.gas_limit;
        // What made the ticket has used all the gas that there is: what is likely to do is not known.
        self.search(message, most, false)
    }

    /// Searches for the least limit. `guesses` tries the likely one first.
    fn search(&self, mut message: Message, mut high: u64, guesses: bool) -> Result<u64, EstimateError> {
        let first = self.probe(&mut message, high)?.ok_or(EstimateError::Exceeds(high))?;
        match first.status {
            Status::Success => {}
            Status::Revert => return Err(EstimateError::Reverts(first.output)),
            // Some opcodes say what there was not enough gas for.
            Status::Failure(text) if text == "out of gas" || text.starts_with("out of gas: ") => {
                return Err(EstimateError::Exceeds(high));
            }
            Status::Failure(text) => return Err(EstimateError::Fails(text)),
        }
        let mut low = first.gas_used.saturating_sub(1);
        // What is likely to be enough: what was used before refunds, and what calls hold back.
        let likely = first.peak_gas_used.saturating_add(CALL_STIPEND).saturating_mul(64) / 63;
        if guesses && likely < high {
            self.halve(&mut message, likely, &mut low, &mut high)?;
        }
        while low + 1 < high && (high - low) as f64 / high as f64 >= TOLERANCE {
            // Most messages need little more than they use, so the lower side is tried first.
            let middle = (low + (high - low) / 2).min(low.saturating_mul(2));
            self.halve(&mut message, middle, &mut low, &mut high)?;
        }
        Ok(high)
    }

    /// As [`Self::estimate`], with gas that is enough now and still is at `time`: code that keeps one record a second, as
    /// votes are kept, needs more of it when the second is over.
    pub fn estimate_until(&self, message: Message, time: u64) -> Result<u64, EstimateError> {
        let gas = self.estimate(message.clone())?;
        let later = Self { block: evm::BlockContext { timestamp: time, ..self.block.clone() }, ..self.clone() };
        let mut probe = message.clone();
        if later.probe(&mut probe, gas).is_ok_and(|outcome| outcome.is_some_and(|outcome| outcome.status.is_success()))
        {
            return Ok(gas);
        }
        // What fails later whatever its gas is worth an estimate for now.
        Ok(later.estimate(message).map_or(gas, |more| more.max(gas)))
    }

    /// Tries a limit between `low`, which fails, and `high`, which succeeds, and moves one of them there.
    fn halve(&self, message: &mut Message, limit: u64, low: &mut u64, high: &mut u64) -> Result<(), EstimateError> {
        let succeeds = self.probe(message, limit)?.is_some_and(|outcome| outcome.status.is_success());
        *(if succeeds { high } else { low }) = limit;
        Ok(())
    }

    /// Executes with a limit; `None` if it is too low to begin.
    fn probe(&self, message: &mut Message, limit: u64) -> Result<Option<Outcome>, EstimateError> {
        message.gas_limit = limit;
        match self.execute(message) {
            Ok(outcome) => Ok(Some(outcome)),
            Err(Refusal::IntrinsicGas { .. } | Refusal::IntrinsicGasForL1) => Ok(None),
            Err(refusal) => Err(EstimateError::Refused(refusal, limit)),
        }
    }

    /// The highest limit to try: what was asked for, what the sender can pay, what the node allows.
    pub fn most(&self, message: &Message) -> Result<u64, EstimateError> {
        let mut most = if message.gas_limit >= TRANSFER_GAS { message.gas_limit } else { self.block.gas_limit };
        if !message.max_fee_per_gas.is_zero() {
            let balance = self.state.account(&message.from).unwrap_or_default().balance;
            if message.value >= balance {
                return Err(EstimateError::NoFundsForTransfer);
            }
            let payable = (balance - message.value) / message.max_fee_per_gas;
            most = most.min(payable.saturating_to());
        }
        // The cap is on what is computed: what pays for L1 data comes on top.
        let for_l1 = l1_estimate(&*self.state, message).estimated_gas;
        Ok(most.min(GAS_CAP.saturating_add(for_l1)))
    }

    fn is_plain_transfer(&self, message: &Message) -> bool {
        matches!(message.to, TxKind::Call(to) if self.state.code(&to).is_empty())
    }
}
