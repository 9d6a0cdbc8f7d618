//! Each Safe is as the file has it, and nothing but its owners' transactions ever happened to it. None of these ran code
//! in its storage ([`unseen`]).

use std::fmt::Display;

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, b256, keccak256};
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use consilium_bindings::Safe as abi;
use eyre::Result;

use super::state::{State, listed, or_none};
use super::{
    CANONICAL_FALLBACK_HANDLER, CANONICAL_PROXY_FACTORY, NAME, PROXY_FACTORY_CODE_HASH, Settings, Wallet, unseen,
};
use crate::chain::Chain;
use crate::logs;
use crate::part::{Scene, event};
use crate::proof::Proof;

/// Keccak-256 of the code of Safe's CompatibilityFallbackHandler 1.4.1, as `@safe-global/safe-deployments` publishes it.
const HANDLER_CODE_HASH: B256 = b256!("7c6007a5d711cea8dfd5d91f5940ec29c7f200fe511eb1fc1397b367af3c42f9");

/// What a Safe logs of each transaction that its owners signed. It says nothing about the Safe itself.
const TRANSACTIONS: [B256; 2] = [abi::ExecutionSuccess::SIGNATURE_HASH, abi::ExecutionFailure::SIGNATURE_HASH];
/// What it logs besides and does not change it either.
const HARMLESS: [B256; 3] =
    [abi::SafeReceived::SIGNATURE_HASH, abi::ApproveHash::SIGNATURE_HASH, abi::SignMsg::SIGNATURE_HASH];

pub(super) async fn prove(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let head = scene.chain.head().await?;
    let settings: &Settings = scene.dao.config.sections.expect();
    contracts(proof, scene.chain, settings).await?;
    for safe in &settings.safes {
        let Some(address) = safe.address else { continue };
        facts(proof, scene, settings, safe, address, head.into()).await?;
        history(proof, scene, safe, address, head).await?;
    }
    Ok(())
}

/// Safe's own contracts are Safe's.
pub(super) async fn contracts(proof: &mut Proof, chain: &Chain, settings: &Settings) -> Result<()> {
    let factory = keccak256(chain.code(settings.proxy_factory).await?);
    proof.check("code hash of Safe's proxy factory", PROXY_FACTORY_CODE_HASH, factory);
    if settings.proxy_factory != CANONICAL_PROXY_FACTORY {
        proof.note(format!(
            "the proxy factory at {} is Safe's by its code now, and not at Safe's own address, {CANONICAL_PROXY_FACTORY}: \
             find out whether other code was there when it created the Safes",
            settings.proxy_factory
        ));
    }
    let handler = chain.code(settings.fallback_handler).await?;
    if settings.fallback_handler == CANONICAL_FALLBACK_HANDLER || keccak256(&handler) == HANDLER_CODE_HASH {
        proof.check("code hash of Safe's fallback handler", HANDLER_CODE_HASH, keccak256(&handler));
    } else {
        proof.check("whether the fallback handler has code", true, !handler.is_empty());
        proof.note(format!(
            "the fallback handler at {} is not Safe's CompatibilityFallbackHandler 1.4.1: read its code before you trust \
             the Safes",
            settings.fallback_handler
        ));
    }
    Ok(())
}

/// What a fact about a Safe is called.
pub(super) fn subject(safe: &Wallet, what: impl Display) -> String {
    format!("Safe \"{}\": {what}", safe.name)
}

/// Singleton, owners, threshold, modules, guard and fallback handler at a block; the nonce after it.
pub(super) async fn facts(
    proof: &mut Proof,
    scene: &Scene<'_>,
    settings: &Settings,
    safe: &Wallet,
    address: Address,
    at: BlockId,
) -> Result<()> {
    let found = State::read(scene.chain, address, at).await?;
    proof.check(subject(safe, "stands at its address"), true, found.is_some());
    if let Some(found) = found {
        compare(proof, settings, safe, scene.dao.address(NAME), &found);
    }
    Ok(())
}

/// Adds a check of each.
pub(super) fn compare(proof: &mut Proof, settings: &Settings, safe: &Wallet, singleton: Address, found: &State) {
    let mut check = |what: &str, expected: String, found: String| proof.check(subject(safe, what), expected, found);
    check("singleton", singleton.to_string(), found.singleton.to_string());
    check("owners", listed(&safe.owners), listed(&found.owners));
    check("threshold", safe.threshold.to_string(), found.threshold.to_string());
    check("modules", "none".to_owned(), found.modules());
    check("guard", "none".to_owned(), or_none(found.guard));
    check("fallback handler", settings.fallback_handler.to_string(), or_none(found.handler));
}

/// All that the Safe logged since it was created: its setup by the factory, and its owners' transactions.
async fn history(proof: &mut Proof, scene: &Scene<'_>, safe: &Wallet, address: Address, head: u64) -> Result<()> {
    let from = logs::appearance(scene.chain, address, head).await?.unwrap_or(0);
    let logs = logs::collect(scene.chain, &Filter::new().address(address), from, head).await?;
    let topic = |log: &Log, topics: &[B256]| log.topic0().is_some_and(|topic| topics.contains(topic));
    let (mut before, mut since, mut changes) = (0_usize, 0_usize, Vec::new());
    let mut executed = Vec::new();
    for log in &logs {
        if topic(log, &TRANSACTIONS) {
            *(if scene.is_before(log) { &mut before } else { &mut since }) += 1;
            executed.push(log);
        } else if !topic(log, &HARMLESS) {
            let named = event::<abi::SafeEvents>(&log.inner);
            changes.push(named.unwrap_or_else(|| format!("an event {:?}", log.topic0())));
        }
    }
    let settings: &Settings = scene.dao.config.sections.expect();
    let setup = abi::SafeSetup {
        initiator: settings.proxy_factory,
        owners: safe.owners.clone(),
        threshold: alloy::primitives::U256::from(safe.threshold),
        initializer: Address::ZERO,
        fallbackHandler: settings.fallback_handler,
    };
    let planned = event::<abi::SafeEvents>(&alloy::primitives::Log { address, data: setup.encode_log_data() });
    proof.check(subject(safe, "all that changed it"), planned.unwrap_or_default(), changes.join("; "));
    let unseen = unseen::look_up(scene.chain, address, &executed).await?;
    proof.check(subject(safe, "transactions that may have changed what no list shows"), "none", unseen.transactions);
    for library in unseen.elsewhere {
        proof.note(format!(
            "the Safe \"{}\" has run the code of {library}. It is Safe's MultiSendCallOnly now, and not at Safe's own \
             address: find out whether other code was there before",
            safe.name
        ));
    }
    proof.check(subject(safe, "transactions before the founding"), 0, before);
    proof.note(format!("since the founding the Safe \"{}\" at {address} has executed {since} transactions", safe.name));
    Ok(())
}
