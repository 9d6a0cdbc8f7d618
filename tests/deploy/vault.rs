//! The vault of the settings: created after the founding, once, and not where something speaks against it.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use consilium_deploy::{CREATE2_FACTORY, Config, Deployment, Done, Step, init_code, permissions, vault};
use eyre::{OptionExt, Result, ensure};
use harness::root;
use nitro::{ARB_OWNER, ArbOwner};

use crate::setup::{Site, Watch};

/// A contract with this code.
pub(crate) async fn contract(site: &Site, code: &[u8]) -> Result<Address> {
    let request = TransactionRequest::default().with_deploy_code(init_code(code));
    let sender = site.sender().await?;
    let receipt = sender.chain().provider().send_transaction(request).await?.get_receipt().await?;
    receipt.contract_address.ok_or_eyre("a creation has an address")
}

/// A contract that needs no Stylus: it stops.
pub(crate) async fn heir(site: &Site) -> Result<Address> {
    contract(site, &[0]).await
}

/// The section of an heir, with more lines.
pub(crate) fn section(heir: Address, more: &str) -> String {
    format!("\n[vault]\nheir = \"{heir}\"\n{more}\n")
}

/// Gives a site the devnet's settings and a vault.
fn take(site: &mut Site, heir: Address, more: &str) -> Result<()> {
    let devnet = std::fs::read_to_string(root().join("deploy/config/devnet.toml"))?;
    site.config = Config::parse(&(devnet + &section(heir, more)), "dao.toml")?;
    Ok(())
}

async fn site() -> Result<Site> {
    let mut site = Site::new()?;
    let heir = heir(&site).await?;
    take(&mut site, heir, "")?;
    Ok(site)
}

#[tokio::test]
async fn a_vault_is_created_after_the_founding_and_proven() -> Result<()> {
    let site = site().await?;
    let mut watch = Watch::default();
    let deployment = site.deploy(&site.sender().await?, &mut watch).await?;
    let Some(Done::Sent(receipt)) = watch.done(Step::Vault) else { panic!("{:?}", watch.finished) };
    println!("the vault: {} gas", receipt.gas_used);
    let plan = site.plan();
    let planned = plan.vault().expect("a vault");
    assert_eq!(deployment.vault, Some(planned.address));
    let record = Deployment::read(site.records(), site.config.chain.id)?.expect("a record");
    assert_eq!(record.vault, deployment.vault);
    let place = |step| watch.planned.iter().position(|planned| *planned == step).expect("a step");
    assert!(place(Step::Found) < place(Step::Vault));

    // The same by hand is what a DAO wants; with less, the vault would know less.
    let (chain, mut arguments) = (site.chain().await?, planned.arguments.clone());
    assert_eq!(vault::beforehand(&chain, &arguments).await?, [""; 0]);
    let token = plan.of("voting-token").address;
    arguments.programs.retain(|program| *program != token);
    let warnings = vault::beforehand(&chain, &arguments).await?;
    assert!(warnings.len() == 1 && warnings[0].starts_with(&format!("{token}, the voting token of ")), "{warnings:?}");
    arguments.terms.heir = token;
    let refused = vault::beforehand(&chain, &arguments).await.expect_err("the heir dies too").to_string();
    assert!(refused.starts_with("nothing was sent: the vault's heir needs Stylus: "), "{refused}");
    let listed = deployment.listed(&site.config);
    assert!(listed.contains(&format!("           vault  {}\n", planned.address)), "{listed}");

    // Once more: nothing is sent.
    let (mut again, before) = (Watch::default(), site.sent().await?);
    assert!(site.deploy(&site.sender().await?, &mut again).await?.complete);
    assert!(matches!(again.done(Step::Vault), Some(Done::Already)));
    assert_eq!(site.sent().await?, before);

    std::fs::remove_file(site.file())?;
    let proof = site.verify().await?;
    proof.ensure()?;
    for subject in [
        "code hash of the vault",
        "vault.owner",
        "vault.terms: heir",
        "vault.terms: seconds that a program has to be dead",
        "vault.terms: seconds that the heir waits",
        "vault.terms: reports that confirm a death",
        "vault.terms: gas of an attempt",
        "vault.programs",
        "vault.owner: how often it was set",
        "what speaks against the vault",
    ] {
        assert!(proof.checks.iter().any(|check| check.subject == subject), "{subject}");
    }
    let note = format!("the vault at {} holds 0.0", planned.address);
    assert!(proof.notes.iter().any(|said| said.starts_with(&note)), "{:?}", proof.notes);
    // `consilium vault show` trusts it, though a contract created it.
    let chain = site.chain().await?;
    let state = vault::state(&chain, planned.address).await?;
    assert!(vault::doubts(&chain, planned.address, &state, &[], CREATE2_FACTORY).await.is_empty());
    let by_another = vault::doubts(&chain, planned.address, &state, &[], Address::repeat_byte(1)).await;
    assert!(by_another[0].starts_with("BACKDOOR: the CREATE2 factory"), "{by_another:?}");
    let found = permissions(&chain, &site.config, &site.artifacts).await?;
    let said =
        format!("the vault at {} does what its owner {} decides", planned.address, deployment.address("timelock")?);
    assert!(found.notes.iter().any(|note| note.starts_with(&said)), "{:?}", found.notes);
    Ok(())
}

