//! Creating a vault, and reporting whether a program is alive.

use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolEvent};
use alloy::transports::TransportError;
use eyre::{Report, Result, ensure, eyre};
use nitro::ArbWasm;

use super::errors::in_words;
use super::state::state;
use super::{PlannedVault, Vault, planned};
use crate::activation::asked_fee;
use crate::chain::{Sender, gas_limit};
use crate::contract::Sent;
use crate::explain::{explain, revert_data};
use alloy::providers::Provider;

/// What a report found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The program is active, or was activated by the report.
    Alive,
    /// It could not be activated.
    Dead {
        /// How many reports say so by now.
        reports: u32,
        /// The time of the first of them, in seconds.
        since: u64,
        /// From when on the heir may become the owner, if this report has confirmed the death.
        escapable_from: Option<u64>,
    },
}

/// A report that is in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// What it found.
    pub found: Found,
    /// The transaction.
    pub sent: Sent,
}

/// Creates a vault by a CREATE2 factory; its address, and the transaction. There is none where the vault stands already:
/// the address follows from the factory and the arguments.
///
/// # Errors
/// Where an argument is refused, there is no factory, or the node does not take the transaction.
pub async fn create(
    sender: &Sender,
    factory: Address,
    arguments: Vault::constructorCall,
) -> Result<(Address, Option<Sent>)> {
    let planned = PlannedVault::of(factory, arguments);
    ensure!(
        !sender.chain().code(factory).await?.is_empty(),
        "there is no CREATE2 factory at {factory}: deploy it, or name another one by --factory"
    );
    let receipt = planned::create(sender, &planned).await?;
    Ok((planned.address, receipt.as_ref().map(Sent::of)))
}

/// Reports whether a program of a vault is alive. One that waits for an activation is activated by it, for the fee.
///
/// # Errors
/// Where the vault refuses the report, or the node does not take the transaction.
pub async fn report(sender: &Sender, vault: Address, program: Address) -> Result<Reported> {
    let chain = sender.chain();
    let watched = state(chain, vault).await?.programs;
    let known = watched.iter().find(|watched| watched.program == program);
    let known =
        known.ok_or_else(|| eyre!("the vault does not watch {program}: `consilium vault show` lists what it does"))?;
    // What cannot be activated has no fee.
    let activation = ArbWasm::activateProgramCall { program }.abi_encode().into();
    let fee = match &known.inactive {
        None => Default::default(),
        Some(_) => asked_fee(chain, activation).await.unwrap_or_default(),
    };
    let request = TransactionRequest::default().with_from(sender.account()).with_to(vault).with_value(fee);
    let receipt = send(sender, request.with_input(Vault::reportCall { program }.abi_encode())).await?;
    let logs = || receipt.logs().iter().filter(|log| log.address() == vault);
    let death = logs().find_map(|log| Vault::DeathReported::decode_log(&log.inner).ok());
    let confirmed = logs().find_map(|log| Vault::DeathConfirmed::decode_log(&log.inner).ok());
    let found = death.map_or(Found::Alive, |death| Found::Dead {
        reports: death.reports,
        since: death.since.to(),
        escapable_from: confirmed.map(|confirmed| confirmed.escapableFrom.to()),
    });
    Ok(Reported { found, sent: Sent::of(&receipt) })
}

/// Sends with the gas that the node estimates, and says in words what the vault refuses.
async fn send(sender: &Sender, request: TransactionRequest) -> Result<TransactionReceipt> {
    let gas = sender.provider().estimate_gas(request.clone()).await.map_err(|error| refusal(&error))?;
    let receipt = sender.transact(request.with_gas_limit(gas_limit(gas)), crate::parts::ALL).await?;
    ensure!(receipt.status(), "the transaction {} reverted", receipt.transaction_hash);
    Ok(receipt)
}

/// What the vault refuses, in words.
pub(super) fn refusal(error: &TransportError) -> Report {
    match revert_data(error) {
        Some(data) => eyre!("the vault refuses it: {}", in_words(&data)),
        None => eyre!("could not estimate the gas of a call of the vault: {}", explain(error)),
    }
}
