//! Who can do what in the consent: patients for themselves, organisations for their members, and the authority.

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use consilium_bindings::Consent as abi;
use eyre::Result;

use super::{NAME, watch};
use crate::explain::explain_call;
use crate::part::Name;
use crate::parts::access_manager;
use crate::permissions::{Party, Permissions, Power, View};

/// What a grantor may do with its own consents. Its representatives may do some of it, in their scope.
const OWN: [&str; 8] = [
    abi::grantCall::SIGNATURE,
    abi::amendCall::SIGNATURE,
    abi::revokeCall::SIGNATURE,
    abi::revokeGranteeCall::SIGNATURE,
    abi::revokeAllCall::SIGNATURE,
    abi::setRepresentativeCall::SIGNATURE,
    abi::setRecoveryCall::SIGNATURE,
    abi::vetoRecoveryCall::SIGNATURE,
];

/// What an organisation may do with its own members.
const MEMBERS: [&str; 2] = [abi::setMemberCall::SIGNATURE, abi::setMembersCall::SIGNATURE];

/// What the authority decides about, function by function.
pub(super) const RESTRICTED: [&str; 9] = [
    abi::setPolicyCall::SIGNATURE,
    abi::setCodeCall::SIGNATURE,
    abi::setOrganizationCall::SIGNATURE,
    abi::setRoleCall::SIGNATURE,
    abi::appointRepresentativeCall::SIGNATURE,
    abi::declareEmergencyCall::SIGNATURE,
    abi::reviewEmergencyCall::SIGNATURE,
    abi::recordCall::SIGNATURE,
    abi::upgradeToAndCallCall::SIGNATURE,
];

/// Adds the powers of grantors, organisations and the authority.
pub(super) async fn add(permissions: &mut Permissions, view: &View<'_>) -> Result<()> {
    let this = Party::Contract(NAME);
    let authority = self::authority(view).await?;
    let power = |functions: &[&str], holder: Party, by: &str| Power::new(this.clone(), functions, holder, by);
    permissions.add(power(&OWN, Party::Whoever("a grantor"), "for itself, or by its representatives"));
    permissions.add(power(&MEMBERS, Party::Whoever("an organisation"), "for itself"));
    let by = "authority: lets those with the function's role call it, without a role its admins";
    permissions.add(power(&RESTRICTED, view.holder(authority), by));
    permissions.add(power(&[abi::setAuthorityCall::SIGNATURE], view.holder(authority), "authority"));

    let consent = abi::new(view.address(NAME), view.chain().provider());
    let policy = consent.policy().block(view.at()).call().await.map_err(explain_call)?.policy;
    if !policy.hook.is_zero() {
        permissions.notes.push(format!("the consent tells {} of emergencies that were not justified", policy.hook));
    }
    permissions.notes.extend(watch(policy.reviewWithin).notes(permissions));
    Ok(())
}

/// The access manager that it obeys.
pub(super) async fn neighbours(view: &View<'_>) -> Result<Vec<(Name, Address)>> {
    Ok(vec![(access_manager::NAME, authority(view).await?)])
}

async fn authority(view: &View<'_>) -> Result<Address> {
    let consent = abi::new(view.address(NAME), view.chain().provider());
    consent.authority().block(view.at()).call().await.map_err(explain_call)
}
