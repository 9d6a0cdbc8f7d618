//! The consent, deployed with a council: founded with the codes that its DAO uses, proven, used by its offices, and not
//! founded where its settings make no sense.

mod changes;
mod lies;

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use consilium_bindings::Consent;
use consilium_deploy::parts::consent::NAME;
use consilium_deploy::{Artifacts, Config, Deployment, Done, Party, Sender, Step, parts, permissions, permissions_of};
use eyre::Result;
use harness::root;

use super::scene::{Scene, TERM, account, file, section};
use crate::setup::{Site, Watch};

/// Arbitrum's limit of gas for a transaction.
const BLOCK_GAS: u64 = 32_000_000;

/// Those who hold the offices, in the order of the example, and whose place there they take.
const OFFICERS: [(&str, &str); 4] = [
    ("emergency", "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955"),
    ("reviewer", "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"),
    ("recorder", "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"),
    ("registrar", "0x976EA74026E726554dB657fA54763abd0C3a0aa9"),
];

/// The example's section, with officers whose keys are known.
fn consent() -> Result<String> {
    let example = std::fs::read_to_string(root().join("deploy/config/health.toml"))?;
    let start = example.find("[consent]").expect("the section");
    let end = example.find("# Optional; needs [access] and [consent].").expect("the section after it");
    let named = |text: String, (name, place): (&str, &str)| text.replace(place, &account(name).to_string());
    Ok(OFFICERS.into_iter().fold(example[start..end].to_owned(), named))
}

/// Sections of the example, with officers whose keys are known in place of the lines that begin with these keys.
pub(super) fn with_officers(from: &str, to: &str, offices: &[(&str, &str)]) -> Result<String> {
    let example = std::fs::read_to_string(root().join("deploy/config/health.toml"))?;
    let place = |text: &str| example.find(text).unwrap_or_else(|| panic!("no {text}"));
    let office = |text: String, (key, name): &(&str, &str)| {
        let line = text.lines().find(|line| line.starts_with(&format!("{key} = "))).expect("the line").to_owned();
        let (key, member) = line.split_once("\"0x").expect("an address");
        let (_, end) = member.split_once('"').expect("its end");
        text.replace(&line, &format!("{}\"{}\"{end}", key.trim_start_matches("# "), account(name)))
    };
    Ok(offices.iter().fold(example[place(from)..place(to)].to_owned(), office))
}

/// The settings of a DAO with a council and this section.
pub(super) fn settings(consent: &str) -> Result<String> {
    let [member, slow] = ["member", "slow member"].map(account);
    Ok(format!("{}\n{consent}", file(&section(member, slow, "2040-01-01"))?))
}

pub(super) fn site(text: &str) -> Result<Site> {
    let mut site = Site::new()?;
    site.config = Config::parse(text, "dao.toml")?;
    site.config.token_mut().holders[0].address = account("voter");
    site.artifacts = Artifacts::load(harness::deploy::programs(), &site.config)?;
    Ok(site)
}

async fn founded() -> Result<Scene> {
    Scene::found(site(&settings(&consent()?)?)?, TERM).await
}

#[tokio::test]
async fn a_dao_with_the_consent_is_founded_and_proven_from_its_settings() -> Result<()> {
    let scene = founded().await?;
    let (plan, provider) = (scene.site.plan(), scene.provider());
    let planned = plan.of(NAME);
    assert!(planned.is_proxied());
    let record = Deployment::read(scene.site.records(), scene.site.config.chain.id)?.expect("a record");
    let founding = record.transactions.iter().find(|sent| Some(sent.hash) == record.founding).expect("the founding");
    let size = plan.founding_call().len();
    println!("the founding: {} gas, {size} bytes of calldata", founding.gas_used);
    assert!(founding.gas_used < BLOCK_GAS && size < 80_000, "{} gas, {size} bytes", founding.gas_used);

    std::fs::remove_file(scene.site.file())?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    for subject in [
        "logs of the consent at its founding",
        "consent.authority",
        "consent.policy: separate purposes",
        "consent.policy: days that a permit lasts at most",
        "codes of the purposes",
        "codes of the roles",
        "members of the role of \"emergency\"",
        "members of the role of \"registrars\"",
    ] {
        assert!(proof.checks.iter().any(|check| check.subject == subject), "{subject}");
    }
    // Nobody constructs it again.
    let again = TransactionRequest::default().with_to(planned.address).with_input(planned.constructor.clone());
    assert!(provider.call(again).await.is_err());
    // The policy and the codes are where patients' wallets read them, and not in the program behind it.
    let treat = B256::right_padding_from(b"TREAT");
    for (at, code, version) in [(planned.address, treat, 1), (planned.implementation, B256::ZERO, 0)] {
        assert_eq!(Consent::new(at, &provider).code(1, 0).call().await?, code);
        assert_eq!(Consent::new(at, &provider).policy().call().await?.version, version);
    }
    // Everything is done.
    let mut watch = Watch::default();
    scene.site.deploy(&scene.site.sender().await?, &mut watch).await?;
    assert!(watch.finished.iter().all(|(_, done)| matches!(done, Done::Already | Done::Proven { .. })));
    assert!(watch.done(Step::Cache(NAME)).is_some());
    Ok(())
}

