//! The programs behind proxies, which stand before the founding. What holds, whoever does what in which order:
//!
//! 1. A program's address follows from its code alone. DAOs share it, and pay for it once.
//! 2. Until the founding nothing of the DAO exists, and nothing that stands has a power in it.
//! 3. The founding makes the whole DAO. Where a program is missing or cannot run, it makes nothing.
//! 4. Whoever creates, activates, renews or constructs a program first changes neither the DAO nor its proof.
//! 5. A run that stopped after any step goes on with the next, pays no step twice, and ends in the same DAO.
//! 6. Before the first transaction the node executes the founding, and the sender is asked for enough for all steps.

mod cost;
mod first;
mod order;

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::sol_types::SolCall;
use consilium_deploy::{CREATE2_FACTORY, Config, Done, Name, Planned, Program, Sender, Step};
use eyre::{Result, ensure};
use harness::root;
use nitro::{ARB_WASM, ArbWasm};

use crate::setup::{Site, Watch};

/// Ether enough for the fee of an activation.
const FEE: u64 = 10_000_000_000_000_000;

/// A fresh chain, and the settings of a DAO with programs behind proxies.
fn site() -> Result<Site> {
    Site::of(Config::load(root().join("deploy/config/health.toml"))?)
}

/// The names of the parts whose programs stand before the founding.
fn names(site: &Site) -> Vec<Name> {
    let plan = site.plan();
    let proxied = plan.contracts().iter().filter(|planned| planned.is_proxied());
    proxied.map(|planned| planned.part.name()).collect()
}

/// Anybody's account, with an ether.
async fn stranger(site: &Site) -> Result<Sender> {
    site.sender_with("stranger", U256::from(10).pow(U256::from(18))).await
}

async fn code(site: &Site, at: Address) -> Result<Bytes> {
    Ok(site.chain().await?.provider().get_code_at(at).await?)
}

/// The factory creates a program, for this account.
async fn create(by: &Sender, program: &Program) -> Result<()> {
    let call = [B256::ZERO.as_slice(), &program.init_code()].concat();
    by.send(CREATE2_FACTORY, call.into(), U256::ZERO).await?;
    Ok(())
}

/// ArbWasm activates it, for this account.
async fn activate(by: &Sender, planned: &Planned) -> Result<()> {
    let call = ArbWasm::activateProgramCall { program: planned.implementation }.abi_encode();
    by.send(ARB_WASM, call.into(), U256::from(FEE)).await?;
    Ok(())
}

/// How long the program of a contract lives, in days; none if it does not.
async fn days(site: &Site, planned: &Planned) -> Result<Option<u64>> {
    let chain = site.chain().await?;
    let left = ArbWasm::new(ARB_WASM, chain.provider()).programTimeLeft(planned.implementation).call().await;
    Ok(left.ok().map(|left| left / 86_400))
}

/// Nothing of the plan's DAO stands.
async fn nothing_stands(site: &Site) -> Result<()> {
    for planned in site.plan().contracts() {
        ensure!(code(site, planned.address).await?.is_empty(), "{}", planned.part.name());
    }
    ensure!(site.deployed().await?.is_empty());
    Ok(())
}

/// Deploys to the end, proves it, and tells what each step did.
async fn deployed(site: &Site) -> Result<Watch> {
    let mut watch = Watch::default();
    ensure!(site.deploy(&site.sender().await?, &mut watch).await?.complete);
    site.verify().await?.ensure()?;
    Ok(watch)
}

fn was_sent(watch: &Watch, step: Step) -> bool {
    matches!(watch.done(step), Some(Done::Sent(_)))
}
