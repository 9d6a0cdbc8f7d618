//! Assertions as a browser makes them, and what is not one. `tests/components/passkeys.rs` compares with OpenZeppelin.

use alloc::{format, string::String, vec};

use alloy_primitives::hex;
use consilium_abi::encode;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::test_chain::{Key, TestChain};

const CHALLENGE: [u8; 32] = hex!("00108310518720928b30d38f41149351559761969b71d79f8218a39259a7a29a");
/// That in base64url: most digits of the alphabet.
const ENCODED: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopo";

/// What an authenticator and a browser say, and how they are signed.
struct Said {
    data: Vec<u8>,
    text: String,
}

impl Said {
    fn well() -> Self {
        let text = format!(
            r#"{{"type":"webauthn.get","challenge":"{ENCODED}","origin":"https://dao.example","crossOrigin":false}}"#
        );
        Self { data: [&[0xaa; 32][..], &[0x05, 0, 0, 0, 7]].concat(), text }
    }

    fn flags(flags: u8) -> Self {
        let mut said = Self::well();
        said.data[32] = flags;
        said
    }

    /// Signed by key 1.
    fn signed(&self) -> Assertion<'_> {
        let text = Sha256::digest(&self.text);
        let [r, s] = Key::new(1).sign(B256::from_slice(&Sha256::digest([&self.data, text.as_slice()].concat())));
        Assertion {
            r,
            s,
            challenge_index: 23,
            type_index: 1,
            authenticator_data: &self.data,
            client_data_json: self.text.as_bytes(),
        }
    }
}

fn valid(assertion: &Assertion<'_>) -> bool {
    verify(&TestChain::default(), &CHALLENGE, assertion, &Key::new(1).public())
}

fn encoded(assertion: &Assertion<'_>) -> Vec<u8> {
    let Assertion { r, s, challenge_index, type_index, authenticator_data, client_data_json } = *assertion;
    encode!((bytes32, bytes32, uint256, uint256, bytes, bytes) =>
        r, s, challenge_index as u64, type_index as u64, authenticator_data, client_data_json)
}

#[test]
fn an_assertion_is_its_keys_and_its_challenges() {
    let said = Said::well();
    let assertion = said.signed();
    assert!(valid(&assertion));
    assert_eq!(assertion.rp_id_hash(), Some(B256::repeat_byte(0xaa)));
    let chain = TestChain::default();
    assert!(!verify(&chain, &CHALLENGE, &assertion, &Key::new(2).public()));
    for challenge in [&[][..], &CHALLENGE[..31], &[CHALLENGE, CHALLENGE].concat(), &[0; 32]] {
        assert!(!verify(&chain, challenge, &assertion, &Key::new(1).public()), "{challenge:?}");
    }
    assert!(!verify(&TestChain::failing(SHA256), &CHALLENGE, &assertion, &Key::new(1).public()));
}

#[test]
fn the_user_is_present_and_verified_and_only_keys_that_may_be_are_copied() {
    for flags in 0..=u8::MAX {
        let expected = flags & 5 == 5 && (flags & 8 != 0 || flags & 16 == 0);
        assert_eq!(valid(&Said::flags(flags).signed()), expected, "{flags:#b}");
    }
}

#[test]
fn authenticator_data_has_at_least_37_bytes() {
    for length in 0..80 {
        let mut said = Said::well();
        said.data.resize(length, 5);
        assert_eq!(valid(&said.signed()), length >= 37, "{length}");
        assert_eq!(said.signed().rp_id_hash().is_some(), length >= 32);
    }
}

#[test]
fn type_and_challenge_are_where_the_indexes_say_and_nowhere_else() {
    let said = Said::well();
    let assertion = said.signed();
    for index in (0..said.text.len() + 40).chain([usize::MAX - 21, usize::MAX - 1, usize::MAX]) {
        assert_eq!(valid(&Assertion { type_index: index, ..assertion }), index == 1, "{index}");
        assert_eq!(valid(&Assertion { challenge_index: index, ..assertion }), index == 23, "{index}");
    }
}

