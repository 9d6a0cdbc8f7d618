//! What the DAO does with its vault, and what is reported of its programs, as `verify` tells it.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;
use consilium_deploy::vault::Vault;
use consilium_deploy::{Config, Sender};
use eyre::Result;
use nitro::{ARB_OWNER, ArbOwner};

use super::scene::{Scene, TERM, account, file, section};
use crate::setup::Site;
use crate::vault;

const DAY: u64 = 86_400;

async fn founded() -> Result<(Scene, Address)> {
    let mut site = Site::new()?;
    let heir = vault::heir(&site).await?;
    let [member, slow] = ["member", "slow member"].map(account);
    let text = file(&section(member, slow, "2040-01-01"))? + &vault::section(heir, "death_days = 14\nreports = 3");
    site.config = Config::parse(&text, "dao.toml")?;
    site.config.token_mut().holders[0].address = account("voter");
    site.artifacts = consilium_deploy::Artifacts::load(harness::deploy::programs(), &site.config)?;
    let scene = Scene::found(site, TERM).await?;
    let vault = scene.site.plan().vault().expect("a vault").address;
    Ok((scene, vault))
}

/// Payments are no difference. Other terms are one, for ever, and so are other programs.
#[tokio::test]
async fn what_the_dao_changes_is_named_and_what_it_pays_is_not() -> Result<()> {
    let (scene, at) = founded().await?;
    let provider = scene.provider();
    scene.site.sender().await?.send(at, Bytes::new(), U256::from(7)).await?;
    let pay = Vault::executeCall { target: Address::repeat_byte(0x50), value: U256::from(3), data: Bytes::new() };
    // Nobody but the timelock.
    for sender in [&scene.stranger, &scene.member, &scene.voter] {
        let refused = scene.refused(sender, at, pay.abi_encode()).await;
        assert!(refused.contains("could not estimate the gas"), "{refused}");
    }
    scene.decide("a grant", at, pay.abi_encode()).await?;
    use alloy::providers::Provider as _;
    assert_eq!(provider.get_balance(at).await?, U256::from(4));
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let note = format!("the vault at {at} holds 0.000000000000000004 ether. Until now 0 reports found a program dead");
    assert!(proof.notes.iter().any(|said| said.starts_with(&note)), "{:?}", proof.notes);

    let terms = scene.site.plan().vault().expect("a vault").arguments.terms;
    let heir = vault::heir(&scene.site).await?;
    let other = Vault::Terms { heir, escapeDelay: terms.escapeDelay + 1, ..terms };
    scene.decide("other terms", at, Vault::setTermsCall { newTerms: other }.abi_encode()).await?;
    let delay = u64::from(terms.escapeDelay);
    assert_eq!(
        scene.failures().await?,
        [
            format!("vault.terms: heir is {heir}, not {}", terms.heir),
            format!("vault.terms: seconds that the heir waits is {}, not {delay}", delay + 1),
            "vault.terms: how often they were set is 2, not 1".to_owned(),
        ]
    );
    scene.decide("the terms before", at, Vault::setTermsCall { newTerms: terms }.abi_encode()).await?;
    let often = "vault.terms: how often they were set is 3, not 1".to_owned();
    assert_eq!(scene.failures().await?, [often.as_str()]);

    let fewer = Vault::setProgramsCall { newPrograms: vec![scene.timelock] };
    scene.decide("fewer programs", at, fewer.abi_encode()).await?;
    let found = scene.failures().await?;
    assert!(
        found[0].starts_with(&format!("vault.programs is {}, not {}, ", scene.timelock, scene.timelock)),
        "{found:?}"
    );
    assert_eq!(found[1..], ["vault.programs: how often they were set is 2, not 1".to_owned(), often]);

    // Handed over, and back: who was the owner in between may have left allowances.
    let planned = scene.site.plan().vault().expect("a vault").arguments.programs.clone();
    let hand_over = Vault::transferOwnershipCall { newOwner: scene.manager, newPrograms: planned };
    scene.decide("another owner", at, hand_over.abi_encode()).await?;
    let found = scene.failures().await?;
    assert!(found.contains(&format!("vault.owner is {}, not {}", scene.manager, scene.timelock)), "{found:?}");
    let said = format!("what speaks against the vault is BACKDOOR: it had other owners ({})", scene.timelock);
    assert!(found.iter().any(|found| found.starts_with(&said)), "{found:?}");
    Ok(())
}

/// The chain refuses every activation: what expires is dead. `verify` shows the reports also while nothing can be called.
#[tokio::test]
async fn a_reported_death_is_named_until_the_program_lives_again() -> Result<()> {
    let (scene, at) = founded().await?;
    let program = scene.timelock;
    let price = async |gas: u64| -> Result<()> {
        let set = ArbOwner::setWasmActivationGasCall { gas }.abi_encode();
        scene.site.sender().await?.send(ARB_OWNER, set.into(), U256::ZERO).await?;
        Ok(())
    };
    let report = async |sender: &Sender| consilium_deploy::vault::report(sender, at, program).await;
    scene.pass(400 * DAY).await?;
    price(u64::MAX).await?;
    for _ in 0..4 {
        report(&scene.stranger).await?;
        scene.pass(5 * DAY).await?;
    }
    let found = scene.failures().await?;
    let of = |subject: &str| found.iter().find(|found| found.starts_with(subject)).cloned().unwrap_or_default();
    let death = of(&format!("vault: reports of the death of {program} is 4 reports since "));
    assert!(
        death.contains("; DEATH CONFIRMED, the heir may escape from ") && death.ends_with("not nothing is reported")
    );
    assert!(of("activation left to the timelock is none").contains("consilium renew"), "{found:?}");
    assert!(of("what speaks against the vault is LOW GAS").contains("looks dead"), "{found:?}");

    price(0).await?;
    consilium_deploy::renew(
        &scene.site.sender().await?,
        &scene.site.config,
        &scene.site.artifacts,
        &mut consilium_deploy::Silent,
    )
    .await?;
    // It is alive, and the vault has not heard of it.
    assert!(scene.failures().await?[0].starts_with(&format!("vault: reports of the death of {program}")));
    report(&scene.stranger).await?;
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let note =
        "Until now 4 reports found a program dead, 1 found one alive again, and the owner has voided reports 0 times";
    assert!(proof.notes.iter().any(|said| said.ends_with(note)), "{:?}", proof.notes);
    Ok(())
}
