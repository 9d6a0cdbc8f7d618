//! Reading 32-byte words. Nothing here panics: a position outside the data reads as zero, and [`crate::check()`] has
//! refused such data before any view is made.

use alloy_primitives::U256;

/// A 32-byte word.
pub(crate) type Word = [u8; 32];

static ZERO: Word = [0; 32];

/// The word at byte `at`, if the data has all of it.
pub(crate) fn try_word(data: &[u8], at: usize) -> Option<&Word> {
    data.get(at..)?.first_chunk()
}

/// The word at byte `at`. One copy of this serves every argument of every function.
#[inline(never)]
pub(crate) fn word(data: &[u8], at: usize) -> &Word {
    try_word(data, at).unwrap_or(&ZERO)
}

/// The word as an offset or a length, if it can be one: nothing above `u32::MAX` fits in calldata.
pub(crate) fn try_len(word: &Word) -> Option<usize> {
    let (high, low) = word.split_last_chunk::<4>()?;
    high.iter().all(|byte| *byte == 0).then(|| u32::from_be_bytes(*low) as usize)
}

/// The offset or length at byte `at` of checked data.
#[inline(never)]
pub(crate) fn len_at(data: &[u8], at: usize) -> usize {
    let [.., a, b, c, d] = *word(data, at);
    u32::from_be_bytes([a, b, c, d]) as usize
}

/// The number at byte `at`.
#[inline(never)]
pub(crate) fn u256_at(data: &[u8], at: usize) -> U256 {
    U256::from_be_bytes(*word(data, at))
}

/// The low 16 bytes of the word at byte `at`.
#[inline(never)]
pub(crate) fn low_u128_at(data: &[u8], at: usize) -> u128 {
    let low = word(data, at).last_chunk::<16>();
    low.map_or(0, |low| u128::from_be_bytes(*low))
}

/// The low 8 bytes of the word at byte `at`.
#[inline(never)]
pub(crate) fn low_u64_at(data: &[u8], at: usize) -> u64 {
    let low = word(data, at).last_chunk::<8>();
    low.map_or(0, |low| u64::from_be_bytes(*low))
}
