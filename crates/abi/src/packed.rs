//! Fields of a packed word.

use alloy_primitives::{Address, FixedBytes, U256};

/// What `packed!` can put into a part of a word.
pub trait Field: Sized {
    /// Reads it from its bytes, the high-order byte first.
    fn read(bytes: &[u8]) -> Self;
    /// Writes it to as many bytes as it has in the word. Panics where it needs more.
    fn write(&self, bytes: &mut [u8]);
}

fn number(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0, |value, byte| value << 8 | u128::from(*byte))
}

#[track_caller]
fn set_number(bytes: &mut [u8], mut value: u128) {
    for byte in bytes.iter_mut().rev() {
        *byte = value as u8;
        value >>= 8;
    }
    assert!(value == 0, "a number is wider than its field");
}

macro_rules! unsigned {
    ($($type:ty),*) => { $(
        impl Field for $type {
            fn read(bytes: &[u8]) -> Self {
                number(bytes) as $type
            }

            fn write(&self, bytes: &mut [u8]) {
                set_number(bytes, u128::from(*self));
            }
        }
    )* };
}

unsigned!(u8, u16, u32, u64, u128);

impl Field for U256 {
    fn read(bytes: &[u8]) -> Self {
        Self::from_be_slice(bytes)
    }

    fn write(&self, bytes: &mut [u8]) {
        let all = self.to_be_bytes::<32>();
        let (above, own) = all.split_at(32 - bytes.len());
        assert!(above.iter().all(|byte| *byte == 0), "a number is wider than its field");
        bytes.copy_from_slice(own);
    }
}

impl Field for bool {
    fn read(bytes: &[u8]) -> Self {
        bytes != [0]
    }

    fn write(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&[u8::from(*self)]);
    }
}

impl Field for Address {
    fn read(bytes: &[u8]) -> Self {
        Self::from_slice(bytes)
    }

    fn write(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(self.as_slice());
    }
}

impl<const N: usize> Field for FixedBytes<N> {
    fn read(bytes: &[u8]) -> Self {
        Self::from_slice(bytes)
    }

    fn write(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(self.as_slice());
    }
}
