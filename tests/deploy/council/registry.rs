//! The data pointer registry, deployed with the consent. What holds:
//!
//! 1. The founding makes it as its section says, under the access manager, with the consent of the same DAO.
//! 2. From then on it records each request in the consent's access log. No vote is needed for that.
//! 3. Its offices call their own functions. All else that is restricted needs a vote.
//! 4. What the DAO changes afterwards is a difference that the proof names.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, hex, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::{AccessManager, Consent, DataPointerRegistry as Registry};
use consilium_deploy::parts::consent::{self, RECORDER_ROLE};
use consilium_deploy::parts::data_pointer_registry::{ADMITTER_ROLE, NAME};
use consilium_deploy::{Deployment, Done, Party, parts, permissions, permissions_of};
use eyre::Result;
use harness::records::{LABORATORY, STORE, TREAT, pointer};

use super::health::{settings, site, with_officers};
use super::scene::{Scene, TERM, account};
use crate::setup::Watch;

/// The example's sections of consent and registry, with officers of the registry whose keys are known.
fn sections() -> Result<String> {
    let offices = [("# admitters", "admitter"), ("# curators", "curator")];
    with_officers("[consent]", "# Optional; needs [access]. The revenue", &offices)
}

async fn founded() -> Result<Scene> {
    Scene::found(site(&settings(&sections()?)?)?, TERM).await
}

#[tokio::test]
async fn a_dao_with_the_registry_is_founded_and_proven_from_its_settings() -> Result<()> {
    let scene = founded().await?;
    let (plan, provider) = (scene.site.plan(), scene.provider());
    let planned = plan.of(NAME);
    let record = Deployment::read(scene.site.records(), scene.site.config.chain.id)?.expect("a record");
    let deployed = record.contracts[NAME.folder()];
    assert_eq!((deployed.address, deployed.implementation), (planned.address, Some(planned.implementation)));

    std::fs::remove_file(scene.site.file())?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    for (subject, found) in [
        ("logs of the data pointer registry at its founding", "7 planned events".to_owned()),
        ("registry.authority", scene.manager.to_string()),
        ("registry.consent", plan.of(consent::NAME).address.to_string()),
        ("registry.storePurpose", "RECORDMGT".to_owned()),
        ("registry.answerWithin", "86400".to_owned()),
        ("registry.encryption(1)", "A256GCM".to_owned()),
        ("registry.encryption(2)", "HPKE-X25519".to_owned()),
    ] {
        let check = proof.checks.iter().find(|check| check.subject == subject).unwrap_or_else(|| panic!("{subject}"));
        assert_eq!(check.found, found, "{subject}");
    }
    let recorders = proof.checks.iter().find(|check| check.subject == "members of the role of \"recorders\"");
    let holds = format!("{} (after 0 seconds, for ever)", planned.address);
    assert!(recorders.expect("a fact").found.contains(&holds));

    // Nobody constructs it again, and everything is done.
    let again = TransactionRequest::default().with_to(planned.address).with_input(planned.constructor.clone());
    assert!(provider.call(again).await.is_err());
    let mut watch = Watch::default();
    scene.site.deploy(&scene.site.sender().await?, &mut watch).await?;
    assert!(watch.finished.iter().all(|(_, done)| matches!(done, Done::Already | Done::Proven { .. })));
    Ok(())
}

/// What of the restricted functions a call is for.
fn calls() -> Vec<(&'static str, Vec<u8>)> {
    let until = U48::from(4_000_000_000_u64);
    vec![
        ("admitter", Registry::admitCustodianCall { account: Address::repeat_byte(1), until }.abi_encode()),
        ("curator", Registry::activateSchemaCall { number: 1 }.abi_encode()),
        ("curator", Registry::deprecateSchemaCall { number: 2, sunset: until }.abi_encode()),
        ("curator", Registry::supersedeSchemaCall { number: 2, successor: 3 }.abi_encode()),
        ("nobody", Registry::setStorePurposeCall { purpose: 1 }.abi_encode()),
        ("nobody", Registry::setAnswerWithinCall { period: 1 }.abi_encode()),
        ("nobody", Registry::setEncryptionCall { number: 3, code: B256::repeat_byte(0x41) }.abi_encode()),
        ("nobody", Registry::setAuthorityCall { newAuthority: Address::repeat_byte(1) }.abi_encode()),
        (
            "nobody",
            Registry::upgradeToAndCallCall { newImplementation: Address::repeat_byte(1), data: Bytes::new() }
                .abi_encode(),
        ),
    ]
}

