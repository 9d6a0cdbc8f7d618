//! One block: ArbOS is told the time, the transaction runs, the header is sealed.

use super::{
    Shared, Transaction,
    block::{ArbosInfo, BLOCK_GAS_LIMIT, Block, Body, Included, Receipt, Seal, internal},
};
use crate::{
    CHAIN_ID,
    arbos::{ARBOS, BATCH_POSTER, HISTORY_STORAGE, StartBlock, header_info},
    evm::{self, Message, Mode, Outcome},
    state::{Overlay, StateView},
    trace::{CallFrame, HostCall, Trace},
};
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, address};
use revm::DatabaseCommit;
use std::sync::Arc;

/// Makes the next block and writes its state. An error is the text of the refusal, and nothing has happened.
pub(super) fn block(
    shared: &Shared,
    timestamp: u64,
    l1_block: u64,
    user: Option<(Box<Transaction>, Address)>,
) -> Result<Arc<Block>, String> {
    let parent = shared.head();
    let view = shared.view(parent.header.number);
    let number = parent.header.number + 1;
    let base_fee = header_info(&view).next_base_fee;
    let environment = environment(number, l1_block, timestamp, base_fee, BATCH_POSTER);
    let seconds = timestamp - parent.header.timestamp;
    // L1's base fee is 0, as on `nitro --dev`: there is no L1.
    let start = StartBlock { l1_base_fee: U256::ZERO, l1_block_number: l1_block, number, seconds };

    let mut overlay = started(shared, view, &environment, &start, parent.hash);
    // As long as it gets: a block is kept for good.
    let mut transactions = Vec::with_capacity(1 + usize::from(user.is_some()));
    transactions.push(internal(CHAIN_ID, &start));
    if let Some((transaction, sender)) = user {
        let base = Arc::new(overlay);
        let message = message(&transaction, sender);
        let outcome = evm::execute(&shared.runtime, base.clone(), &environment, &message, Mode::Transaction)
            .map_err(|refusal| refusal.to_string())?;
        overlay = Arc::into_inner(base).expect("execution keeps no hold on the state");
        let (receipt, state) = receipt(&transaction, outcome);
        overlay.commit(state);
        transactions.push(Included { hash: transaction.hash, sender, body: Body::User(transaction), receipt });
    }

    let info = header_info(&overlay);
    let arbos = ArbosInfo {
        version: shared.runtime.hooks.version(),
        send_root: info.send_root,
        send_count: info.send_count,
        l1_block_number: l1_block,
    };
    let changes = overlay.into_changes();
    let digest = changes.digest(parent.header.state_root);
    let seal = Seal { parent: parent.hash, number, timestamp, base_fee, beneficiary: BATCH_POSTER };
    let block = Block::seal(seal, arbos, digest, transactions);
    shared.store.apply(number, changes);
    Ok(block)
}

/// The state after ArbOS began a block.
fn started(shared: &Shared, view: StateView, environment: &evm::Block, start: &StartBlock, parent: B256) -> Overlay {
    let (_, changes) = evm::system(&shared.runtime, Arc::new(view.clone()), environment, |context| {
        start.apply(context, parent);
    });
    let mut overlay = Overlay::new(view);
    overlay.commit(changes);
    overlay
}

/// What is recorded of a transaction that is executed again, with what came of it where it is a user's.
pub(super) type Replayed = (Option<Outcome>, Trace);

/// Executes a transaction of a block again, and records what happens. `None` if there is no such transaction.
pub(super) fn replay(shared: &Shared, block: &Block, index: u64) -> Option<Result<Replayed, evm::Refusal>> {
    let included = block.transactions.get(usize::try_from(index).ok()?)?;
    let header = &block.header;
    let parent = shared.ledger.read().block(header.number.checked_sub(1)?)?.clone();
    let base_fee = header.base_fee_per_gas.unwrap_or_default();
    let l1_block_number = block.arbos.l1_block_number;
    let environment = environment(header.number, l1_block_number, header.timestamp, base_fee, header.beneficiary);
    let view = shared.view(parent.header.number);
    let transaction = match &included.body {
        Body::User(transaction) => transaction,
        Body::Internal { input, .. } => {
            return Some(Ok((None, internal_trace(shared, view, &environment, input.clone(), parent.hash))));
        }
    };
    let seconds = header.timestamp - parent.header.timestamp;
    let start = StartBlock { l1_base_fee: U256::ZERO, l1_block_number, number: header.number, seconds };
    let state = started(shared, view, &environment, &start, parent.hash);
    let message = message(transaction, included.sender);
    let traced = evm::trace(&shared.runtime, Arc::new(state), &environment, &message, Mode::Transaction);
    Some(traced.map(|(outcome, trace)| (Some(outcome), trace)))
}

/// Who calls the history contract at the start of a block (EIP-2935), and with how much gas.
const SYSTEM: (Address, u64) = (address!("fffffffffffffffffffffffffffffffffffffffe"), 30_000_000);

/// What the internal transaction shows: it gives the parent's hash to the history contract.
fn internal_trace(shared: &Shared, view: StateView, environment: &evm::Block, input: Bytes, parent: B256) -> Trace {
    let (system, gas) = SYSTEM;
    let kept = Bytes::copy_from_slice(parent.as_slice());
    let Trace { call, hosts } =
        evm::trace_system(&shared.runtime, Arc::new(view), environment, (system, HISTORY_STORAGE), kept, gas);
    let call = CallFrame {
        kind: "CALL",
        from: ARBOS,
        to: Some(ARBOS),
        value: Some(U256::ZERO),
        input,
        calls: vec![call],
        ..CallFrame::default()
    };
    Trace { call, hosts: hosts.map(|steps| vec![HostCall::by_evm("evm_call_contract", HISTORY_STORAGE, steps)]) }
}

/// The block as code in it sees it.
pub(super) fn environment(
    number: u64,
    l1_block_number: u64,
    timestamp: u64,
    base_fee: u64,
    coinbase: Address,
) -> evm::Block {
    evm::Block {
        chain_id: CHAIN_ID,
        number,
        l1_block_number,
        timestamp,
        base_fee,
        coinbase,
        gas_limit: BLOCK_GAS_LIMIT,
        difficulty: U256::ONE,
    }
}

fn message(transaction: &Transaction, from: Address) -> Message {
    Message {
        tx_type: transaction.kind as u8,
        from,
        to: transaction.to.map_or(TxKind::Create, TxKind::Call),
        // Both were compared with what the sender has, so that they fit.
        value: transaction.value.saturating_to(),
        max_fee_per_gas: transaction.max_fee.saturating_to(),
        input: transaction.input.clone(),
        gas_limit: transaction.gas,
        // Tips are ignored on Arbitrum, even one above the fee cap.
        max_priority_fee_per_gas: U256::ZERO,
        access_list: transaction.access_list.clone(),
        authorizations: (transaction.kind == super::Kind::SetCode).then(|| transaction.authorizations.clone()),
        nonce: Some(transaction.nonce),
        raw: Some(transaction.raw.clone()),
    }
}

fn receipt(transaction: &Transaction, outcome: Outcome) -> (Receipt, revm::state::EvmState) {
    let receipt = Receipt {
        success: outcome.status.is_success(),
        gas_used: outcome.gas_used,
        gas_used_for_l1: outcome.gas_used_for_l1,
        cumulative_gas_used: outcome.gas_used,
        contract: outcome.created.filter(|_| transaction.to.is_none()),
        logs: outcome.logs,
        first_log: 0,
    };
    (receipt, outcome.state)
}
