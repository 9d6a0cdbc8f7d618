//! What the DAO decides differently from its settings is named: another policy, other members, another program. What is
//! too much for one founding is refused.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use consilium_bindings::{AccessManager, Consent};
use consilium_deploy::parts::consent::{EMERGENCY_ROLE, NAME};
use eyre::Result;
use harness::{raw_program, root};
use nitro::{ARB_OWNER, ARB_WASM, ArbOwner, ArbWasm};

use super::{consent, founded, settings, site};
use crate::council::scene::Scene;
use crate::setup::Site;

async fn failures(scene: &Scene) -> Result<Vec<String>> {
    Ok(scene.site.verify().await?.failures().map(ToString::to_string).collect())
}

#[tokio::test]
async fn what_the_dao_changes_is_named() -> Result<()> {
    let scene = founded().await?;
    let to = scene.site.plan().of(NAME).address;
    let consent = Consent::new(to, scene.provider());
    let mut found = consent.policy().call().await?;
    found.policy.limit += 1;
    found.policy.refusedJurisdictions = 1 << 8;
    found.longest[0] = 30;
    let calls = [
        Consent::setPolicyCall { policy: found.policy, longest: found.longest }.abi_encode(),
        Consent::setCodeCall { table: 1, number: 0, code: B256::right_padding_from(b"\x1b[2J") }.abi_encode(),
        Consent::setCodeCall { table: 4, number: 3, code: B256::right_padding_from(b"NURSE") }.abi_encode(),
    ];
    for call in calls {
        scene.decide(&hex::encode(&call), to, call.clone()).await?;
    }
    let grant =
        AccessManager::grantRoleCall { roleId: EMERGENCY_ROLE, account: scene.stranger.account(), executionDelay: 0 };
    scene.decide("another doctor", scene.manager, grant.abi_encode()).await?;
    let failures = failures(&scene).await?;
    let start = "members of the role of \"emergency\" is ";
    assert!(failures[0].starts_with(start), "{failures:?}");
    assert!(failures[0].contains(&scene.stranger.account().to_string()), "{failures:?}");
    assert_eq!(
        failures[1..5],
        [
            "access_manager.table: how often it was changed since the founding is 1, not 0",
            "consent.policy: how often it was set is 2, not 1",
            "consent.policy: refused jurisdictions is DE, not none",
            "consent.policy: emergencies in a window is 4, not 3",
        ]
    );
    assert!(failures[5].starts_with("consent.policy: days that a permit lasts at most is TREAT 30, "), "{failures:?}");
    assert!(failures[6].starts_with("consent.codes: how often one was set is "), "{failures:?}");
    assert_eq!(
        failures[7..],
        [
            "codes of the purposes is 0 = \\u{1b}[2J instead of TREAT, not as founded",
            "codes of the roles is 3 = NURSE instead of nothing, not as founded",
        ]
    );
    Ok(())
}

/// What patients said survives another program. Until somebody compares that program, `verify` asks it nothing.
#[tokio::test]
async fn a_vote_upgrades_the_consent_and_the_proof_names_it() -> Result<()> {
    let scene = founded().await?;
    let planned = scene.site.plan().of(NAME).clone();
    let consent = Consent::new(planned.address, scene.provider());
    let (grantor, grantee) = (scene.stranger.account(), Address::repeat_byte(9));
    let provision = Consent::Provision {
        grantee,
        classes: U256::from(1),
        purposes: 1,
        deny: false,
        notBefore: U48::ZERO,
        expiry: U48::ZERO,
        document: B256::ZERO,
    };
    let grant = Consent::grantCall { grantor, provision };
    scene.send(&scene.stranger, planned.address, grant.abi_encode()).await?;
    let permitted = async || consent.isPermitted(grantor, grantee, Address::ZERO, 0, 0).call().await;
    assert!(permitted().await?.permitted);

    let (next, program) = scene.next_version(NAME.folder()).await?;
    let activate = ArbWasm::activateProgramCall { program: next }.abi_encode();
    scene.site.sender().await?.send(ARB_WASM, activate.into(), U256::from(raw_program::DATA_FEE)).await?;
    let upgrade = Consent::upgradeToAndCallCall { newImplementation: next, data: Bytes::new() };
    scene.decide("another program", planned.address, upgrade.abi_encode()).await?;
    assert!(permitted().await?.permitted);

    let proof = scene.site.verify().await?;
    let found: Vec<String> = proof.failures().map(ToString::to_string).collect();
    assert_eq!(found, [format!("implementation of the consent is {next}, not {}", planned.implementation)]);
    let note = format!("the consent was upgraded: it runs the code at {next}, whose hash is {}.", program.code_hash());
    assert!(proof.notes.iter().any(|said| said.starts_with(&note)), "{:?}", proof.notes);
    assert!(proof.checks.iter().all(|check| check.subject != "consent.authority"));

    // The program is back, and what the other one wrote may still be there.
    let back = Consent::upgradeToAndCallCall { newImplementation: planned.implementation, data: Bytes::new() };
    scene.decide("the program before", planned.address, back.abi_encode()).await?;
    let found: Vec<String> = scene.site.verify().await?.failures().map(ToString::to_string).collect();
    assert_eq!(found, ["consent.implementation: how often it was set is 3, not 1"]);
    Ok(())
}

/// A contract that calls whatever it is told to: the address is the first word, and the rest is the call.
const FORWARDER: [u8; 35] = hex!("602036038060206000376000600082600060006000355af115601d57005b60006000fd");

