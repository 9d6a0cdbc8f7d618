//! Executes a transaction that enough owners have signed, and approves one on the chain.

use alloy::eips::BlockId;
use alloy::network::TransactionBuilder as _;
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider as _;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall as _, SolEvent as _};
use consilium_bindings::Safe as abi;
use eyre::{Result, bail, ensure, eyre};

use super::node::Safe;
use super::proposal::Proposal;
use super::reasons;
use super::signature::{approval, packed};
use super::standing::Standing;
use super::transaction::{Operation, Transaction};
use super::words;
use crate::chain::{Sender, gas_limit};
use crate::contract::Sent;
use crate::explain::explain;
use crate::parts;

/// How often an estimate of gas is doubled: from what a transaction takes at least to what a block has.
const DOUBLINGS: u32 = 7;

/// What an execution did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// Whether the transaction's call succeeded. The nonce is used up either way.
    pub success: bool,
    /// What the sender or the receiver of the refund was paid.
    pub payment: U256,
    /// Whose signatures or approvals were sent, in their order.
    pub signers: Vec<Address>,
    /// The transaction of the chain.
    pub sent: Sent,
}

/// Sends a transaction with its signatures, sorted, and with approvals on the chain and the sender's own where these are
/// too few. It is simulated first, and nothing is sent if the simulation fails.
///
/// # Errors
/// If owners are missing, it is not the Safe's next transaction, the Safe refuses it, in words, its call would fail and
/// `may_fail` is not true, or the node does not answer.
pub async fn execute(safe: &Safe, sender: &Sender, proposal: &Proposal, may_fail: bool) -> Result<Executed> {
    let standing = Standing::of(safe, proposal).await?;
    let before = standing.state.before(proposal.transaction().nonce)?;
    ensure!(
        before.is_zero(),
        "{before} transactions of the Safe come before it: its next nonce is {}, and this has {}",
        standing.state.nonce,
        proposal.transaction().nonce
    );
    let (signers, signatures) = signatures(proposal, &standing, sender.account())?;
    let call = proposal.transaction().execution(signatures);
    let request = request(safe, sender, call.abi_encode().into());
    let succeeds = match safe.simulate(request.clone()).await? {
        Err(data) => bail!("{}", refusal(safe, proposal.transaction(), &data).await?),
        Ok(answer) => succeeded(&answer),
    };
    if !succeeds && !may_fail {
        let reason = inner(safe, proposal.transaction()).await?;
        bail!("its call would fail and its nonce would be used up{reason}. To have that, give --may-fail");
    }
    let mut gas = estimate(sender, &request).await?;
    if succeeds {
        gas = enough(safe, &request, gas).await?;
    }
    let receipt = send(sender, request, gas).await?;
    let own = || receipt.logs().iter().filter(|log| log.address() == safe.place().contract);
    let hash = proposal.hashes().transaction;
    let succeeded = own().filter_map(|log| abi::ExecutionSuccess::decode_log(&log.inner).ok());
    let failed = own().filter_map(|log| abi::ExecutionFailure::decode_log(&log.inner).ok());
    let outcome = succeeded.map(|event| (event.txHash, true, event.payment));
    let outcome = outcome.chain(failed.map(|event| (event.txHash, false, event.payment)));
    let (_, success, payment) = { outcome }.find(|(found, ..)| *found == hash).ok_or_else(|| {
        eyre!("the transaction {} has no event of it: look at it by another node", receipt.transaction_hash)
    })?;
    Ok(Executed { success, payment, signers, sent: Sent::of(&receipt) })
}

/// Approves a transaction on the chain, for ever, as a signature of the account that sends does.
///
/// # Errors
/// If it is no owner, has approved it before, or the node does not answer.
pub async fn approve(safe: &Safe, sender: &Sender, proposal: &Proposal) -> Result<Sent> {
    let (account, hash) = (sender.account(), proposal.hashes().transaction);
    let is_approved = !safe.approvals(&[account], hash).await?.is_empty();
    ensure!(!is_approved, "{account} has approved it already: there is nothing to do");
    let call = abi::approveHashCall { hashToApprove: hash };
    let request = request(safe, sender, call.abi_encode().into());
    if let Err(data) = safe.simulate(request.clone()).await? {
        bail!("{}", reasons::in_words(&data));
    }
    let gas = estimate(sender, &request).await?;
    Ok(Sent::of(&send(sender, request, gas).await?))
}