#[tokio::test]
async fn each_office_calls_its_own_functions_and_nobody_else_does() -> Result<()> {
    let scene = founded().await?;
    let to = scene.site.plan().of(NAME).address;
    // Schema 1 is proposed; 2 and 3 are active.
    let curator = scene.site.sender_with("curator", U256::from(10).pow(U256::from(17))).await?;
    for number in 1..=3 {
        let (url, version, content) = (B256::repeat_byte(1), number, B256::repeat_byte(2));
        let propose = Registry::proposeSchemaCall { url, version, content, dataClass: LABORATORY };
        scene.send(&scene.stranger, to, propose.abi_encode()).await?;
        if number > 1 {
            scene.send(&curator, to, Registry::activateSchemaCall { number }.abi_encode()).await?;
        }
    }
    scene.alone(to, calls(), &["admitter", "curator", "member", "voter", "stranger"]).await?;
    scene.site.verify().await?.ensure()
}

fn permit(grantor: Address, grantee: Address, purpose: u8) -> Vec<u8> {
    let provision = Consent::Provision {
        grantee,
        classes: U256::from(1) << usize::from(LABORATORY),
        purposes: 1 << purpose,
        deny: false,
        notBefore: U48::ZERO,
        expiry: U48::ZERO,
        document: B256::ZERO,
    };
    Consent::grantCall { grantor, provision }.abi_encode()
}

/// A custodian is admitted, registers a result with the patient's consent, and a doctor asks for its key. The consent's log
/// has the request: nobody had to vote for that.
#[tokio::test]
async fn a_request_is_in_the_consents_log_from_the_first_day() -> Result<()> {
    let scene = founded().await?;
    let (plan, ether) = (scene.site.plan(), U256::from(10).pow(U256::from(17)));
    let (registry, consent) = (plan.of(NAME).address, plan.of(consent::NAME).address);
    let sender = async |name: &str| scene.site.sender_with(name, ether).await;
    let (admitter, curator) = (sender("admitter").await?, sender("curator").await?);
    let (patient, laboratory, doctor) =
        (sender("patient").await?, sender("laboratory").await?, sender("doctor").await?);

    let until = U48::from(4_000_000_000_u64);
    let admit = Registry::admitCustodianCall { account: laboratory.account(), until };
    scene.send(&admitter, registry, admit.abi_encode()).await?;
    let (url, content) = (B256::repeat_byte(1), B256::repeat_byte(2));
    let propose = Registry::proposeSchemaCall { url, version: 1, content, dataClass: LABORATORY };
    scene.send(&scene.stranger, registry, propose.abi_encode()).await?;
    scene.send(&curator, registry, Registry::activateSchemaCall { number: 1 }.abi_encode()).await?;
    let grantor = patient.account();
    scene.send(&patient, consent, permit(grantor, laboratory.account(), STORE)).await?;
    scene.send(&patient, consent, permit(grantor, doctor.account(), TREAT)).await?;

    let pointer = pointer(grantor, laboratory.account(), 3);
    let id = keccak256(keccak256(pointer.abi_encode()));
    scene.send(&laboratory, registry, Registry::registerCall { pointer }.abi_encode()).await?;
    let encryption_key = B256::repeat_byte(5);
    let ask =
        Registry::requestAccessCall { id, purpose: TREAT, onBehalfOf: Address::ZERO, encryptionKey: encryption_key };
    let receipt = scene.send(&doctor, registry, ask.abi_encode()).await?;
    let events = |of: Address| receipt.logs().iter().filter(move |log| log.address() == of).count();
    assert_eq!((events(registry), events(consent)), (1, 1), "{:?}", receipt.logs());
    let asked = receipt.logs().iter().find_map(|log| log.log_decode::<Registry::AccessRequested>().ok());
    assert_eq!(asked.expect("an event").inner.data.actor, doctor.account());

    // What offices and custodians did is told, and no difference.
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let note = "since its founding custodians were admitted or removed 1 times in the data pointer registry, 1 schemas \
                activated, and 0 answers were overdue";
    assert!(proof.notes.iter().any(|found| found == note), "{:?}", proof.notes);
    Ok(())
}