/// Whoever is first: the vault is the same.
#[tokio::test]
async fn a_stranger_may_create_it_and_only_after_the_founding() -> Result<()> {
    let site = site().await?;
    let plan = site.plan();
    let planned = plan.vault().expect("a vault");
    let stranger = site.sender_with("stranger", alloy::primitives::utils::parse_ether("1")?).await?;
    let early = stranger.send(planned.factory(), planned.call(), Default::default()).await;
    assert!(early.is_err(), "its owner has no code");
    site.stop_after(&site.sender().await?, Step::Found).await?;
    let failures: Vec<String> = site.verify().await?.failures().map(|check| check.subject.clone()).collect();
    assert_eq!(failures, ["code hash of the vault"]);
    stranger.send(planned.factory(), planned.call(), Default::default()).await?;
    let mut watch = Watch::default();
    assert!(site.deploy(&site.sender().await?, &mut watch).await?.complete);
    assert!(matches!(watch.done(Step::Vault), Some(Done::Already)));
    site.verify().await?.ensure()
}

/// A DAO that stands gets a vault by the same command, and no second one by mistake.
#[tokio::test]
async fn a_section_that_comes_later_and_one_that_changes() -> Result<()> {
    let mut site = Site::new()?;
    let before = site.finish().await?;
    assert_eq!(before.vault, None);
    let (heir, other) = (heir(&site).await?, heir(&site).await?);
    take(&mut site, heir, "death_days = 20")?;
    let after = site.finish().await?;
    assert_eq!((after.contracts, after.founding), (before.contracts, before.founding));
    let vault = after.vault.expect("a vault");
    site.verify().await?.ensure()?;

    let without = Config::load(root().join("deploy/config/devnet.toml"))?;
    let with = site.config.clone();
    for (config, words) in [
        (without, "[vault] of these settings is missing".to_owned()),
        (
            {
                take(&mut site, other, "death_days = 20")?;
                site.config.clone()
            },
            format!("describes another one, {}", site.plan().vault().expect("a vault").address),
        ),
    ] {
        site.config = config;
        let error = site.refusal().await?;
        assert!(
            error.contains(&format!("has the vault {vault}, which stands, and")) && error.contains(&words),
            "{error}"
        );
    }
    site.config = with;
    assert!(site.finish().await?.complete);
    Ok(())
}

/// Before anything is sent, at the line of the heir.
#[tokio::test]
async fn an_heir_that_cannot_inherit_is_refused() -> Result<()> {
    let mut site = site().await?;
    let plan = site.plan();
    let program = contract(&site, plan.of("governor").program.code()).await?;
    let [before, after] = [&[0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73][..], &[0x5a, 0xf4]];
    let proxy = contract(&site, &[before, program.as_slice(), after].concat()).await?;
    // It answers as a Safe of one owner: the governor, which does not stand yet.
    let governor = plan.of("governor").address;
    let [before, after] =
        [&hex!("60205f52600160205273")[..], &hex!("6040525f3560e01c63a0e67e2b1460345760206020f35b60605ff3")];
    let owned = contract(&site, &[before, governor.as_slice(), after].concat()).await?;
    for (heir, words) in [
        (Address::repeat_byte(7), "has no code on this chain: name a contract".to_owned()),
        (program, format!("needs Stylus: {program} is a Stylus program")),
        (proxy, format!("needs Stylus: {proxy} is a proxy of {program}, a Stylus program")),
        (
            owned,
            format!(
                "needs Stylus: 1 owners of the Safe {owned} have to sign, and 0 need no Stylus: {governor} is of this \
                 DAO, and will be a Stylus program"
            ),
        ),
    ] {
        take(&mut site, heir, "")?;
        let error = site.refusal().await?;
        let line = std::fs::read_to_string(root().join("deploy/config/devnet.toml"))?.lines().count() + 3;
        assert!(error.starts_with(&format!("dao.toml:{line}:")) && error.contains(&words), "{error}");
    }
    take(&mut site, plan.of("timelock").address, "")?;
    let error = site.refusal().await?;
    assert!(error.contains("the vault's heir is the timelock of this DAO"), "{error}");
    assert!(!site.file().exists(), "nothing was begun");
    Ok(())
}

/// With too little gas an attempt shows nothing, and with too much nobody can make one.
#[tokio::test]
async fn the_gas_of_an_attempt_fits_the_chain() -> Result<()> {
    let mut site = site().await?;
    let heir = site.config.vault.expect("a section").heir;
    take(&mut site, heir, "activation_gas = 27_000_000")?;
    let error = site.refusal().await?;
    assert!(
        error.contains("vault.activation_gas is too high: a report needs 27000000 gas and a fourth more"),
        "{error}"
    );
    take(&mut site, heir, "")?;
    let set = ArbOwner::setWasmActivationGasCall { gas: 15_000_001 }.abi_encode();
    let sender = site.sender().await?;
    ensure!(sender.send(ARB_OWNER, set.into(), Default::default()).await?.status());
    let error = site.refusal().await?;
    assert!(error.contains("vault.activation_gas is too low: an activation may take 20000001 gas"), "{error}");
    Ok(())
}
