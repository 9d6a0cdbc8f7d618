//! Sending for accounts, and what comes of a transaction that fails.

use super::super::{fill, request::Request, send};
use crate::{
    chain::{Chain, Kind, SendError, Transaction, Unsigned},
    evm::Status,
    rpc::{error::RpcError, hardhat::Hardhat, json, params::Params, revert},
    trace::Wanted,
};
use alloy::signers::SignerSync;
use alloy_primitives::{Address, B256, Bytes, U256};
use serde_json::Value;
use std::time::Duration;
use tokio::sync::MutexGuard;

/// Gas that a transaction may use at most where ArbOS' settings are as they began.
const MOST_GAS: u64 = 32_000_000;

/// `eth_sendTransaction(request)`: signed with the sender's key, or sent without a signature for one that is impersonated.
pub(super) async fn send(chain: &Chain, hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    params.end()?;
    let sender = sender(&request)?;
    let _turn = turn(hardhat, &request).await;
    let transaction = match hardhat.signer(sender) {
        Some(signer) => {
            let unsigned = fill(chain, request).await?;
            let open = decoded(unsigned.encode(parity(&unsigned, false), U256::ONE, U256::ONE))?;
            let signature =
                signer.sign_hash_sync(&open.signing_hash()).map_err(|error| RpcError::failed(error.to_string()))?;
            decoded(unsigned.encode(parity(&unsigned, signature.v()), signature.r(), signature.s()))?
        }
        None if hardhat.impersonates(sender) => forged(&fill(chain, request).await?, sender)?,
        None => {
            let how = "the node has no key for it and does not impersonate it (hardhat_impersonateAccount)";
            return Err(RpcError::failed(format!("unknown account {sender}: {how}")));
        }
    };
    submit(chain, sender, transaction).await
}

/// `eth_sendUnsignedTransaction(request)`: sent for whoever is named, as Anvil does.
pub(super) async fn send_unsigned(chain: &Chain, hardhat: &Hardhat, mut params: Params) -> Result<Value, RpcError> {
    let request: Request = params.required()?;
    params.end()?;
    let sender = sender(&request)?;
    let _turn = turn(hardhat, &request).await;
    let transaction = forged(&fill(chain, request).await?, sender)?;
    submit(chain, sender, transaction).await
}

/// `eth_sendRawTransaction(bytes)`
pub(super) async fn send_raw(chain: &Chain, params: Params) -> Result<Value, RpcError> {
    let answer = send::raw(chain, params).await?;
    if let Some(hash) = answer.as_str().and_then(|text| text.parse().ok()) {
        succeeded(chain, hash).await?;
    }
    Ok(answer)
}

/// A transaction that names its nonce need not wait for others.
async fn turn<'a>(hardhat: &'a Hardhat, request: &Request) -> Option<MutexGuard<'a, ()>> {
    match request.nonce {
        None => Some(hardhat.turn.lock().await),
        Some(_) => None,
    }
}

fn sender(request: &Request) -> Result<Address, RpcError> {
    request.from.ok_or_else(|| RpcError::invalid_params("invalid argument 0: a transaction needs \"from\""))
}

/// Fees are those of the next block. A transaction that names no gas gets all that it may have, as in Hardhat: nothing is
/// estimated, since what is sent at the same time may come before it.
async fn fill(chain: &Chain, mut request: Request) -> Result<Unsigned, RpcError> {
    let listed = request.access_list.is_some();
    if request.gas_price.is_some() && request.authorizations.is_some() {
        let what = "\"gasPrice\" does not go with \"authorizationList\"; set \"maxFeePerGas\"";
        return Err(RpcError::invalid_params(format!("invalid argument 0: {what}")));
    }
    if request.gas.is_none() {
        request.gas = Some(chain.sequencer().gas_limit().await.min(MOST_GAS));
    }
    let base_fee = U256::from(chain.next_base_fee());
    if request.gas_price.is_none() && request.max_fee.is_none() && !base_fee.is_zero() {
        let tip = request.tip.unwrap_or_default();
        (request.max_fee, request.tip) = (Some(tip.saturating_add(base_fee * U256::from(2))), Some(tip));
    }
    let mut filled = fill::complete(chain, request).await?;
    if filled.kind == Kind::Legacy && listed {
        // Nitro drops the list; Hardhat keeps it.
        filled.kind = Kind::AccessList;
    }
    Ok(filled)
}

/// The `v` of a signature: with the chain in it for a legacy transaction.
fn parity(unsigned: &Unsigned, odd: bool) -> u64 {
    match unsigned.kind {
        Kind::Legacy => 35 + 2 * unsigned.chain_id + u64::from(odd),
        _ => u64::from(odd),
    }
}

/// With the sender in place of a signature, so that no two senders have the same transaction.
fn forged(unsigned: &Unsigned, sender: Address) -> Result<Transaction, RpcError> {
    // Never 0, which is not a valid signature.
    let sender = U256::from_be_slice(sender.as_slice()) + U256::ONE;
    let mut transaction = decoded(unsigned.encode(parity(unsigned, false), sender, sender))?;
    transaction.forged = true;
    Ok(transaction)
}

fn decoded(raw: Bytes) -> Result<Transaction, RpcError> {
    Transaction::decode(raw).map_err(|error| RpcError::failed(error.to_string()))
}

async fn submit(chain: &Chain, sender: Address, transaction: Transaction) -> Result<Value, RpcError> {
    let hash = transaction.hash;
    match chain.send_for(sender, transaction).await {
        Ok(()) => {
            succeeded(chain, hash).await?;
            Ok(json::hash(hash))
        }
        Err(SendError::Refused(text)) => Err(RpcError::failed(text)),
        Err(SendError::Condition(text)) => Err(RpcError::new(-32003, text)),
    }
}

/// Hardhat answers a transaction that failed with its error, though it is in a block: test suites read the reason there.
async fn succeeded(chain: &Chain, hash: B256) -> Result<(), RpcError> {
    let Some((block, index)) = chain.transaction(hash) else { return Ok(()) };
    if block.transactions[index as usize].receipt.success {
        return Ok(());
    }
    let (outcome, _) = chain
        .replay(block, index, Wanted { timeout: Duration::MAX, ..Wanted::bare() })
        .await
        .ok_or_else(RpcError::internal)?
        .map_err(|refusal| RpcError::failed(refusal.to_string()))?;
    let Some(outcome) = outcome else { return Ok(()) };
    const FAILED: &str = "VM Exception while processing transaction:";
    Err(match outcome.status {
        Status::Success => return Ok(()),
        Status::Failure(text) => RpcError::failed(format!("{FAILED} {text}")),
        Status::Revert if outcome.output.is_empty() => {
            RpcError::reverted("Transaction reverted without a reason string", outcome.output)
        }
        Status::Revert => RpcError::reverted(format!("{FAILED} {}", reverted_with(&outcome.output)), outcome.output),
    })
}

/// The reason in Hardhat's words.
fn reverted_with(data: &Bytes) -> String {
    match revert::solidity_reason(data) {
        Some(reason) if data.starts_with(&[0x08, 0xc3, 0x79, 0xa0]) => {
            format!("reverted with reason string '{reason}'")
        }
        Some(reason) => {
            let code = U256::from_be_slice(data.get(4..36).unwrap_or_default());
            format!("reverted with panic code {code:#x} ({reason})")
        }
        None => format!("reverted with an unrecognized custom error (return data: {data})"),
    }
}
