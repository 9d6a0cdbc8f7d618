//! What a program does that runs behind an ERC-1967 proxy, to be upgraded.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, b256};

use crate::{Chain, Constant, Revert};

/// The slot in which a proxy has its implementation's address (ERC-1967): keccak256("eip1967.proxy.implementation") - 1.
pub const IMPLEMENTATION_SLOT: Constant =
    Constant::new(b256!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"));

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

/// The slot of a storage, and the byte in it, where each field begins by Solidity's rules. Of each field is given how many
/// bytes it takes, and how many whole slots.
#[doc(hidden)]
pub const fn places<const N: usize>(fields: [(usize, usize); N]) -> [(u8, u8); N] {
    let mut places = [(0, 0); N];
    let (mut slot, mut space, mut index) = (0, 32, 0);
    while index < N {
        let (bytes, slots) = fields[index];
        if space < bytes {
            (slot, space) = (slot + 1, 32);
        }
        space -= bytes;
        assert!(slot < 256, "a namespace has 256 slots");
        places[index] = (slot as u8, space as u8);
        if slots > 0 {
            (slot, space) = (slot + slots, 32);
        }
        index += 1;
    }
    places
}

/// A slot of the namespace with this root. The root ends in a zero byte, so nothing has to be carried.
#[doc(hidden)]
#[inline(always)]
pub fn slot(root: &U256, slot: u8) -> U256 {
    let mut limbs = *root.as_limbs();
    limbs[0] |= u64::from(slot);
    U256::from_limbs(limbs)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{U256, keccak256};

    use super::{IMPLEMENTATION_SLOT, places, slot};

    #[test]
    fn fields_share_a_slot_while_they_fit() {
        let placed = places([(20, 0), (8, 0), (5, 0), (32, 0), (32, 2), (1, 0)]);
        assert_eq!(placed, [(0, 12), (0, 4), (1, 27), (2, 0), (3, 0), (5, 31)]);
    }

    #[test]
    fn slots_follow_the_root() {
        let root = U256::from(7) << 8;
        assert_eq!(slot(&root, 255), root + U256::from(255));
    }

    #[test]
    fn the_slot_is_erc_1967_s() {
        let hash = U256::from_be_bytes(keccak256("eip1967.proxy.implementation").0);
        assert_eq!(IMPLEMENTATION_SLOT.word(), (hash - U256::from(1)).to_be_bytes::<32>());
    }
}
