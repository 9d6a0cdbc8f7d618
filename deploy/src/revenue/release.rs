//! Pays payees what they are due, in ether or a token. Anybody may.

use std::collections::BTreeSet;

use alloy::primitives::Address;
use alloy::rpc::types::TransactionReceipt;
use consilium_bindings::RevenueSplitter as abi;
use eyre::Result;

use super::loss::Payout;
use super::node::Splitter;
use crate::chain::Sender;
use crate::contract::Sent;

/// What became of a payee.
#[derive(Debug)]
pub struct Released {
    /// Who.
    pub payee: Address,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a payee.
#[derive(Debug)]
pub enum Outcome {
    /// It was paid.
    Paid(Payout),
    /// It is due nothing.
    NothingDue,
    /// It could not be paid, and why.
    Refused(String),
}

/// All payees of all tables but the pool, which epochs pay out.
///
/// # Errors
/// If the node does not answer.
pub async fn payees(splitter: &Splitter) -> Result<Vec<Address>> {
    let mut payees = BTreeSet::new();
    for version in 1..=splitter.read(abi::tableVersionCall {}).await? {
        payees.extend(splitter.read(abi::tableCall { version }).await?.recipients);
    }
    payees.remove(&splitter.address());
    Ok(payees.into_iter().collect())
}

/// Pays these payees one by one, and hands over each when it is done. One that refuses keeps no other from being paid.
/// The sender itself gives up a part of what it is owed only if it agrees, by `at_a_loss`; nobody does for another one.
///
/// # Errors
/// If the node does not answer. What was paid before was handed over.
pub async fn release(
    splitter: &Splitter,
    sender: &Sender,
    token: Address,
    payees: &[Address],
    at_a_loss: bool,
    mut each: impl FnMut(Released),
) -> Result<()> {
    for &payee in payees {
        let outcome = if splitter.due(token, payee).await?.is_zero() {
            Outcome::NothingDue
        } else {
            one(splitter, sender, token, payee, at_a_loss).await
        };
        each(Released { payee, outcome });
    }
    Ok(())
}

async fn one(splitter: &Splitter, sender: &Sender, token: Address, account: Address, at_a_loss: bool) -> Outcome {
    let paid = async {
        if sender.account() == account {
            splitter.agree(token, account, at_a_loss).await?;
        }
        let of = |receipt: &TransactionReceipt, paid| Payout {
            paid,
            lost: splitter.lost(receipt, token, account),
            sent: Sent::of(receipt),
        };
        if token.is_zero() {
            let receipt = splitter.send(sender, abi::release_0Call { account }).await?;
            let event: abi::PaymentReleased = splitter.event(&receipt)?;
            return Ok(of(&receipt, event.amount));
        }
        let receipt = splitter.send(sender, abi::release_1Call { token, account }).await?;
        let event: abi::ERC20PaymentReleased = splitter.event(&receipt)?;
        eyre::Ok(of(&receipt, event.amount))
    };
    match paid.await {
        Ok(paid) => Outcome::Paid(paid),
        Err(reason) => Outcome::Refused(format!("{reason:#}")),
    }
}
