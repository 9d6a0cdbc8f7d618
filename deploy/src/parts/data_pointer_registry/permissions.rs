//! Who can do what in the registry: custodians and subjects with their pointers, and the authority.

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use consilium_bindings::DataPointerRegistry as abi;
use eyre::Result;

use super::NAME;
use crate::explain::explain_call;
use crate::part::Name;
use crate::parts::{access_manager, consent};
use crate::permissions::{Party, Permissions, Power, View};

/// What admitted custodians may do.
const CUSTODIANS: [&str; 6] = [
    abi::registerCall::SIGNATURE,
    abi::registerSignedCall::SIGNATURE,
    abi::publishRootCall::SIGNATURE,
    abi::offerCustodyCall::SIGNATURE,
    abi::acceptCustodyCall::SIGNATURE,
    abi::deliverKeyCall::SIGNATURE,
];

/// What the authority decides about, function by function.
const RESTRICTED: [&str; 8] = [
    abi::admitCustodianCall::SIGNATURE,
    abi::activateSchemaCall::SIGNATURE,
    abi::deprecateSchemaCall::SIGNATURE,
    abi::supersedeSchemaCall::SIGNATURE,
    abi::setStorePurposeCall::SIGNATURE,
    abi::setAnswerWithinCall::SIGNATURE,
    abi::setEncryptionCall::SIGNATURE,
    abi::upgradeToAndCallCall::SIGNATURE,
];

/// Adds the powers of custodians, subjects and the authority.
pub(super) async fn add(permissions: &mut Permissions, view: &View<'_>) -> Result<()> {
    let this = Party::Contract(NAME);
    let authority = self::authority(view).await?;
    let power = |functions: &[&str], holder: Party, by: &str| Power::new(this.clone(), functions, holder, by);
    permissions.add(power(&CUSTODIANS, Party::Whoever("a custodian"), "with its own pointers, while it is admitted"));
    let keeper = Party::Whoever("a custodian or a subject");
    permissions.add(power(&[abi::eraseCall::SIGNATURE], keeper, "with its own pointers"));
    let by = "authority: lets those with the function's role call it, without a role its admins";
    permissions.add(power(&RESTRICTED, view.holder(authority), by));
    permissions.add(power(&[abi::setAuthorityCall::SIGNATURE], view.holder(authority), "authority"));
    Ok(())
}

/// The access manager that it obeys, and the consent that it asks.
pub(super) async fn neighbours(view: &View<'_>) -> Result<Vec<(Name, Address)>> {
    let registry = abi::new(view.address(NAME), view.chain().provider());
    let asked = registry.consent().block(view.at()).call().await.map_err(explain_call)?;
    Ok(vec![(access_manager::NAME, authority(view).await?), (consent::NAME, asked)])
}

async fn authority(view: &View<'_>) -> Result<Address> {
    let registry = abi::new(view.address(NAME), view.chain().provider());
    registry.authority().block(view.at()).call().await.map_err(explain_call)
}
