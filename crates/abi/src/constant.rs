//! Words that are known when a program is built.

use alloy_primitives::{B256, U256};

use crate::{Encode, Encoder, sol, word::Word};

/// A word that is part of the code: a hash, a slot, a bound.
///
/// A program pays for its data at every entry, whatever it then does: 0.75 gas a byte, so 24 for a word (ArbOS' price of a
/// cached program). Code costs a thousandth of a unit of gas a byte there. An array that is a constant becomes data; four
/// numbers do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constant(u64, u64, u64, u64);

impl Constant {
    /// Of its 32 bytes, as `b256!` gives them.
    pub const fn new(word: B256) -> Self {
        let mut numbers = [0_u64; 4];
        let mut at = 0;
        while at < 32 {
            numbers[at / 8] = numbers[at / 8] << 8 | word.0[at] as u64;
            at += 1;
        }
        Self(numbers[0], numbers[1], numbers[2], numbers[3])
    }

    /// Its bytes.
    #[inline(always)]
    pub fn word(self) -> [u8; 32] {
        written(self.0, self.1, self.2, self.3)
    }

    /// As a hash.
    #[inline(always)]
    pub fn hash(self) -> B256 {
        B256::new(self.word())
    }

    /// As a number.
    #[inline(always)]
    pub fn number(self) -> U256 {
        U256::from_limbs([self.3, self.2, self.1, self.0])
    }
}

impl Encode<sol::FixedBytes<32>> for Constant {
    #[inline(always)]
    fn encode(&self, to: &mut Encoder) {
        to.word(&self.word());
    }
}

/// A word of four numbers, the highest first.
#[inline(never)]
pub(crate) fn written(a: u64, b: u64, c: u64, d: u64) -> Word {
    let mut word = [0; 32];
    for (bytes, number) in word.chunks_exact_mut(8).zip([a, b, c, d]) {
        bytes.copy_from_slice(&number.to_be_bytes());
    }
    word
}

#[cfg(test)]
mod tests {
    use alloy_primitives::b256;

    use super::*;

    const WORD: B256 = b256!("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff");

    #[test]
    fn a_constant_is_its_word() {
        let constant = const { Constant::new(WORD) };
        assert_eq!(constant.word(), WORD.0);
        assert_eq!(constant.hash(), WORD);
        assert_eq!(constant.number(), U256::from_be_bytes(WORD.0));
        assert_eq!(crate::encode_with_prefix::<(sol::FixedBytes<32>,)>(&[], &(constant,)), WORD.0);
    }
}
