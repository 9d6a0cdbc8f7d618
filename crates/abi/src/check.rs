//! The one decoder's check: is this calldata what the types say, by Solidity's rules?
//!
//! It runs before a method, over the whole calldata, and makes nothing. The views that arguments are made of read
//! checked data only. It is not generic: the types are given as [`kind`] codes.

use crate::word::{Word, try_len, try_word};

/// How types are written for the decoder: one byte for an elementary type, a prefix for a composed one.
pub mod kind {
    /// `uint8` is 0, `uint256` is 31: the number of bytes less one. An `address` is a `uint160`.
    pub const UINT: u8 = 0;
    /// `int8` is 32, `int256` is 63.
    pub const INT: u8 = 32;
    /// `bytes1` is 64, `bytes32` is 95.
    pub const FIXED_BYTES: u8 = 64;
    /// `bool`.
    pub const BOOL: u8 = 96;
    /// `bytes` and `string`, behind an offset.
    pub const BYTES: u8 = 97;
    /// `T[]`, behind an offset; the length of the code of `T` and the code follow.
    pub const ARRAY: u8 = 98;
    /// `T[k]` in place; `k`, the length of the code of `T` and the code follow.
    pub const FIXED_ARRAY: u8 = 99;
    /// A struct or tuple in place; the number of its fields and their codes follow.
    pub const STRUCT: u8 = 100;
    /// An offset points at what follows: a fixed array or a struct with something dynamic in it.
    pub const FOLLOW: u8 = 101;
    /// No type: what the codes of a function that takes value begin with.
    pub const PAYABLE: u8 = 102;
}

/// Whether `data` (calldata behind the selector, or return data) is a valid encoding of the types in `kinds`.
///
/// Accepts and refuses exactly what the decoder of `solc` (ABI coder v2) does: see "What is refused" in the crate's
/// documentation. The time is proportional to the number of elements named, each of which stands on a word of `data`.
pub fn check(kinds: &[u8], data: &[u8]) -> bool {
    let (mut rest, mut at) = (kinds, 0);
    while !rest.is_empty() {
        match value(rest, data, 0, &mut at) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

/// Checks one value whose head is at `at` of a tuple or array that begins at `base`, moves `at` behind the head, and
/// returns the codes that follow the value's own.
fn value<'k>(kinds: &'k [u8], data: &[u8], base: usize, at: &mut usize) -> Option<&'k [u8]> {
    let (&code, rest) = kinds.split_first()?;
    match code {
        kind::BYTES => {
            let start = follow(data, base, at)?;
            let length = try_len(try_word(data, start)?)?;
            let end = start.checked_add(32)?.checked_add(length)?;
            (end <= data.len()).then_some(rest)
        }
        kind::ARRAY => {
            let (of, rest) = element(rest)?;
            let start = follow(data, base, at)?;
            let length = try_len(try_word(data, start)?)?;
            let first = start + 32;
            // An element takes at least a word, so data that is too short ends this early, whatever the length says.
            let mut next = first;
            for _ in 0..length {
                value(of, data, first, &mut next)?;
            }
            Some(rest)
        }
        kind::FIXED_ARRAY => {
            let (&length, rest) = rest.split_first()?;
            let (of, rest) = element(rest)?;
            for _ in 0..length {
                value(of, data, base, at)?;
            }
            Some(rest)
        }
        kind::STRUCT => {
            let (&count, mut fields) = rest.split_first()?;
            for _ in 0..count {
                fields = value(fields, data, base, at)?;
            }
            Some(fields)
        }
        kind::FOLLOW => {
            let start = follow(data, base, at)?;
            value(rest, data, start, &mut { start })
        }
        _ => {
            let word = try_word(data, *at)?;
            *at += 32;
            elementary(code, word).then_some(rest)
        }
    }
}

/// Where the offset at `at` leads, seen from `base`.
fn follow(data: &[u8], base: usize, at: &mut usize) -> Option<usize> {
    let offset = try_len(try_word(data, *at)?)?;
    *at += 32;
    base.checked_add(offset)
}

/// The code of an array's elements, and the codes behind it.
fn element(kinds: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = kinds.split_first()?;
    rest.split_at_checked(length.into())
}

/// Whether the bytes that the type does not use are what they must be.
fn elementary(code: u8, word: &Word) -> bool {
    let used = usize::from(code % 32) + 1;
    let (high, low) = word.split_at(32 - used);
    match code / 32 {
        0 => high.iter().all(|byte| *byte == 0),
        1 => {
            let sign = if low[0] < 128 { 0 } else { 255 };
            high.iter().all(|byte| *byte == sign)
        }
        2 => word[used..].iter().all(|byte| *byte == 0),
        _ => code == kind::BOOL && high.iter().all(|byte| *byte == 0) && low[0] < 2,
    }
}
