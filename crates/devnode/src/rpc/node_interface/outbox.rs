//! Proofs that a message to L1 was sent: `NodeInterface.constructOutboxProof`.

use super::search::partition;
use crate::chain::{Block, Chain};
use alloy_primitives::{B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent};
use nitro::{
    ARB_SYS,
    ArbSys::L2ToL1Tx,
    NodeInterface::{constructOutboxProofCall, constructOutboxProofReturn},
};

/// The message with the number `leaf`, the root of the tree of the first `size` messages, and the hashes on the way there.
/// `None` where there is no proof.
pub(super) fn prove(chain: &Chain, call: &constructOutboxProofCall) -> Option<Vec<u8>> {
    let (size, leaf) = (call.size, call.leaf);
    let count = chain.head().arbos.send_count;
    // As on Nitro, the message after the last one is all zeros.
    if leaf > count || size > count {
        return None;
    }
    let levels = size.checked_next_power_of_two()?.trailing_zeros();
    let send = if leaf < count { sent(chain, leaf)? } else { B256::ZERO };
    if levels > 0 && leaf >= size {
        return None;
    }
    let tree = Tree { chain, size };
    let proof: Vec<B256> = (0..levels).map(|level| tree.node(level, (leaf >> level) ^ 1)).collect::<Option<_>>()?;
    let root = (0u32..).zip(&proof).fold(keccak256(send), |hash, (level, sibling)| match leaf >> level & 1 {
        0 => parent(hash, *sibling),
        _ => parent(*sibling, hash),
    });
    Some(constructOutboxProofCall::abi_encode_returns(&constructOutboxProofReturn { send, root, proof }))
}

fn parent(left: B256, right: B256) -> B256 {
    keccak256([left, right].concat())
}

/// The first messages to L1.
struct Tree<'a> {
    chain: &'a Chain,
    size: u64,
}

impl Tree<'_> {
    /// The hash of a node, so many levels above the messages; zero where there are no messages below it.
    fn node(&self, level: u32, index: u64) -> Option<B256> {
        if index << level >= self.size {
            return Some(B256::ZERO);
        }
        let Some(below) = level.checked_sub(1) else { return sent(self.chain, index).map(keccak256) };
        Some(parent(self.node(below, 2 * index)?, self.node(below, 2 * index + 1)?))
    }
}

/// A message to L1, by its number, as the log says it.
fn sent(chain: &Chain, number: u64) -> Option<B256> {
    let has_it = |block: &Block| block.arbos.send_count > number;
    let head = chain.head().header.number;
    let first = partition(0, head + 1, |at| chain.block(at).is_some_and(|block| !has_it(&block)));
    let block = chain.block(first)?;
    let position = B256::from(U256::from(number));
    let mut logs = block.transactions.iter().flat_map(|transaction| &transaction.receipt.logs);
    let log = logs.find(|log| {
        let topics = log.topics();
        log.address == ARB_SYS && topics.first() == Some(&L2ToL1Tx::SIGNATURE_HASH) && topics.get(3) == Some(&position)
    })?;
    log.topics().get(2).copied()
}
