//! The policy, the tables and the authority are those of the file. What patients and offices did is told, not judged.

mod representatives;

use std::collections::BTreeMap;

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::Filter;
use alloy::sol_types::{SolCall, SolEvent, SolValue};
use consilium_bindings::Consent as abi;
use eyre::{Result, ensure};
use fhir::{Table, Vocabulary};

use super::{NAME, PURPOSES, codes, each_code, settings, tables};
use crate::explain::explain_call;
use crate::part::Scene;
use crate::parts::access_manager;
use crate::permissions::event;
use crate::proof::Proof;
use crate::shown::shortened;

/// The most characters of a code that are repeated.
const LONGEST_CODE: usize = 32;

/// The most differences in a table that are named.
const MOST_NAMED: usize = 5;

pub(super) async fn prove(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let block = scene.chain.head().await?;
    let at = BlockId::from(block);
    let consent = abi::new(scene.dao.address(NAME), scene.chain.provider());
    let authority = consent.authority().block(at).call().await.map_err(explain_call)?;
    proof.check("consent.authority", scene.dao.address(access_manager::NAME), authority);

    let found = consent.policy().block(at).call().await.map_err(explain_call)?;
    let settings = settings(&scene.dao);
    proof.check("consent.policy: how often it was set", 1, found.version);
    policy(proof, &settings.policy(), &found.policy);
    let days = "consent.policy: days that a permit lasts at most";
    proof.check(days, longest(&settings.longest()), longest(&found.longest));
    tables_of(proof, scene, at).await?;
    use_of(proof, scene, scene.chain.time(block).await?).await
}

/// The policy, member by member, in codes.
fn policy(proof: &mut Proof, planned: &abi::Policy, found: &abi::Policy) {
    let Vocabulary { purposes, classes, categories, jurisdictions, .. } = Vocabulary::standard();
    let of_purposes = |mask: u64| named(U256::from(mask), &[purposes]);
    let of_categories = |mask: u64| named(U256::from(mask) << usize::from(fhir::FIRST_CATEGORY), &[categories]);
    let of_classes = |mask: U256| named(mask, &[classes, categories]);
    let of_jurisdictions = |mask: u32| named(U256::from(mask), &[jurisdictions]);
    let hook = |hook: Address| if hook.is_zero() { "nobody".to_owned() } else { hook.to_string() };
    let facts = |policy: &abi::Policy| {
        [
            ("separate purposes", of_purposes(policy.separatePurposes)),
            ("separate classes", of_categories(policy.separateClasses)),
            ("purposes of emergencies", of_purposes(policy.emergencyPurposes)),
            ("classes closed to emergencies", of_classes(policy.closedClasses)),
            ("refused jurisdictions", of_jurisdictions(policy.refusedJurisdictions)),
            ("seconds that an emergency lasts", policy.openFor.to_string()),
            ("seconds until a review is due", policy.reviewWithin.to_string()),
            ("seconds of the window", policy.window.to_string()),
            ("emergencies in a window", policy.limit.to_string()),
            ("seconds that a recovery waits", policy.recoveryDelay.to_string()),
            ("hook", hook(policy.hook)),
        ]
    };
    for ((what, expected), (_, found)) in facts(planned).into_iter().zip(facts(found)) {
        proof.check(format!("consent.policy: {what}"), expected, found);
    }
}

/// The codes of a mask; a number, where the vocabulary has no code for it.
fn named(mask: U256, tables: &[&Table]) -> String {
    let numbers = (0..=u8::MAX).filter(|number| mask.bit(usize::from(*number)));
    let codes: Vec<String> = numbers
        .map(|number| {
            let row = tables.iter().find_map(|table| table.row(number));
            row.map_or_else(|| number.to_string(), |row| row.code.clone())
        })
        .collect();
    if codes.is_empty() { "none".to_owned() } else { codes.join(", ") }
}

/// The purposes that can be permitted.
fn longest(days: &[u16; PURPOSES]) -> String {
    let purposes = &Vocabulary::standard().purposes;
    let given = (0_u8..).zip(days).filter(|(_, days)| **days != 0);
    let given: Vec<String> = given
        .map(|(number, days)| {
            let code = purposes.row(number).map_or_else(|| number.to_string(), |row| row.code.clone());
            if *days == u16::MAX { format!("{code} without end") } else { format!("{code} {days}") }
        })
        .collect();
    if given.is_empty() { "none".to_owned() } else { given.join(", ") }
}

