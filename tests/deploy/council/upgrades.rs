//! A part behind a proxy: founded, proven, upgraded by a vote, and renewed as it then is.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use consilium_deploy::{Artifacts, Config, Deployment, Done, Part, Step, parts, proxy_code, renew};
use eyre::Result;
use harness::{deploy as programs, raw_program};
use nitro::{ARB_WASM, ArbWasm};

use super::scene::{PROXIED, Scene, TERM, account, file, section};
use crate::fourth::{Example, NAME};
use crate::setup::{Site, Watch};

/// keccak256("eip1967.proxy.implementation") - 1.
fn slot() -> U256 {
    U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0) - U256::from(1)
}

/// A DAO with a council and with the upgradeable part.
async fn founded() -> Result<Scene> {
    let mut site = Site::new()?;
    let block = site.chain().await?.provider().get_block(alloy::eips::BlockId::latest()).await?.expect("a block");
    let until = block.header.timestamp + TERM;
    let date = consilium_deploy::config::moment::Moment(until);
    let [member, slow] = ["member", "slow member"].map(account);
    let text = file(&section(member, slow, date))? + "\n[components-example]\nlevel = 3\n";
    let all: Vec<&'static dyn Part> = [parts::ALL, &[&PROXIED]].concat();
    site.config = Config::parse_with(&text, "dao.toml", &all)?;
    site.config.token_mut().holders[0].address = account("voter");
    site.artifacts = Artifacts::load(programs::programs(), &site.config)?;
    Scene::found(site, until).await
}

async fn implementation(scene: &Scene, proxy: Address) -> Result<Address> {
    Ok(Address::from_word(B256::from(scene.provider().get_storage_at(proxy, slot()).await?)))
}

#[tokio::test]
async fn a_part_behind_a_proxy_is_founded_and_proven() -> Result<()> {
    let scene = founded().await?;
    let plan = scene.site.plan();
    let planned = plan.of(NAME);
    assert!(planned.is_proxied());
    let provider = scene.provider();
    assert_eq!(provider.get_code_at(planned.address).await?, proxy_code());
    assert_eq!(provider.get_code_at(planned.implementation).await?, *planned.program.code());
    assert_eq!(implementation(&scene, planned.address).await?, planned.implementation);
    // Four programs and a proxy are founded. The record has the program behind it too.
    assert_eq!(scene.site.deployed().await?.len(), 5);
    let record = Deployment::read(scene.site.records(), scene.site.config.chain.id)?.expect("a record");
    let deployed = record.contracts[NAME.folder()];
    assert_eq!((deployed.address, deployed.implementation), (planned.address, Some(planned.implementation)));
    assert_eq!(record.contracts["governor"].implementation, None);
    let written = std::fs::read_to_string(scene.site.file())?;
    assert_eq!(written.matches("\"implementation\"").count(), 1, "{written}");

    let proof = scene.site.verify().await?;
    proof.ensure()?;
    for subject in [
        "code hash of the components example",
        "code hash of the proxy of the components example",
        "implementation of the components example",
        "logs of the components example at its founding",
        "activation left to the components example",
        "example.latest",
    ] {
        assert!(proof.checks.iter().any(|check| check.subject == subject), "{subject}");
    }
    // Nobody constructs it again.
    let again = [&programs::CONSTRUCTOR[..], account("stranger").into_word().as_slice()].concat();
    scene.refused(&scene.stranger, planned.address, again).await;
    // A second run finds everything done.
    let mut watch = Watch::default();
    scene.site.deploy(&scene.site.sender().await?, &mut watch).await?;
    assert!(watch.finished.iter().all(|(_, done)| matches!(done, Done::Already | Done::Proven { .. })));
    Ok(())
}