/// What of the restricted functions a call is for.
fn calls() -> Vec<(&'static str, Vec<u8>)> {
    let (grantor, until) = (Address::repeat_byte(1), U48::from(4_000_000_000_u64));
    let (statement, classes) = (B256::repeat_byte(1), U256::from(1));
    let policy = Consent::Policy {
        separatePurposes: 0,
        separateClasses: 0,
        emergencyPurposes: 0,
        refusedJurisdictions: 0,
        closedClasses: U256::ZERO,
        openFor: 1,
        reviewWithin: 1,
        window: 1,
        limit: 1,
        recoveryDelay: 1,
        hook: Address::ZERO,
    };
    let appointed = Consent::appointRepresentativeCall {
        grantor,
        representative: Address::repeat_byte(2),
        classes,
        purposes: 1,
        until,
    };
    vec![
        ("emergency", Consent::declareEmergencyCall { grantor, classes, reason: 0, statement }.abi_encode()),
        ("reviewer", Consent::reviewEmergencyCall { id: 1, justified: true, statement }.abi_encode()),
        (
            "recorder",
            Consent::recordCall {
                grantor,
                actor: Address::repeat_byte(2),
                onBehalfOf: Address::ZERO,
                dataClass: 0,
                purpose: 0,
                request: statement,
            }
            .abi_encode(),
        ),
        ("registrar", Consent::setOrganizationCall { organization: grantor, until, jurisdiction: 8 }.abi_encode()),
        ("registrar", Consent::setRoleCall { role: 0, account: grantor, until }.abi_encode()),
        ("nobody", appointed.abi_encode()),
        ("nobody", Consent::setPolicyCall { policy, longest: [1; 64] }.abi_encode()),
        ("nobody", Consent::setCodeCall { table: 0, number: 0, code: statement }.abi_encode()),
        ("nobody", Consent::setAuthorityCall { newAuthority: grantor }.abi_encode()),
        ("nobody", Consent::upgradeToAndCallCall { newImplementation: grantor, data: Bytes::new() }.abi_encode()),
    ]
}

#[tokio::test]
async fn each_office_calls_its_own_functions_and_nobody_else_does() -> Result<()> {
    let scene = founded().await?;
    let to = scene.site.plan().of(NAME).address;
    // Something to review.
    let doctor: Sender = scene.site.sender_with("emergency", U256::from(10).pow(U256::from(17))).await?;
    scene.send(&doctor, to, calls()[0].1.clone()).await?;

    let callers = ["emergency", "reviewer", "recorder", "registrar", "member", "voter", "stranger"];
    scene.alone(to, calls(), &callers).await?;
    // What the offices did is told, and no difference.
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    assert!(proof.notes.iter().any(|note| note.contains("1 emergencies declared and 0 reviewed")), "{:?}", proof.notes);
    Ok(())
}

#[tokio::test]
async fn the_table_of_powers_has_the_offices() -> Result<()> {
    let scene = founded().await?;
    let chain = scene.site.chain().await?;
    let found = permissions(&chain, &scene.site.config, &scene.site.artifacts).await?;
    let functions = |name: &str| {
        let holds = found.powers.iter().filter(|power| power.holder == Party::Account(account(name)));
        holds.flat_map(|power| &power.functions).map(|f| f.split('(').next().unwrap_or(f)).collect::<Vec<_>>()
    };
    assert_eq!(functions("emergency"), ["declareEmergency"]);
    assert_eq!(functions("reviewer"), ["reviewEmergency"]);
    assert_eq!(functions("recorder"), ["record"]);
    let mut registrar = functions("registrar");
    registrar.sort_unstable();
    assert_eq!(registrar, ["setOrganization", "setRole"]);
    let mut of_consent = found.powers.iter().filter(|power| power.target == Party::Contract(NAME));
    let by_manager = of_consent.find(|power| power.functions.len() == 9).expect("the authority");
    assert_eq!(by_manager.holder, Party::Contract("access-manager".into()));

    // Its address leads to the manager, and the manager to nobody else.
    let named = [(NAME.folder().to_owned(), scene.site.plan().of(NAME).address)];
    let by_address = permissions_of(&chain, &named, parts::ALL).await?;
    let names: Vec<_> = by_address.contracts.iter().map(|contract| contract.name).collect();
    assert_eq!(names, ["access-manager", "consent"]);
    let wrong = [(NAME.folder().to_owned(), scene.manager)];
    let error = permissions_of(&chain, &wrong, parts::ALL).await.expect_err("another kind").to_string();
    assert!(error.contains("does not answer as a consent, but as an access manager"), "{error}");
    Ok(())
}