/// What another authority let somebody do may still be there when the authority is back.
#[tokio::test]
async fn an_authority_that_was_another_for_a_while_is_named() -> Result<()> {
    let scene = founded().await?;
    let consent = scene.site.plan().of(NAME).address;
    let init = [&hex!("6023600c60003960236000f3")[..], &FORWARDER].concat();
    let create = TransactionRequest::default().with_deploy_code(init);
    let receipt = scene.provider().send_transaction(create).await?.get_receipt().await?;
    let other = receipt.contract_address.expect("created");
    let update = AccessManager::updateAuthorityCall { target: consent, newAuthority: other };
    scene.decide("another authority", scene.manager, update.abi_encode()).await?;
    let manager = scene.manager;
    let expected = [
        format!("consent.authority is {other}, not {manager}"),
        "consent.authority: how often it was set is 2, not 1".to_owned(),
    ];
    assert_eq!(failures(&scene).await?, expected);

    let back = Consent::setAuthorityCall { newAuthority: manager }.abi_encode();
    scene.send(&scene.stranger, other, [&consent.into_word()[..], &back].concat()).await?;
    assert_eq!(failures(&scene).await?, ["consent.authority: how often it was set is 3, not 1"]);
    Ok(())
}

/// Whom the DAO appoints decides for a patient. That is no difference, and it is told in full.
#[tokio::test]
async fn representatives_whom_the_dao_appointed_are_named() -> Result<()> {
    let scene = founded().await?;
    let consent = scene.site.plan().of(NAME).address;
    let (grantor, until) = (scene.stranger.account(), 4_000_000_000_u64);
    let appoint = |byte: u8, until: u64| {
        let representative = Address::repeat_byte(byte);
        let (classes, until) = (U256::from(1 << 8), U48::from(until));
        Consent::appointRepresentativeCall { grantor, representative, classes, purposes: 1, until }.abi_encode()
    };
    for (what, call) in [("one", appoint(7, until)), ("another", appoint(8, until)), ("not that", appoint(8, 0))] {
        scene.decide(what, consent, call).await?;
    }
    let (representative, classes) = (Address::repeat_byte(6), U256::MAX);
    let own = Consent::setRepresentativeCall {
        grantor,
        representative,
        classes,
        purposes: u64::MAX,
        until: U48::from(until),
    };
    scene.send(&scene.stranger, consent, own.abi_encode()).await?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let named: Vec<_> = proof.notes.iter().filter(|note| note.starts_with("the DAO appointed ")).collect();
    let expected = format!(
        "the DAO appointed {} to act for {grantor} until 2096-10-02T07:06:40Z: for LABORATORY (8), for TREAT (0)",
        Address::repeat_byte(7)
    );
    assert_eq!(named, [&expected]);
    assert!(proof.notes.iter().any(|note| note.contains("representatives appointed or dismissed 3 times")));
    Ok(())
}

/// The most gas of a transaction on a chain that has less than Arbitrum, whose 32,000,000 have room for all codes.
const NARROW: u64 = 24_000_000;

/// A site on such a chain.
async fn narrow(text: &str) -> Result<Site> {
    let site = site(text)?;
    let call = ArbOwner::setMaxTxGasLimitCall { limit: NARROW }.abi_encode();
    site.sender().await?.send(ARB_OWNER, call.into(), U256::ZERO).await?;
    Ok(site)
}

/// Each code costs gas, and each purpose a word of policy. A founding with too many is refused before anything is sent, with
/// the number that fits.
#[tokio::test]
async fn more_codes_than_fit_into_the_founding_are_refused() -> Result<()> {
    let vocabulary = std::fs::read_to_string(root().join("crates/fhir/src/vocabulary.toml"))?;
    let vocabulary: toml::Table = toml::from_str(&vocabulary)?;
    let rows = vocabulary["jurisdictions"]["rows"].as_array().expect("a list");
    let all: Vec<String> = rows.iter().map(|row| row["code"].to_string()).collect();
    // Every purpose, and four countries.
    let text = consent()?;
    let every = settings(&text.replace("default = 0", "default = 30"))?;
    assert!(site(&every)?.finish().await?.complete);
    let rows = vocabulary["purposes"]["rows"].as_array().expect("a list");
    let what = format!("{} purposes that somebody can consent to", rows.len());
    let most = most(&what, rows.len(), &narrow(&every).await?.refusal().await?);
    // About as many purposes as fit, and all countries. These purposes have gaps between their numbers, which cost a little.
    let more = rows
        .iter()
        .map(|row| row["code"].as_str().expect("a code"))
        .filter(|code| !text.contains(&format!("\n{code} =")));
    let more: String = more.take(most - 16).map(|code| format!("{code} = 30\n")).collect();
    let text = text.replace("default = 0\n", &format!("default = 0\n{more}"));
    assert!(narrow(&settings(&text)?).await?.finish().await?.complete);
    let four = "\njurisdictions = [\"US\", \"CA\", \"GB\", \"DE\"]";
    assert!(text.contains(four));
    let named =
        |count: usize| settings(&text.replace(four, &format!("\njurisdictions = [{}]", all[..count].join(", "))));
    let error = narrow(&named(all.len())?).await?.refusal().await?;
    let most = self::most(&format!("{} countries in `jurisdictions`", all.len()), all.len(), &error);
    assert!(narrow(&named(most)?).await?.finish().await?.complete);
    Ok(())
}

/// How many of something fit, by the refusal of all.
fn most(what: &str, all: usize, error: &str) -> usize {
    let rest = error
        .strip_prefix(what)
        .and_then(|rest| rest.strip_prefix(" do not fit into one transaction on this chain, and "));
    let most = rest.and_then(|rest| rest.split(' ').next()).and_then(|most| most.parse().ok());
    let most = most.unwrap_or_else(|| panic!("{error}"));
    assert!((1..all).contains(&most), "{error}");
    most
}
