//! What speaks against a vault: another code, an earlier owner, an heir that dies with the programs, attempts that fail.

use alloy::primitives::{Address, B256, Log, b256, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use eyre::{OptionExt, Result, ensure, eyre};
use nitro::{ARB_WASM, ArbWasm};

use super::heir::mortal;
use super::{State, Vault};
use crate::chain::Chain;
use crate::explain::explain;
use crate::logs;
use crate::permissions::answer;

/// The keccak-256 hash of a vault's code on a chain. It has no immutable values, so each vault has the same.
pub const CODE_HASH: B256 = b256!("6555cca5637f02ba348926122a4dce3ad2b9664ff49f5c4bfa511df6dae5d8cc");

/// What an activation takes at most besides the price that the chain's owner sets, in gas: more than any program of a DAO.
const ACTIVATION: u64 = 5_000_000;

/// What speaks against trusting a vault, in sentences; `trusted` are earlier owners that the DAO trusts. What could not be
/// checked is one of them.
pub async fn doubts(chain: &Chain, vault: Address, state: &State, trusted: &[Address]) -> Vec<String> {
    let found = [
        backdoor(chain, vault, state, trusted).await.map(|found| found.map(|why| format!("BACKDOOR: {why}"))),
        mortal(chain, state.terms.heir).await.map(|found| found.map(|why| format!("BAD HEIR: {why}"))),
        low_gas(chain, state).await.map(|found| found.map(|why| format!("LOW GAS: {why}"))),
    ];
    let told = |found: Result<Option<String>>| found.unwrap_or_else(|error| Some(format!("NOT CHECKED: {error:#}")));
    found.into_iter().filter_map(told).collect()
}

/// Why somebody but the owner may be able to take what the vault holds.
async fn backdoor(chain: &Chain, vault: Address, state: &State, trusted: &[Address]) -> Result<Option<String>> {
    let code_hash = keccak256(chain.code(vault).await?);
    if code_hash != CODE_HASH {
        return Ok(Some(format!(
            "its code is not the vault's (its hash is {code_hash}, and the vault's {CODE_HASH}), so it may do anything"
        )));
    }
    let head = chain.head().await?;
    let from = logs::appearance(chain, vault, head).await?.unwrap_or(0);
    let filter = Filter::new().address(vault).event_signature(Vault::OwnershipTransferred::SIGNATURE_HASH);
    let found = logs::collect(chain, &filter, from, head).await?;
    let events: Vec<_> =
        found.iter().filter_map(|log| Vault::OwnershipTransferred::decode_log(&log.inner).ok()).collect();
    let ([first, ..], [.., last]) = (&events[..], &events[..]) else {
        return Err(eyre!("the node does not serve the vault's events: ask another one"));
    };
    let follow = |pair: &[Log<Vault::OwnershipTransferred>]| pair[0].newOwner == pair[1].previousOwner;
    let is_whole = first.previousOwner.is_zero() && last.newOwner == state.owner && events.windows(2).all(follow);
    ensure!(is_whole, "the node does not serve all events of the vault: ask another one");

    // An account's creations each have an address of their own. A contract's may follow one that destroyed itself.
    let creation = found[0].transaction_hash.ok_or_eyre("the node does not say which transaction created the vault")?;
    let receipt = chain.provider().get_transaction_receipt(creation).await.map_err(|error| eyre!(explain(&error)))?;
    let receipt = receipt.ok_or_eyre("the node does not serve the vault's creation: ask another one")?;
    if receipt.contract_address != Some(vault) {
        return Ok(Some(
            "a contract created it, so another code may have been at its address before and have given allowances away"
                .to_owned(),
        ));
    }
    let mut earlier: Vec<Address> = events.iter().map(|event| event.newOwner).collect();
    earlier.retain(|owner| *owner != state.owner && !trusted.contains(owner));
    earlier.sort();
    earlier.dedup();
    let names = earlier.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Ok((!earlier.is_empty()).then(|| {
        format!(
            "it had other owners ({names}), each of which may have given away allowances of its tokens, which stay. Trust \
             it only if you trust them"
        )
    }))
}

/// Why attempts to activate a program may fail although it could be activated.
async fn low_gas(chain: &Chain, state: &State) -> Result<Option<String>> {
    // Before ArbOS 60 there is no such price.
    let price = answer(ArbWasm::new(ARB_WASM, chain.provider()).activationGas().call().await)?.unwrap_or_default();
    let need = price.saturating_add(ACTIVATION);
    let have = state.terms.activationGas;
    Ok((have < need).then(|| {
        format!(
            "an activation may take {need} gas on this chain now, and an attempt has {have}: a program that has merely \
             expired looks dead. Renew the programs, and let the DAO call setTerms"
        )
    }))
}
