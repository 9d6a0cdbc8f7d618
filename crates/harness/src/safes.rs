//! Safe's own contracts, as its npm package brings them compiled, proxies of its factory, and transactions that a Safe's
//! owners sign.

mod proxy;
mod transaction;

use std::fs;

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use eyre::{Context, OptionExt, Result, ensure};
use serde::Deserialize;

pub use self::proxy::{made, proxy, proxy_call, setup};
pub use self::transaction::{SafeTx, approval, at_nonce, delegated, signed};
use crate::npm;

/// Hardhat's artifact, as far as it is read.
#[derive(Deserialize)]
struct Artifact {
    bytecode: Bytes,
}

/// What a DAO with Safes needs on a chain that has none of Safe's contracts.
#[derive(Clone, Copy, Debug)]
pub struct SafeContracts {
    /// SafeProxyFactory 1.4.1.
    pub factory: Address,
    /// CompatibilityFallbackHandler 1.4.1.
    pub handler: Address,
}

impl SafeContracts {
    /// Creates both, as the provider's account.
    ///
    /// # Errors
    /// Where node or npm is missing, or the node refuses.
    pub async fn create(provider: &impl Provider) -> Result<Self> {
        let factory = create(provider, packaged("proxies", "SafeProxyFactory")?).await?;
        let handler = create(provider, packaged("handler", "CompatibilityFallbackHandler")?).await?;
        Ok(Self { factory, handler })
    }

    /// The beginning of a section of settings that names both.
    pub fn section(&self) -> String {
        format!("[safe]\nproxy_factory = \"{}\"\nfallback_handler = \"{}\"\n", self.factory, self.handler)
    }
}

/// The settings of a Safe.
pub fn section(name: &str, owners: &[Address], threshold: usize) -> String {
    let owners: Vec<String> = owners.iter().map(|owner| format!("\"{owner}\"")).collect();
    let owners = owners.join(", ");
    format!("[[safe.safes]]\nname = \"{name}\"\nowners = [{owners}]\nthreshold = {threshold}\n")
}

/// The creation code of a contract of `@safe-global/safe-contracts`, which `tests/peers` pins.
///
/// # Errors
/// Where node or npm is missing, or the package has no such contract.
pub fn packaged(folder: &str, name: &str) -> Result<Bytes> {
    let artifacts = npm::installed("peers")?.join("node_modules/@safe-global/safe-contracts/build/artifacts/contracts");
    let file = artifacts.join(folder).join(format!("{name}.sol/{name}.json"));
    let text = fs::read_to_string(&file).wrap_err_with(|| format!("{} cannot be read", file.display()))?;
    Ok(serde_json::from_str::<Artifact>(&text)?.bytecode)
}

/// Creates a contract without a constructor.
///
/// # Errors
/// Where the node refuses.
pub async fn create(provider: &impl Provider, code: impl Into<Bytes>) -> Result<Address> {
    let request = TransactionRequest::default().with_deploy_code(code.into());
    let receipt = provider.send_transaction(request).await?.get_receipt().await?;
    ensure!(receipt.status(), "the creation reverted");
    receipt.contract_address.ok_or_eyre("a creation has an address")
}
