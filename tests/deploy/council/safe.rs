//! A council that is a Safe of the settings: created before the founding, proven, used, ended, stolen and replaced.

mod allowed;
mod changes;
mod first;
mod power;

use alloy::primitives::{Address, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::TransactionReceipt;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use consilium_bindings::{Governor, Safe};
use consilium_deploy::config::moment::Moment;
use consilium_deploy::parts::safe::NAME;
use consilium_deploy::{Artifacts, Config, Deployment, Done, Step, deploy, parts, permissions, permissions_of, renew};
use eyre::Result;
use harness::deploy::programs;
use harness::safes::{self, SafeContracts};

use super::scene::{Scene, TERM, account, file};
use crate::setup::{Site, Watch};

/// How many owners the council has, and how many of them sign.
const OWNERS: usize = 3;
const THRESHOLD: usize = 2;

/// A founded DAO whose council is a Safe.
struct Council {
    scene: Scene,
    /// The keys of the owners.
    keys: Vec<PrivateKeySigner>,
    safe: Address,
}

/// The keys of the owners.
fn keys() -> Vec<PrivateKeySigner> {
    let key = |number| PrivateKeySigner::from_bytes(&keccak256(format!("owner {number}"))).expect("a key");
    (0..OWNERS).map(key).collect()
}

fn owners() -> Vec<Address> {
    keys().iter().map(PrivateKeySigner::address).collect()
}

/// The section of a council that is a Safe until then.
fn access(until: u64) -> String {
    format!("[access]\ncouncil = [{{ safe = \"council\", until = {} }}]\n", Moment(until))
}

/// Creates Safe's contracts on a site's chain. The second number is the end of a term that begins now.
async fn safe_contracts(site: &Site) -> Result<(SafeContracts, u64)> {
    let sender = site.sender().await?;
    let contracts = SafeContracts::create(sender.chain().provider()).await?;
    let block = sender.chain().provider().get_block(alloy::eips::BlockId::latest()).await?.expect("a block");
    Ok((contracts, block.header.timestamp + TERM))
}

/// A chain with Safe's contracts, and settings with such a council. Its end is the second number.
async fn site() -> Result<(Site, u64)> {
    on(Site::new()?).await
}

/// The same on a site's chain.
async fn on(mut site: Site) -> Result<(Site, u64)> {
    let (contracts, until) = safe_contracts(&site).await?;
    let text = format!("{}{}{}", access(until), contracts.section(), safes::section("council", &owners(), THRESHOLD));
    take(&mut site, &text).await?;
    Ok((site, until))
}

/// Gives a site the settings of a section, with the addresses of its Safes.
async fn take(site: &mut Site, section: &str) -> Result<()> {
    take_whole(site, &file(section)?).await
}

/// The same of a whole file.
pub(super) async fn take_whole(site: &mut Site, text: &str) -> Result<()> {
    site.config = Config::parse(text, "dao.toml")?;
    site.config.token_mut().holders[0].address = account("voter");
    site.artifacts = Artifacts::load(programs(), &site.config)?;
    let resolved = site.config.resolved(&site.chain().await?, &site.artifacts).await?.into_owned();
    site.config = resolved;
    Ok(())
}

impl Council {
    async fn new() -> Result<Self> {
        let (site, until) = site().await?;
        Self::found(site, until).await
    }

    async fn found(site: Site, until: u64) -> Result<Self> {
        let safe = site.config.safe().expect("a section").safes[0].address.expect("resolved");
        Ok(Self { scene: Scene::found(site, until).await?, keys: keys(), safe })
    }

    fn provider(&self) -> DynProvider {
        self.scene.provider()
    }

    /// The Safe calls a contract, by the signatures of the first owners. A stranger sends it.
    async fn signed(&self, count: usize, to: Address, call: &[u8]) -> Result<Vec<u8>> {
        safes::signed(&self.provider(), self.safe, to, call.to_vec(), &self.keys[..count]).await
    }

    async fn executes(&self, to: Address, call: &[u8]) -> Result<TransactionReceipt> {
        let call = self.signed(THRESHOLD, to, call).await?;
        self.scene.send(&self.scene.stranger, self.safe, call).await
    }

    /// What a call of the Safe is refused with.
    async fn is_refused(&self, to: Address, call: &[u8]) -> Result<String> {
        let call = self.signed(THRESHOLD, to, call).await?;
        Ok(self.scene.refused(&self.scene.stranger, self.safe, call).await)
    }

    /// The Safe cancels through the manager.
    fn cancel(&self, proposal: &super::scene::Proposal) -> Vec<u8> {
        self.scene.through(&Governor::cancel_1Call { proposalId: proposal.id }.abi_encode())
    }
}

#[tokio::test]
async fn a_dao_whose_council_is_a_safe_is_founded_proven_and_printed() -> Result<()> {
    let (site, until) = site().await?;
    let mut watch = Watch::default();
    let deployment = site.deploy(&site.sender().await?, &mut watch).await?;
    let council = site.config.safe().expect("a section").safes[0].name;
    assert_eq!(deployment.safe("council")?, site.config.safe().expect("a section").safes[0].address.expect("resolved"));
    for step in [Step::Create(NAME), Step::Activate(NAME), Step::Close(NAME), Step::Safe(council), Step::Found] {
        assert!(matches!(watch.done(step), Some(Done::Sent(_))), "{step}: {:?}", watch.finished);
    }
    // Once more: nothing is sent, and the proof is the same.
    let (mut again, before) = (Watch::default(), site.sent().await?);
    assert!(site.deploy(&site.sender().await?, &mut again).await?.complete);
    assert_eq!((again.planned, site.sent().await?), (watch.planned, before));
    let record = Deployment::read(site.records(), site.config.chain.id)?.expect("a record");
    assert_eq!(record.safes, deployment.safes);
    assert_eq!(record.contracts.len(), 5, "with the singleton");

    let council = Council::found(site, until).await?;
    let proof = council.scene.site.verify().await?;
    proof.ensure()?;
    for subject in [
        "code hash of the safe",
        "activation left to the safe",
        "code hash of Safe's proxy factory",
        "code hash of Safe's fallback handler",
        "Safe \"council\": stands at its address",
        "Safe \"council\": singleton",
        "Safe \"council\": owners",
        "Safe \"council\": threshold",
        "Safe \"council\": modules",
        "Safe \"council\": guard",
        "Safe \"council\": fallback handler",
        "Safe \"council\": all that changed it",
        "Safe \"council\": transactions before the founding",
    ] {
        assert!(proof.checks.iter().any(|check| check.subject == subject), "{subject}: {proof}");
    }
    let site = &council.scene.site;
    let table = permissions(&site.chain().await?, &site.config, &site.artifacts).await?.to_string();
    let said = format!("note: {} answers as a Safe: 2 of its 3 owners sign (", council.safe);
    assert!(
        table.contains(&said) && table.contains("modules, which need no signature: none; guard: none; "),
        "{table}"
    );
    assert!(table.contains(&format!("{} (has code)", council.safe)), "{table}");
    // By its address too. Its singleton has no owners.
    let named = |address| [("safe".to_owned(), address)];
    let of = async |address| permissions_of(&site.chain().await?, &named(address), parts::ALL).await;
    assert!(of(council.safe).await?.to_string().contains(&said));
    let singleton = site.plan().of(NAME).address;
    let told = of(singleton).await?.to_string();
    assert!(!told.contains("answers as a Safe"), "{told}");
    assert!(told.contains(&format!("note: {singleton} has no owners, so it is no Safe")), "{told}");
    assert!(!of(council.safe).await?.to_string().contains("singleton of the Safes"));
    // Whoever reads a list of the DAO's contracts takes the right one for the Safe.
    for text in [&table, &told, &deployment.listed(&site.config)] {
        assert!(text.contains(&format!("safe  {singleton}  (singleton of the Safes: send nothing to it)\n")), "{text}");
    }
    for text in [table, deployment.listed(&site.config)] {
        assert!(text.contains(&format!("Safe \"council\"  {}\n", council.safe)), "{text}");
    }
    let error = format!("{:#}", of(council.scene.governor).await.expect_err("no Safe"));
    assert!(error.contains("does not answer as a safe, but as a governor"), "{error}");
    // The deployer is nothing in it.
    let deployer = site.sender().await?.account();
    assert!(!Safe::new(council.safe, council.provider()).isOwner(deployer).call().await?);
    Ok(())
}

/// It goes on after every step, and sends nothing twice.
#[tokio::test]
async fn a_deployment_with_a_safe_goes_on_after_each_step() -> Result<()> {
    let (site, _) = site().await?;
    let (sender, before) = (site.sender().await?, site.sent().await?);
    let steps = Step::all(&site.plan());
    for step in steps.into_iter().filter(|step| *step != Step::Prove) {
        site.stop_after(&sender, step).await?;
    }
    assert!(site.finish().await?.complete);
    // Program, activation, closing, Safe, Founder, founding, and a bid for each of five programs.
    assert_eq!(site.sent().await? - before, 6 + 5);
    site.verify().await?.ensure()
}

/// The singleton is renewed as the programs of the DAO are.
#[tokio::test]
async fn the_singleton_is_renewed() -> Result<()> {
    let (site, _) = site().await?;
    site.finish().await?;
    site.pass(300).await?;
    let left = "activation left to the safe";
    assert!(site.verify().await?.failures().any(|check| check.subject == left));
    let mut watch = Watch::default();
    renew(&site.sender().await?, &site.config, &site.artifacts, &mut watch).await?;
    assert!(matches!(watch.done(Step::Renew(NAME)), Some(Done::Sent(_))), "{:?}", watch.finished);
    assert!(site.verify().await?.failures().all(|check| check.subject != left));
    Ok(())
}

/// The public entry points ask the chain themselves: who has only the file needs no more.
#[tokio::test]
async fn settings_as_they_were_read_are_enough() -> Result<()> {
    let (mut site, until) = site().await?;
    let resolved = site.config.clone();
    let contracts = resolved.safe().expect("a section");
    let section = format!(
        "{}[safe]\nproxy_factory = \"{}\"\nfallback_handler = \"{}\"\n{}",
        access(until),
        contracts.proxy_factory,
        contracts.fallback_handler,
        safes::section("council", &owners(), THRESHOLD)
    );
    site.config = Config::parse(&file(&section)?, "dao.toml")?;
    site.config.token_mut().holders[0].address = account("voter");
    assert!(site.config.safe().expect("a section").safes[0].address.is_none());
    let mut watch = Watch::default();
    let deployment = deploy(&site.sender().await?, &site.config, &site.artifacts, site.records(), &mut watch).await?;
    assert_eq!(Some(deployment.safe("council")?), contracts.safes[0].address);
    site.verify().await?.ensure()?;
    permissions(&site.chain().await?, &site.config, &site.artifacts).await?;
    Ok(())
}
