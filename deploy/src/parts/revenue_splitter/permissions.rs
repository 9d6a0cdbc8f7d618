//! Who can do what in the splitter: the authority. Everybody else can only pay in, and pay out what is due.

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as abi;
use eyre::Result;

use super::{NAME, watch};
use crate::explain::explain_call;
use crate::part::Name;
use crate::parts::{access_manager, data_pointer_registry};
use crate::permissions::{Party, Permissions, Power, View};

/// What the authority decides about, function by function.
pub(super) const RESTRICTED: [&str; 8] = [
    abi::setTableCall::SIGNATURE,
    abi::publishEpochCall::SIGNATURE,
    abi::disableEpochCall::SIGNATURE,
    abi::recoverEpochCall::SIGNATURE,
    abi::setTreasuryCall::SIGNATURE,
    abi::setRegistryCall::SIGNATURE,
    abi::setWindowCall::SIGNATURE,
    abi::upgradeToAndCallCall::SIGNATURE,
];

/// Adds the powers of the authority, and says where what is not claimed goes.
pub(super) async fn add(permissions: &mut Permissions, view: &View<'_>) -> Result<()> {
    let this = Party::Contract(NAME);
    let authority = self::authority(view).await?;
    let by = "authority: lets those with the function's role call it, without a role its admins";
    permissions.add(Power::new(this.clone(), RESTRICTED, view.holder(authority), by));
    permissions.add(Power::new(this, [abi::setAuthorityCall::SIGNATURE], view.holder(authority), "authority"));

    let splitter = abi::new(view.address(NAME), view.chain().provider());
    let treasury = splitter.treasury().block(view.at()).call().await.map_err(explain_call)?;
    permissions.notes.push(format!("the {NAME} pays what is not claimed to {}", view.holder(treasury)));
    let window = splitter.window().block(view.at()).call().await.map_err(explain_call)?;
    let watch = watch(window);
    // A disabled epoch pays nobody.
    watch.stops(permissions);
    permissions.notes.extend(watch.notes(permissions));
    Ok(())
}

/// The access manager that it obeys, and the registry that it asks, if it asks one.
pub(super) async fn neighbours(view: &View<'_>) -> Result<Vec<(Name, Address)>> {
    let splitter = abi::new(view.address(NAME), view.chain().provider());
    let asked = splitter.registry().block(view.at()).call().await.map_err(explain_call)?;
    let mut neighbours = vec![(access_manager::NAME, authority(view).await?)];
    if !asked.is_zero() {
        neighbours.push((data_pointer_registry::NAME, asked));
    }
    Ok(neighbours)
}

async fn authority(view: &View<'_>) -> Result<Address> {
    let splitter = abi::new(view.address(NAME), view.chain().provider());
    splitter.authority().block(view.at()).call().await.map_err(explain_call)
}
