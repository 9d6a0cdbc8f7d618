//! Simulated blocks on top of a block that exists (`eth_simulateV1`). Nothing of the chain changes.

use super::{
    block::{ArbosInfo, Block, Body, Included, size},
    handle::Chain,
    produce,
    simulate::{CALL_TIMEOUT, GAS_CAP},
    simulated_header::{self as headers, BlockPlan},
    style::Style,
    transaction::Transaction,
    transfer_logs::logs_of,
};
use crate::{
    arbos::{BATCH_POSTER, header_info},
    evm::{self, Deadline, Message, Mode, Refusal, Status},
    state::{Overlay, StateTrie},
    trace::Wanted,
};
use alloy::{
    consensus::{Header, proofs::ordered_trie_root_with_encoder},
    rlp::BufMut,
};
use alloy_primitives::{Address, B256, Bytes, Log, map::AddressSet};
use std::{sync::Arc, time::Duration};

/// How blocks are simulated.
#[derive(Debug, Clone, Copy)]
pub struct SimulationRules {
    /// Whether nonces and fees are checked as those of transactions are.
    pub validates: bool,
    /// Whether transfers of ether show as logs.
    pub traces_transfers: bool,
    /// Time that all calls together may take, with the blocks around them.
    pub timeout: Duration,
}

impl Default for SimulationRules {
    fn default() -> Self {
        Self { validates: false, traces_transfers: false, timeout: CALL_TIMEOUT }
    }
}

/// What came of a simulated call.
#[derive(Debug)]
pub struct SimulatedCall {
    /// How it ended.
    pub status: Status,
    /// What it returned, or its revert data.
    pub output: Bytes,
    /// Gas that it used.
    pub gas_used: u64,
    /// Its logs, each with its position in the block.
    pub logs: Vec<(u64, Log)>,
}

/// Why a call cannot be part of a simulated block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SimulationRefusal {
    /// As a transaction it would not begin.
    #[error(transparent)]
    Message(#[from] Refusal),
    /// The calls before it have used up what all may use.
    #[error("gas limit reached")]
    GasLimitReached,
}

/// Makes simulated blocks, one after the other.
#[derive(Debug)]
pub struct Simulator {
    runtime: Arc<evm::Runtime>,
    rules: SimulationRules,
    style: Style,
    state: Arc<Overlay>,
    /// The last block, complete.
    parent: (Header, B256),
    /// The last block, as it was before it was complete.
    draft: Header,
    arbos: ArbosInfo,
    /// The state as it is hashed, up to the last block that is complete.
    trie: StateTrie,
    /// Gas that all calls together may still use.
    gas_pool: u64,
    /// When all calls together end.
    deadline: Deadline,
    /// The block that is being made.
    header: Header,
    environment: evm::BlockContext,
    transactions: Vec<Included>,
    gas_used: u64,
    next_log: u64,
}

impl Chain {
    /// Runs `work` on a thread for calls, with a simulator that begins after `block`. `None` if it panicked.
    pub async fn simulate_blocks<T: Send + 'static>(
        &self,
        block: Arc<Block>,
        rules: SimulationRules,
        work: impl FnOnce(Simulator) -> T + Send + 'static,
    ) -> Option<T> {
        let shared = self.shared.clone();
        let job = move || {
            let view = shared.view(block.header.number);
            work(Simulator {
                runtime: shared.runtime.clone(),
                rules,
                style: shared.style,
                trie: view.trie(),
                state: Arc::new(Overlay::new(view)),
                parent: (block.header.clone(), block.hash),
                draft: block.header.clone(),
                arbos: block.arbos,
                gas_pool: GAS_CAP,
                deadline: Deadline::after(rules.timeout),
                header: block.header.clone(),
                environment: produce::environment(&block),
                transactions: Vec::new(),
                gas_used: 0,
                next_log: 0,
            })
        };
        self.workers.run(job).await
    }
}

