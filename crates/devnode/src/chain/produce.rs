//! One block: ArbOS gets the time, the transaction runs, the header is sealed.

use super::{
    block::{ArbosInfo, Block, Body, Included, Receipt, Seal, internal},
    pool::{Pool, Pooled},
    shared::Shared,
    style::Style,
    transaction::Transaction,
};
use crate::{
    ArbosVersion, CHAIN_ID,
    arbos::{BATCH_POSTER, StartBlock, header_info},
    evm::{self, Message, Mode, Outcome},
    state::{AccountState, Overlay, StateView},
};
use alloy_primitives::{Address, B256, TxKind, U256};
use revm::DatabaseCommit;
use std::sync::Arc;

/// A block that is being made. Until it is sealed nothing has happened.
pub(super) struct BlockDraft<'a> {
    shared: &'a Shared,
    parent: Arc<Block>,
    environment: evm::BlockContext,
    state: Arc<Overlay>,
    transactions: Vec<Included>,
    gas_used: u64,
    logs: u64,
}

impl<'a> BlockDraft<'a> {
    /// Begins the next block, with room for so many transactions of users.
    pub(super) fn begin(shared: &'a Shared, timestamp: u64, l1_block: u64, room: usize) -> Self {
        let parent = shared.head();
        let view = shared.view(parent.header.number);
        let settings = *shared.settings.lock();
        let info = header_info(&view);
        let mut environment = evm::BlockContext {
            version: info.version,
            chain_id: CHAIN_ID,
            number: parent.header.number + 1,
            l1_block_number: l1_block,
            timestamp,
            base_fee: info.next_base_fee,
            coinbase: settings.coinbase,
            gas_limit: settings.gas_limit,
            difficulty: settings.difficulty,
            recent: evm::RecentPrograms::default(),
            moved: evm::MovedPrecompiles::default(),
        };
        let start = start(&environment, &parent);
        let state = started(shared, view, &environment, &start, parent.hash);
        // An upgrade holds from the beginning of its block.
        environment.version = header_info(&state).version;
        // As long as it gets: a block is kept for good.
        let mut transactions = Vec::with_capacity(usize::from(shared.style == Style::Nitro) + room);
        if shared.style == Style::Nitro {
            transactions.push(internal(CHAIN_ID, &start));
        }
        Self { shared, parent, environment, state: Arc::new(state), transactions, gas_used: 0, logs: 0 }
    }

    /// The account after what the block has so far.
    pub(super) fn account(&self, address: &Address) -> AccountState {
        self.state.account(address).unwrap_or_default()
    }

    /// Executes a transaction and takes it into the block. An error is the text of the refusal, and nothing has happened.
    pub(super) fn add(&mut self, transaction: Box<Transaction>, sender: Address) -> Result<(), String> {
        let message = message(&transaction, sender);
        let execution = execution(self.shared, self.state.clone(), &self.environment);
        let mut outcome = execution.run(&message).map_err(|refusal| refusal.to_string())?;
        self.environment.recent = std::mem::take(&mut outcome.recent);
        let (mut receipt, state) = receipt(&transaction, outcome, self.environment.base_fee);
        if transaction.to.is_none() {
            // Of a filtered creation, too, the receipt names the address that it was for.
            receipt.contract = Some(sender.create(transaction.nonce));
        }
        self.gas_used += receipt.gas_used;
        (receipt.cumulative_gas_used, receipt.first_log) = (self.gas_used, self.logs);
        self.logs += receipt.logs.len() as u64;
        commit(&mut self.state, state);
        self.transactions.push(Included { hash: transaction.hash, sender, body: Body::User(transaction), receipt });
        Ok(())
    }

    /// Completes the block and writes its state.
    pub(super) fn seal(self) -> Arc<Block> {
        let Self { shared, parent, environment, state, mut transactions, .. } = self;
        let state = Arc::into_inner(state).expect("execution keeps no hold on the state");
        let info = header_info(&state);
        let arbos = ArbosInfo {
            version: environment.version,
            send_root: info.send_root,
            send_count: info.send_count,
            l1_block_number: environment.l1_block_number,
            // Only what the sequencer makes has tips.
            collects_tips: info.collects_tips && environment.coinbase == BATCH_POSTER,
        };
        // Receipts tell of tips as the header does, whatever held when a transaction paid.
        for included in &mut transactions {
            if let Body::User(transaction) = &included.body {
                let base_fee = environment.base_fee;
                included.receipt.tip = if arbos.collects_tips { transaction.tip_above(base_fee) } else { U256::ZERO };
            }
        }
        let root = shared.store.apply(environment.number, state.into_changes());
        let seal = Seal {
            parent: parent.hash,
            number: environment.number,
            timestamp: environment.timestamp,
            base_fee: environment.base_fee,
            beneficiary: environment.coinbase,
            gas_limit: environment.gas_limit,
            difficulty: environment.difficulty,
        };
        Block::seal(seal, arbos, root, transactions)
    }