#[tokio::test]
async fn the_table_of_powers_has_the_registry() -> Result<()> {
    let scene = founded().await?;
    let chain = scene.site.chain().await?;
    let found = permissions(&chain, &scene.site.config, &scene.site.artifacts).await?;
    let functions = |holder: Party| {
        let holds = found.powers.iter().filter(|power| power.holder == holder);
        holds.flat_map(|power| &power.functions).map(|f| f.split('(').next().unwrap_or(f)).collect::<Vec<_>>()
    };
    assert_eq!(functions(Party::Account(account("admitter"))), ["admitCustodian"]);
    let mut curator = functions(Party::Account(account("curator")));
    curator.sort_unstable();
    assert_eq!(curator, ["activateSchema", "deprecateSchema", "supersedeSchema"]);
    // The registry itself records, and can do nothing else in the DAO.
    assert_eq!(functions(Party::Contract(NAME)), ["record"]);

    // Its address leads to the manager and to the consent.
    let registry = scene.site.plan().of(NAME).address;
    let by_address = permissions_of(&chain, &[(NAME.folder().to_owned(), registry)], parts::ALL).await?;
    let names: Vec<_> = by_address.contracts.iter().map(|contract| contract.name).collect();
    assert_eq!(names, ["access-manager", "consent", "data-pointer-registry"]);
    let consent = scene.site.plan().of(consent::NAME).address;
    for (name, address, said) in [
        (NAME, consent, "does not answer as a data pointer registry, but as a consent"),
        (consent::NAME, registry, "does not answer as a consent, but as a data pointer registry"),
    ] {
        let wrong = [(name.folder().to_owned(), address)];
        let error = permissions_of(&chain, &wrong, parts::ALL).await.expect_err("another kind").to_string();
        assert!(error.contains(said), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn what_the_dao_changes_is_named() -> Result<()> {
    let scene = founded().await?;
    let to = scene.site.plan().of(NAME).address;
    let calls = [
        Registry::setStorePurposeCall { purpose: TREAT }.abi_encode(),
        Registry::setAnswerWithinCall { period: 7 }.abi_encode(),
        Registry::setEncryptionCall { number: 1, code: B256::right_padding_from(b"\x1b[2J") }.abi_encode(),
        Registry::setEncryptionCall { number: 9, code: B256::right_padding_from(b"ROT13") }.abi_encode(),
    ];
    for (number, call) in calls.into_iter().enumerate() {
        scene.decide(&number.to_string(), to, call).await?;
    }
    let revoke = AccessManager::revokeRoleCall { roleId: RECORDER_ROLE, account: to };
    scene.decide("no log", scene.manager, revoke.abi_encode()).await?;
    let grant =
        AccessManager::grantRoleCall { roleId: ADMITTER_ROLE, account: scene.stranger.account(), executionDelay: 0 };
    scene.decide("another admitter", scene.manager, grant.abi_encode()).await?;
    let found = scene.failures().await?;
    assert!(found[0].starts_with("members of the role of \"recorders\" is "), "{found:?}");
    assert!(found[1].starts_with("members of the role of \"admitters\" is "), "{found:?}");
    assert!(found[2].starts_with(&format!("access_manager.canCall({to}, consent, ")), "{found:?}");
    assert!(found[2].ends_with(" is never, not at once"), "{found:?}");
    assert_eq!(
        found[3..],
        [
            "access_manager.table: how often it was changed since the founding is 2, not 0",
            "registry.storePurpose is TREAT, not RECORDMGT",
            "registry.answerWithin is 7, not 86400",
            "registry.encryptions: how often one was set is 4, not 2",
            "registry.encryption(1) is \\u{1b}[2J, not A256GCM",
            "registry.encryption(9) is ROT13, not nothing",
            "registry.storePurpose: how often it was set is 2, not 1",
            "registry.answerWithin: how often it was set is 2, not 1",
        ]
    );
    Ok(())
}

/// What was set back may have let somebody do anything meanwhile.
#[tokio::test]
async fn a_setting_that_was_another_for_a_while_is_named() -> Result<()> {
    let scene = founded().await?;
    let to = scene.site.plan().of(NAME).address;
    let code = |text: &[u8]| Registry::setEncryptionCall { number: 1, code: B256::right_padding_from(text) };
    for call in [
        Registry::setAnswerWithinCall { period: 7 }.abi_encode(),
        Registry::setAnswerWithinCall { period: 86_400 }.abi_encode(),
        code(b"ROT13").abi_encode(),
        code(b"A256GCM").abi_encode(),
    ] {
        scene.decide(&hex::encode(&call), to, call).await?;
    }
    assert_eq!(
        scene.failures().await?,
        [
            "registry.encryptions: how often one was set is 4, not 2",
            "registry.answerWithin: how often it was set is 3, not 1",
        ]
    );
    Ok(())
}

/// Pointers survive another program. Until somebody compares that program, `verify` asks it nothing.
#[tokio::test]
async fn a_vote_upgrades_the_registry_and_the_proof_names_it() -> Result<()> {
    let scene = founded().await?;
    scene.upgrades(NAME, "registry").await
}
