//! NodeInterface (0xc8) and NodeInterfaceDebug (0xc9): contracts that exist only where a call names them as its recipient.
//!
//! What needs an L1 behind the chain (batches, confirmations) reverts, as it does on a node without one.

mod outbox;
mod search;
mod ticket;

use crate::{
    arbos::l1_estimate,
    chain::{Chain, EstimateError, Simulation},
    evm::Message,
    rpc::{error::RpcError, revert},
};
use alloy_primitives::{Address, Bytes, TxKind, U256};
use alloy_sol_types::{SolCall, SolInterface};

use search::partition;
use ticket::Ticket;

use nitro::{
    NODE_INTERFACE, NODE_INTERFACE_DEBUG,
    NodeInterface::{
        NodeInterfaceCalls as Asked, blockL1NumCall, constructOutboxProofCall, estimateRetryableTicketCall,
        gasEstimateComponentsCall, gasEstimateComponentsReturn, gasEstimateL1ComponentCall,
        gasEstimateL1ComponentReturn, l2BlockRangeForL1Call, l2BlockRangeForL1Return, nitroGenesisBlockCall,
    },
};

/// Whether a message is for one of these contracts.
pub(super) fn is_asked(message: &Message) -> bool {
    matches!(message.to, TxKind::Call(NODE_INTERFACE | NODE_INTERFACE_DEBUG))
}

/// What a call asks of the chain itself, and not of a state.
#[derive(Debug, Default)]
pub(super) struct Facts {
    range: Option<Range>,
    l1_number: Option<u64>,
    proof: Option<Vec<u8>>,
}

impl Facts {
    /// Looks up what a message asks for.
    pub(super) fn find(chain: &Chain, message: &Message) -> Self {
        Self {
            range: range(chain, message),
            l1_number: asked_l1_number(chain, message),
            proof: constructOutboxProofCall::abi_decode(&message.input)
                .ok()
                .and_then(|call| outbox::prove(chain, &call)),
        }
    }
}

/// A range of blocks that were made at one L1 block.
type Range = (u64, u64);

/// The blocks of an L1 block, which are known only outside of a simulation.
fn range(chain: &Chain, message: &Message) -> Option<Range> {
    let call = l2BlockRangeForL1Call::abi_decode(&message.input).ok()?;
    let head = chain.head().header.number;
    // L1's number never falls from block to block.
    let first = partition(0, head + 1, |number| l1_number(chain, number).is_some_and(|l1| l1 < call.blockNum));
    let after = partition(first, head + 1, |number| l1_number(chain, number).is_some_and(|l1| l1 <= call.blockNum));
    (first < after).then(|| (first, after - 1))
}

/// L1's number at a block.
pub(super) fn l1_number(chain: &Chain, block: u64) -> Option<u64> {
    chain.block(block).map(|block| block.arbos.l1_block_number)
}

/// The number that [`blockL1NumCall`] asks for.
fn asked_l1_number(chain: &Chain, message: &Message) -> Option<u64> {
    l1_number(chain, blockL1NumCall::abi_decode(&message.input).ok()?.l2BlockNum)
}

/// The ticket that a message asks about, if it does.
fn ticket(message: &Message, base_fee: u64) -> Option<Ticket> {
    let call = estimateRetryableTicketCall::abi_decode(&message.input).ok()?;
    (message.to == TxKind::Call(NODE_INTERFACE)).then(|| Ticket::new(call, message, base_fee))
}

/// Answers a call.
pub(super) fn answer(at: &Simulation, message: &Message, known: Facts) -> Result<Bytes, RpcError> {
    let Some(ticket) = ticket(message, at.base_fee()) else {
        return look_up(at, message, known).ok_or_else(|| RpcError::failed("execution reverted"));
    };
    let l1_price = l1_estimate(at.state(), message).price_per_unit;
    if let Some((at, redeem)) = ticket.redeem(at, l1_price).map_err(RpcError::failed)? {
        let gas = redeem.gas_limit;
        revert::output(at.redeem(&redeem).map_err(|refusal| revert::refused(&refusal, gas))?)?;
    }
    Ok(ticket.id(l1_price).into())
}

/// Estimates the gas of a call. Only of one that is about a ticket there is an estimate: that of redeeming it.
pub(super) fn estimate(at: &Simulation, message: &Message) -> Result<u64, EstimateError> {
    let reverts = || EstimateError::Reverts(Bytes::new());
    let most = at.most(message)?;
    let message = Message { gas_limit: most, ..message.clone() };
    let ticket = ticket(&message, at.base_fee()).ok_or_else(reverts)?;
    let l1_price = l1_estimate(at.state(), &message).price_per_unit;
    let redeemed = ticket.redeem(at, l1_price).map_err(|text| EstimateError::Fails(text.into()))?;
    let (at, redeem) = redeemed.ok_or_else(reverts)?;
    at.estimate_redeem(redeem)
}

/// Answers what needs nothing executed; `None` if it reverts.
fn look_up(simulation: &Simulation, message: &Message, known: Facts) -> Option<Bytes> {
    if message.to != TxKind::Call(NODE_INTERFACE) {
        return None;
    }
    let answer = match Asked::abi_decode(&message.input).ok()? {
        Asked::estimateRetryableTicket(_) => return None,
        Asked::constructOutboxProof(_) => known.proof?,
        Asked::gasEstimateComponents(call) => components(simulation, message, call)?,
        Asked::gasEstimateL1Component(call) => {
            let estimate = l1_estimate(simulation.state(), &inner(message, call.to, call.contractCreation, call.data));
            gasEstimateL1ComponentCall::abi_encode_returns(&gasEstimateL1ComponentReturn {
                gasEstimateForL1: estimate.gas,
                baseFee: estimate.base_fee,
                l1BaseFeeEstimate: estimate.price_per_unit,
            })
        }
        Asked::nitroGenesisBlock(_) => nitroGenesisBlockCall::abi_encode_returns(&U256::ZERO),
        Asked::blockL1Num(_) => blockL1NumCall::abi_encode_returns(&known.l1_number?),
        Asked::l2BlockRangeForL1(_) => {
            let (first, last) = known.range?;
            l2BlockRangeForL1Call::abi_encode_returns(&l2BlockRangeForL1Return { firstBlock: first, lastBlock: last })
        }
    };
    Some(answer.into())
}

fn components(simulation: &Simulation, message: &Message, call: gasEstimateComponentsCall) -> Option<Vec<u8>> {
    if !call.contractCreation && [NODE_INTERFACE, NODE_INTERFACE_DEBUG].contains(&call.to) {
        return None;
    }
    let inner = inner(message, call.to, call.contractCreation, call.data);
    let estimate = l1_estimate(simulation.state(), &inner);
    let gas = simulation.estimate(inner).ok()?;
    Some(gasEstimateComponentsCall::abi_encode_returns(&gasEstimateComponentsReturn {
        gasEstimate: gas,
        gasEstimateForL1: estimate.estimated_gas,
        baseFee: estimate.base_fee,
        l1BaseFeeEstimate: estimate.price_per_unit,
    }))
}

/// The message that is asked about: from who asks, with the value that came along, at no price.
fn inner(message: &Message, to: Address, creation: bool, data: Bytes) -> Message {
    Message {
        to: if creation { TxKind::Create } else { TxKind::Call(to) },
        input: data,
        gas_limit: 0,
        max_fee_per_gas: U256::ZERO,
        max_priority_fee_per_gas: U256::ZERO,
        access_list: Default::default(),
        authorizations: None,
        ..message.clone()
    }
}
