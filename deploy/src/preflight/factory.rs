//! What the CREATE2 factory takes, and a sender who can pay for every question.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use alloy::transports::TransportError;
use eyre::{Result, ensure, eyre};

use crate::chain::Sender;
use crate::explain::explain;
use crate::plan::Plan;

/// Estimates the gas of a creation by the factory, and has the factory say where it would stand. `what` is created.
pub(super) async fn create(sender: &Sender, plan: &Plan, call: Bytes, at: Address, what: &str) -> Result<u64> {
    let factory = plan.charter.factory;
    let request = TransactionRequest::default().with_from(sender.account()).with_to(factory).with_input(call);
    let refused = |error: TransportError| eyre!("the CREATE2 factory refuses the {what}: {}", explain(&error));
    let created = sender.provider().call(request.clone()).overrides(rich(sender)).await.map_err(refused)?;
    ensure!(
        created.ends_with(at.as_slice()),
        "what stands at {factory} is no CREATE2 factory: it answers {created} and not {at}"
    );
    sender.provider().estimate_gas(request).overrides(rich(sender)).await.map_err(refused)
}

/// The sender with more than enough ether: what it lacks is said afterwards, with the sum.
pub(super) fn rich(sender: &Sender) -> StateOverride {
    let account = AccountOverride { balance: Some(U256::MAX >> 1), ..Default::default() };
    StateOverride::from_iter([(sender.account(), account)])
}
