//! Reads of a history that is longer than a test can make: the storage that a contract would have after a million
//! changes is supplied word by word, as the contract itself asks for it, until it asks for nothing new.
//!
//! The contract is the deployed one and searches as it does; nothing here knows how. What it reads is what the node traces
//! ([`slots`]): each slot once, as it is paid for when it is read for the first time.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::SolCall,
};
use eyre::{Result, ensure};
use serde_json::{Value, json};

use crate::{
    chain::Chain,
    slots::{self, Touched},
};

/// The word that a slot has in the history; `None` where the slot is no part of it, and is as it is on the chain.
pub type History<'a> = dyn Fn(U256) -> Option<B256> + 'a;

/// What a view answered, and what it took.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The return data.
    pub answer: Bytes,
    /// The slots of the contract that were read, each once.
    pub slots: Vec<U256>,
    /// The gas of a transaction that does it.
    pub gas: u64,
}

impl Lookup {
    /// How many slots were read.
    pub fn reads(&self) -> usize {
        self.slots.len()
    }

    /// The number that was answered.
    pub fn number(&self) -> U256 {
        U256::from_be_slice(&self.answer)
    }
}

/// What a call touches, with so much of the state replaced.
async fn traced(chain: &Chain, request: &Value, state: &Value) -> Result<Touched> {
    let mut options = slots::tracer();
    options["stateOverrides"] = state.clone();
    let touched = Touched::read(chain.rpc("debug_traceCall", (request, "latest", options)).await?)?;
    ensure!(touched.error.is_none(), "the call failed: {:?}", touched.error);
    Ok(touched)
}

/// Calls a view of the contract `at` over a history.
///
/// # Errors
/// Where the view reverts.
pub async fn look_up(chain: &Chain, at: Address, call: &impl SolCall, history: &History<'_>) -> Result<Lookup> {
    let from = chain.dev_account()?.address();
    let request = json!({ "from": from, "to": at, "data": Bytes::from(call.abi_encode()) });
    let mut supplied = BTreeMap::<B256, B256>::new();
    loop {
        let state = json!({ at.to_string(): { "stateDiff": supplied } });
        let Touched { slots, gas, .. } = traced(chain, &request, &state).await?;
        let slots: Vec<_> = slots.get(&at).into_iter().flatten().copied().collect();
        let known = supplied.len();
        supplied.extend(slots.iter().filter_map(|slot| Some(((*slot).into(), history(*slot)?))));
        if supplied.len() == known {
            let answer: Bytes = chain.rpc("eth_call", (request, "latest", state)).await?;
            return Ok(Lookup { answer, slots, gas });
        }
    }
}

/// The same over the chain's own storage.
///
/// # Errors
/// Where the view reverts.
pub async fn look(chain: &Chain, at: Address, call: &impl SolCall) -> Result<Lookup> {
    look_up(chain, at, call, &|_| None).await
}

/// The slots that a transaction would touch, of every contract that it runs.
///
/// # Errors
/// Where it reverts.
pub async fn touched(chain: &Chain, from: Address, to: Address, data: Bytes) -> Result<Vec<(Address, U256)>> {
    let request = json!({ "from": from, "to": to, "data": data });
    let slots = traced(chain, &request, &json!({})).await?.slots;
    Ok(slots.into_iter().flat_map(|(account, slots)| slots.into_iter().map(move |slot| (account, slot))).collect())
}

/// The slot of a Solidity array of words among those that were read: its first element stands at that slot's hash.
pub fn array_among(slots: &[U256]) -> Option<U256> {
    slots.iter().copied().find(|slot| slots.contains(&first_element(*slot)))
}

/// Where the elements of a Solidity array begin.
pub fn first_element(array: U256) -> U256 {
    keccak256(array.to_be_bytes::<32>()).into()
}

/// The slot of `key` in the mapping whose own slot is `root`.
pub fn mapped(key: U256, root: u64) -> U256 {
    keccak256([key.to_be_bytes::<32>(), U256::from(root).to_be_bytes::<32>()].as_flattened()).into()
}

/// The own slot of the mapping in which `key` stands in one of the slots that were read.
pub fn root_among(slots: &[U256], key: U256) -> Option<u64> {
    (0..64).find(|root| slots.contains(&mapped(key, *root)))
}

/// A checkpoint as Solidity packs `Checkpoint208`: the key in the low 48 bits.
pub fn checkpoint(key: u64, value: U256) -> B256 {
    B256::from(value << 48 | U256::from(key))
}
