//! The table, the treasury, the window, the registry and the authority are those of the file. What came in, and what
//! the offices did, is told and not judged.

use alloy::eips::BlockId;
use alloy::primitives::Address;
use alloy::sol_types::SolEvent;
use consilium_bindings::RevenueSplitter as abi;
use eyre::Result;

use super::{NAME, registry, settings, table, treasury};
use crate::explain::explain_call;
use crate::part::Scene;
use crate::parts::access_manager;
use crate::proof::Proof;

pub(super) async fn prove(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let at = BlockId::from(scene.chain.head().await?);
    let dao = &scene.dao;
    let splitter = abi::new(dao.address(NAME), scene.chain.provider());
    let authority = splitter.authority().block(at).call().await.map_err(explain_call)?;
    proof.check("splitter.authority", dao.address(access_manager::NAME), authority);
    let asked = splitter.registry().block(at).call().await.map_err(explain_call)?;
    proof.check("splitter.registry", or_nobody(registry(dao)), or_nobody(asked));
    let paid = splitter.treasury().block(at).call().await.map_err(explain_call)?;
    proof.check("splitter.treasury", treasury(dao), paid);
    let window = splitter.window().block(at).call().await.map_err(explain_call)?;
    proof.check("splitter.window", settings(dao).window, window);

    let version = splitter.tableVersion().block(at).call().await.map_err(explain_call)?;
    proof.check("splitter.table: its version", 1, version);
    let found = splitter.table(version).block(at).call().await.map_err(explain_call)?;
    let found = found.recipients.into_iter().zip(found.basisPoints);
    proof.check("splitter.table", listed(scene, table(dao).into_iter()), listed(scene, found));
    use_of(proof, scene).await
}

fn or_nobody(address: Address) -> String {
    if address.is_zero() { "nobody".to_owned() } else { address.to_string() }
}

/// The payees in their order, and what they get.
fn listed(scene: &Scene<'_>, table: impl Iterator<Item = (Address, u16)>) -> String {
    let pool = scene.dao.address(NAME);
    let name = |account: Address| if account == pool { "the pool".to_owned() } else { account.to_string() };
    let rows: Vec<String> = table.map(|(account, share)| format!("{} {share}", name(account))).collect();
    rows.join(", ")
}

/// Whether the program, the authority or a setting was another one for a while, and what came in and was published since.
async fn use_of(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let address = scene.dao.address(NAME);
    // The table's version counts by itself.
    let set = [
        ("splitter.implementation", abi::Upgraded::SIGNATURE_HASH),
        ("splitter.authority", abi::AuthorityUpdated::SIGNATURE_HASH),
        ("splitter.registry", abi::RegistrySet::SIGNATURE_HASH),
        ("splitter.treasury", abi::TreasurySet::SIGNATURE_HASH),
        ("splitter.window", abi::WindowSet::SIGNATURE_HASH),
    ];
    scene.set_once(proof, address, set).await?;
    let [paid, licences, published, disabled] = scene
        .count(
            address,
            [
                abi::RevenueReceived::SIGNATURE_HASH,
                abi::LicencePaid::SIGNATURE_HASH,
                abi::EpochPublished::SIGNATURE_HASH,
                abi::EpochDisabled::SIGNATURE_HASH,
            ],
        )
        .await?;
    proof.note(format!(
        "since its founding {paid} payments with a source came to the revenue splitter, {licences} of them for \
         requests, and {published} epochs were published and {disabled} disabled"
    ));
    Ok(())
}
