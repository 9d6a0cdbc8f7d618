//! Whose code a call runs.

use alloy_primitives::{Address, B256};
use revm::{
    context::JournalTr,
    state::{Account, Bytecode},
};

use super::{ColdAccess, Context};

/// The account that a call goes to.
pub(crate) struct Target {
    /// Hash and code that runs: of the account itself, or of the one it is delegated to (EIP-7702).
    pub(crate) code: (B256, Bytecode),
    /// Whether the account was cold.
    pub(crate) is_cold: bool,
    /// Whether it was empty (EIP-161).
    pub(crate) is_empty: bool,
}

/// Loads the account that is called, follows a delegation, and makes both warm.
///
/// An account that is delegated to a precompile runs nothing.
pub(crate) fn load(context: &mut Context, address: Address) -> Target {
    let Ok(load) = context.journaled_state.load_account_with_code(address);
    let (is_cold, is_empty, code) = (load.is_cold, load.is_empty(), code_of(load.data));
    let Some(delegate) = code.1.eip7702_address() else { return Target { code, is_cold, is_empty } };
    if context.chain.runs_precompile(delegate) {
        return Target { code: Default::default(), is_cold, is_empty };
    }
    let Ok(load) = context.journaled_state.load_account_with_code(delegate);
    Target { code: code_of(load.data), is_cold, is_empty }
}

/// As [`load`], but the account that it is delegated to stays as it was: programs do not pay for its touch.
pub(crate) fn load_for_program(context: &mut Context, address: Address) -> Target {
    let Ok(load) = context.journaled_state.load_account_with_code(address);
    let (is_cold, is_empty, code) = (load.is_cold, load.is_empty(), code_of(load.data));
    let Some(delegate) = code.1.eip7702_address() else { return Target { code, is_cold, is_empty } };
    let code = context.cold_bytecode(delegate);
    Target { code, is_cold, is_empty }
}

fn code_of(account: &Account) -> (B256, Bytecode) {
    (account.info.code_hash, account.info.code.clone().unwrap_or_default())
}
