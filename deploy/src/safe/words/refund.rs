//! What is promised and paid besides the call.

use alloy::primitives::{Address, U256};

use super::{Names, whose};
use crate::safe::transaction::Transaction;

/// The refund, and what the gas means for the nonce.
pub(super) fn told(transaction: &Transaction, safe: Address, names: &Names) -> Vec<String> {
    let Transaction { safe_tx_gas, base_gas, gas_price, gas_token, refund_receiver, .. } = transaction;
    let mut lines = Vec::new();
    if gas_price.is_zero() {
        if !safe_tx_gas.is_zero() {
            lines.push(format!("the call gets {safe_tx_gas} gas at least; if it fails, the nonce is used up"));
        }
        return lines;
    }
    let in_ether = gas_token.is_zero();
    let unit = if in_ether { "wei".to_owned() } else { format!("units of {}", whose(*gas_token, safe, names)) };
    let whom =
        if refund_receiver.is_zero() { "whoever sends it".to_owned() } else { whose(*refund_receiver, safe, names) };
    lines.push(format!(
        "PAYS A REFUND: {gas_price} {unit} for each gas (the call's, up to {safe_tx_gas}, and {base_gas}) to {whom}"
    ));
    let least = gas_price.checked_mul(*base_gas);
    let most = safe_tx_gas.checked_add(*base_gas).and_then(|gas| gas_price.checked_mul(gas));
    let less = if in_ether { "; less if a gas costs the sender less" } else { "" };
    lines.push(match (least, most) {
        (Some(least), Some(most)) => format!("the refund is at least {least} and about {most} {unit} in all{less}"),
        _ => format!("the refund may be more than {} {unit} in all", U256::MAX),
    });
    lines.push(format!("the call gets {safe_tx_gas} gas; if it fails, the nonce is used up, and the refund is paid"));
    lines
}