#[tokio::test]
async fn ends_in_the_past_and_a_deployer_in_office_are_refused() -> Result<()> {
    let text = settings(&consent()?.replacen("2040-01-01T00:00:00Z", "2020-01-01T00:00:00Z", 1))?;
    let line = text.lines().position(|line| line.contains("2020-01-01")).expect("the end") + 1;
    let error = site(&text)?.refusal().await?;
    assert!(error.starts_with(&format!("dao.toml:{line}:")), "{error}");
    assert!(error.contains("the membership ends at 2020-01-01T00:00:00Z"), "{error}");

    let deployer = consilium_deploy::dev_key().address();
    let text = settings(&consent()?.replace(&account("recorder").to_string(), &deployer.to_string()))?;
    let error = site(&text)?.refusal().await?;
    assert!(error.starts_with(&format!("{deployer} deploys, and these settings name it as recorders: ")), "{error}");
    Ok(())
}

/// A key that is wrong, missing or unknown is named, at its line, and nothing is founded.
#[test]
fn a_bad_file_is_refused_and_the_key_is_named() -> Result<()> {
    let health = std::fs::read_to_string(root().join("deploy/config/health.toml"))?;
    let emergency = account("emergency");
    let other = "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955";
    for (key, line, by) in [
        ("longest", "\nCOC = 730", "\nCOC = 65_536".to_owned()),
        ("longest", "\nCOC = 730", "\nCOCO = 730".to_owned()),
        ("separate_purposes", "\"HMARKT\"]", "\"HIV\"]".to_owned()),
        ("separate_classes", "\"GDIS\"]", "\"GDIS\", \"HIV\"]".to_owned()),
        ("emergency_purposes", "[\"ETREAT\", \"BTG\"]", "[]".to_owned()),
        ("closed_classes", "= [\"PSYTHPN\"]", "= [\"\"]".to_owned()),
        ("jurisdictions", "\"DE\"]", "\"EU\"]".to_owned()),
        ("refused_jurisdictions", "refused_jurisdictions = []", "refused_jurisdictions = [\"TREAT\"]".to_owned()),
        ("open_for", "open_for = 14_400", "open_for = 16_777_216".to_owned()),
        ("review_within", "review_within = 259_200", "review_within = 0".to_owned()),
        ("window", "window = 86_400", "window = 0".to_owned()),
        ("limit", "limit = 3", "limit = 0".to_owned()),
        ("recovery_delay", "recovery_delay = 259_200", "recovery_delay = 31_536_001".to_owned()),
        ("hook", "# hook = \"0x23618e81E3", "hook = \"0x23618e81e3".to_owned()),
        ("hook", "# hook = \"0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f\"", format!("hook = \"{}\"", Address::ZERO)),
        ("emergency", other, Address::ZERO.to_string()),
        ("recorders", "recorders = [{", "recorders = [] #".to_owned()),
        ("limit", "limit = 3", "limt = 3".to_owned()),
        ("limit", "limit = 3", String::new()),
        ("3.5 is not a whole number", "limit = 3", "limit = 3.5".to_owned()),
    ] {
        assert_eq!(health.matches(line).count(), 1, "{line}");
        let error = Config::parse(&health.replace(line, &by), "health.toml").expect_err(&by).to_string();
        assert!(error.starts_with("health.toml:"), "{by}: {error}");
        assert!(error.contains(key), "{key}: {error}");
        println!("{error}");
    }
    let both = health.replace("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720", other);
    let error = Config::parse(&both, "health.toml").expect_err("judges itself").to_string();
    assert!(error.contains("`reviewers`") && error.contains("`emergency`"), "{error}");
    assert!(Config::parse(&health.replace(other, &emergency.to_string()), "health.toml").is_ok());
    Ok(())
}
