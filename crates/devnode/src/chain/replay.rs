//! Blocks executed again, transaction by transaction, as they were when they were made.

use super::{
    block::{Block, Body, Included},
    handle::Chain,
    produce::{commit, environment, execution, message, overlay, start, started},
    shared::Shared,
};
use crate::{
    arbos::{ARBOS, HISTORY_STORAGE, StartBlock, header_info},
    evm::{self, Message, Outcome, Refusal},
    state::{Overlay, StateView},
    trace::{CallFrame, HostCall, Trace, Wanted},
};
use alloy_primitives::{Address, Bytes, U256, address};
use std::sync::Arc;

/// What is recorded of a transaction that is executed again, with what came of it where it is a user's.
pub type Replayed = (Option<Outcome>, Trace);

/// A block that is executed again, up to one of its transactions, the next. ArbOS has begun it.
#[derive(Debug)]
pub struct Replay {
    shared: Arc<Shared>,
    block: Arc<Block>,
    parent: Arc<Block>,
    state: Arc<Overlay>,
    environment: evm::BlockContext,
    next: usize,
}

impl Chain {
    /// Executes a transaction of a block again, and records what happens. `None` if there is none, or on a panic.
    pub async fn replay(&self, block: Arc<Block>, index: u64, wanted: Wanted) -> Option<Result<Replayed, Refusal>> {
        let shared = self.shared.clone();
        let job = move || {
            let replay = Replay::until(shared, block, usize::try_from(index).ok()?)?;
            Some(replay.and_then(|replay| replay.trace(wanted)))
        };
        self.workers.run(job).await?
    }

    /// Begins to execute a block again. `None` if it has no parent, or on a panic.
    pub async fn begin_replay(&self, block: Arc<Block>) -> Option<Replay> {
        let shared = self.shared.clone();
        self.workers.run(move || Replay::begin(shared, block)).await?
    }

    /// Executes the next transaction of a block, and records what happens: all of them, one after the other, are executed
    /// once. There must be one. `None` on a panic.
    pub async fn replay_next(&self, mut replay: Replay, wanted: Wanted) -> Option<(Replay, Result<Replayed, Refusal>)> {
        let job = move || {
            let replayed = replay.trace(wanted);
            if let Ok((outcome, _)) = &replayed {
                replay.advance(outcome.clone());
            }
            (replay, replayed)
        };
        self.workers.run(job).await
    }
}

impl Replay {
    /// Before the first transaction. `None` if the block has no parent.
    pub(super) fn begin(shared: Arc<Shared>, block: Arc<Block>) -> Option<Self> {
        let parent = shared.ledger.read().block(block.header.number.checked_sub(1)?)?.clone();
        let view = shared.view(parent.header.number);
        let begun = beginning(&block, &view);
        let state = Arc::new(started(&shared, view, &begun, &start(&begun, &parent), parent.hash));
        let environment = environment(&block);
        Some(Self { shared, block, parent, state, environment, next: 0 })
    }

    /// Before the transaction of that index. `None` if there is no such transaction; an error, why one before it cannot be
    /// executed again.
    fn until(shared: Arc<Shared>, block: Arc<Block>, index: usize) -> Option<Result<Self, Refusal>> {
        block.transactions.get(index)?;
        let mut replay = Self::begin(shared, block)?;
        Some((0..index).try_for_each(|_| replay.step()).map(|()| replay))
    }

    /// The state before the next transaction.
    pub(super) fn state(&mut self) -> &mut Overlay {
        overlay(&mut self.state)
    }

    /// Executes the next transaction.
    pub(super) fn step(&mut self) -> Result<(), Refusal> {
        let outcome = self.message().map(|message| self.execution().run(&message)).transpose()?;
        self.advance(outcome);
        Ok(())
    }

    /// Records the next transaction, and does not go on.
    fn trace(&self, wanted: Wanted) -> Result<Replayed, Refusal> {
        let Some(message) = self.message() else { return Ok((None, self.internal_trace(wanted))) };
        self.execution().trace(&message, wanted).map(|(outcome, trace)| (Some(outcome), trace))
    }

    /// Goes on with what came of the next transaction. The internal one is done from the beginning.
    fn advance(&mut self, outcome: Option<Outcome>) {
        if let Some(Outcome { recent, state, .. }) = outcome {
            self.environment.recent = recent;
            commit(&mut self.state, state);
        }
        self.next += 1;
    }

    /// The next transaction; `None` if it is the internal one.
    fn message(&self) -> Option<Message> {
        let Included { body, sender, .. } = &self.block.transactions[self.next];
        match body {
            Body::User(transaction) => Some(message(transaction, *sender)),
            Body::Internal { .. } => None,
        }
    }

    fn execution(&self) -> evm::Execution<'_> {
        execution(&self.shared, self.state.clone(), &self.environment)
    }

    /// What the internal transaction shows: it gives the parent's hash to the history contract, and updates ArbOS' state.
    fn internal_trace(&self, wanted: Wanted) -> Trace {
        let view = self.shared.view(self.parent.header.number);
        let environment = beginning(&self.block, &view);
        let (start, parent) = (start(&environment, &self.parent), self.parent.hash);
        let (system, gas) = SYSTEM;
        let kept = Bytes::copy_from_slice(parent.as_slice());
        let work = (StartBlock::show_beginning, |context: &mut evm::Context| start.apply(context, parent));
        let (ends, runtime) = ((system, HISTORY_STORAGE), &self.shared.runtime);
        let traced = evm::trace_system(runtime, Arc::new(view), &environment, ends, (kept, gas), wanted, work);
        let Trace { call, hosts, prestate, steps, counts, kept, hashed, touched } = traced;
        let call = CallFrame {
            kind: "CALL",
            from: ARBOS,
            to: Some(ARBOS),
            value: Some(U256::ZERO),
            input: start.data(),
            calls: vec![call],
            ..CallFrame::default()
        };
        let hosts = hosts.map(|steps| vec![HostCall::by_evm("evm_call_contract", HISTORY_STORAGE, steps)]);
        Trace { call, hosts, prestate, steps, counts, kept, hashed, touched }
    }
}

/// The state before the transaction of that index, and what the block has called until then. `None` if there is no such
/// transaction; an error, why one before it cannot be executed again.
pub(super) fn before(
    shared: Arc<Shared>,
    block: Arc<Block>,
    index: u64,
) -> Option<Result<(Overlay, evm::BlockContext), Refusal>> {
    let index = usize::try_from(index).ok()?;
    if let Body::Internal { .. } = block.transactions.get(index)?.body {
        let view = shared.view(block.header.number.checked_sub(1)?);
        return Some(Ok((Overlay::new(view), environment(&block))));
    }
    let replay = Replay::until(shared, block, index)?;
    Some(replay.map(|Replay { state, environment, .. }| (Arc::unwrap_or_clone(state), environment)))
}

/// Who calls the history contract at the start of a block (EIP-2935), and with how much gas.
const SYSTEM: (Address, u64) = (address!("fffffffffffffffffffffffffffffffffffffffe"), 30_000_000);

/// A block as its internal transaction sees it: it may upgrade ArbOS.
fn beginning(block: &Block, before: &StateView) -> evm::BlockContext {
    evm::BlockContext { version: header_info(before).version, ..environment(block) }
}
