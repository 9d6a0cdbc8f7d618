//! Operations of the timelock that are scheduled past the governor.

use alloy::{
    primitives::{B256, Bytes, U256, keccak256},
    sol_types::SolValue,
};

use crate::cast::PAYEE;

/// One that does nothing: its number, and its predecessor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Errand {
    pub(crate) number: u64,
    pub(crate) predecessor: B256,
}

impl Errand {
    /// Each has its own.
    pub(crate) fn salt(&self) -> B256 {
        B256::from(U256::from(self.number))
    }

    /// The timelock's id, by its definition.
    pub(crate) fn id(&self) -> B256 {
        let content = (PAYEE, U256::ZERO, Bytes::new(), self.predecessor, self.salt());
        keccak256(content.abi_encode_params())
    }
}
