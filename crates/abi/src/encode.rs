//! The one encoder: return values, errors, events, calls and whatever is hashed go through it.

use alloc::vec::Vec;

use alloy_primitives::U256;

use crate::{
    sol::SolType,
    word::{Word, word_of},
    zeros::append_zeros,
};

/// A value that can be encoded as the Solidity type `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded as Solidity's `{S}`",
    label = "not a value of the declared type `{S}`"
)]
pub trait Encode<S> {
    /// Writes the value: its word, or its offset now and its content behind the heads.
    fn encode(&self, to: &mut Encoder);
}

/// What has been written, and where the next head goes.
#[derive(Debug)]
pub struct Encoder {
    out: Vec<u8>,
    /// Where the tuple or array begins from which offsets count.
    base: usize,
    /// Where its next head goes.
    at: usize,
}

/// A tuple or array that is interrupted by one of its members.
#[derive(Debug)]
#[must_use]
pub struct Outer {
    base: usize,
    at: usize,
}

impl Encoder {
    /// Heads of `words` words behind `prefix`, from which they do not count.
    pub fn new(prefix: &[u8], words: usize) -> Self {
        let base = prefix.len();
        // Room for a short string or array behind the heads: memory that is left behind by growing is not used again.
        let mut out = Vec::with_capacity(base + 32 * words + 96);
        out.extend_from_slice(prefix);
        let mut encoder = Self { out, base, at: base };
        let _ = encoder.begin(words);
        encoder
    }

    /// The same behind a selector, which is handed over as a number: by reference it would be data.
    #[inline(never)]
    pub fn with_selector(selector: [u8; 4], words: usize) -> Self {
        Self::new(&selector, words)
    }

    /// Begins a tuple or array of `words` words at the end of what is written.
    pub fn begin(&mut self, words: usize) -> Outer {
        let outer = Outer { base: self.base, at: self.at };
        self.base = self.out.len();
        self.at = self.base;
        append_zeros(&mut self.out, 32 * words);
        outer
    }

    /// Writes the offset of something dynamic, which must be written next, at the end.
    pub fn offset(&mut self) {
        let offset = self.out.len() - self.base;
        self.number(offset as u128);
    }

    /// Goes back to the tuple or array that `begin` interrupted.
    pub fn end(&mut self, outer: Outer) {
        self.base = outer.base;
        self.at = outer.at;
    }

    /// Writes a head of one word.
    pub fn word(&mut self, word: &Word) {
        if let Some(head) = self.out.get_mut(self.at..).and_then(|rest| rest.first_chunk_mut()) {
            *head = *word;
        }
        self.at += 32;
    }

    /// Writes a number as a head of one word.
    pub fn number(&mut self, number: u128) {
        let mut word = [0; 32];
        word[16..].copy_from_slice(&number.to_be_bytes());
        self.word(&word);
    }

    /// Writes a signed number as a head of one word.
    pub fn signed(&mut self, number: i128) {
        let mut word = [if number < 0 { 255 } else { 0 }; 32];
        word[16..].copy_from_slice(&number.to_be_bytes());
        self.word(&word);
    }

    /// Writes `bytes` or `string`: the offset, and behind the heads the length and the bytes, filled up to a word.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.offset();
        let outer = self.begin(1);
        self.number(bytes.len() as u128);
        self.out.extend_from_slice(bytes);
        append_zeros(&mut self.out, bytes.len().wrapping_neg() % 32);
        self.end(outer);
    }

    /// Begins `T[]` of `length` elements with `words` words each in their heads.
    pub fn array(&mut self, length: usize, words: usize) -> Outer {
        self.offset();
        let outer = self.begin(1);
        self.number(length as u128);
        let _ = self.begin(length * words);
        outer
    }

    /// What has been written.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// `abi.encode` of the values of a tuple behind a prefix, such as a selector.
pub fn encode_with_prefix<S: SolType>(prefix: &[u8], values: &impl Parameters<S>) -> Vec<u8> {
    let mut encoder = Encoder::new(prefix, values.words());
    values.write(&mut encoder);
    encoder.finish()
}