impl Simulator {
    /// Begins the next block, on a state that `change` may change first.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn begin<E>(
        &mut self,
        plan: &BlockPlan,
        change: impl FnOnce(&mut Overlay, &mut evm::BlockContext) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut header = headers::draft(&self.draft, plan);
        self.draft = header.clone();
        headers::complete(&mut header, (&self.parent.0, self.parent.1), self.rules.validates);
        let environment = &mut self.environment;
        environment.number = header.number;
        environment.moved = evm::MovedPrecompiles::default();
        if self.style == Style::Hardhat {
            (environment.l1_block_number, self.arbos.l1_block_number) = (header.number, header.number);
        }
        environment.timestamp = header.timestamp;
        environment.base_fee = header.base_fee_per_gas.unwrap_or_default();
        environment.coinbase = header.beneficiary;
        environment.gas_limit = header.gas_limit;
        environment.difficulty = header.difficulty;
        self.header = header;
        (self.gas_used, self.next_log) = (0, 0);
        change(Arc::get_mut(&mut self.state).expect("execution keeps no hold on the state"), environment)
    }

    /// Whether all calls together, and the blocks around them, still have time.
    ///
    /// # Errors
    /// [`Refusal::TimedOut`] if not.
    pub fn check_time(&self) -> Result<(), Refusal> {
        if self.deadline.is_over() { Err(Refusal::TimedOut(self.deadline.allowed())) } else { Ok(()) }
    }

    /// Addresses of all precompiles.
    pub fn precompiles(&self) -> &AddressSet {
        self.runtime.warm_precompiles(self.environment.version)
    }

    /// The nonce of an account.
    pub fn nonce(&self, address: &Address) -> u64 {
        self.state.account(address).unwrap_or_default().nonce
    }

    /// Gas that the block has used, and its limit.
    pub fn block_gas(&self) -> (u64, u64) {
        (self.gas_used, self.header.gas_limit)
    }

    /// Gas that all calls together may still use.
    pub fn gas_pool(&self) -> u64 {
        self.gas_pool
    }

    /// Executes a call as a transaction of the block.
    ///
    /// # Errors
    /// [`SimulationRefusal`] if it cannot be one.
    pub fn add(
        &mut self,
        transaction: Box<Transaction>,
        sender: Address,
        message: &Message,
    ) -> Result<SimulatedCall, SimulationRefusal> {
        let mode = Mode::Simulation { validates: self.rules.validates };
        let state = self.state.clone();
        let execution = evm::Execution { runtime: &self.runtime, state, block: &self.environment, mode };
        if self.gas_pool < message.gas_limit {
            execution.check(message)?;
            return Err(SimulationRefusal::GasLimitReached);
        }
        let wanted = Wanted { timeout: self.deadline.left(), ..Wanted::bare() };
        let (mut outcome, trace) = execution.trace(message, wanted).map_err(|refusal| match refusal {
            Refusal::TimedOut(_) => Refusal::TimedOut(self.deadline.allowed()),
            other => other,
        })?;
        self.gas_pool -= outcome.gas_used;
        let logs = logs_of(&trace.call, self.rules.traces_transfers, &mut self.next_log);
        self.environment.recent = std::mem::take(&mut outcome.recent);
        let (status, output) = (outcome.status.clone(), outcome.output.clone());
        let (mut receipt, state) = produce::receipt(&transaction, outcome, self.environment.base_fee);
        let gas_used = receipt.gas_used;
        self.gas_used += gas_used;
        receipt.cumulative_gas_used = self.gas_used;
        produce::commit(&mut self.state, state);
        self.transactions.push(Included { hash: transaction.hash, sender, body: Body::User(transaction), receipt });
        Ok(SimulatedCall { status, output, gas_used, logs })
    }

    /// Completes the block.
    pub fn seal(&mut self) -> Block {
        let transactions = std::mem::take(&mut self.transactions);
        let state = Arc::get_mut(&mut self.state).expect("execution keeps no hold on the state");
        let info = header_info(&*state);
        let arbos = ArbosInfo {
            version: info.version,
            send_root: info.send_root,
            send_count: info.send_count,
            l1_block_number: self.arbos.l1_block_number,
            collects_tips: info.collects_tips && self.environment.coinbase == BATCH_POSTER,
        };
        self.trie.follow(state.fresh());
        state.settle();
        let header = Header {
            state_root: self.trie.root(|address| state.account(address)),
            transactions_root: ordered_trie_root_with_encoder(&transactions, |t, out| out.put_slice(t.raw())),
            receipts_root: ordered_trie_root_with_encoder(&transactions, |t, out| t.receipt.encode(t.kind(), out)),
            logs_bloom: transactions.iter().flat_map(|t| &t.receipt.logs).collect(),
            gas_used: self.gas_used,
            extra_data: arbos.send_root.to_vec().into(),
            mix_hash: arbos.mix_hash(),
            ..self.header.clone()
        };
        let (hash, bytes) = (headers::hash(&header), headers::encoded(&header).len());
        state.set_block_hash(header.number, hash);
        self.parent = (header.clone(), hash);
        let size = size(bytes, &transactions);
        Block { header, hash, arbos, size, transactions }
    }
}
