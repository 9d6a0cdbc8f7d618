//! The first holders: who gets how much at the founding.

use std::collections::HashSet;

use alloy::primitives::{Address, U256};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::config::Refusal;
use crate::config::rules::{account, quantity, refuse};

/// A first holder of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Who.
    pub address: Address,
    /// How much, in the smallest unit; never zero.
    pub amount: U256,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    address: Spanned<String>,
    amount: Spanned<String>,
}

pub(super) fn check(file: &Spanned<Vec<File>>, supply: U256) -> Result<Vec<Holder>, Refusal> {
    if file.get_ref().is_empty() {
        return refuse(file, "there is no holder: nobody could propose or vote");
    }
    let mut seen = HashSet::new();
    let mut left = supply;
    let mut holders = Vec::with_capacity(file.get_ref().len());
    for holder in file.get_ref() {
        let address = account(&holder.address, "a holder")?;
        let amount = quantity(&holder.amount, "the amount")?;
        if !seen.insert(address) {
            return refuse(&holder.address, format!("{address} is listed twice"));
        }
        if amount.is_zero() {
            return refuse(&holder.amount, "the amount is zero: leave this holder out");
        }
        left = match left.checked_sub(amount) {
            Some(left) => left,
            None => return refuse(&holder.amount, "with this amount the holders have more than the supply"),
        };
        holders.push(Holder { address, amount });
    }
    Ok(holders)
}
