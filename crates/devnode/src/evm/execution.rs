//! What a message is executed on.

use std::sync::{Arc, LazyLock};

use alloy_primitives::U256;
use revm::context::{BlockEnv, CfgEnv, JournalTr, LocalContext, TxEnv};

use super::{BlockContext, Context, Mode, ReadableState, Runtime, Session, State, fork::SPEC};

/// Settings of the fork; its table of prices is shared by all clones.
static CONFIG: LazyLock<CfgEnv> = LazyLock::new(|| CfgEnv::new_with_spec(SPEC));

/// A state and a block that one message is executed on. The state itself is not changed.
///
/// Messages must run on a thread with a stack of [`super::STACK_BYTES`].
#[derive(Clone)]
pub struct Execution<'a> {
    /// What ArbOS and programs are asked by.
    pub runtime: &'a Arc<Runtime>,
    /// The state before the message.
    pub state: Arc<dyn ReadableState>,
    /// The block that the message is in.
    pub block: &'a BlockContext,
    /// What the message is: a transaction, a call, an estimate.
    pub mode: Mode,
}

impl Execution<'_> {
    /// A context for one message, with nothing of the message in it yet.
    pub(super) fn context(self) -> Context {
        let Self { runtime, state, block, mode } = self;
        let mut cfg = CONFIG.clone();
        cfg.chain_id = block.chain_id;
        cfg.limit_contract_code_size = Some(runtime.code_limit);
        let mut journal = revm::Journal::new(State::from(state));
        journal.set_spec_id(SPEC);
        Context {
            block: BlockEnv {
                number: U256::from(block.l1_block_number),
                beneficiary: block.coinbase,
                timestamp: U256::from(block.timestamp),
                gas_limit: block.gas_limit,
                basefee: block.base_fee,
                difficulty: block.difficulty,
                prevrandao: Some(block.difficulty.into()),
                blob_excess_gas_and_price: None,
                slot_num: 0,
            },
            tx: TxEnv::default(),
            cfg,
            journaled_state: journal,
            chain: Session::new(Arc::clone(runtime), block.clone(), mode),
            local: LocalContext::default(),
            error: Ok(()),
        }
    }
}
