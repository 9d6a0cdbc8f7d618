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

/// A word's number. A program is compiled to be small, and then keeps loops: so the general way, which goes byte by byte,
/// takes a hundred times the ink of these four limbs.
#[inline(never)]
pub fn number_of(word: &[u8; 32]) -> U256 {
    let (limbs, _) = word.as_chunks();
    let &[a, b, c, d] = limbs else { return U256::ZERO };
    U256::from_limbs([d, c, b, a].map(u64::from_be_bytes))
}

/// The word of a number, for the same reason by limbs.
#[inline(never)]
pub fn word_of(number: U256) -> [u8; 32] {
    let [d, c, b, a] = number.into_limbs();
    let mut word = [0; 32];
    word[..8].copy_from_slice(&a.to_be_bytes());
    word[8..16].copy_from_slice(&b.to_be_bytes());
    word[16..24].copy_from_slice(&c.to_be_bytes());
    word[24..].copy_from_slice(&d.to_be_bytes());
    word
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
pub(crate) fn u256_at(data: &[u8], at: usize) -> U256 {
    number_of(word(data, at))
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
