//! What the state holds of an account.

use alloy_primitives::{B256, Bytes, KECCAK256_EMPTY, U256};
use revm::state::{AccountInfo, Bytecode};

/// What the state holds of an account, without its storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountState {
    /// Transactions sent, or contracts made.
    pub nonce: u64,
    /// In wei.
    pub balance: U256,
    /// Keccak of the code; that of nothing for an account without code.
    pub code_hash: B256,
}

impl Default for AccountState {
    fn default() -> Self {
        Self { nonce: 0, balance: U256::ZERO, code_hash: KECCAK256_EMPTY }
    }
}

impl AccountState {
    /// Empty in the sense of EIP-161: such an account is not stored.
    pub fn is_empty(&self) -> bool {
        self.nonce == 0 && self.balance.is_zero() && self.code_hash == KECCAK256_EMPTY
    }

    /// As revm has it, the code left out until it is asked for.
    pub(super) fn info(self) -> AccountInfo {
        let Self { nonce, balance, code_hash } = self;
        AccountInfo { balance, nonce, code_hash, code: None, ..AccountInfo::default() }
    }
}

/// Any bytes as code. What only begins as a delegation does (EIP-7702) is code as any other.
pub(crate) fn bytecode(code: Bytes) -> Bytecode {
    Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code))
}
