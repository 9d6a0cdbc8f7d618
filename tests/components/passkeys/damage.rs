//! Encodings that are damaged or odd. Both decoders take the same ones for the same assertion.

use alloy::primitives::U256;
use eyre::Result;
use proptest::{
    prelude::{Just, any, prop_oneof},
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::differences::{apart, overruns};
use super::key::{Assertion, Key};
use crate::twins::{Parts::*, Twins};

/// Where things are in an encoding: the offsets of data and text, then data and text themselves, each after its length.
const DATA_OFFSET: usize = 128;
const TEXT_OFFSET: usize = 160;
const DATA: usize = 192;
const TEXT: usize = DATA + 32 + 64;

fn with_word(bytes: &[u8], at: usize, word: U256) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + 32].copy_from_slice(&word.to_be_bytes::<32>());
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn every_length_and_trailing_bytes() -> Result<()> {
    let twins = Twins::start().await?;
    let assertion = Assertion::of(&Key::new("member"), |_| ());
    let bytes = assertion.encode();
    // Of the padding behind the text nothing is needed.
    let text_ends = TEXT + 32 + assertion.text.len();
    for length in 0..=bytes.len() {
        let call = assertion.verify_encoded(bytes[..length].to_vec());
        twins.call(call).await?.returned(length >= text_ends);
    }
    for more in [1, 31, 32, 1_000] {
        twins.call(assertion.verify_encoded([bytes.clone(), vec![0xff; more]].concat())).await?.returned(true);
    }
    // As `abi.encode` writes a whole struct: behind an offset. Neither takes it.
    let whole = [&U256::from(32).to_be_bytes::<32>()[..], &bytes].concat();
    twins.call(assertion.verify_encoded(whole)).await?.returned(false);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn offsets_and_lengths_of_all_sizes() -> Result<()> {
    let twins = Twins::start().await?;
    let assertion = Assertion::of(&Key::new("member"), |_| ());
    let bytes = assertion.encode();
    let ends = [0, 1, 31, 32, 33, 63, 64].map(|back| U256::from(bytes.len() - back));
    let large = [31, 32, 63, 64, 128, 255].map(|bits| U256::ONE << bits);
    let largest = [0, 1, 30, 31, 32, 33, 191, 192].map(|back| U256::MAX - U256::from(back));
    for at in [DATA_OFFSET, TEXT_OFFSET, DATA, TEXT] {
        let own = U256::from_be_slice(&bytes[at..at + 32]);
        let wrapped = large.map(|bit| bit + own);
        let mut words = vec![own, own + U256::ONE, own - U256::ONE, U256::ZERO, U256::from(bytes.len() + 1)];
        words.extend(ends.into_iter().chain(large).chain(largest).chain(wrapped));
        for word in words {
            twins.call(assertion.verify_encoded(with_word(&bytes, at, word))).await?.returned(word == own);
        }
    }
    Ok(())
}

/// Encodings that no encoder makes and that both take: the two swapped, out of line, with a gap, one within the other.
#[tokio::test(flavor = "multi_thread")]
async fn odd_encodings_of_the_same_assertion() -> Result<()> {
    let twins = Twins::start().await?;
    let assertion = Assertion::of(&Key::new("member"), |_| ());
    let bytes = assertion.encode();
    let (head, data, text) = (&bytes[..DATA], &bytes[DATA..TEXT], &bytes[TEXT..]);
    let at = |data: usize, text: usize| {
        let head = with_word(head, DATA_OFFSET, U256::from(data));
        with_word(&head, TEXT_OFFSET, U256::from(text))
    };
    let swapped = [&at(DATA + text.len(), DATA), text, data].concat();
    let out_of_line = [&at(DATA + 5, TEXT + 5), &[7; 5][..], data, text].concat();
    let gap = [&at(DATA, TEXT + 77), data, &[7; 77], text].concat();
    let short = [&at(DATA, DATA + 69), &data[..69], &text[..32 + assertion.text.len()]].concat();
    for encoding in [swapped, out_of_line, gap, short] {
        twins.call(assertion.verify_encoded(encoding)).await?.returned(true);
    }
    // Data within the text, which is signed as it is.
    let nested =
        Assertion::of(&Key::new("member"), |said| said.text.extend([&[0; 31][..], &[37], &said.data].concat()));
    let bytes = nested.encode();
    let inner = TEXT + 32 + nested.text.len() - 37 - 32;
    twins.call(nested.verify_encoded(with_word(&bytes, DATA_OFFSET, U256::from(inner)))).await?.returned(true);
    Ok(())
}

/// Random damage. 600 encodings, the same on every run.
#[tokio::test(flavor = "multi_thread")]
async fn damaged_encodings_are_answered_alike() -> Result<()> {
    let twins = Twins::start().await?;
    let assertion = Assertion::of(&Key::new("member"), |_| ());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let numbers = prop_oneof![
        4 => (0..500u64).prop_map(U256::from),
        1 => (0..500u64).prop_map(|back| U256::MAX - U256::from(back)),
        1 => any::<[u8; 32]>().prop_map(U256::from_be_bytes),
        1 => Just(U256::ZERO),
    ];
    let damages = proptest::collection::vec((0..6u8, any::<usize>(), numbers), 1..3);
    let (mut valid, mut refused) = (0, 0);
    for _ in 0..600 {
        let mut bytes = assertion.encode();
        for (kind, place, number) in damages.new_tree(&mut runner).expect("nothing is rejected").current() {
            bytes = damage(bytes, kind, place, number);
        }
        let type_index = bytes.get(96..128).map_or(U256::ZERO, U256::from_be_slice);
        let call = assertion.verify_encoded(bytes);
        if overruns(type_index) {
            apart(&twins, &call).await?;
            continue;
        }
        let answer = twins.call(call).await?;
        *(if answer.output::<verifyWebAuthnCall>() { &mut valid } else { &mut refused }) += 1;
    }
    assert!(valid > 20 && refused > 300, "{valid} valid, {refused} refused");
    Ok(())
}

fn damage(mut bytes: Vec<u8>, kind: u8, place: usize, number: U256) -> Vec<u8> {
    let place = place % bytes.len().max(1);
    match kind {
        // A word of the head, or a length.
        0 if bytes.len() > TEXT + 32 => {
            with_word(&bytes, [0, 32, 64, 96, DATA_OFFSET, TEXT_OFFSET, DATA, TEXT][place % 8], number)
        }
        1 => [bytes, number.to_be_bytes::<32>()[..place % 33].to_vec()].concat(),
        2 => {
            bytes.truncate(bytes.len().saturating_sub(place % 40));
            bytes
        }
        _ => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << (number.byte(0) % 8);
            }
            bytes
        }
    }
}
