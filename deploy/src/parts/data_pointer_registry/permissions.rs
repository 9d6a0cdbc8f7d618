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

/// What custodians may do while they are admitted.
pub(super) const ADMITTED: [&str; 4] = [
    abi::registerCall::SIGNATURE,
    abi::registerSignedCall::SIGNATURE,
    abi::publishRootCall::SIGNATURE,
    abi::acceptCustodyCall::SIGNATURE,
];

/// What custodians may do with what they have.
pub(super) const CUSTODIANS: [&str; 5] = [
    abi::eraseCall::SIGNATURE,
    abi::clearManifestCall::SIGNATURE,
    abi::deliverKeyCall::SIGNATURE,
    abi::declineKeyCall::SIGNATURE,
    abi::offerCustodyCall::SIGNATURE,
];

/// What subjects may do.
pub(super) const SUBJECTS: [&str; 2] = [abi::eraseCall::SIGNATURE, abi::refusePointerCall::SIGNATURE];

/// What the authority decides about, function by function.
pub(super) const RESTRICTED: [&str; 8] = [
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
    let custodian = || Party::Whoever("a custodian");
    permissions.add(power(&ADMITTED, custodian(), "for itself, while it is admitted"));
    permissions.add(power(&CUSTODIANS, custodian(), "with its own pointers"));
    permissions.add(power(&SUBJECTS, Party::Whoever("a subject"), "by the key that the consent names"));
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
