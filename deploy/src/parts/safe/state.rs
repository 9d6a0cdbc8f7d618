//! How a Safe is: its singleton, owners, threshold, modules, guard, fallback handler and nonce, at one block.

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::providers::Provider;
use consilium_bindings::Safe as abi;
use eyre::{Result, eyre};

use crate::chain::Chain;
use crate::explain::explain;
use crate::permissions::answer;

/// The name of the slot that a guard is in, by its hash.
const GUARD: &str = "guard_manager.guard.address";
/// The name of the slot that a fallback handler is in, by its hash.
const HANDLER: &str = "fallback_manager.handler.address";

/// The most modules that are named.
const MOST_MODULES: u64 = 10;

/// What a Safe's lists begin and end with.
const SENTINEL: Address = Address::with_last_byte(1);

/// A Safe, as the chain has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// What is in slot 0.
    pub(super) singleton: Address,
    pub(super) owners: Vec<Address>,
    pub(super) threshold: U256,
    pub(super) nonce: U256,
    /// The first modules, and whether there are more.
    pub(super) modules: (Vec<Address>, bool),
    pub(super) guard: Address,
    pub(super) handler: Address,
}

impl State {
    /// Reads it; none where what stands there answers otherwise than a Safe, or nothing does.
    ///
    /// # Errors
    /// If the node does not answer.
    pub(super) async fn read(chain: &Chain, safe: Address, at: BlockId) -> Result<Option<Self>> {
        let contract = abi::new(safe, chain.provider());
        let Ok(owners) = answer(contract.getOwners().block(at).call().await)? else { return Ok(None) };
        let Ok(threshold) = answer(contract.getThreshold().block(at).call().await)? else { return Ok(None) };
        let Ok(nonce) = answer(contract.nonce().block(at).call().await)? else { return Ok(None) };
        let modules = contract.getModulesPaginated(SENTINEL, U256::from(MOST_MODULES)).block(at).call().await;
        let Ok(modules) = answer(modules)? else { return Ok(None) };
        let slot = async |slot: U256| -> Result<Address> {
            let found = chain.provider().get_storage_at(safe, slot).block_id(at).await;
            let found = found.map_err(|error| eyre!("could not read the storage of {safe}: {}", explain(&error)))?;
            Ok(Address::from_word(B256::from(found)))
        };
        Ok(Some(Self {
            singleton: slot(U256::ZERO).await?,
            owners,
            threshold,
            nonce,
            modules: (modules.array, modules.next != SENTINEL),
            guard: slot(keccak256(GUARD).into()).await?,
            handler: slot(keccak256(HANDLER).into()).await?,
        }))
    }

    /// The modules in a sentence.
    pub(super) fn modules(&self) -> String {
        let (modules, more) = &self.modules;
        let more = if *more { " and others" } else { "" };
        if modules.is_empty() { "none".to_owned() } else { format!("{}{more}", listed(modules)) }
    }
}

/// An address, or that there is none.
pub(super) fn or_none(address: Address) -> String {
    if address.is_zero() { "none".to_owned() } else { address.to_string() }
}

/// Accounts in the order of their addresses: a Safe's list has another order once it was changed.
pub(super) fn listed(accounts: &[Address]) -> String {
    let mut accounts = accounts.to_vec();
    accounts.sort();
    accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Who controls an account, if it answers as a Safe: for people.
///
/// # Errors
/// If the node does not answer.
pub(crate) async fn told(chain: &Chain, account: Address, at: BlockId) -> Result<Option<String>> {
    let Some(state) = State::read(chain, account, at).await? else { return Ok(None) };
    let State { singleton, owners, threshold, nonce, guard, handler, .. } = &state;
    Ok(Some(format!(
        "{account} answers as a Safe: {threshold} of its {} owners sign ({}); modules, which need no signature: {}; \
         guard: {}; fallback handler: {}; it has executed {nonce} transactions, and its code is at {singleton}",
        owners.len(),
        listed(owners),
        state.modules(),
        or_none(*guard),
        or_none(*handler),
    )))
}
