//! Proxies that Safe's own factory makes.

use alloy::primitives::{Address, Bytes, U256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Safe;
use consilium_deploy::parts::safe::SafeProxyFactory;
use eyre::{OptionExt, Result, ensure};

use crate::chain::Account;

/// A plain setup with these owners: no code runs, nobody is paid, and there is no fallback handler.
pub fn setup(owners: &[Address], threshold: u64) -> Safe::setupCall {
    Safe::setupCall {
        owners: owners.to_vec(),
        threshold: U256::from(threshold),
        to: Address::ZERO,
        data: Bytes::new(),
        fallbackHandler: Address::ZERO,
        paymentToken: Address::ZERO,
        payment: U256::ZERO,
        paymentReceiver: Address::ZERO,
    }
}

/// The call of the factory that makes a proxy of a singleton, and then calls it with `initializer` where that has bytes.
pub fn proxy_call(singleton: Address, initializer: impl Into<Bytes>, salt: u64) -> Vec<u8> {
    let (initializer, salt) = (initializer.into(), U256::from(salt));
    SafeProxyFactory::createProxyWithNonceCall { singleton, initializer, saltNonce: salt }.abi_encode()
}

/// The proxy that a factory made in a transaction.
///
/// # Errors
/// If the transaction failed, or logs none.
pub fn made(receipt: &TransactionReceipt, factory: Address) -> Result<Address> {
    ensure!(receipt.status(), "no proxy was made");
    let log = receipt.logs().iter().find(|log| log.address() == factory).ok_or_eyre("the factory logs")?;
    Ok(SafeProxyFactory::ProxyCreation::decode_log_data(log.data())?.proxy)
}

/// Makes a proxy of a singleton as an account.
///
/// # Errors
/// Where the factory or the node refuses.
pub async fn proxy(
    by: &Account,
    factory: Address,
    singleton: Address,
    initializer: impl Into<Bytes>,
    salt: u64,
) -> Result<Address> {
    made(&by.send(factory, proxy_call(singleton, initializer, salt)).await?, factory)
}