/// The calldata of a function: the same behind its selector.
pub fn encode_call<S: SolType>(selector: [u8; 4], values: &impl Parameters<S>) -> Vec<u8> {
    let mut encoder = Encoder::with_selector(selector, values.words());
    values.write(&mut encoder);
    encoder.finish()
}

/// A tuple of values that can be encoded as the parameters `S`, a tuple of Solidity types.
pub trait Parameters<S> {
    /// The number of words in the heads.
    fn words(&self) -> usize;
    /// Writes them one after another.
    fn write(&self, to: &mut Encoder);
}

/// The words that `S` takes in a head.
pub(crate) const fn head<S: SolType>() -> usize {
    if S::DYNAMIC { 1 } else { S::WORDS }
}

macro_rules! tuples {
    ($($sol:ident $value:ident $index:tt)*) => {
        impl<$($sol: SolType),*> SolType for ($($sol,)*) {
            const DYNAMIC: bool = false $(|| $sol::DYNAMIC)*;
            const WORDS: usize = if Self::DYNAMIC { 1 } else { 0 $(+ head::<$sol>())* };
        }

        #[allow(non_camel_case_types)]
        impl<$($sol: SolType, $value: Encode<$sol>),*> Parameters<($($sol,)*)> for ($($value,)*) {
            fn words(&self) -> usize {
                0 $(+ head::<$sol>())*
            }

            #[allow(unused_variables)]
            fn write(&self, to: &mut Encoder) {
                $(self.$index.encode(to);)*
            }
        }

        #[allow(non_camel_case_types)]
        impl<$($sol: SolType, $value: Encode<$sol>),*> Encode<($($sol,)*)> for ($($value,)*) {
            fn encode(&self, to: &mut Encoder) {
                if <($($sol,)*)>::DYNAMIC {
                    to.offset();
                    let outer = to.begin(self.words());
                    self.write(to);
                    to.end(outer);
                } else {
                    self.write(to);
                }
            }
        }
    };
}

impl SolType for () {
    const WORDS: usize = 0;
}

impl Parameters<()> for () {
    fn words(&self) -> usize {
        0
    }

    fn write(&self, _: &mut Encoder) {}
}

tuples!(A a 0);
tuples!(A a 0 B b 1);
tuples!(A a 0 B b 1 C c 2);
tuples!(A a 0 B b 1 C c 2 D d 3);
tuples!(A a 0 B b 1 C c 2 D d 3 E e 4);
tuples!(A a 0 B b 1 C c 2 D d 3 E e 4 F f 5);
tuples!(A a 0 B b 1 C c 2 D d 3 E e 4 F f 5 G g 6);
tuples!(A a 0 B b 1 C c 2 D d 3 E e 4 F f 5 G g 6 H h 7);
tuples!(A a 0 B b 1 C c 2 D d 3 E e 4 F f 5 G g 6 H h 7 I i 8);
tuples!(A a 0 B b 1 C c 2 D d 3 E e 4 F f 5 G g 6 H h 7 I i 8 J j 9);
tuples!(A a 0 B b 1 C c 2 D d 3 E e 4 F f 5 G g 6 H h 7 I i 8 J j 9 K k 10);
tuples!(A a 0 B b 1 C c 2 D d 3 E e 4 F f 5 G g 6 H h 7 I i 8 J j 9 K k 10 L l 11);

/// Reserved for the topics of a log, which stand before its data.
impl Encoder {
    /// The data of an event with `topics` topics, the first of which is given as a number by its limbs, the lowest first.
    /// Numbers are part of the code, one by one: an array would be handed over as data.
    #[doc(hidden)]
    #[inline(never)]
    pub fn for_log(a: u64, b: u64, c: u64, d: u64, topics: usize) -> Self {
        let mut encoder = Self::new(&[], topics);
        encoder.word(&word_of(U256::from_limbs([a, b, c, d])));
        encoder
    }
}
