//! NodeInterface (0xc8) and NodeInterfaceDebug (0xc9): contracts that exist only where a call names them as its recipient.
//!
//! What needs an L1 behind the chain (batches, confirmations, proofs, retryable tickets) reverts, as it does on a node
//! without one.

use crate::{
    arbos::l1_estimate,
    chain::{Chain, Simulation},
    evm::Message,
};
use alloy_primitives::{Address, Bytes, TxKind, U256};
use alloy_sol_types::{SolCall, SolInterface};

use nitro::{
    NODE_INTERFACE, NODE_INTERFACE_DEBUG,
    NodeInterface::{
        NodeInterfaceCalls as Asked, blockL1NumCall, gasEstimateComponentsCall, gasEstimateComponentsReturn,
        gasEstimateL1ComponentCall, gasEstimateL1ComponentReturn, l2BlockRangeForL1Call, l2BlockRangeForL1Return,
        nitroGenesisBlockCall,
    },
};

/// Whether a message is for one of these contracts.
pub(super) fn is_asked(message: &Message) -> bool {
    matches!(message.to, TxKind::Call(NODE_INTERFACE | NODE_INTERFACE_DEBUG))
}

/// A range of blocks that were made at one L1 block.
type Range = (u64, u64);

/// The blocks of an L1 block, which are known only outside of a simulation.
pub(super) fn range(chain: &Chain, message: &Message) -> Option<Range> {
    let call = l2BlockRangeForL1Call::abi_decode(&message.input).ok()?;
    let head = chain.head().header.number;
    // L1's number never falls from block to block.
    let first = partition(0, head + 1, |number| l1_number(chain, number).is_some_and(|l1| l1 < call.blockNum));
    let after = partition(first, head + 1, |number| l1_number(chain, number).is_some_and(|l1| l1 <= call.blockNum));
    (first < after).then(|| (first, after - 1))
}

fn partition(mut low: u64, mut high: u64, before: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// L1's number at a block.
pub(super) fn l1_number(chain: &Chain, block: u64) -> Option<u64> {
    chain.block(block).map(|block| block.arbos.l1_block_number)
}

/// The number that [`blockL1NumCall`] asks for.
pub(super) fn asked_l1_number(chain: &Chain, message: &Message) -> Option<u64> {
    l1_number(chain, blockL1NumCall::abi_decode(&message.input).ok()?.l2BlockNum)
}

/// Answers a call; `None` if it reverts.
pub(super) fn answer(
    simulation: &Simulation,
    message: &Message,
    range: Option<Range>,
    l1_number: Option<u64>,
) -> Option<Bytes> {
    if message.to != TxKind::Call(NODE_INTERFACE) {
        return None;
    }
    let answer = match Asked::abi_decode(&message.input).ok()? {
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
        Asked::blockL1Num(_) => blockL1NumCall::abi_encode_returns(&l1_number?),
        Asked::l2BlockRangeForL1(_) => {
            let (first, last) = range?;
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
