//! Fields of a packed word.

use alloy_primitives::{Address, FixedBytes, U256};

/// What `packed!` can put into a part of a word.
pub trait Field: Sized {
    /// Reads it from its bytes, the high-order byte first.
    fn read(bytes: &[u8]) -> Self;
    /// Writes it to as many bytes as it has in the word. Panics where it needs more.
    fn write(&self, bytes: &mut [u8]);
}

/// Numbers of up to 64 bits share this: on a 32-bit machine `u128` costs more.
#[inline(never)]
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[inline(never)]
fn set_number(bytes: &mut [u8], mut value: u64) {
    for byte in bytes.iter_mut().rev() {
        *byte = value as u8;
        value >>= 8;
    }
    assert!(value == 0, "a number is wider than its field");
}

macro_rules! unsigned {
    ($($type:ty),*) => { $(
        impl Field for $type {
            #[inline(always)]
            fn read(bytes: &[u8]) -> Self {
                // A field of just this width needs no loop, and holds every value.
                match bytes.try_into() {
                    Ok(exact) => Self::from_be_bytes(exact),
                    Err(_) => number(bytes) as $type,
                }
            }

            #[inline(always)]
            fn write(&self, bytes: &mut [u8]) {
                if bytes.len() == size_of::<$type>() {
                    bytes.copy_from_slice(&self.to_be_bytes());
                } else {
                    set_number(bytes, u64::from(*self));
                }
            }
        }
    )* };
}

unsigned!(u8, u16, u32, u64);

impl Field for u128 {
    fn read(bytes: &[u8]) -> Self {
        bytes.iter().fold(0, |value, byte| value << 8 | u128::from(*byte))
    }

    fn write(&self, bytes: &mut [u8]) {
        let mut value = *self;
        for byte in bytes.iter_mut().rev() {
            *byte = value as u8;
            value >>= 8;
        }
        assert!(value == 0, "a number is wider than its field");
    }
}

impl Field for U256 {
    #[inline]
    fn read(bytes: &[u8]) -> Self {
        let mut all = [0; 32];
        all[32 - bytes.len()..].copy_from_slice(bytes);
        Self::from_be_bytes(all)
    }

    #[inline]
    fn write(&self, bytes: &mut [u8]) {
        assert!(self.bit_len() <= 8 * bytes.len(), "a number is wider than its field");
        bytes.copy_from_slice(&self.to_be_bytes::<32>()[32 - bytes.len()..]);
    }
}

impl Field for bool {
    #[inline]
    fn read(bytes: &[u8]) -> Self {
        bytes.first() != Some(&0)
    }

    #[inline]
    fn write(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&[u8::from(*self)]);
    }
}

impl Field for Address {
    #[inline]
    fn read(bytes: &[u8]) -> Self {
        Self::from_slice(bytes)
    }

    #[inline]
    fn write(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(self.as_slice());
    }
}

impl<const N: usize> Field for FixedBytes<N> {
    #[inline]
    fn read(bytes: &[u8]) -> Self {
        Self::from_slice(bytes)
    }

    #[inline]
    fn write(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(self.as_slice());
    }
}
