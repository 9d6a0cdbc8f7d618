//! The revenue splitter, deployed with the registry or without it. What holds:
//!
//! 1. The founding makes it as its section says, under the access manager, with the registry of the same DAO.
//! 2. Its offices publish and disable epochs. All else that is restricted needs a vote.
//! 3. What the DAO changes afterwards is a difference that the proof names.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, aliases::U48, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as Splitter;
use consilium_deploy::parts::data_pointer_registry;
use consilium_deploy::parts::revenue_splitter::{NAME, Payee};
use consilium_deploy::{Deployment, Done, Party, parts, permissions, permissions_of};
use eyre::Result;

use super::health::{settings, site, with_officers};
use super::scene::{Scene, TERM, account};
use crate::setup::Watch;

/// The sections of the example from one on, with officers of the splitter whose keys are known.
fn sections(from: &str) -> Result<String> {
    with_officers(from, "[cache]", &[("publishers", "publisher"), ("guardians", "guardian")])
}

/// A DAO whose only other contract is the access manager.
async fn founded() -> Result<Scene> {
    Scene::found(site(&settings(&sections("[revenue-splitter]")?)?)?, TERM).await
}

/// The account of the custodians in the table.
fn custodians(scene: &Scene) -> Address {
    let settings = scene.site.config.revenue_splitter().expect("the section");
    let account = |payee| if let Payee::Account(account) = payee { Some(account) } else { None };
    settings.table.iter().find_map(|share| account(share.to)).expect("an account")
}

#[tokio::test]
async fn a_dao_with_the_splitter_is_founded_and_proven_from_its_settings() -> Result<()> {
    for (from, has_registry) in [("[revenue-splitter]", false), ("[consent]", true)] {
        let scene = Scene::found(site(&settings(&sections(from)?)?)?, TERM).await?;
        let (plan, provider) = (scene.site.plan(), scene.provider());
        let planned = plan.of(NAME);
        let record = Deployment::read(scene.site.records(), scene.site.config.chain.id)?.expect("a record");
        let deployed = record.contracts[NAME.folder()];
        assert_eq!((deployed.address, deployed.implementation), (planned.address, Some(planned.implementation)));

        std::fs::remove_file(scene.site.file())?;
        let proof = scene.site.verify().await?;
        proof.ensure()?;
        let registry =
            if has_registry { plan.of(data_pointer_registry::NAME).address.to_string() } else { "nobody".to_owned() };
        for (subject, found) in [
            ("logs of the revenue splitter at its founding", "9 planned events".to_owned()),
            ("splitter.authority", scene.manager.to_string()),
            ("splitter.registry", registry),
            ("splitter.treasury", scene.timelock.to_string()),
            ("splitter.window", "172800".to_owned()),
            ("splitter.table: its version", "1".to_owned()),
            ("splitter.table", format!("{} 2000, {} 3000, the pool 5000", scene.timelock, custodians(&scene))),
        ] {
            let check =
                proof.checks.iter().find(|check| check.subject == subject).unwrap_or_else(|| panic!("{subject}"));
            assert_eq!(check.found, found, "{subject}");
        }

        // Nobody constructs it again, and everything is done.
        let again = TransactionRequest::default().with_to(planned.address).with_input(planned.constructor.clone());
        assert!(provider.call(again).await.is_err());
        let mut watch = Watch::default();
        scene.site.deploy(&scene.site.sender().await?, &mut watch).await?;
        assert!(watch.finished.iter().all(|(_, done)| matches!(done, Done::Already | Done::Proven { .. })));
    }
    Ok(())
}

fn epoch(total: u64, root: u8) -> Vec<u8> {
    let [root, manifest] = [B256::repeat_byte(root), B256::repeat_byte(2)];
    let deadline = U48::from(4_000_000_000_u64);
    Splitter::publishEpochCall { token: Address::ZERO, total: U256::from(total), root, manifest, deadline }.abi_encode()
}

