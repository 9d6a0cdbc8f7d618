//! What is checked of a message and taken from its sender before it runs: go-ethereum's order.

use std::sync::Arc;

use alloy_primitives::U256;
use revm::context::{JournalTr, journaled_state::account::JournaledAccountTr};

use super::{Context, Message, Mode, Refusal};

/// What can be refused by looking at the sender and the fees.
pub(super) fn check(
    context: &mut Context,
    message: &Message,
    mode: Mode,
    base_fee: u64,
    with_tip: bool,
) -> Result<(), Refusal> {
    let address = message.from;
    let Ok(sender) = context.journaled_state.load_account_with_code(address);
    let state = sender.info.nonce;
    if let Some(tx) = message.nonce.filter(|_| mode.checks_nonce()) {
        if state < tx {
            return Err(Refusal::NonceTooHigh { address, tx, state });
        }
        if state > tx {
            return Err(Refusal::NonceTooLow { address, tx, state });
        }
        if state == u64::MAX {
            return Err(Refusal::NonceMax { address, nonce: state });
        }
    }
    if mode == Mode::Transaction
        && !message.forged
        && let Some(code) = sender.info.code.as_ref().filter(|code| !code.is_empty() && !code.is_eip7702())
    {
        return Err(Refusal::SenderHasCode { address, len: code.len() });
    }
    if !message.is_free(mode) {
        let (cap, tip) = (message.max_fee_per_gas, message.max_priority_fee_per_gas);
        let base = U256::from(base_fee);
        // A price above the base fee is lowered to it, and the tip is forgotten with it, unless tips are paid.
        let tip_counts = with_tip || message.price(base_fee) <= base;
        if tip_counts && cap < tip {
            return Err(Refusal::TipAboveFeeCap { address, tip, cap });
        }
        if cap < base {
            return Err(Refusal::FeeCapTooLow { address, cap, base_fee });
        }
    }
    if let Some(authorizations) = &message.authorizations {
        if message.to.is_create() {
            return Err(Refusal::SetCodeCreates(address));
        }
        if authorizations.is_empty() {
            return Err(Refusal::EmptyAuthorizations(address));
        }
    }
    Ok(())
}

/// Takes the price of all gas from the sender; `price` is of one, in wei.
pub(super) fn buy_gas(context: &mut Context, message: &Message, price: U256) -> Result<(), Refusal> {
    let address = message.from;
    let limit = U256::from(message.gas_limit);
    let want = limit
        .checked_mul(message.max_fee_per_gas)
        .and_then(|cost| cost.checked_add(message.value))
        .ok_or(Refusal::CostOverflow(address))?;
    let Ok(mut sender) = context.journaled_state.load_account_mut(address);
    let have = *sender.data.balance();
    if have < want {
        return Err(Refusal::InsufficientFunds { address, have, want });
    }
    sender.data.decr_balance(limit * price);
    Ok(())
}

/// Gas that a message costs before it runs, and the least that it costs in all where calldata has a floor price (EIP-7623).
pub(super) fn intrinsic_gas(context: &mut Context, message: &Message) -> Result<(u64, u64), Refusal> {
    let slots = message.access_list.iter().map(|item| item.storage_keys.len() as u64).sum();
    let gas = context.cfg.gas_params.initial_tx_gas(
        &message.input,
        message.to.is_create(),
        message.access_list.len() as u64,
        slots,
        message.authorizations.as_ref().map_or(0, Vec::len) as u64,
        None,
    );
    let (have, want, floor) = (message.gas_limit, gas.initial_regular_gas, gas.floor_gas);
    if have < want {
        return Err(Refusal::IntrinsicGas { have, want });
    }
    // Whether there is a floor is asked only where that matters.
    let runtime = Arc::clone(&context.chain.runtime);
    if have < floor && runtime.hooks.has_calldata_floor(context) {
        return Err(Refusal::FloorGas { have, want: floor });
    }
    Ok((want, floor))
}

/// What can be refused only after the gas was bought: value that is not there, and init code that is too long.
pub(super) fn check_value_and_init_code(context: &mut Context, message: &Message) -> Result<(), Refusal> {
    let Ok(sender) = context.journaled_state.load_account(message.from);
    if sender.info.balance < message.value {
        return Err(Refusal::InsufficientFundsForTransfer(message.from));
    }
    // EIP-3860.
    let (size, limit) = (message.input.len(), context.chain.runtime.code_limit.saturating_mul(2));
    if message.to.is_create() && size > limit {
        return Err(Refusal::InitCodeTooLarge { size, limit });
    }
    Ok(())
}
