//! The settings, the consent and the authority are those of the file. What custodians and offices did is told, not
//! judged.

use std::collections::BTreeMap;

use alloy::eips::BlockId;
use alloy::primitives::B256;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use consilium_bindings::DataPointerRegistry as abi;
use eyre::Result;
use fhir::Vocabulary;

use super::{NAME, settings};
use crate::explain::explain_call;
use crate::part::Scene;
use crate::parts::{access_manager, consent};
use crate::permissions::event;
use crate::proof::Proof;
use crate::shown::shortened;

/// The most characters of a code that are repeated.
const LONGEST_CODE: usize = 32;

pub(super) async fn prove(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let at = BlockId::from(scene.chain.head().await?);
    let settings = settings(&scene.dao);
    let registry = abi::new(scene.dao.address(NAME), scene.chain.provider());
    let authority = registry.authority().block(at).call().await.map_err(explain_call)?;
    proof.check("registry.authority", scene.dao.address(access_manager::NAME), authority);
    let asked = registry.consent().block(at).call().await.map_err(explain_call)?;
    proof.check("registry.consent", scene.dao.address(consent::NAME), asked);
    let purpose = registry.storePurpose().block(at).call().await.map_err(explain_call)?;
    proof.check("registry.storePurpose", purpose_of(settings.store_purpose), purpose_of(purpose));
    let within = registry.answerWithin().block(at).call().await.map_err(explain_call)?;
    proof.check("registry.answerWithin", settings.answer_within, within);
    encryptions(proof, scene, at).await?;
    use_of(proof, scene).await
}

/// The code of a purpose; its number, where the vocabulary has no code for it.
fn purpose_of(number: u8) -> String {
    Vocabulary::standard().purposes.row(number).map_or_else(|| number.to_string(), |row| row.code.clone())
}

/// Each number of an encryption means what it meant at the founding. A number that got a meaning later had none.
async fn encryptions(proof: &mut Proof, scene: &Scene<'_>, at: BlockId) -> Result<()> {
    let address = scene.dao.address(NAME);
    let filter = Filter::new().address(address).event_signature(abi::EncryptionSet::SIGNATURE_HASH);
    let set = scene.events(&filter).await?;
    let mut planned: BTreeMap<u16, B256> =
        set.iter().filter_map(event::<abi::EncryptionSet>).map(|set| (set.number, B256::ZERO)).collect();
    planned.extend((1..).zip(settings(&scene.dao).codes()));
    // A code that meant something else for a while was wrong on what was registered then.
    let codes = settings(&scene.dao).encryptions.len();
    proof.check("registry.encryptions: how often one was set", codes, set.len());
    let registry = abi::new(address, scene.chain.provider());
    for (number, code) in planned {
        let found = registry.encryption(number).block(at).call().await.map_err(explain_call)?;
        proof.check(format!("registry.encryption({number})"), text(code), text(found));
    }
    Ok(())
}

/// A code in its letters. Nothing that moves a terminal's cursor is repeated.
fn text(code: B256) -> String {
    let code = String::from_utf8_lossy(code.as_slice()).trim_end_matches('\0').escape_debug().to_string();
    if code.is_empty() { "nothing".to_owned() } else { shortened(&code, LONGEST_CODE) }
}

/// Whether the program, the authority or a setting was another one for a while, and what custodians and offices did since.
async fn use_of(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let address = scene.dao.address(NAME);
    let set = [
        ("registry.implementation", abi::Upgraded::SIGNATURE_HASH),
        ("registry.authority", abi::AuthorityUpdated::SIGNATURE_HASH),
        ("registry.storePurpose", abi::StorePurposeSet::SIGNATURE_HASH),
        ("registry.answerWithin", abi::AnswerWithinSet::SIGNATURE_HASH),
    ];
    scene.set_once(proof, address, set).await?;
    let events = [
        abi::CustodianAdmitted::SIGNATURE_HASH,
        abi::SchemaActivated::SIGNATURE_HASH,
        abi::AnswerOverdue::SIGNATURE_HASH,
    ];
    let [admitted, activated, overdue] = scene.count(address, events).await?;
    proof.note(format!(
        "since its founding custodians were admitted or removed {admitted} times in the data pointer registry, \
         {activated} schemas activated, and {overdue} answers were overdue"
    ));
    Ok(())
}
