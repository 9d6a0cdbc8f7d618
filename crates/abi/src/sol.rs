//! Solidity's types as Rust types without values: what an encoding is *as*.
//!
//! A Rust value may be encoded as more than one Solidity type (a `u64` as `uint48`), so [`crate::Encode`] names the
//! one that is meant. A tuple of these is the type of a tuple, and of parameter lists.

use core::marker::PhantomData;

/// A Solidity type.
pub trait SolType {
    /// Whether an offset points at it.
    const DYNAMIC: bool = false;
    /// The number of words in a head.
    const WORDS: usize = 1;
}

/// `uint8` to `uint256`, by bits.
pub struct Uint<const BITS: usize>;
/// `int8` to `int256`, by bits.
pub struct Int<const BITS: usize>;
/// `address`.
pub struct Address;
/// `bool`.
pub struct Bool;
/// `bytes1` to `bytes32`, by bytes.
pub struct FixedBytes<const N: usize>;
/// `bytes`.
pub struct Bytes;
/// `string`.
pub struct String;
/// `T[]`.
pub struct Array<T>(PhantomData<T>);
/// `T[N]`.
pub struct FixedArray<T, const N: usize>(PhantomData<T>);

impl<const BITS: usize> SolType for Uint<BITS> {}
impl<const BITS: usize> SolType for Int<BITS> {}
impl SolType for Address {}
impl SolType for Bool {}
impl<const N: usize> SolType for FixedBytes<N> {}

impl SolType for Bytes {
    const DYNAMIC: bool = true;
}

impl SolType for String {
    const DYNAMIC: bool = true;
}

impl<T: SolType> SolType for Array<T> {
    const DYNAMIC: bool = true;
}

impl<T: SolType, const N: usize> SolType for FixedArray<T, N> {
    const DYNAMIC: bool = T::DYNAMIC;
    const WORDS: usize = if T::DYNAMIC { 1 } else { N * T::WORDS };
}