/// What of the restricted functions a call is for.
fn calls() -> Vec<(&'static str, Vec<u8>)> {
    let account = Address::repeat_byte(1);
    let table = Splitter::setTableCall { recipients: vec![account], basisPoints: vec![10_000], tokens: Vec::new() }
        .abi_encode();
    vec![
        ("publisher", epoch(1, 9)),
        ("guardian", Splitter::disableEpochCall { number: 1 }.abi_encode()),
        ("nobody", Splitter::recoverEpochCall { number: 1 }.abi_encode()),
        ("nobody", table),
        ("nobody", Splitter::setTreasuryCall { treasury: account }.abi_encode()),
        ("nobody", Splitter::setRegistryCall { registry: Address::ZERO }.abi_encode()),
        ("nobody", Splitter::setWindowCall { window: 1 }.abi_encode()),
        ("nobody", Splitter::setAuthorityCall { newAuthority: account }.abi_encode()),
        ("nobody", Splitter::upgradeToAndCallCall { newImplementation: account, data: Bytes::new() }.abi_encode()),
    ]
}

/// What comes in is split as the file says, the publisher gives the pool's part to an epoch, and the guardian stops it.
#[tokio::test]
async fn each_office_calls_its_own_functions_and_nobody_else_does() -> Result<()> {
    let scene = founded().await?;
    let to = scene.site.plan().of(NAME).address;
    scene.stranger.send(to, Bytes::new(), U256::from(10_001)).await?;
    let splitter = Splitter::new(to, scene.provider());
    for (payee, due) in [(scene.timelock, 2_000), (custodians(&scene), 3_000), (to, 5_000)] {
        assert_eq!(splitter.releasable_0(payee).call().await?, U256::from(due));
    }
    let ether = U256::from(10).pow(U256::from(17));
    let publisher = scene.site.sender_with("publisher", ether).await?;
    scene.send(&publisher, to, epoch(4_000, 1)).await?;
    scene.alone(to, calls(), &["publisher", "guardian", "member", "voter", "stranger"]).await?;

    let guardian = scene.site.sender_with("guardian", ether).await?;
    scene.send(&guardian, to, Splitter::disableEpochCall { number: 1 }.abi_encode()).await?;
    assert_eq!(splitter.releasable_0(to).call().await?, U256::from(5_000));
    // What came in and what offices did is told, and no difference.
    let proof = scene.site.verify().await?;
    proof.ensure()?;
    let note = "since its founding 0 payments with a source came to the revenue splitter, 0 of them for requests, and 1 \
                epochs were published and 1 disabled";
    assert!(proof.notes.iter().any(|found| found == note), "{:?}", proof.notes);
    Ok(())
}

