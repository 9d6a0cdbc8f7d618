//! Transactions that a Safe's owners sign, made without any Safe: the hash by alloy's EIP-712.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use alloy::sol_types::{SolCall, SolStruct, eip712_domain};
use consilium_bindings::Safe;
use eyre::Result;

sol! {
    /// What a Safe's owners sign.
    #[derive(Debug)]
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

/// A call that has the members of a [`SafeTx`] but the nonce among its arguments, and the arguments that follow them.
#[macro_export]
macro_rules! of_transaction {
    ($transaction:expr => $($call:ident)::+ { $($more:tt)* }) => {{
        let $crate::safes::SafeTx {
            to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, ..
        } = ::std::clone::Clone::clone($transaction);
        $($call)::+ {
            to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, $($more)*
        }
    }};
}

impl SafeTx {
    /// A call of `to` at nonce 0, which promises neither gas nor a refund.
    pub fn call(to: Address, data: impl Into<Bytes>) -> Self {
        Self {
            to,
            value: U256::ZERO,
            data: data.into(),
            operation: 0,
            safeTxGas: U256::ZERO,
            baseGas: U256::ZERO,
            gasPrice: U256::ZERO,
            gasToken: Address::ZERO,
            refundReceiver: Address::ZERO,
            nonce: U256::ZERO,
        }
    }

    /// The same, of the code of `to` in the Safe's storage.
    pub fn delegate(to: Address, data: impl Into<Bytes>) -> Self {
        Self { operation: 1, ..Self::call(to, data) }
    }

    /// What the owners of a Safe on the devnode sign.
    pub fn hash(&self, safe: Address) -> B256 {
        self.hash_on(nitro::CHAIN_ID, safe)
    }

    /// What the owners of a Safe on a chain sign.
    pub fn hash_on(&self, chain_id: u64, safe: Address) -> B256 {
        let domain = eip712_domain! { chain_id: chain_id, verifying_contract: safe, };
        self.eip712_signing_hash(&domain)
    }

    /// The calldata of its execution.
    pub fn execution(&self, signatures: impl Into<Bytes>) -> Vec<u8> {
        self.executed_by(signatures).abi_encode()
    }

    /// Its execution.
    fn executed_by(&self, signatures: impl Into<Bytes>) -> Safe::execTransactionCall {
        of_transaction!(self => Safe::execTransactionCall { signatures: signatures.into() })
    }

    /// Its execution, signed by these keys.
    fn signed(&self, chain_id: u64, safe: Address, keys: &[PrivateKeySigner]) -> Result<Safe::execTransactionCall> {
        Ok(self.executed_by(signatures(self.hash_on(chain_id, safe), keys)?))
    }
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
    SafeTx { nonce, ..SafeTx::call(to, data) }.signed(chain_id, safe, keys)
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
    SafeTx { nonce, ..SafeTx::delegate(to, data) }.signed(chain_id, safe, keys)
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

/// The signature of an owner that has approved the hash, or sends the transaction.
pub fn approval(owner: Address) -> Vec<u8> {
    [&owner.into_word()[..], &[0; 32], &[1]].concat()
}
