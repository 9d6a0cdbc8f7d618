//! What is refused before a transaction reaches a block, in the order and the words of Nitro's sequencer.

use super::transaction::Transaction;
use crate::{CHAIN_ID, state::AccountState};
use alloy_primitives::{Address, U512};

/// Why a transaction was not taken. The texts are Nitro's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It cannot be executed.
    #[error("{0}")]
    Refused(String),
    /// A condition that it was sent with is not met.
    #[error("{0}")]
    Condition(&'static str),
}

/// Gas of any transaction; a limit below it is refused before anything else is looked at.
const TRANSACTION_GAS: u64 = 21_000;
/// Longest transaction in bytes; Nitro's limit in `--dev`.
const LONGEST: usize = 85_000;

/// Looks at a transaction without the state; its sender.
pub(super) fn sender(transaction: &Transaction) -> Result<Address, String> {
    gas(transaction)?;
    transaction.sender(CHAIN_ID).map_err(|error| error.to_string())
}

/// Looks at the gas limit of a transaction whose sender is known.
pub(super) fn gas(transaction: &Transaction) -> Result<(), String> {
    if transaction.gas < TRANSACTION_GAS { Err(too_little_gas()) } else { Ok(()) }
}

/// Why a transaction does not go into the next block now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// It never will.
    Refused(String),
    /// A transaction before it is missing.
    TooEarly(String),
}

/// Looks at a transaction in the state after the newest block, for a block with that base fee.
pub(super) fn check(
    transaction: &Transaction,
    sender: Address,
    account: AccountState,
    base_fee: u64,
) -> Result<(), Obstacle> {
    let refused = |text| Err(Obstacle::Refused(text));
    if transaction.max_fee < U512::from(base_fee) {
        return refused(format!(
            "max fee per gas less than block base fee: address {sender}, maxFeePerGas: {} baseFee: {base_fee}",
            transaction.max_fee
        ));
    }
    let nonce = |what| format!("nonce {what}: address {sender}, tx: {} state: {}", transaction.nonce, account.nonce);
    if transaction.nonce < account.nonce {
        return refused(nonce("too low"));
    }
    if transaction.gas < intrinsic_gas(transaction) {
        return refused(too_little_gas());
    }
    let cost = U512::from(transaction.gas).saturating_mul(transaction.max_fee).saturating_add(transaction.value);
    if U512::from(account.balance) < cost {
        return refused(format!(
            "insufficient funds for gas * price + value: address {sender} have {} want {cost}",
            account.balance
        ));
    }
    if transaction.raw.len() > LONGEST {
        return refused("oversized data".into());
    }
    if transaction.nonce > account.nonce {
        return Err(Obstacle::TooEarly(nonce("too high")));
    }
    Ok(())
}

fn too_little_gas() -> String {
    "intrinsic gas too low".into()
}

/// Gas that is due before anything is executed: EIP-2028 for data, EIP-3860 for init code, EIP-2930 for the access list,
/// EIP-7702 for authorizations. Whether data has a floor price (EIP-7623)
/// shows when it is executed.
fn intrinsic_gas(transaction: &Transaction) -> u64 {
    let zeros = transaction.input.iter().filter(|byte| **byte == 0).count() as u64;
    let length = transaction.input.len() as u64;
    let creation = if transaction.to.is_none() { 32_000 + 2 * length.div_ceil(32) } else { 0 };
    let keys: usize = transaction.access_list.iter().map(|item| item.storage_keys.len()).sum();
    TRANSACTION_GAS
        + creation
        + 4 * zeros
        + 16 * (length - zeros)
        + 2_400 * transaction.access_list.len() as u64
        + 1_900 * keys as u64
        + 25_000 * transaction.authorizations.len() as u64
}
