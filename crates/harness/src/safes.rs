//! Safe's own contracts, as its npm package brings them compiled, and transactions that a Safe's owners sign.

use std::fs;

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use alloy::sol_types::{SolCall, SolStruct, eip712_domain};
use consilium_bindings::Safe;
use eyre::{Context, OptionExt, Result, ensure};
use serde::Deserialize;

use crate::npm;

sol! {
    /// What a Safe's owners sign.
    struct SafeTx {
        address to;
        uint256 value;
        bytes data;
        uint8 operation;
        uint256 safeTxGas;
        uint256 baseGas;
        uint256 gasPrice;
        address gasToken;
        address refundReceiver;
        uint256 nonce;
    }
}

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

/// The call of a Safe that makes a call, signed by these keys, with the nonce that it has now. No gas is promised and
/// nobody is paid.
///
/// # Errors
/// Where nothing there answers as a Safe.
pub async fn signed(
    provider: &impl Provider,
    safe: Address,
    to: Address,
    data: impl Into<Bytes>,
    keys: &[PrivateKeySigner],
) -> Result<Vec<u8>> {
    let nonce = Safe::new(safe, provider).nonce().call().await?;
    let chain = provider.get_chain_id().await?;
    Ok(at_nonce(chain, safe, nonce, to, data, keys)?.abi_encode())
}

/// The same at a nonce.
///
/// # Errors
/// Where a key does not sign.
pub fn at_nonce(
    chain_id: u64,
    safe: Address,
    nonce: U256,
    to: Address,
    data: impl Into<Bytes>,
    keys: &[PrivateKeySigner],
) -> Result<Safe::execTransactionCall> {
    transaction(chain_id, safe, nonce, (to, data.into(), 0), keys)
}

/// The same where the Safe runs the code of `to` in its own storage.
///
/// # Errors
/// Where a key does not sign.
pub fn delegated(
    chain_id: u64,
    safe: Address,
    nonce: U256,
    to: Address,
    data: impl Into<Bytes>,
    keys: &[PrivateKeySigner],
) -> Result<Safe::execTransactionCall> {
    transaction(chain_id, safe, nonce, (to, data.into(), 1), keys)
}

fn transaction(
    chain_id: u64,
    safe: Address,
    nonce: U256,
    (to, data, operation): (Address, Bytes, u8),
    keys: &[PrivateKeySigner],
) -> Result<Safe::execTransactionCall> {
    let (zero, nobody) = (U256::ZERO, Address::ZERO);
    let transaction = SafeTx {
        to,
        value: zero,
        data: data.clone(),
        operation,
        safeTxGas: zero,
        baseGas: zero,
        gasPrice: zero,
        gasToken: nobody,
        refundReceiver: nobody,
        nonce,
    };
    let domain = eip712_domain! { chain_id: chain_id, verifying_contract: safe, };
    let signatures = signatures(transaction.eip712_signing_hash(&domain), keys)?;
    Ok(Safe::execTransactionCall {
        to,
        value: zero,
        data,
        operation,
        safeTxGas: zero,
        baseGas: zero,
        gasPrice: zero,
        gasToken: nobody,
        refundReceiver: nobody,
        signatures,
    })
}

/// The signatures of a hash, in the order of the signers' addresses, which a Safe asks for.
fn signatures(hash: B256, keys: &[PrivateKeySigner]) -> Result<Bytes> {
    let mut keys = keys.to_vec();
    keys.sort_by_key(PrivateKeySigner::address);
    let mut signatures = Vec::new();
    for key in keys {
        signatures.extend(key.sign_hash_sync(&hash)?.as_bytes());
    }
    Ok(signatures.into())
}
