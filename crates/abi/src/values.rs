//! Which Rust values can be encoded as which Solidity types.

use alloc::{string, vec::Vec};

use alloy_primitives::{Address, FixedBytes, I256, Uint};

use crate::{
    Decode, List,
    encode::{Encode, Encoder, head},
    sol::{self, SolType},
};

impl<S, T: Encode<S> + ?Sized> Encode<S> for &T {
    fn encode(&self, to: &mut Encoder) {
        (**self).encode(to);
    }
}

/// Stops the program where a number does not fit the width its interface declares: what was done is undone.
#[inline]
fn fits(fits: bool) {
    assert!(fits, "a number does not fit the width that its declaration gives it");
}

macro_rules! unsigned {
    ($($ty:ty),*) => { $(
        impl<const BITS: usize> Encode<sol::Uint<BITS>> for $ty {
            fn encode(&self, to: &mut Encoder) {
                if BITS < <$ty>::BITS as usize {
                    fits(*self >> BITS == 0);
                }
                to.number(u128::from(*self));
            }
        }
    )* };
}

macro_rules! signed {
    ($($ty:ty),*) => { $(
        impl<const BITS: usize> Encode<sol::Int<BITS>> for $ty {
            fn encode(&self, to: &mut Encoder) {
                if BITS < <$ty>::BITS as usize {
                    let sign = *self >> (BITS - 1);
                    fits(sign == 0 || sign == -1);
                }
                to.signed(i128::from(*self));
            }
        }
    )* };
}

unsigned!(u8, u16, u32, u64, u128);
signed!(i8, i16, i32, i64, i128);

impl<const BITS: usize, const WIDTH: usize, const LIMBS: usize> Encode<sol::Uint<BITS>> for Uint<WIDTH, LIMBS> {
    fn encode(&self, to: &mut Encoder) {
        if BITS < WIDTH {
            fits(self.bit_len() <= BITS);
        }
        let mut word = [0; 32];
        for (to, limb) in word.rchunks_exact_mut(8).zip(self.as_limbs()) {
            to.copy_from_slice(&limb.to_be_bytes());
        }
        to.word(&word);
    }
}

impl<const BITS: usize> Encode<sol::Int<BITS>> for I256 {
    fn encode(&self, to: &mut Encoder) {
        let raw = self.into_raw();
        // A negative number has as many bits as its complement, and each a sign more.
        fits((if self.is_negative() { !raw } else { raw }).bit_len() < BITS);
        to.word(&raw.to_be_bytes());
    }
}

impl Encode<sol::Bool> for bool {
    fn encode(&self, to: &mut Encoder) {
        to.number(u128::from(*self));
    }
}

impl Encode<sol::Address> for Address {
    fn encode(&self, to: &mut Encoder) {
        to.word(&self.into_word().0);
    }
}

impl<const N: usize> Encode<sol::FixedBytes<N>> for [u8; N] {
    fn encode(&self, to: &mut Encoder) {
        let mut word = [0; 32];
        word[..N].copy_from_slice(self);
        to.word(&word);
    }
}

impl<const N: usize> Encode<sol::FixedBytes<N>> for FixedBytes<N> {
    fn encode(&self, to: &mut Encoder) {
        Encode::<sol::FixedBytes<N>>::encode(&self.0, to);
    }
}

macro_rules! bytes {
    ($($ty:ty as $sol:ty),*) => { $(
        impl Encode<$sol> for $ty {
            fn encode(&self, to: &mut Encoder) {
                to.bytes(self.as_ref());
            }
        }
    )* };
}

bytes!([u8] as sol::Bytes, Vec<u8> as sol::Bytes, [u8] as sol::String, Vec<u8> as sol::String);
bytes!(str as sol::String, string::String as sol::String);

impl<const N: usize> Encode<sol::Bytes> for [u8; N] {
    fn encode(&self, to: &mut Encoder) {
        to.bytes(self);
    }
}

impl<const N: usize> Encode<sol::String> for [u8; N] {
    fn encode(&self, to: &mut Encoder) {
        to.bytes(self);
    }
}

impl<S: SolType, T: Encode<S>> Encode<sol::Array<S>> for [T] {
    fn encode(&self, to: &mut Encoder) {
        let outer = to.array(self.len(), head::<S>());
        for element in self {
            element.encode(to);
        }
        to.end(outer);
    }
}

impl<S: SolType, T: Encode<S>> Encode<sol::Array<S>> for Vec<T> {
    fn encode(&self, to: &mut Encoder) {
        self.as_slice().encode(to);
    }
}

impl<S: SolType, T: Encode<S>, const N: usize> Encode<sol::Array<S>> for [T; N] {
    fn encode(&self, to: &mut Encoder) {
        self.as_slice().encode(to);
    }
}

impl<'a, S: SolType, T: Encode<S> + Decode<'a>> Encode<sol::Array<S>> for List<'a, T> {
    fn encode(&self, to: &mut Encoder) {
        let outer = to.array(self.len(), head::<S>());
        for element in self.iter() {
            element.encode(to);
        }
        to.end(outer);
    }
}

impl<S: SolType, T: Encode<S>, const N: usize> Encode<sol::FixedArray<S, N>> for [T; N] {
    fn encode(&self, to: &mut Encoder) {
        let outer = S::DYNAMIC.then(|| {
            to.offset();
            to.begin(N)
        });
        for element in self {
            element.encode(to);
        }
        if let Some(outer) = outer {
            to.end(outer);
        }
    }
}
