//! Each rule of an assertion, broken by itself and signed all the same.

use alloy::primitives::{B256, Bytes, U256};
use eyre::Result;

use super::differences::{apart, overruns};
use super::key::{Assertion, ENCODED, Key, ORDER, has_signed, sha256, twin, verify_p256, word};
use crate::twins::{Parts::*, Twins};

async fn check(twins: &Twins, assertion: &Assertion, valid: bool) -> Result<()> {
    twins.call(assertion.verify()).await?.returned(valid);
    let rp_id_hash = if valid { assertion.rp_id_hash() } else { B256::ZERO };
    twins.call(has_signed(&assertion.key, assertion.encode())).await?.returned((valid, rp_id_hash));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_agrees_to_one_challenge() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    let assertion = Assertion::of(&key, |_| ());
    check(&twins, &assertion, true).await?;
    check(&twins, &Assertion { key: Key::new("other").public(), ..assertion.clone() }, false).await?;
    let mut other = has_signed(&assertion.key, assertion.encode());
    other.hash = sha256("other");
    twins.call(other).await?.returned((false, B256::ZERO));
    // Challenges of other lengths, each with its own assertion, and the whole one's assertion for them.
    for (challenge, encoded) in
        [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (&[0xff; 7], "_________w"), (&[0xfb], "-w")]
    {
        let text = |assertion: &mut Assertion| {
            assertion.text = format!(r#"{{"type":"webauthn.get","challenge":"{encoded}"}}"#).into_bytes();
        };
        for (assertion, valid) in [(Assertion::of(&key, text), true), (assertion.clone(), false)] {
            let challenge = Bytes::copy_from_slice(challenge);
            twins.call(verifyWebAuthnCall { challenge, ..assertion.verify() }).await?.returned(valid);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_flags() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    for flags in 0..=u8::MAX {
        let valid = flags & 5 == 5 && (flags & 8 != 0 || flags & 16 == 0);
        let assertion = Assertion::of(&key, |said| said.data[32] = flags);
        twins.call(assertion.verify()).await?.returned(valid);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn authenticator_data_of_any_length() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    for length in [0, 1, 31, 32, 33, 36, 37, 38, 64, 100, 1_000] {
        check(&twins, &Assertion::of(&key, |said| said.data.resize(length, 5)), length > 36).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_say_something_else() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    for (from, to) in [
        ("webauthn.get", "webauthn.create"),
        ("webauthn.get", "payment.get"),
        ("webauthn.get\"", "webauthn.get_"),
        ("\"type\":", "\"type\": "),
        ("\"type\"", "\"typo\""),
        ("\"challenge\"", "\"Challenge\""),
        (ENCODED, &ENCODED[..42]),
        ("nopo", "nopp"),
        ("nopo", "nopo="),
        ("nopo\"", "nopo"),
        ("ABCD", "BBCD"),
    ] {
        let change = |said: &mut Assertion| {
            said.text = String::from_utf8_lossy(&said.text).replacen(from, to, 1).into_bytes();
        };
        check(&twins, &Assertion::of(&key, change), false).await?;
    }
    for (length, valid) in [(0, false), (20, false), (22, false), (79, false), (80, true)] {
        check(&twins, &Assertion::of(&key, |said| said.text.truncate(length)), valid).await?;
    }
    // Type and challenge may be anywhere, and the text need not be JSON.
    let behind = |said: &mut Assertion| {
        said.text = [b"\xff\"type\"", &said.text[..]].concat();
        (said.type_index, said.challenge_index) = (U256::from(8), U256::from(30));
    };
    check(&twins, &Assertion::of(&key, behind), true).await
}

#[tokio::test(flavor = "multi_thread")]
async fn indexes_out_of_range_and_maximal() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    let well = Assertion::of(&key, |_| ());
    let length = U256::from(well.text.len());
    let indexes: Vec<U256> = (0..=22u64)
        .map(|back| U256::MAX - U256::from(back))
        .chain([0, 2, 22, 24].map(U256::from))
        .chain([length - U256::ONE, length, length + U256::ONE, length + U256::from(32)])
        .chain([31, 32, 63, 64, 128, 255].map(|bits| (U256::ONE << bits) + U256::ONE))
        .chain([31, 32, 63, 64, 128, 255].map(|bits| (U256::ONE << bits) + U256::from(23)))
        .collect();
    for index in indexes {
        for (type_index, challenge_index) in [(index, well.challenge_index), (well.type_index, index), (index, index)] {
            let assertion = Assertion { type_index, challenge_index, ..well.clone() };
            if overruns(type_index) {
                apart(&twins, &assertion.verify()).await?;
            } else {
                check(&twins, &assertion, false).await?;
            }
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_out_of_range_and_the_twin() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    let well = Assertion::of(&key, |_| ());
    let half = ORDER >> 1;
    let edges = [U256::ZERO, U256::ONE, half, half + U256::ONE, ORDER - U256::ONE, ORDER, ORDER + U256::ONE, U256::MAX];
    check(&twins, &Assertion { s: twin(well.s), ..well.clone() }, false).await?;
    for edge in edges.map(word) {
        for (r, s) in [(edge, well.s), (well.r, edge), (edge, edge)] {
            check(&twins, &Assertion { r, s, ..well.clone() }, false).await?;
        }
        for other in edges.map(word) {
            twins.call(verify_p256(well.hash(), edge, other, &well.key)).await?.returned(false);
        }
    }
    twins.call(verify_p256(well.hash(), well.r, well.s, &well.key)).await?.returned(true);
    // A multiple of the order added where it fits into 32 bytes: s is the same number to the curve.
    let low = U256::from_be_bytes(well.s.0);
    if let Some(above) = low.checked_add(ORDER) {
        twins.call(verify_p256(well.hash(), well.r, word(above), &well.key)).await?.returned(false);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_no_point_of_the_curve() -> Result<()> {
    let (twins, key) = (Twins::start().await?, Key::new("member"));
    let well = Assertion::of(&key, |_| ());
    let field = U256::from_be_bytes(alloy::hex!("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"));
    let [qx, qy] = [0, 32].map(|at| U256::from_be_slice(&well.key[at..at + 32]));
    for (x, y) in [
        (U256::ZERO, U256::ZERO),
        (qx, U256::ZERO),
        (qx, field - qy),
        (qx, qy ^ U256::ONE),
        (qy, qx),
        (qx.wrapping_add(field), qy),
        (field, qy),
        (U256::MAX, U256::MAX),
    ] {
        let key = [x.to_be_bytes::<32>(), y.to_be_bytes::<32>()].concat();
        twins.call(verify_p256(well.hash(), well.r, well.s, &key)).await?.returned(false);
        check(&twins, &Assertion { key, ..well.clone() }, false).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn signers_have_addresses() -> Result<()> {
    let twins = Twins::start().await?;
    let bytes: Vec<u8> = (1..=130).collect();
    for length in 0..bytes.len() {
        let signer = Bytes::copy_from_slice(&bytes[..length]);
        let answer = twins.call(signerAddressCall { signer: signer.clone() }).await?;
        assert_eq!(answer.output::<signerAddressCall>().is_zero(), length < 20, "{length}");
        // None of them has signed, whatever its length.
        twins.call(has_signed(&signer, vec![0; 300])).await?.returned((false, B256::ZERO));
    }
    Ok(())
}
