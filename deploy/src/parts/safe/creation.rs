//! The Safes before the founding: the singleton is closed, and Safe's factory creates each.
//!
//! The singleton's address follows from its code alone, as that of every program that stands before, so a stranger can
//! create, activate and set it up in one transaction before we do anything. No transaction of ours could be earlier, and
//! none has to be: the proxies have a storage of their own. To close it keeps people from taking it for a Safe.

use alloy::primitives::{Address, Bytes, U256};
use alloy::rpc::types::TransactionReceipt;
use consilium_bindings::{CONSTRUCTOR_SELECTOR, Safe as abi};
use eyre::{Result, WrapErr, bail, ensure};

use super::address::PlannedSafe;
use super::proof::{compare, contracts};
use super::state::State;
use super::{NAME, Settings};
use crate::chain::{Chain, Sender};
use crate::config::Config;
use crate::explain::explain_call;
use crate::plan::Plan;
use crate::proof::Proof;

/// Gas of a transaction that closes the singleton or creates a Safe. Each takes less.
const GAS: u64 = 500_000;

/// Gas of each owner of a Safe.
const GAS_OF_OWNER: u64 = 40_000;

/// Whether nobody can set the singleton up any more.
///
/// # Errors
/// If the node does not answer.
async fn is_closed(chain: &Chain, singleton: Address) -> Result<bool> {
    let threshold = abi::new(singleton, chain.provider()).getThreshold().call().await.map_err(explain_call);
    Ok(!threshold.wrap_err("could not ask the singleton of the Safes for its threshold")?.is_zero())
}

/// Closes the singleton; nothing where it is closed. A stranger who has set it up has a Safe of its own at that address:
/// the proxies do not read its storage.
pub(crate) async fn close(sender: &Sender, singleton: Address) -> Result<Option<TransactionReceipt>> {
    if is_closed(sender.chain(), singleton).await? {
        return Ok(None);
    }
    match sender.send(singleton, Bytes::from(CONSTRUCTOR_SELECTOR), U256::ZERO).await {
        Ok(receipt) => Ok(Some(receipt)),
        Err(_) if is_closed(sender.chain(), singleton).await? => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates a Safe; nothing where it stands. What stands at its address is that Safe, whoever had it created.
pub(crate) async fn create(sender: &Sender, safe: &PlannedSafe) -> Result<Option<TransactionReceipt>> {
    let stands = async || Ok::<_, eyre::Report>(!sender.chain().code(safe.address).await?.is_empty());
    if stands().await? {
        return Ok(None);
    }
    match sender.send(safe.factory, safe.call.clone(), U256::ZERO).await {
        Ok(receipt) => {
            // Where the node does not answer any more, the transaction is in a block all the same.
            ensure!(
                stands().await.unwrap_or(true),
                "the factory at {} created no Safe at {}: it is not Safe's, or the node lags behind",
                safe.factory,
                safe.address
            );
            Ok(Some(receipt))
        }
        Err(_) if stands().await? => Ok(None),
        Err(error) => Err(error),
    }
}

/// Refuses to found a DAO that names a Safe which is missing, is not as the file has it, or has done anything yet.
pub(crate) async fn expect(chain: &Chain, config: &Config, plan: &Plan) -> Result<()> {
    let Some(settings) = config.safe() else { return Ok(()) };
    let mut proof = Proof::default();
    contracts(&mut proof, chain, settings).await?;
    let (singleton, head) = (plan.of(NAME).address, chain.head().await?);
    for safe in &settings.safes {
        let Some(state) = State::read(chain, safe.address.unwrap_or_default(), head.into()).await? else {
            bail!("the node does not see the Safe \"{}\" yet: it lags behind the chain; run it again", safe.name);
        };
        compare(&mut proof, settings, safe, singleton, &state);
        proof.check(super::proof::subject(safe, "nonce"), 0, state.nonce);
    }
    let failures: Vec<String> = proof.failures().map(ToString::to_string).collect();
    ensure!(
        failures.is_empty(),
        "the DAO would be founded with Safes that are not as the file has them: {}; give each another `salt`",
        failures.join("; ")
    );
    Ok(())
}

/// The gas of all of it.
pub(crate) fn gas(settings: &Settings) -> u64 {
    let owners: usize = settings.safes.iter().map(|safe| safe.owners.len()).sum();
    // The settings have few of both.
    GAS * (1 + settings.safes.len()) as u64 + GAS_OF_OWNER * owners as u64
}
