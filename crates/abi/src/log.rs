//! Events.

use alloy_primitives::{Address, U256, keccak256};

use crate::{Chain, Encoder, constant::written, word::word_of};

/// An event that an interface declares.
pub trait Event {
    /// The number of its topics, the signature's hash among them.
    const TOPICS: usize;
    /// The number of words in the heads of its data.
    const WORDS: usize;
    /// Begins with the first topic, the hash of the event's signature.
    fn encoder() -> Encoder;
    /// Writes the indexed parameters but the first topic.
    fn topics(&self, to: &mut Encoder);
    /// Writes the parameters that are not indexed.
    fn data(&self, to: &mut Encoder);

    /// Writes the event to the chain's log. It needs the contract mutably: a `view` cannot log.
    fn log(&self, chain: &mut impl Chain) {
        let mut encoder = Self::encoder();
        self.topics(&mut encoder);
        let outer = encoder.begin(Self::WORDS);
        self.data(&mut encoder);
        encoder.end(outer);
        chain.emit(&encoder.finish(), Self::TOPICS);
    }
}

/// An event of who paid and how much, by the four numbers of its first topic.
///
/// Without an encoder: a `receive` may have 2,300 gas, of which the log takes 1,381 or more.
#[doc(hidden)]
#[inline]
pub fn ether_event(a: u64, b: u64, c: u64, d: u64, from: Address, amount: U256) -> [[u8; 32]; 3] {
    [written(a, b, c, d), from.into_word().0, word_of(amount)]
}

impl Encoder {
    /// Writes the topic of an indexed `bytes` or `string`: the hash of its bytes.
    pub fn hashed(&mut self, bytes: &[u8]) {
        self.word(&keccak256(bytes).0);
    }
}
