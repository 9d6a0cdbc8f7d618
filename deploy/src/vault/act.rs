//! Creating a vault, and reporting whether a program is alive.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolEvent};
use alloy::transports::TransportError;
use eyre::{Report, Result, ensure, eyre};

use super::doubts::{expect_code, fits, low_gas};
use super::errors::in_words;
use super::history::{Lapsed, lapsed};
use super::state::{REPORT_GAP, state};
use super::{PlannedVault, Vault, planned};
use crate::activation::activation_fee;
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
        /// When the next report has to be made at the latest, in seconds: a later one begins again. None if the node
        /// did not say when this one was.
        again_by: Option<u64>,
        /// The reports before that are void, if this one has begun again and the node told of them.
        lapsed: Option<Lapsed>,
        /// From when on the heir may become the owner, if this report has confirmed the death.
        escapable_from: Option<u64>,
    },
}

/// A report that is in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// What it found.
    pub found: Found,
    /// What the node did not say of it afterwards, if something.
    pub unanswered: Option<String>,
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
    if !planned.stands(sender.chain()).await? {
        fits(sender.chain(), &planned.arguments.terms).await?;
    }
    let receipt = planned::create(sender, &planned).await?;
    Ok((planned.address, receipt.as_ref().map(Sent::of)))
}

/// Reports whether a program of a vault is alive. One that waits for an activation is activated by it, for the fee.
///
/// # Errors
/// Where the code is not the vault's, the vault refuses the report, or the node does not take the transaction.
pub async fn report(sender: &Sender, vault: Address, program: Address) -> Result<Reported> {
    let chain = sender.chain();
    // A fee goes there.
    expect_code(chain, vault).await?;
    let state = state(chain, vault).await?;
    let known = state.programs.iter().find(|watched| watched.program == program);
    let known =
        known.ok_or_else(|| eyre!("the vault does not watch {program}: `consilium vault show` lists what it does"))?;
    let mut fee = U256::ZERO;
    if known.inactive.is_some() {
        let asked = activation_fee(chain, program).await;
        match low_gas(chain, &state.terms).await? {
            // What cannot be activated has no fee.
            None => fee = asked.ok().flatten().unwrap_or_default(),
            // The attempt shows nothing then. Only ArbWasm itself says that a program is dead.
            Some(reason) => ensure!(
                asked?.is_none(),
                "{reason}. A report would count {program} as dead, and it can be activated: run `consilium renew`, and let \
                 the DAO call setTerms"
            ),
        }
    }
    let request = TransactionRequest::default().with_from(sender.account()).with_to(vault).with_value(fee);
    let receipt = send(sender, request.with_input(Vault::reportCall { program }.abi_encode())).await?;
    let logs = || receipt.logs().iter().filter(|log| log.address() == vault);
    let death = logs().find_map(|log| Vault::DeathReported::decode_log(&log.inner).ok());
    let confirmed = logs().find_map(|log| Vault::DeathConfirmed::decode_log(&log.inner).ok());
    let sent = Sent::of(&receipt);
    let Some(death) = death else { return Ok(Reported { found: Found::Alive, unanswered: None, sent }) };
    // It is in a block: what is asked from here on makes it no failure.
    let mut unanswered = None;
    let mut not_said = |error: Report| unanswered = Some(format!("{error:#}"));
    let at = chain.time(receipt.block_number.unwrap_or_default()).await.map_err(&mut not_said).ok();
    let lapsed = match death.reports {
        1 => lapsed(chain, vault, program, true).await.map_err(&mut not_said).ok().flatten(),
        _ => None,
    };
    let found = Found::Dead {
        reports: death.reports,
        since: death.since.to(),
        again_by: at.map(|at| at.saturating_add(REPORT_GAP)),
        lapsed,
        escapable_from: confirmed.map(|confirmed| confirmed.escapableFrom.to()),
    };
    Ok(Reported { found, unanswered, sent })
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
