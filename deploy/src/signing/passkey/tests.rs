//! Assertions of a key, in all forms that they come in, and damaged ones.

use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use serde_json::json;

use super::*;

const DIGEST: B256 = B256::repeat_byte(0xa7);

fn signing_key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).expect("a key")
}

fn point() -> Vec<u8> {
    signing_key().verifying_key().to_encoded_point(false).as_bytes().to_vec()
}

fn client_data(challenge: &str) -> String {
    format!(r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"https://dao.example"}}"#)
}

/// What an authenticator hands over: its data, the text and the signature.
fn made(flags: u8, text: &str) -> (Vec<u8>, Signature) {
    let data = [&Sha256::digest("dao.example")[..], &[flags, 0, 0, 0, 1]].concat();
    let hash = Sha256::new().chain_update(&data).chain_update(Sha256::digest(text)).finalize();
    (data, signing_key().sign_prehash(&hash).expect("signed"))
}

fn assertion(flags: u8, text: &str) -> Assertion {
    let (data, signature) = made(flags, text);
    let file = json!({
        "authenticatorData": hex::encode_prefixed(data), "clientDataJSON": text,
        "signature": BASE64URL.encode(signature.to_der()), "publicKey": hex::encode_prefixed(point()),
    });
    Assertion::parse(&file.to_string()).expect("well-formed")
}

#[test]
fn every_form_is_read_as_the_same() {
    let text = client_data(&challenge(DIGEST));
    let (data, signature) = made(5, &text);
    let low = signature.normalize_s().unwrap_or(signature);
    let high = Signature::from_scalars(*low.r(), -*low.s()).expect("the twin");
    let spki = [&SPKI[..], &point()].concat();
    let (x, y) = (&point()[1..33], &point()[33..]);
    let data = BASE64URL.encode(data);
    let encoded = BASE64URL.encode(&text);
    let files = [
        json!({ "authenticatorData": data, "clientDataJSON": encoded, "publicKey": BASE64URL.encode(spki),
                "signature": BASE64URL.encode(high.to_der()) }),
        json!({ "id": "x", "type": "public-key", "publicKey": { "kty": "EC", "crv": "P-256",
                "x": BASE64URL.encode(x), "y": BASE64URL.encode(y) },
                "response": { "authenticatorData": data, "clientDataJSON": encoded,
                "signature": hex::encode_prefixed(high.to_bytes()) } }),
        json!({ "authenticatorData": data, "clientDataJSON": text, "publicKey": hex::encode_prefixed(&point()[1..]),
                "signature": hex::encode_prefixed(low.to_bytes()) }),
    ];
    for file in files {
        let assertion = Assertion::parse(&file.to_string()).expect("well-formed");
        assert_eq!(assertion.check(DIGEST), Ok(()), "{file}");
        assert_eq!(assertion.signature(), super::Assertion::parse(&file.to_string()).expect("again").signature());
        assert_eq!(assertion.s.as_slice(), low.split_bytes().1.as_slice(), "s is the lower one");
        let key = assertion.key;
        assert_eq!(Assertion::of_signature(key, &assertion.signature()), Some(assertion));
    }
}

#[test]
fn what_the_contract_would_refuse_is_refused_with_its_reason() {
    let good = client_data(&challenge(DIGEST));
    let other = client_data(&challenge(B256::ZERO));
    let created = good.replace("webauthn.get", "webauthn.create");
    for (flags, text, reason) in [
        (1, &good, "its user was not verified"),
        (0x15, &good, "its authenticator data contradicts itself"),
        (5, &created, "it is not an assertion"),
        (5, &other, "it is for another challenge than this act's"),
    ] {
        let error = assertion(flags, text).check(DIGEST).expect_err(reason);
        assert!(error.starts_with(reason), "{error}");
    }
    let whole = assertion(5, &good);
    let damaged = [
        Assertion { r: B256::repeat_byte(1), ..whole.clone() },
        Assertion { s: B256::ZERO, ..whole.clone() },
        Assertion { client_data: good.replace("dao.example", "dao.exbmple"), ..whole.clone() },
    ];
    for assertion in damaged {
        assert_eq!(
            assertion.check(DIGEST),
            Err("the passkey with this public key did not sign it: give the key of the passkey that did".to_owned())
        );
    }
    let short = Assertion { authenticator_data: vec![5; 36], ..whole };
    assert_eq!(short.check(DIGEST), Err("its authenticator data is cut short: give all of it".to_owned()));
}

#[test]
fn files_of_another_form_are_refused() {
    for (file, reason) in [
        (json!({}), "it has no `publicKey`"),
        (json!({ "publicKey": "0x04" }), "its `publicKey` is not of a P-256 key"),
        (json!({ "publicKey": hex::encode_prefixed([1; 64]) }), "its `publicKey` is not of a P-256 key"),
        (json!({ "publicKey": hex::encode_prefixed(point()), "clientDataJSON": "!" }), "its `clientDataJSON` is not"),
        (
            json!({ "publicKey": hex::encode_prefixed(point()), "clientDataJSON": "{}", "signature": "0x30" }),
            "its `signature` is neither DER",
        ),
    ] {
        let error = Assertion::parse(&file.to_string()).expect_err(reason);
        assert!(error.starts_with(reason), "{error}");
    }
    assert_eq!(challenge(DIGEST).len(), 43);
}
