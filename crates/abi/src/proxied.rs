//! What a program does that runs behind an ERC-1967 proxy, to be upgraded.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, b256};

use crate::{Chain, Revert};

/// The slot in which a proxy has its implementation's address (ERC-1967): keccak256("eip1967.proxy.implementation") - 1.
pub const IMPLEMENTATION_SLOT: B256 = b256!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

/// A contract whose storage is in a namespace, and which can replace its own code.
/// `#[entrypoint(erc7201 = "…")]` implements it, so no other contract can write this slot or delegate a call.
///
/// UNGUARDED: whoever calls these has checked that the caller of the contract may upgrade it.
pub trait Proxied: Chain {
    /// The word in [`IMPLEMENTATION_SLOT`]: zero, unless a proxy's storage is the running one.
    fn stored_implementation(&self) -> B256;
    /// Writes [`IMPLEMENTATION_SLOT`]. The proxy's next call runs this code.
    fn store_implementation(&mut self, implementation: Address);
    /// Runs the code of `to` with this contract's storage, ether, caller and value, and all gas there is. Returns the
    /// return data, or what it reverted with.
    fn delegate(&mut self, to: Address, data: &[u8]) -> Result<Vec<u8>, Revert>;
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{U256, keccak256};

    use super::IMPLEMENTATION_SLOT;

    #[test]
    fn the_slot_is_erc_1967_s() {
        let hash = U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0);
        assert_eq!(IMPLEMENTATION_SLOT.0, (hash - U256::from(1)).to_be_bytes::<32>());
    }
}