    /// Takes what can be executed out of a pool. What is refused here is dropped; what comes too early stays there.
    pub(super) fn drain(&mut self, pool: &mut Pool) {
        let next = |draft: &Self, pooled: &Pooled| draft.account(&pooled.sender).nonce == pooled.transaction.nonce;
        while let Some(Pooled { transaction, sender }) = pool.take(|pooled| next(self, pooled)) {
            let hash = transaction.hash;
            if let Err(refusal) = self.add(transaction, sender) {
                tracing::warn!("transaction {hash} is dropped: {refusal}");
            }
        }
        pool.keep(|pooled| self.account(&pooled.sender).nonce < pooled.transaction.nonce);
    }
}

/// The state as it will be when what waits is in a block, and that block's version of ArbOS.
pub(super) fn pending(shared: &Shared, mut pool: Pool) -> (Overlay, ArbosVersion) {
    let number = shared.head().header.number + 1;
    let mut draft = BlockDraft::begin(shared, shared.next_timestamp(), number, pool.all().len());
    draft.drain(&mut pool);
    (Arc::into_inner(draft.state).expect("execution keeps no hold on the state"), draft.environment.version)
}

/// How transactions are executed.
pub(super) fn execution<'a>(
    shared: &'a Shared,
    state: Arc<Overlay>,
    block: &'a evm::BlockContext,
) -> evm::Execution<'a> {
    evm::Execution { runtime: &shared.runtime, state, block, mode: Mode::Transaction }
}

pub(super) fn commit(state: &mut Arc<Overlay>, changes: revm::state::EvmState) {
    overlay(state).commit(changes);
}

/// A state that nobody executes on.
pub(super) fn overlay(state: &mut Arc<Overlay>) -> &mut Overlay {
    Arc::get_mut(state).expect("execution keeps no hold on the state")
}

/// What ArbOS gets at the start of a block.
pub(super) fn start(environment: &evm::BlockContext, parent: &Block) -> StartBlock {
    StartBlock {
        // As on `nitro --dev`: there is no L1.
        l1_base_fee: U256::ZERO,
        l1_block_number: environment.l1_block_number,
        number: environment.number,
        seconds: environment.timestamp - parent.header.timestamp,
    }
}

/// The state after ArbOS began a block.
pub(super) fn started(
    shared: &Shared,
    view: StateView,
    environment: &evm::BlockContext,
    start: &StartBlock,
    parent: B256,
) -> Overlay {
    let (_, changes) = evm::system(&shared.runtime, Arc::new(view.clone()), environment, |context| {
        start.apply(context, parent);
    });
    let mut overlay = Overlay::new(view);
    overlay.commit(changes);
    overlay
}

/// A block as code in it sees it.
pub(super) fn environment(block: &Block) -> evm::BlockContext {
    let header = &block.header;
    evm::BlockContext {
        version: block.arbos.version,
        chain_id: CHAIN_ID,
        number: header.number,
        l1_block_number: block.arbos.l1_block_number,
        timestamp: header.timestamp,
        base_fee: header.base_fee_per_gas.unwrap_or_default(),
        coinbase: header.beneficiary,
        gas_limit: header.gas_limit,
        difficulty: header.difficulty,
        recent: evm::RecentPrograms::default(),
        moved: evm::MovedPrecompiles::default(),
    }
}

pub(super) fn message(transaction: &Transaction, from: Address) -> Message {
    Message {
        tx_type: transaction.kind as u8,
        from,
        to: transaction.to.map_or(TxKind::Create, TxKind::Call),
        // Value and fee were compared with what the sender has, so that they fit.
        value: transaction.value.saturating_to(),
        max_fee_per_gas: transaction.max_fee.saturating_to(),
        input: transaction.input.clone(),
        gas_limit: transaction.gas,
        max_priority_fee_per_gas: transaction.tip.unwrap_or(transaction.max_fee).saturating_to(),
        access_list: transaction.access_list.clone(),
        authorizations: (transaction.kind == super::transaction::Kind::SetCode)
            .then(|| transaction.authorizations.clone()),
        nonce: Some(transaction.nonce),
        forged: transaction.forged,
        raw: Some(transaction.raw.clone()),
    }
}

/// What a transaction did, and what it changed.
pub(super) fn receipt(transaction: &Transaction, outcome: Outcome, base_fee: u64) -> (Receipt, revm::state::EvmState) {
    let receipt = Receipt {
        success: outcome.status.is_success(),
        tip: outcome.gas_price.saturating_sub(U256::from(base_fee)),
        gas_used: outcome.gas_used,
        gas_used_for_l1: outcome.gas_used_for_l1,
        cumulative_gas_used: outcome.gas_used,
        contract: outcome.created.filter(|_| transaction.to.is_none()),
        logs: outcome.logs,
        first_log: 0,
    };
    (receipt, outcome.state)
}
