//! What went through the timelock since the founding, and what waits in it without a vote.
//!
//! Whoever had the proposer's role for a while may have left an operation there. It can be executed when the role is gone.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::rpc::types::Filter;
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::{Governor, Timelock as abi};
use eyre::Result;

use super::NAME;
use crate::explain::explain_call;
use crate::part::Scene;
use crate::parts::governor;
use crate::permissions::event;
use crate::proof::Proof;

pub(super) async fn prove(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let filter = Filter::new()
        .address(scene.dao.address(NAME))
        .event_signature(vec![abi::CallScheduled::SIGNATURE_HASH, abi::CallExecuted::SIGNATURE_HASH]);
    let logs = scene.events(&filter).await?;
    let executed = logs.iter().filter(|log| log.topic0() == Some(&abi::CallExecuted::SIGNATURE_HASH)).count();
    let scheduled = logs.len() - executed;
    proof.note(format!("since its founding {scheduled} calls were scheduled in the timelock, {executed} executed"));

    let operations = logs.iter().filter_map(event::<abi::CallScheduled>).map(|scheduled| scheduled.id).collect();
    let waiting: Vec<String> = unvoted(scene, operations).await?.iter().map(B256::to_string).collect();
    let waiting = if waiting.is_empty() { "none".to_owned() } else { waiting.join(", ") };
    proof.check("operations that wait in the timelock without a vote", "none", waiting);
    Ok(())
}

/// Those of these operations that wait, and that the governor has not queued.
async fn unvoted(scene: &Scene<'_>, mut operations: BTreeSet<B256>) -> Result<Vec<B256>> {
    let address = scene.dao.address(governor::NAME);
    let events = vec![Governor::ProposalCreated::SIGNATURE_HASH, Governor::ProposalQueued::SIGNATURE_HASH];
    let logs = scene.events(&Filter::new().address(address).event_signature(events)).await?;
    let queued = logs.iter().filter_map(event::<Governor::ProposalQueued>).map(|queued| queued.proposalId);
    let queued: BTreeSet<U256> = queued.collect();
    for created in logs.iter().filter_map(event::<Governor::ProposalCreated>) {
        if queued.contains(&created.proposalId) {
            operations.remove(&operation(address, created));
        }
    }
    let timelock = abi::new(scene.dao.address(NAME), scene.chain.provider());
    let mut waiting = Vec::new();
    for id in operations {
        if timelock.isOperationPending(id).call().await.map_err(explain_call)? {
            waiting.push(id);
        }
    }
    Ok(waiting)
}

/// The operation of a proposal: `hashOperationBatch`, with the salt of OpenZeppelin's GovernorTimelockControl.
fn operation(governor: Address, proposal: Governor::ProposalCreated) -> B256 {
    let Governor::ProposalCreated { targets, values, calldatas: payloads, description, .. } = proposal;
    let mut salt = keccak256(description);
    salt.iter_mut().zip(governor).for_each(|(byte, of_governor)| *byte ^= of_governor);
    let call = abi::hashOperationBatchCall { targets, values, payloads, predecessor: B256::ZERO, salt };
    keccak256(&call.abi_encode()[4..])
}
