//! Merkle proofs of trees that `@openzeppelin/merkle-tree` made (`tests/merkle`), whole and damaged.

use alloy::primitives::{Address, B256};
use eyre::Result;
use proptest::{
    prelude::any,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde::Deserialize;

use crate::twins::{Parts::*, Twins};

#[derive(Deserialize)]
struct Tree {
    root: B256,
    values: Vec<(Address, String)>,
    leaves: Vec<B256>,
    proofs: Vec<Vec<B256>>,
    multiproofs: Vec<Multiproof>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Multiproof {
    leaves: Vec<B256>,
    proof: Vec<B256>,
    proof_flags: Vec<bool>,
}

impl Multiproof {
    fn process(&self) -> processMultiProofCall {
        let Self { leaves, proof, proof_flags } = self.clone();
        processMultiProofCall { proof, proofFlags: proof_flags, leaves }
    }
}

fn trees() -> Result<Vec<Tree>> {
    Ok(serde_json::from_str(include_str!("../merkle/vectors.json"))?)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_leaf_is_proven_and_no_other() -> Result<()> {
    let twins = Twins::start().await?;
    for Tree { root, values, leaves, proofs, .. } in trees()? {
        for (index, ((account, amount), proof)) in values.into_iter().zip(proofs).enumerate() {
            let node = leaves[index];
            twins.call(leafCall { account, amount: amount.parse()? }).await?.returned(node);
            let verify = |proof: &[B256], node| verifyCall { proof: proof.to_vec(), root, node };
            twins.call(verify(&proof, node)).await?.returned(true);
            twins.call(verify(&proof, B256::repeat_byte(1))).await?.returned(false);
            if let Some((_, shorter)) = proof.split_last() {
                twins.call(verify(shorter, node)).await?.returned(false);
            }
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn several_leaves_are_proven_at_once() -> Result<()> {
    let twins = Twins::start().await?;
    for Tree { root, multiproofs, .. } in trees()? {
        for multiproof in multiproofs {
            twins.call(multiproof.process()).await?.returned(root);
            let Multiproof { leaves, proof, proof_flags: proofFlags } = multiproof;
            let verify = |root| multiProofVerifyCall {
                proof: proof.clone(),
                proofFlags: proofFlags.clone(),
                root,
                leaves: leaves.clone(),
            };
            twins.call(verify(root)).await?.returned(true);
            twins.call(verify(B256::ZERO)).await?.returned(false);
        }
    }
    Ok(())
}

/// The edges by name: nothing at all, a node alone, and lists that run out.
#[tokio::test(flavor = "multi_thread")]
async fn lists_that_do_not_fit_are_refused() -> Result<()> {
    let twins = Twins::start().await?;
    let node = B256::repeat_byte(7);
    let process = |proof: usize, flags: &[bool], leaves: usize| processMultiProofCall {
        proof: vec![node; proof],
        proofFlags: flags.to_vec(),
        leaves: vec![node; leaves],
    };
    let invalid = MerkleProofInvalidMultiproof {};
    twins.call(process(0, &[], 0)).await?.refused(invalid.clone());
    twins.call(process(1, &[], 1)).await?.refused(invalid.clone());
    twins.call(process(1, &[], 0)).await?.returned(node);
    twins.call(process(0, &[], 1)).await?.returned(node);
    // A node joined with what is not there yet: the proof is left over.
    twins.call(process(1, &[true], 1)).await?.refused(invalid.clone());
    twins.call(process(2, &[false], 0)).await?.refused(invalid);
    // The proof, then the queue, ends too early: an element out of bounds.
    for (proof, flags, leaves) in [(0, &[false][..], 2), (3, &[true, true], 0)] {
        twins.call(process(proof, flags, leaves)).await?.panicked(0x32);
    }
    Ok(())
}

/// Damaged multiproofs lead to the same root, or the same refusal, on both. 150 of them, the same on every run.
#[tokio::test(flavor = "multi_thread")]
async fn damaged_multiproofs_are_answered_alike() -> Result<()> {
    let twins = Twins::start().await?;
    let whole: Vec<_> = trees()?.into_iter().flat_map(|tree| tree.multiproofs).collect();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let damages = proptest::collection::vec((0..6u8, any::<usize>()), 1..4);
    let (mut answered, mut refused) = (0, 0);
    for number in 0..150 {
        let mut multiproof = whole[number % whole.len()].clone();
        for (kind, place) in damages.new_tree(&mut runner).expect("nothing is rejected").current() {
            damage(&mut multiproof, kind, place);
        }
        let answer = twins.call(multiproof.process()).await?;
        *(if answer.success { &mut answered } else { &mut refused }) += 1;
    }
    assert!(answered > 20 && refused > 20, "{answered} answered, {refused} refused");
    Ok(())
}

fn damage(multiproof: &mut Multiproof, kind: u8, place: usize) {
    let Multiproof { leaves, proof, proof_flags } = multiproof;
    match kind {
        0 => {
            let last = proof_flags.len().max(1);
            if let Some(flag) = proof_flags.get_mut(place % last) {
                *flag = !*flag;
            }
        }
        1 => proof_flags.push(place.is_multiple_of(2)),
        2 => proof.push(B256::repeat_byte(place as u8)),
        3 => leaves.push(B256::repeat_byte(place as u8)),
        4 => leaves.reverse(),
        _ => {
            proof.pop();
        }
    }
}
