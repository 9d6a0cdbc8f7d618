//! Events.

use alloy_primitives::keccak256;

use crate::{Chain, Encoder};

/// An event that an interface declares.
pub trait Event {
    /// Its first topic, the hash of its signature, a number by its limbs, the lowest first. Numbers are part of the code. A text, and
    /// also an array of bytes, is part of the program's data, and every call of a program pays 0.75 gas for each byte of
    /// data, also where the program is cached. For the signatures of 24 events that was 900 gas.
    const TOPIC: [u64; 4];
    /// The number of its topics, the signature's hash among them.
    const TOPICS: usize;
    /// The number of words in the heads of its data.
    const WORDS: usize;
    /// Writes the indexed parameters but the first topic.
    fn topics(&self, to: &mut Encoder);
    /// Writes the parameters that are not indexed.
    fn data(&self, to: &mut Encoder);

    /// Writes the event to the chain's log. It needs the contract mutably: a `view` cannot log.
    fn log(&self, chain: &mut impl Chain) {
        let [a, b, c, d] = Self::TOPIC;
        let mut encoder = Encoder::for_log(a, b, c, d, Self::TOPICS);
        self.topics(&mut encoder);
        let outer = encoder.begin(Self::WORDS);
        self.data(&mut encoder);
        encoder.end(outer);
        chain.emit(&encoder.finish(), Self::TOPICS);
    }
}

impl Encoder {
    /// Writes the topic of an indexed `bytes` or `string`: the hash of its bytes.
    pub fn hashed(&mut self, bytes: &[u8]) {
        self.word(&keccak256(bytes).0);
    }
}