/// As many signatures as are needed, in the order of their signers, and behind them what belongs to them.
fn signatures(proposal: &Proposal, standing: &Standing, sender: Address) -> Result<(Vec<Address>, Vec<u8>)> {
    let needed = usize::try_from(standing.state.facts.threshold).unwrap_or(usize::MAX);
    // The sender's own costs least, an approval a read, a key's signature a recovery.
    let own = Some(sender).filter(|sender| standing.state.facts.owners.contains(sender));
    let others = standing.approved.iter().chain(&standing.signed).copied().filter(|owner| *owner != sender);
    let mut signers: Vec<_> = own.into_iter().chain(others).take(needed).collect();
    if signers.len() < needed {
        let (lacks, missing) = (needed - signers.len(), words::listed(&standing.missing));
        let foreign = if standing.foreign.is_empty() {
            String::new()
        } else {
            format!(". Signatures of {} do not count: they are no owners", words::listed(&standing.foreign))
        };
        let refused = standing
            .refused
            .iter()
            .map(|(owner, reason)| format!(". The Safe does not take the signature of {owner}: {reason}"));
        let refused: String = refused.collect();
        bail!("{lacks} more of these owners have to sign: {missing}{foreign}{refused}");
    }
    signers.sort_unstable();
    let each = signers.iter().map(|owner| match proposal.signature_of(*owner) {
        Some(confirmation) if *owner != sender && !standing.approved.contains(owner) => confirmation.signature.clone(),
        _ => approval(*owner),
    });
    let bytes = packed(&each.collect::<Vec<_>>());
    Ok((signers, bytes))
}

fn request(safe: &Safe, sender: &Sender, input: Bytes) -> TransactionRequest {
    TransactionRequest::default().with_from(sender.account()).with_to(safe.place().contract).with_input(input)
}

/// The limit of a transaction's gas that an estimate gives.
async fn estimate(sender: &Sender, request: &TransactionRequest) -> Result<u64> {
    let gas = sender.provider().estimate_gas(request.clone()).block(BlockId::pending()).await;
    Ok(gas_limit(gas.map_err(|error| eyre!("could not estimate the gas: {}", explain(&error)))?))
}

/// Gas with which the transaction's own call succeeds. An estimate is content with less, since a call that fails uses up
/// the nonce and reverts nothing.
async fn enough(safe: &Safe, request: &TransactionRequest, estimate: u64) -> Result<u64> {
    let mut gas = estimate;
    for _ in 0..DOUBLINGS {
        if safe.simulate(request.clone().with_gas_limit(gas)).await?.is_ok_and(|answer| succeeded(&answer)) {
            return Ok(gas);
        }
        gas = gas.saturating_mul(2);
    }
    bail!("its call succeeds only with more than {} gas: propose it again with a --safe-tx-gas that it needs", gas / 2)
}

/// Whether the answer of `execTransaction` says that its call succeeded.
fn succeeded(answer: &Bytes) -> bool {
    abi::execTransactionCall::abi_decode_returns_validate(answer).unwrap_or(false)
}

async fn send(sender: &Sender, request: TransactionRequest, gas: u64) -> Result<TransactionReceipt> {
    let receipt = sender.transact(request.with_gas_limit(gas), parts::ALL).await?;
    ensure!(
        receipt.status(),
        "the transaction {} reverted: something changed meanwhile, so look at it by `consilium safe show`",
        receipt.transaction_hash
    );
    Ok(receipt)
}

/// Why a Safe refuses a transaction. Where its word hides the call's own reason, that is asked for.
async fn refusal(safe: &Safe, transaction: &Transaction, data: &[u8]) -> Result<String> {
    let words = reasons::in_words(data);
    let reason = if reasons::hides_reason(data) { inner(safe, transaction).await? } else { String::new() };
    Ok(format!("the Safe refuses it: {words}{reason}"))
}

/// What a transaction's call reverts with, if the Safe makes it.
async fn inner(safe: &Safe, transaction: &Transaction) -> Result<String> {
    let Transaction { to, value, data, operation, .. } = transaction;
    if *operation == Operation::DelegateCall {
        return Ok(": a delegated call, whose reason cannot be asked for".to_owned());
    }
    let balance = safe.chain().provider().get_balance(safe.place().contract).await;
    let balance = balance.map_err(|error| eyre!(explain(&error)))?;
    if balance < *value {
        return Ok(format!(": the Safe has {balance} wei, and it sends {value}"));
    }
    let request = TransactionRequest::default().with_from(safe.place().contract).with_to(*to);
    let request = request.with_value(*value).with_input(data.clone());
    Ok(match safe.simulate(request).await? {
        Err(reason) => format!(": {}", reasons::in_words(&reason)),
        Ok(_) => ": by itself it would succeed, so it may need more gas".to_owned(),
    })
}
