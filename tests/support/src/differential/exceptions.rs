//! Where ours differs from OpenZeppelin's on purpose. This is the whole list.

use alloy::{
    primitives::U256,
    sol_types::{Panic, SolError},
};

/// What a call answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it succeeded.
    pub success: bool,
    /// What it returned, or reverted with.
    pub data: Vec<u8>,
}

/// Malformed calldata is always refused without data. Solidity's decoder says `Panic(0x41)` where a length is so large that
/// memory for it cannot even be counted, and nothing in all other cases.
pub fn is_intended(ours: &Answer, peer: &Answer) -> bool {
    let too_much_memory = Panic { code: U256::from(0x41) }.abi_encode();
    !ours.success && !peer.success && ours.data.is_empty() && peer.data == too_much_memory
}
