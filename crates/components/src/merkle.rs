//! Merkle proofs: OpenZeppelin's `MerkleProof`, for trees as `@openzeppelin/merkle-tree` makes them (StandardMerkleTree).
//!
//! A leaf is hashed twice, so that no inner node can be shown as a leaf. The two hashes of a pair are sorted, so a proof
//! need not say which is on the left.

use alloc::vec;

use alloy_primitives::{B256, keccak256};
use consilium_abi::{List, Panic, Revert, ensure, sol_abi};

sol_abi! {
    /// What a contract that takes multiproofs can refuse with.
    fragment MerkleProofs {
        /// The lists of a multiproof do not fit together.
        error MerkleProofInvalidMultiproof();
    }
}

/// The leaf of a standard tree: `encoded` is `abi.encode` of its values.
#[inline]
pub fn leaf(encoded: &[u8]) -> B256 {
    keccak256(keccak256(encoded))
}

/// The node above two others.
#[inline]
pub fn pair(a: B256, b: B256) -> B256 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let mut both = [0; 64];
    both[..32].copy_from_slice(&low[..]);
    both[32..].copy_from_slice(&high[..]);
    keccak256(both)
}

/// The root that a proof leads to from a leaf.
#[inline]
pub fn process(proof: List<'_, B256>, leaf: B256) -> B256 {
    proof.iter().fold(leaf, pair)
}

/// Whether `proof` proves that `leaf` is in the tree of `root`.
#[inline]
pub fn verify(proof: List<'_, B256>, root: B256, leaf: B256) -> bool {
    process(proof, leaf) == root
}

/// The root that a multiproof leads to from several leaves, which are in the order of the tree.
///
/// Each step takes a leaf, or a node that was made before once all leaves are taken. It joins this with another one of
/// these where the step's flag is set, otherwise with the next node of the proof.
///
/// No leaves, with one node as the proof, lead to that node: a caller that takes an empty list of leaves must know this.
///
/// # Errors
/// `MerkleProofInvalidMultiproof` where the lists do not fit together; `Panic(0x32)` where a list ends too early.
#[inline]
pub fn process_multi(
    proof: List<'_, B256>,
    proof_flags: List<'_, bool>,
    leaves: List<'_, B256>,
) -> Result<B256, Revert> {
    let steps = proof_flags.len();
    ensure!(leaves.len() + proof.len() == steps + 1, MerkleProofInvalidMultiproof {});
    if steps == 0 {
        return Ok(leaves.get(0).or(proof.get(0)).ok_or(Panic::OutOfBounds)?);
    }
    let mut nodes = vec![B256::ZERO; steps];
    let (mut taken, mut proven) = (0, 0);
    for (step, joins) in proof_flags.iter().enumerate() {
        let mut queued = || {
            let next = leaves.get(taken).or_else(|| nodes.get(taken - leaves.len()).copied());
            taken += 1;
            next.ok_or(Panic::OutOfBounds)
        };
        let a = queued()?;
        let b = if joins {
            queued()?
        } else {
            proven += 1;
            proof.get(proven - 1).ok_or(Panic::OutOfBounds)?
        };
        nodes[step] = pair(a, b);
    }
    ensure!(proven == proof.len(), MerkleProofInvalidMultiproof {});
    Ok(nodes[steps - 1])
}

/// Whether a multiproof proves that all `leaves` are in the tree of `root`.
///
/// # Errors
/// As [`process_multi`].
#[inline]
pub fn verify_multi(
    proof: List<'_, B256>,
    proof_flags: List<'_, bool>,
    root: B256,
    leaves: List<'_, B256>,
) -> Result<bool, Revert> {
    Ok(process_multi(proof, proof_flags, leaves)? == root)
}

#[cfg(test)]
mod tests;