/// Each number of each table means what it meant at the founding. All are asked in one call.
async fn tables_of(proof: &mut Proof, scene: &Scene<'_>, at: BlockId) -> Result<()> {
    let address = scene.dao.address(NAME);
    let mut planned: BTreeMap<(u8, u8), B256> = BTreeMap::new();
    let set = scene.events(&Filter::new().address(address).event_signature(abi::CodeSet::SIGNATURE_HASH)).await?;
    // What somebody gave a meaning later had none.
    planned.extend(set.iter().filter_map(event::<abi::CodeSet>).map(|set| ((set.table, set.number), B256::ZERO)));
    let founded = codes(settings(&scene.dao));
    planned.extend(each_code(&founded).map(|(table, number, code)| ((table, number), code)));
    // What was signed while a code meant something else was signed by that.
    proof.check("consent.codes: how often one was set", each_code(&founded).count(), set.len());

    let asked =
        planned.keys().map(|(table, number)| abi::codeCall { table: *table, number: *number }.abi_encode().into());
    let consent = abi::new(address, scene.chain.provider());
    let answers = consent.multicall(asked.collect()).block(at).call().await.map_err(explain_call)?;
    ensure!(answers.len() == planned.len(), "the consent answers {} questions of {}", answers.len(), planned.len());
    let mut different: BTreeMap<u8, Vec<String>> = BTreeMap::new();
    for (((table, number), code), answer) in planned.into_iter().zip(answers) {
        let found = B256::abi_decode(&answer)?;
        if found != code {
            different.entry(table).or_default().push(format!("{number} = {} instead of {}", text(found), text(code)));
        }
    }
    let mut names: BTreeMap<u8, &str> = tables().map(|(table, name, _)| (table, name)).into();
    names.extend([(0, "classes"), (4, "roles")]);
    for (table, name) in names {
        let found = different.remove(&table).unwrap_or_default();
        let more = found.len().saturating_sub(MOST_NAMED);
        let named: Vec<String> = found.into_iter().take(MOST_NAMED).collect();
        let found = match (named.is_empty(), more) {
            (true, _) => "as founded".to_owned(),
            (false, 0) => named.join(", "),
            (false, more) => format!("{}, and {more} more", named.join(", ")),
        };
        proof.check(format!("codes of the {name}"), "as founded", found);
    }
    Ok(())
}

/// A code in its letters. Nothing that moves a terminal's cursor is repeated.
fn text(code: B256) -> String {
    let code = String::from_utf8_lossy(code.as_slice()).trim_end_matches('\0').escape_debug().to_string();
    if code.is_empty() { "nothing".to_owned() } else { shortened(&code, LONGEST_CODE) }
}

/// What the offices did since, and the representatives that the DAO appointed, at a time.
async fn use_of(proof: &mut Proof, scene: &Scene<'_>, now: u64) -> Result<()> {
    let address = scene.dao.address(NAME);
    let set = [
        ("consent.implementation", abi::Upgraded::SIGNATURE_HASH),
        ("consent.authority", abi::AuthorityUpdated::SIGNATURE_HASH),
    ];
    scene.set_once(proof, address, set).await?;
    let events = [
        abi::RepresentativeSet::SIGNATURE_HASH,
        abi::OrganizationSet::SIGNATURE_HASH,
        abi::RoleSet::SIGNATURE_HASH,
        abi::EmergencyDeclared::SIGNATURE_HASH,
        abi::EmergencyReviewed::SIGNATURE_HASH,
    ];
    let filter = Filter::new().address(address).event_signature(events.to_vec());
    let logs = scene.events(&filter).await?;
    let count = |topic| logs.iter().filter(|log| log.topic0() == Some(&topic)).count();
    let [_, organisations, roles, declared, reviewed] = events.map(count);
    let set = logs.iter().filter_map(event::<abi::RepresentativeSet>);
    let appointed = set.filter(|set| set.appointed).count();
    proof.note(format!(
        "since its founding organisations were admitted or removed {organisations} times in the consent, roles given \
         or taken {roles} times, representatives appointed or dismissed {appointed} times, {declared} emergencies \
         declared and {reviewed} reviewed"
    ));
    representatives::tell(proof, &logs, now);
    Ok(())
}