#[test]
fn other_texts_are_refused() {
    let well = Said::well().text;
    for (from, to) in [
        ("webauthn.get", "webauthn.create"),
        ("webauthn.get\"", "webauthn.get "),
        ("\"type\"", "\"Type\""),
        ("\"challenge\"", "\"Challenge\""),
        ("po\"", "po=\""),
        ("po\"", "pp\""),
        ("po\"", "p\""),
        ("po\",", "po,"),
    ] {
        let said = Said { text: well.replace(from, to), ..Said::well() };
        assert!(!valid(&said.signed()), "{}", said.text);
    }
    // The text ends within the challenge, and within the type.
    for length in 0..=well.len() {
        let said = Said { text: well[..length].into(), ..Said::well() };
        assert_eq!(valid(&said.signed()), length >= 80, "{}", said.text);
    }
}

#[test]
fn an_encoding_is_decoded() {
    let said = Said::well();
    let (assertion, bytes) = (said.signed(), encoded(&said.signed()));
    assert_eq!(decode(&bytes), Some(assertion));
    assert_eq!(decode(&[&bytes[..], b"more"].concat()), Some(assertion));
    // Without the padding behind the text: OpenZeppelin's takes that too.
    let text_ends = bytes.len() - (32 - said.text.len() % 32);
    for length in 0..bytes.len() {
        assert_eq!(decode(&bytes[..length]).is_some(), length >= text_ends, "{length}");
    }
}

#[test]
fn indexes_offsets_and_lengths_beyond_all_bounds() {
    let said = Said::well();
    let bytes = encoded(&said.signed());
    let with = |at: usize, word: [u8; 32]| {
        let mut bytes = bytes.clone();
        bytes[at..at + 32].copy_from_slice(&word);
        bytes
    };
    let data = 192;
    let text = data + 32 + 64;
    let high = |byte: usize| {
        let mut word = [0; 32];
        word[byte] = 1;
        word
    };
    for word in (0..28).map(high).chain([[0xff; 32], {
        let mut word = [0xff; 32];
        word[..28].fill(0);
        word
    }]) {
        let decoded = with(64, word);
        let decoded = decode(&decoded).expect("any index");
        assert!(!valid(&decoded), "{word:?}");
        assert!(!valid(&decode(&with(96, word)).expect("any index")), "{word:?}");
        for at in [128, 160, data, text] {
            assert_eq!(decode(&with(at, word)), None, "{at} {word:?}");
        }
    }
}

/// Two offsets to one place, and into the head: as in OpenZeppelin's, what is there is taken.
#[test]
fn offsets_may_overlap() {
    let mut bytes = vec![0; 192];
    bytes[159] = 192 - 32;
    bytes[191] = 0;
    let assertion = decode(&bytes).expect("both lengths are there");
    assert_eq!((assertion.authenticator_data, assertion.client_data_json), (&[][..], &[][..]));
}

proptest! {
    #[test]
    fn the_challenge_in_base64url(challenge in prop::collection::vec(any::<u8>(), 0..70), place: usize, by in 1u8..) {
        let encoded = base64url(&challenge);
        let text = format!(r#""challenge":"{encoded}""#);
        prop_assert!(has_challenge(text.as_bytes(), &challenge));
        let mut other = text.into_bytes();
        let place = place % other.len();
        other[place] = other[place].wrapping_add(by);
        prop_assert!(!has_challenge(&other, &challenge));
        prop_assert!(!has_challenge(&other[..place], &challenge));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop_oneof![4 => Just(0), 1 => any::<u8>()], 0..400)) {
        if let Some(assertion) = decode(&bytes) {
            prop_assert!(!valid(&assertion));
        }
    }
}

/// In another manner than the component's: a number of all bits, digit by digit from its end.
fn base64url(bytes: &[u8]) -> String {
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let digit = |bits: &[u8]| {
        let text = format!("{:0<6}", core::str::from_utf8(bits).expect("ASCII"));
        let value = usize::from_str_radix(&text, 2).expect("binary");
        char::from(match value {
            0..=25 => b'A' + value as u8,
            26..=51 => b'a' + value as u8 - 26,
            52..=61 => b'0' + value as u8 - 52,
            62 => b'-',
            _ => b'_',
        })
    };
    bits.as_bytes().chunks(6).map(digit).collect()
}
