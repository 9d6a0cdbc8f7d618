//! What speaks against a vault: another code, an earlier owner, an heir that dies with the programs, attempts that fail.

use alloy::primitives::{Address, B256, b256, keccak256};
use eyre::{Result, bail};
use nitro::{ARB_WASM, ArbWasm};

use super::heir::mortal;
use super::history::History;
use super::{State, Vault};
use crate::chain::{Chain, gas_limit};
use crate::permissions::answer;
use crate::preflight::limit;

/// The keccak-256 hash of a vault's code on a chain. It has no immutable values, so each vault has the same.
pub const CODE_HASH: B256 = b256!("6555cca5637f02ba348926122a4dce3ad2b9664ff49f5c4bfa511df6dae5d8cc");

/// What an activation takes at most besides the price that the chain's owner sets, in gas: more than any program of a DAO.
const ACTIVATION: u64 = 5_000_000;

/// What a doubt begins with that only says that something could not be checked.
pub const NOT_CHECKED: &str = "NOT CHECKED: ";
/// The gas of a report besides the attempt: the contract's `REPORT_GAS`, and the transaction itself.
const REPORT_GAS: u64 = 200_000;

/// What speaks against trusting a vault, in sentences; `trusted` are earlier owners that the DAO trusts, and `factory` is
/// the CREATE2 factory whose vaults are known by their addresses. What could not be checked is one of them.
pub async fn doubts(
    chain: &Chain,
    vault: Address,
    state: &State,
    trusted: &[Address],
    factory: Address,
) -> Vec<String> {
    let found = [
        backdoor(chain, vault, state, trusted, factory).await.map(|found| found.map(|why| format!("BACKDOOR: {why}"))),
        mortal(chain, state.terms.heir, &[]).await.map(|found| found.map(|why| format!("BAD HEIR: {why}"))),
        low_gas(chain, &state.terms).await.map(|found| {
            let renew = "Renew the programs, and let the DAO call setTerms";
            found.map(|why| format!("LOW GAS: {why}. {renew}"))
        }),
        high_gas(chain, &state.terms)
            .await
            .map(|found| found.map(|why| format!("HIGH GAS: {why}. So nobody can report. Let the DAO call setTerms"))),
    ];
    let told = |found: Result<Option<String>>| found.unwrap_or_else(|error| Some(format!("{NOT_CHECKED}{error:#}")));
    found.into_iter().filter_map(told).collect()
}

/// Why somebody but the owner may be able to take what the vault holds.
async fn backdoor(
    chain: &Chain,
    vault: Address,
    state: &State,
    trusted: &[Address],
    factory: Address,
) -> Result<Option<String>> {
    if let Some(reason) = other_code(chain, vault).await? {
        return Ok(Some(reason));
    }
    let history = History::read(chain, vault, state.owner).await?;
    if let Some(reason) = other_origin(&history, vault, factory) {
        return Ok(Some(reason));
    }
    let mut earlier = history.owners;
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

/// Why it is no vault, by its code.
async fn other_code(chain: &Chain, vault: Address) -> Result<Option<String>> {
    let code_hash = keccak256(chain.code(vault).await?);
    Ok((code_hash != CODE_HASH).then(|| {
        format!(
            "its code is not the vault's (its hash is {code_hash}, and the vault's {CODE_HASH}), so it may do anything"
        )
    }))
}

/// Why it may be a vault from now on only. The code does not tell what was done as the vault before. Only the address says
/// that the vault's own constructor ran there, and nothing else ever did.
fn other_origin(history: &History, vault: Address, factory: Address) -> Option<String> {
    (!history.is_of_factory(vault, factory)).then(|| {
        format!(
            "the CREATE2 factory {factory} has not created it with the owner, programs and terms that it logged first. Other \
             code may have been at its address before, and have given away allowances of its tokens or written the death of \
             a program that is not shown"
        )
    })
}

/// Refuses other code than the vault's.
pub(super) async fn expect_code(chain: &Chain, vault: Address) -> Result<()> {
    match other_code(chain, vault).await? {
        None => Ok(()),
        Some(reason) => bail!("do not use {vault}: {reason}"),
    }
}

/// Requires that a contract is a vault, and that this factory created it, before anything is sent to it or signed for it.
///
/// The doubt where the node does not serve its events. A vault's code gives back what it does not need, whoever created
/// it; and whoever reports by an emergency's last node must not be stopped.
///
/// # Errors
/// If it is another contract, or was created in another way, or the node does not answer.
pub async fn expect(chain: &Chain, vault: Address, state: &State, factory: Address) -> Result<Option<String>> {
    expect_code(chain, vault).await?;
    match History::read(chain, vault, state.owner).await {
        Err(error) => Ok(Some(format!("{NOT_CHECKED}who created the vault: {error:#}"))),
        Ok(history) => match other_origin(&history, vault, factory) {
            None => Ok(None),
            Some(reason) => {
                bail!("do not use {vault}: {reason}. If another factory created it, name that by --factory")
            }
        },
    }
}

/// Why attempts to activate a program may fail although it could be activated.
pub(super) async fn low_gas(chain: &Chain, terms: &Vault::Terms) -> Result<Option<String>> {
    // Before ArbOS 60 there is no such price.
    let price = answer(ArbWasm::new(ARB_WASM, chain.provider()).activationGas().call().await)?.unwrap_or_default();
    let need = price.saturating_add(ACTIVATION);
    let have = terms.activationGas;
    Ok((have < need).then(|| {
        format!(
            "an activation may take {need} gas on this chain now, and an attempt has {have}: a program that has merely \
             expired looks dead"
        )
    }))
}

/// Refuses terms whose attempts have too little gas, or more than a transaction can have.
pub(super) async fn fits(chain: &Chain, terms: &Vault::Terms) -> Result<()> {
    if let Some(reason) = low_gas(chain, terms).await? {
        bail!("--activation-gas is too low: {reason}");
    }
    if let Some(reason) = high_gas(chain, terms).await? {
        bail!("--activation-gas is too high: {reason}");
    }
    Ok(())
}

/// Why no transaction can report a death.
pub(super) async fn high_gas(chain: &Chain, terms: &Vault::Terms) -> Result<Option<String>> {
    let (have, limit) = (terms.activationGas, limit(chain).await?);
    let need = gas_limit(have.saturating_add(have / 63).saturating_add(REPORT_GAS));
    Ok((need > limit).then(|| {
        format!("a report needs {have} gas and a fourth more, and a transaction can have {limit} on this chain")
    }))
}
