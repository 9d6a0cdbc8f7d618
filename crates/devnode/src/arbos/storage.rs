//! ArbOS' storage: a tree of spaces, all kept as slots of one account.
//!
//! A space has a key: the root's is empty, a child's is `keccak256(parent's key ‖ id)`. Slot `n` of a space lies at
//! `keccak256(key ‖ n without its last byte)`, with the last byte of the hash replaced by that of `n`, so that 256
//! neighbours share a page. (Nitro `arbos/storage/storage.go`.)

use alloy_primitives::{Address, B256, Keccak256, U256, keccak256};

use crate::evm::Resource;
pub(crate) use nitro::ARBOS_STATE;

/// Gas of reading a slot (SLOAD as of EIP-2200; ArbOS knows no warm slots).
pub(crate) const READ_GAS: u64 = 800;
/// Gas of writing a value other than zero.
pub(crate) const WRITE_GAS: u64 = 20_000;
/// Gas of writing zero.
pub(crate) const CLEAR_GAS: u64 = 5_000;

/// A space of 256-bit keys and values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space(Option<B256>);

impl Space {
    /// The space that all others lie in.
    pub(crate) const ROOT: Self = Self(None);

    /// The space of that name in this one.
    pub(crate) fn child(self, id: impl AsRef<[u8]>) -> Self {
        let mut hasher = Keccak256::new();
        hasher.update(self.key());
        hasher.update(id);
        Self(Some(hasher.finalize()))
    }

    /// Where the value of a key is kept.
    pub(crate) fn slot(self, key: B256) -> U256 {
        let mut hasher = Keccak256::new();
        hasher.update(self.key());
        hasher.update(&key[..31]);
        let mut slot = hasher.finalize();
        slot[31] = key[31];
        slot.into()
    }

    /// Where the value of a number is kept.
    pub(crate) fn at(self, index: u64) -> U256 {
        self.slot(U256::from(index).into())
    }

    /// Where the value of an address is kept.
    pub(crate) fn of(self, address: Address) -> U256 {
        self.slot(address.into_word())
    }

    fn key(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |key| key.as_slice())
    }
}

/// Reading and writing ArbOS' state, at a price or for free.
pub(crate) trait Ledger {
    /// Why an access may fail; cannot be made where access is free.
    type Error;

    /// Reads a slot of [`ARBOS_STATE`] without paying.
    fn load(&mut self, slot: U256) -> U256;

    /// Writes a slot of [`ARBOS_STATE`] without paying.
    fn save(&mut self, slot: U256, value: U256);

    /// Pays gas, which is used for a resource.
    fn burn(&mut self, resource: Resource, gas: u64) -> Result<(), Self::Error>;

    /// Tells who records the message that a slot is read, or that it will have this value.
    fn shown(&mut self, _slot: U256, _value: Option<U256>) {}

    /// Fails if nothing may be written.
    fn writable(&self) -> Result<(), Self::Error>;

    /// Reads a slot.
    fn get(&mut self, slot: U256) -> Result<U256, Self::Error> {
        self.burn(Resource::StorageRead, READ_GAS)?;
        self.shown(slot, None);
        Ok(self.load(slot))
    }

    /// Writes a slot.
    fn set(&mut self, slot: U256, value: U256) -> Result<(), Self::Error> {
        self.writable()?;
        self.burn(Resource::StorageWrite, if value.is_zero() { CLEAR_GAS } else { WRITE_GAS })?;
        self.shown(slot, Some(value));
        self.save(slot, value);
        Ok(())
    }

    /// Reads a slot that holds a number of at most 64 bits.
    fn get_u64(&mut self, slot: U256) -> Result<u64, Self::Error> {
        self.get(slot).map(low_u64)
    }

    /// Writes a number of at most 64 bits.
    fn set_u64(&mut self, slot: U256, value: u64) -> Result<(), Self::Error> {
        self.set(slot, U256::from(value))
    }

