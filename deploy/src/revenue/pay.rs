//! Pays in, with the payment's source.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::RevenueSplitter as abi;
use eyre::{Result, WrapErr, ensure};

use super::node::{Splitter, Token};
use crate::chain::Sender;
use crate::contract::Sent;
use crate::explain::explain_call;

/// A payment to make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Zero for ether.
    pub token: Address,
    /// In wei, or the token's smallest unit.
    pub amount: U256,
    /// The class of the data; of a request's payment the registry says it.
    pub class: u8,
    /// A number or a hash; zero for none.
    pub licence: B256,
    /// The registry's id of a request; zero for none.
    pub request: B256,
    /// The pointer whose key was requested, so that the registry is asked; none to believe the payer.
    pub pointer: Option<B256>,
}

/// A payment that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// What arrived: less than was sent where the token takes a fee.
    pub received: U256,
    /// The table that it is split by.
    pub table: u32,
    /// The class of its data.
    pub class: u8,
    /// The transactions before it that let the splitter take the token.
    pub approvals: Vec<B256>,
    /// Its transaction.
    pub sent: Sent,
}

/// Makes a payment. The allowance of a token is raised first where it is too low and `approve` is true.
///
/// # Errors
/// If the splitter, the registry or the token refuses it, in words, or the node does not answer.
pub async fn pay(splitter: &Splitter, sender: &Sender, payment: &Payment, approve: bool) -> Result<Paid> {
    let &Payment { token, amount, class, licence, request, pointer } = payment;
    let (value, approvals) = value(splitter, sender, token, amount, approve).await?;
    let sender = &sender.once();
    let receipt = if let Some(pointer) = pointer {
        let call = abi::payLicenceCall { token, amount, licence, pointer, request };
        splitter.send_with(sender, call, value).await?
    } else {
        let source = abi::Source { dataClass: class, licence, request };
        splitter.send_with(sender, abi::payCall { token, amount, source }, value).await?
    };
    let event: abi::RevenueReceived = splitter.event(&receipt)?;
    let sent = Sent::of(&receipt);
    Ok(Paid { received: event.amount, table: event.version, class: event.dataClass, approvals, sent })
}

/// Gives money to the pool, which is not split: what arrived, and the transactions before it, as of [`Paid`]. The allowance of a token is raised as by [`pay`].
///
/// # Errors
/// As [`pay`].
pub async fn fund(
    splitter: &Splitter,
    sender: &Sender,
    token: Address,
    amount: U256,
    approve: bool,
) -> Result<(U256, Vec<B256>, Sent)> {
    let (value, approvals) = value(splitter, sender, token, amount, approve).await?;
    let receipt = splitter.send_with(&sender.once(), abi::fundPoolCall { token, amount }, value).await?;
    let event: abi::PoolFunded = splitter.event(&receipt)?;
    Ok((event.amount, approvals, Sent::of(&receipt)))
}

/// The ether that goes along with a payment; of a token, the splitter has its allowance afterwards.
async fn value(
    splitter: &Splitter,
    sender: &Sender,
    token: Address,
    amount: U256,
    approve: bool,
) -> Result<(U256, Vec<B256>)> {
    if token.is_zero() {
        return Ok((amount, Vec::new()));
    }
    Ok((U256::ZERO, allow(splitter, sender, token, amount, approve).await?))
}

/// The splitter takes a token by its allowance. Gives the transactions that raise it.
async fn allow(splitter: &Splitter, sender: &Sender, token: Address, amount: U256, approve: bool) -> Result<Vec<B256>> {
    let (owner, spender) = (sender.account(), splitter.address());
    let contract = Token::new(token, sender.chain().provider());
    let allowed = async || {
        let allowed = contract.allowance(owner, spender).call().await.map_err(explain_call);
        allowed.wrap_err_with(|| format!("{token} does not answer as a token"))
    };
    let before = allowed().await?;
    let mut approvals = Vec::new();
    if before >= amount {
        return Ok(approvals);
    }
    ensure!(
        approve,
        "the splitter may take {before} of the token's units from {owner}, and the payment is {amount}: give --approve"
    );
    // Some tokens, as USDT, change an allowance only from zero or to zero.
    let first = (!before.is_zero()).then_some(U256::ZERO);
    for amount in first.into_iter().chain([amount]) {
        let call = Token::approveCall { spender, amount }.abi_encode();
        let receipt = sender.send(token, call.into(), U256::ZERO).await;
        approvals.push(receipt.wrap_err("the token did not take the approval")?.transaction_hash);
    }
    // What a token answers to `approve` says little: some answer nothing, and some anything.
    let after = allowed().await?;
    ensure!(
        after >= amount,
        "the token took the approval, and the splitter still may take only {after} of its units from {owner}: look \
         whether it is a token that does what it says"
    );
    Ok(approvals)
}