#[tokio::test]
async fn a_vote_upgrades_a_part_and_its_storage_is_kept() -> Result<()> {
    let scene = founded().await?;
    let planned = scene.site.plan().of(NAME).clone();
    let proxy = planned.address;
    let push = Example::pushCall { key: "5".parse()?, value: "77".parse()? };
    scene.send(&scene.stranger, proxy, push.abi_encode()).await?;
    let (next, program) = scene.next_version(NAME.folder()).await?;
    let upgrade = Example::upgradeToAndCallCall { newImplementation: next, data: Bytes::new() }.abi_encode();
    // Nobody but the timelock; and not to a program that cannot run.
    for sender in [&scene.voter, &scene.member, &scene.stranger] {
        let refused = scene.refused(sender, proxy, upgrade.clone()).await;
        assert!(refused.contains("AccessManagedUnauthorized") || refused.contains("0x068ca9d8"), "{refused}");
    }
    assert_eq!(implementation(&scene, proxy).await?, planned.implementation);
    let activate = ArbWasm::activateProgramCall { program: next }.abi_encode();
    scene.site.sender().await?.send(ARB_WASM, activate.into(), U256::from(raw_program::DATA_FEE)).await?;
    scene.decide("The next version", proxy, upgrade).await?;
    assert_eq!(implementation(&scene, proxy).await?, next);
    assert_eq!(Example::new(proxy, scene.provider()).latest().call().await?.to::<u64>(), 77);

    // The proof says so, as of any setting that the DAO has changed, and goes on with the others.
    let proof = scene.site.verify().await?;
    let failures: Vec<String> = proof.failures().map(ToString::to_string).collect();
    let expected = format!("implementation of the components example is {next}, not {}", planned.implementation);
    assert_eq!(failures, [expected]);
    let note = format!(
        "the components example was upgraded: it runs the code at {next}, whose hash is {}. These programs do not have that \
         code, so what the components example answers was not compared",
        program.code_hash()
    );
    assert!(proof.notes.contains(&note), "{:?}", proof.notes);
    assert!(proof.checks.iter().any(|check| check.subject == "governor.votingDelay"));
    assert!(proof.checks.iter().all(|check| check.subject != "example.latest"));

    // What it runs now is what is renewed.
    scene.pass(300 * 86_400).await?;
    let left = async |program| {
        let arb_wasm = ArbWasm::new(ARB_WASM, scene.provider());
        Ok::<u64, eyre::Report>(arb_wasm.programTimeLeft(program).call().await? / 86_400)
    };
    let before = left(planned.implementation).await?;
    let mut watch = Watch::default();
    renew(&scene.site.sender().await?, &scene.site.config, &scene.site.artifacts, &mut watch).await?;
    assert!(matches!(watch.done(Step::Renew(NAME)), Some(Done::Sent(_))), "{:?}", watch.finished);
    assert!(left(next).await? > 300);
    assert_eq!(left(planned.implementation).await?, before);
    Ok(())
}

/// What a proxy adds to a call of a cached program.
#[tokio::test]
async fn what_a_proxy_costs() -> Result<()> {
    let scene = founded().await?;
    let planned = scene.site.plan().of(NAME).clone();
    let gas = async |to: Address, call: Vec<u8>| {
        Ok::<u64, eyre::Report>(scene.send(&scene.stranger, to, call).await?.gas_used)
    };
    let view = Example::latestCall {}.abi_encode();
    let bare = gas(planned.implementation, view.clone()).await?;
    let proxied = gas(planned.address, view).await?;
    let push = |key: u64| Example::pushCall {
        key: key.to_string().parse().expect("a key"),
        value: "7".parse().expect("a value"),
    };
    let mut write = Vec::new();
    for to in [planned.implementation, planned.address] {
        gas(to, push(1).abi_encode()).await?;
        write.push(gas(to, push(2).abi_encode()).await?);
    }
    println!("gas, cached: a view {bare}, by its proxy {proxied}; a write {}, by its proxy {}", write[0], write[1]);
    // A cold slot, a cold account, the copies, and a proxy's own intrinsic part: none.
    assert!((4_700..5_000).contains(&(proxied - bare)), "{bare} {proxied}");
    Ok(())
}
