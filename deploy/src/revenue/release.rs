//! Pays payees what they are due, in ether or a token. Anybody may.

use std::collections::BTreeSet;

use alloy::primitives::{Address, U256};
use consilium_bindings::RevenueSplitter as abi;
use eyre::Result;

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
    /// It was paid so much.
    Paid(U256, Sent),
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

/// Pays these payees one by one. One that refuses keeps no other from being paid.
///
/// # Errors
/// If the node does not answer. What was paid before is in the list, and is handed over by `each` when it is done.
pub async fn release(
    splitter: &Splitter,
    sender: &Sender,
    token: Address,
    payees: &[Address],
    mut each: impl FnMut(&Released),
) -> Result<Vec<Released>> {
    let mut all = Vec::with_capacity(payees.len());
    for &payee in payees {
        let outcome = if splitter.due(token, payee).await?.is_zero() {
            Outcome::NothingDue
        } else {
            one(splitter, sender, token, payee).await
        };
        let released = Released { payee, outcome };
        each(&released);
        all.push(released);
    }
    Ok(all)
}

async fn one(splitter: &Splitter, sender: &Sender, token: Address, account: Address) -> Outcome {
    let paid = async {
        if token.is_zero() {
            let receipt = splitter.send(sender, abi::release_0Call { account }).await?;
            let event: abi::PaymentReleased = splitter.event(&receipt)?;
            return Ok((event.amount, Sent::of(&receipt)));
        }
        let receipt = splitter.send(sender, abi::release_1Call { token, account }).await?;
        let event: abi::ERC20PaymentReleased = splitter.event(&receipt)?;
        eyre::Ok((event.amount, Sent::of(&receipt)))
    };
    match paid.await {
        Ok((amount, sent)) => Outcome::Paid(amount, sent),
        Err(reason) => Outcome::Refused(format!("{reason:#}")),
    }
}