    /// Reads a slot that holds an address.
    fn get_address(&mut self, slot: U256) -> Result<Address, Self::Error> {
        self.get(slot).map(|word| Address::from_word(word.into()))
    }

    /// Writes an address.
    fn set_address(&mut self, slot: U256, value: Address) -> Result<(), Self::Error> {
        self.set(slot, value.into_word().into())
    }

    /// Hashes, at the price of the opcode.
    fn keccak(&mut self, data: &[u8]) -> Result<B256, Self::Error> {
        self.burn(Resource::Computation, 30 + 6 * words(data.len()))?;
        Ok(keccak256(data))
    }

    /// Reads bytes: their length at 0, then 32 a slot, the last of them at the low end of theirs.
    fn get_bytes(&mut self, space: Space) -> Result<Vec<u8>, Self::Error> {
        let mut left = self.get_u64(space.at(0))? as usize;
        let mut bytes = Vec::with_capacity(left);
        let mut index = 1;
        while left >= 32 {
            bytes.extend(self.get(space.at(index))?.to_be_bytes::<32>());
            left -= 32;
            index += 1;
        }
        bytes.extend(&self.get(space.at(index))?.to_be_bytes::<32>()[32 - left..]);
        Ok(bytes)
    }

    /// Replaces bytes.
    fn set_bytes(&mut self, space: Space, bytes: &[u8]) -> Result<(), Self::Error> {
        let mut left = self.get_u64(space.at(0))?;
        let mut index = 1;
        while left > 0 {
            self.set(space.at(index), U256::ZERO)?;
            index += 1;
            left = left.saturating_sub(32);
        }
        self.set(space.at(0), U256::ZERO)?;
        self.set_u64(space.at(0), bytes.len() as u64)?;
        let (whole, rest) = bytes.as_chunks::<32>();
        let mut index = 1;
        for word in whole {
            self.set(space.at(index), U256::from_be_bytes(*word))?;
            index += 1;
        }
        self.set(space.at(index), U256::from_be_slice(rest))
    }
}

/// The low 64 bits.
pub(crate) fn low_u64(word: U256) -> u64 {
    word.as_limbs()[0]
}

/// How many words of 32 bytes hold so many bytes.
pub(crate) fn words(bytes: usize) -> u64 {
    bytes.div_ceil(32) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::ledgers::LedgerDraft;
    use alloy_primitives::uint;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_come_back_and_leave_nothing_behind(
            first in prop::collection::vec(any::<u8>(), 0..200),
            second in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let (space, mut state) = (Space::ROOT.child([9]), LedgerDraft::default());
            for bytes in [&first, &second] {
                let Ok(()) = state.set_bytes(space, bytes);
                let Ok(read) = state.get_bytes(space);
                prop_assert_eq!(&read, bytes);
            }
            let Ok(()) = state.set_bytes(space, &[]);
            prop_assert!(state.0.is_empty());
        }
    }

    /// Slots that traces of a Nitro node name.
    #[test]
    fn slots_are_where_nitro_has_them() {
        let expect = |slot: U256, hex: U256| assert_eq!(slot, hex, "{slot:x}");
        expect(Space::ROOT.at(0), uint!(0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400_U256));
        let l1 = Space::ROOT.child([0]);
        expect(l1.at(6), uint!(0xa9f6f085d78d1d37c5819e5c16c9e03198bd14e08cd1f6f8191bc6207b9e9706_U256));
        let l2 = Space::ROOT.child([1]);
        expect(l2.at(4), uint!(0xe54de2a4cdacc0a0059d2b6e16348103df8c4aff409c31e40ec73d11926c8204_U256));
        expect(
            Space::ROOT.child([6]).at(0),
            uint!(0x3c79da47f96b0f39664f73c0a1f350580be90742947dddfa21ba64d578dfe600_U256),
        );
    }
}
