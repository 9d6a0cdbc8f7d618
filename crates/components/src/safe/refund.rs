//! Paying whoever sent the transaction, or whom the owners named, for its gas.

use alloy_primitives::{Address, U256};
use consilium_abi::{Revert, encode_call, ensure, sol};
use stylus_sdk::prelude::*;

use super::reasons::{ETHER_REFUND_FAILED, TOKEN_REFUND_FAILED};
use super::rules;
use super::version::Version;

/// `transfer(address,uint256)`.
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];
/// The gas that is kept back when a token is paid.
const KEPT_OF_TOKEN: u64 = 10_000;

/// Pays for so much gas at a price, in ether or in a token; what was paid. Ether is paid at the block's base
/// fee where that is less. On a chain that does not collect tips this is what GASPRICE answers to Solidity. A program
/// (`tx_gas_price`) is told the price with the tip that the sender offers, also where the chain does not take it: nobody
/// is paid for a tip that was not paid. Nothing tells a program whether tips are collected. Where they are
/// (`ArbOwner.setCollectTips`), the refund omits the tip that whoever sent it paid, and Safe's own has it.
///
/// Who is paid may call the Safe again. Nothing is read before and used after.
///
/// UNGUARDED: whoever calls this has checked that the owners agreed to the price.
pub(super) fn pay<S: Version>(
    safe: &mut S,
    gas_used: U256,
    base_gas: U256,
    gas_price: U256,
    token: Address,
    receiver: Address,
) -> Result<U256, Revert> {
    let receiver = if receiver.is_zero() { safe.vm().tx_origin() } else { receiver };
    if token.is_zero() {
        let price = gas_price.min(safe.vm().block_basefee());
        let payment = rules::payment(gas_used, base_gas, price).ok_or_else(Revert::empty)?;
        let gas = S::payee_gas(payment);
        ensure!(safe.call_with_gas(gas, receiver, payment, &[], 0).is_ok(), ETHER_REFUND_FAILED);
        Ok(payment)
    } else {
        let payment = rules::payment(gas_used, base_gas, gas_price).ok_or_else(Revert::empty)?;
        ensure!(transfer(safe, token, receiver, payment), TOKEN_REFUND_FAILED);
        Ok(payment)
    }
}

/// Whether a token moved: it did not fail, and answered nothing or one word that is not zero. An account without
/// code moves nothing and answers nothing; owners name their tokens.
fn transfer<S: Version>(safe: &mut S, token: Address, receiver: Address, amount: U256) -> bool {
    let call = encode_call::<(sol::Address, sol::Uint<256>)>(TRANSFER, &(&receiver, &amount));
    let gas = safe.vm().evm_gas_left().wrapping_sub(KEPT_OF_TOKEN);
    // One byte more than a word: an answer that is longer is none.
    match safe.call_with_gas(gas, token, U256::ZERO, &call, 33) {
        Ok(answer) => answer.is_empty() || (answer.len() == 32 && answer.iter().any(|byte| *byte != 0)),
        Err(_) => false,
    }
}
