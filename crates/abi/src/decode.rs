//! From checked data to Rust values. Arrays and bytes are views: nothing is copied that is not read.

use alloc::vec::Vec;

use alloy_primitives::{Address, FixedBytes, I256, U256};

use crate::{
    List,
    word::{len_at, low_u64_at, low_u128_at, u256_at, word},
};

/// A value that is read from checked data.
pub trait Decode<'a>: Sized {
    /// Whether an offset points at it.
    const DYNAMIC: bool = false;
    /// The number of words in a head.
    const WORDS: usize = 1;
    /// Reads the value that stands at byte `at`, the offset to it followed already.
    fn decode(data: &'a [u8], at: usize) -> Self;
}

/// Reads the value whose head stands at byte `at` of a tuple or array that begins at `base`.
pub(crate) fn read<'a, T: Decode<'a>>(data: &'a [u8], base: usize, at: usize) -> T {
    // Neither sum leaves the data once it is checked; what is not checked reads as zero.
    T::decode(data, if T::DYNAMIC { base.wrapping_add(len_at(data, at)) } else { at })
}

/// The checked calldata of a call, behind the selector; or a struct within it.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    data: &'a [u8],
    base: usize,
}

impl<'a> Args<'a> {
    /// Views over `data`, which [`crate::check()`] has accepted for the types that will be read.
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, base: 0 }
    }

    /// The struct whose encoding begins at byte `base`.
    pub fn of_struct(data: &'a [u8], base: usize) -> Self {
        Self { data, base }
    }

    /// The whole calldata: the selector and what follows it.
    pub fn with_selector(self, selector: [u8; 4]) -> Vec<u8> {
        let mut calldata = Vec::with_capacity(4 + self.data.len());
        calldata.extend_from_slice(&selector);
        calldata.extend_from_slice(self.data);
        calldata
    }

    /// The value whose head begins at the `index`-th word.
    pub fn get<T: Decode<'a>>(self, index: usize) -> T {
        read(self.data, self.base, self.base.wrapping_add(32 * index))
    }
}

impl<'a> Decode<'a> for &'a [u8] {
    const DYNAMIC: bool = true;

    fn decode(data: &'a [u8], at: usize) -> Self {
        let start = at.wrapping_add(32);
        data.get(start..start.wrapping_add(len_at(data, at))).unwrap_or_default()
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for List<'a, T> {
    const DYNAMIC: bool = true;

    fn decode(data: &'a [u8], at: usize) -> Self {
        List::new(data, at.wrapping_add(32), len_at(data, at))
    }
}

impl<'a, T: Decode<'a>, const N: usize> Decode<'a> for [T; N] {
    const DYNAMIC: bool = T::DYNAMIC;
    const WORDS: usize = if T::DYNAMIC { 1 } else { N * T::WORDS };

    fn decode(data: &'a [u8], at: usize) -> Self {
        core::array::from_fn(|i| read(data, at, at.wrapping_add(32 * i * head::<T>())))
    }
}

impl Decode<'_> for bool {
    fn decode(data: &[u8], at: usize) -> Self {
        word(data, at)[31] != 0
    }
}

impl Decode<'_> for U256 {
    fn decode(data: &[u8], at: usize) -> Self {
        u256_at(data, at)
    }
}

impl Decode<'_> for I256 {
    fn decode(data: &[u8], at: usize) -> Self {
        Self::from_raw(u256_at(data, at))
    }
}

impl Decode<'_> for Address {
    fn decode(data: &[u8], at: usize) -> Self {
        let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] = word(data, at);
        Self::new(*address)
    }
}

impl<const N: usize> Decode<'_> for FixedBytes<N> {
    fn decode(data: &[u8], at: usize) -> Self {
        Self::new(word(data, at).first_chunk().copied().unwrap_or([0; N]))
    }
}

macro_rules! integers {
    ($($ty:ty, $read:ident;)*) => { $(
        impl Decode<'_> for $ty {
            fn decode(data: &[u8], at: usize) -> Self {
                // The check has proven that the number fits, so that nothing is cut off.
                $read(data, at) as $ty
            }
        }
    )* };
}

integers! {
    u8, low_u64_at; u16, low_u64_at; u32, low_u64_at; u64, low_u64_at; u128, low_u128_at;
    i8, low_u64_at; i16, low_u64_at; i32, low_u64_at; i64, low_u64_at; i128, low_u128_at;
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<'a, $($name: Decode<'a>),*> Decode<'a> for ($($name,)*) {
            const DYNAMIC: bool = false $(|| $name::DYNAMIC)*;
            const WORDS: usize = if Self::DYNAMIC { 1 } else { 0 $(+ head::<$name>())* };

            #[allow(non_snake_case)]
            fn decode(data: &'a [u8], at: usize) -> Self {
                let mut next = at;
                $(
                    let $name = read(data, at, next);
                    next = next.wrapping_add(32 * head::<$name>());
                )*
                let _ = next;
                ($($name,)*)
            }
        }
    };
}

/// The words a value takes in a head: one offset if it is dynamic.
const fn head<'a, T: Decode<'a>>() -> usize {
    if T::DYNAMIC { 1 } else { T::WORDS }
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