#[tokio::test]
async fn the_table_of_powers_has_the_splitter() -> Result<()> {
    let scene = Scene::found(site(&settings(&sections("[consent]")?)?)?, TERM).await?;
    let chain = scene.site.chain().await?;
    let found = permissions(&chain, &scene.site.config, &scene.site.artifacts).await?;
    let functions = |name: &str| {
        let holds = found.powers.iter().filter(|power| power.holder == Party::Account(account(name)));
        holds.flat_map(|power| &power.functions).map(|f| f.split('(').next().unwrap_or(f)).collect::<Vec<_>>()
    };
    assert_eq!(functions("publisher"), ["publishEpoch"]);
    assert_eq!(functions("guardian"), ["disableEpoch"]);
    // An epoch that was disabled in its window pays nobody.
    let publishes = found.powers.iter().find(|power| power.holder == Party::Account(account("publisher")));
    assert_eq!(publishes.expect("a power").stop, [Party::Account(account("guardian"))]);
    let note = "the revenue splitter pays what is not claimed to the timelock";
    assert!(found.notes.iter().any(|found| found == note), "{:?}", found.notes);

    // Its address leads to the manager and to the registry, and by that to the consent.
    let (splitter, registry) = {
        let plan = scene.site.plan();
        (plan.of(NAME).address, plan.of(data_pointer_registry::NAME).address)
    };
    let by_address = permissions_of(&chain, &[(NAME.folder().to_owned(), splitter)], parts::ALL).await?;
    let names: Vec<_> = by_address.contracts.iter().map(|contract| contract.name).collect();
    assert_eq!(names, ["access-manager", "consent", "data-pointer-registry", "revenue-splitter"]);
    for (name, address, said) in [
        (NAME, registry, "does not answer as a revenue splitter, but as a data pointer registry"),
        (
            data_pointer_registry::NAME,
            splitter,
            "does not answer as a data pointer registry, but as a revenue splitter",
        ),
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
    let other = scene.stranger.account();
    let calls = [
        Splitter::setTreasuryCall { treasury: other }.abi_encode(),
        Splitter::setWindowCall { window: 7 }.abi_encode(),
        Splitter::setRegistryCall { registry: scene.manager }.abi_encode(),
        Splitter::setTableCall { recipients: vec![other, to], basisPoints: vec![1, 9_999], tokens: Vec::new() }
            .abi_encode(),
    ];
    for (number, call) in calls.into_iter().enumerate() {
        scene.decide(&number.to_string(), to, call).await?;
    }
    assert_eq!(
        scene.failures().await?,
        [
            format!("splitter.registry is {}, not nobody", scene.manager),
            format!("splitter.treasury is {other}, not {}", scene.timelock),
            "splitter.window is 7, not 172800".to_owned(),
            "splitter.table: its version is 2, not 1".to_owned(),
            format!(
                "splitter.table is {other} 1, the pool 9999, not {} 2000, {} 3000, the pool 5000",
                scene.timelock,
                custodians(&scene)
            ),
            "splitter.registry: how often it was set is 2, not 1".to_owned(),
            "splitter.treasury: how often it was set is 2, not 1".to_owned(),
            "splitter.window: how often it was set is 2, not 1".to_owned(),
        ]
    );
    Ok(())
}

/// Meanwhile money may have gone elsewhere, or an epoch been open at once.
#[tokio::test]
async fn a_setting_that_was_another_for_a_while_is_named() -> Result<()> {
    let scene = founded().await?;
    let to = scene.site.plan().of(NAME).address;
    let treasury = |treasury| Splitter::setTreasuryCall { treasury }.abi_encode();
    for call in [treasury(scene.stranger.account()), treasury(scene.timelock)] {
        scene.decide(&hex::encode(&call), to, call).await?;
    }
    assert_eq!(scene.failures().await?, ["splitter.treasury: how often it was set is 3, not 1"]);
    Ok(())
}

/// Whoever founds the DAO is none of those that its first table pays, unless the settings say so.
#[tokio::test]
async fn the_founding_account_is_no_payee_unless_it_is_said() -> Result<()> {
    let mine = site(&settings(&sections("[revenue-splitter]")?)?)?.sender().await?.account();
    for as_treasury in [false, true] {
        let mut site = site(&settings(&sections("[revenue-splitter]")?)?)?;
        let splitter = site.config.revenue_splitter_mut().expect("the section");
        if as_treasury {
            splitter.treasury = Some(mine);
        } else {
            splitter.table[1].to = Payee::Account(mine);
        }
        let error = format!("{:#}", site.finish().await.expect_err("a part"));
        let expected = format!(
            "{mine} deploys, and these settings name it as payee: deploy from another account, or allow it by \
             deployer.may_be = [\"payee\"]"
        );
        assert_eq!(error, expected);
        site.config.deployer.may_be = vec!["payee"];
        site.finish().await?;
        site.verify().await?.ensure()?;
        site.config.deployer.may_be.clear();
        let failures: Vec<String> = site.verify().await?.failures().map(ToString::to_string).collect();
        assert_eq!(failures, [format!("what {mine}, which founded it, is in the DAO is payee, not nothing")]);
    }
    Ok(())
}

/// What payees are due survives another program.
#[tokio::test]
async fn a_vote_upgrades_the_splitter_and_the_proof_names_it() -> Result<()> {
    let scene = founded().await?;
    let planned = scene.site.plan().of(NAME).clone();
    scene.stranger.send(planned.address, Bytes::new(), U256::from(10_000)).await?;
    scene.upgrades(NAME, "splitter").await?;
    let due = Splitter::new(planned.address, scene.provider()).releasable_0(scene.timelock).call().await?;
    assert_eq!(due, U256::from(2_000));
    Ok(())
}
