use super::*;

/// Of `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`.
const PKCS8_PEM: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzPXUkLIxjrZ980VO
OpbUMuVAEP6MMOBnlUlTvdtKX5ChRANCAAQuadGBoi6kqIQFhH3O+sRbgMAFnCgZ
nKpPgceK7A5LEW8pO2ojvidZxj54YWJVOqBcE5YBEgf2cgewfq9AODAM
-----END PRIVATE KEY-----
";

/// The same key, of `openssl ec`, and what `openssl ecparam -genkey` writes before it.
const SEC1_PEM: &str = "\
-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIMz11JCyMY62ffNFTjqW1DLlQBD+jDDgZ5VJU73bSl+QoAoGCCqGSM49
AwEHoUQDQgAELmnRgaIupKiEBYR9zvrEW4DABZwoGZyqT4HHiuwOSxFvKTtqI74n
WcY+eGFiVTqgXBOWARIH9nIHsH6vQDgwDA==
-----END EC PRIVATE KEY-----
";

const D: [u8; 32] = hex!("ccf5d490b2318eb67df3454e3a96d432e54010fe8c30e067954953bddb4a5f90");
const X: [u8; 32] = hex!("2e69d181a22ea4a88405847dcefac45b80c0059c28199caa4f81c78aec0e4b11");
const Y: [u8; 32] = hex!("6f293b6a23be2759c63e786162553aa05c1396011207f67207b07eaf4038300c");

const HASH: B256 = B256::repeat_byte(0x21);

fn jwk() -> Value {
    let text = |bytes: &[u8]| super::super::passkey::challenge(B256::from_slice(bytes));
    serde_json::json!({ "kty": "EC", "crv": "P-256", "d": text(&D), "x": text(&X), "y": text(&Y) })
}

#[test]
fn a_key_is_read_as_openssl_and_browsers_write_it() {
    let own = Address::from_word(keccak256([X, Y].concat()));
    // Without the public key, as some write it.
    let bare = [&hex!("3041")[..], &PKCS8, &hex!("2730250201010420"), &D].concat();
    let bare = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bare)
    };
    let bare = format!("-----BEGIN PRIVATE KEY-----\r\n{bare}\r\n-----END PRIVATE KEY-----");
    let mut short = jwk();
    short.as_object_mut().expect("an object").retain(|name, _| name == "d");
    for text in [PKCS8_PEM, SEC1_PEM, &jwk().to_string(), &bare, &short.to_string()] {
        let key = P256Key::parse(text).expect(text);
        assert_eq!(key.account(), own, "{text}");
        let signed = key.sign(HASH).expect("signed");
        assert!(signed.is_of(HASH) && !signed.is_of(B256::ZERO) && signed.account() == own);
        assert_eq!(P256Signature::of_bytes(&signed.bytes()), Some(signed));
    }
}

#[test]
fn what_is_no_key_on_p256_is_refused() {
    let changed = |name: &str, value: &str| {
        let mut changed = jwk();
        changed[name] = value.into();
        changed.to_string()
    };
    let zero = super::super::passkey::challenge(B256::ZERO);
    for (text, reason) in [
        (String::new(), FORMS),
        (PKCS8_PEM.replace("PRIVATE", "PUBLIC"), FORMS),
        // A digit is missing, or another curve's name.
        (PKCS8_PEM.replacen("MIGH", "MIG", 1), FORMS),
        (PKCS8_PEM.replacen("KoZIzj0DAQc", "KoZIzj0DAQg", 1).replacen("AwEH", "AwEI", 1), FORMS),
        (SEC1_PEM.replacen("\nAwEH", "\nAwEI", 1), FORMS),
        (PKCS8_PEM.replace(" PRIVATE", " ENCRYPTED PRIVATE"), "it is encrypted"),
        (changed("d", &zero), FORMS),
        (changed("d", "zPXUkLIxjrZ9"), FORMS),
        (changed("x", &zero), "its public key is another key's"),
        (changed("crv", "P-384"), "its public key is another key's"),
        ("{".to_owned(), "it ends in the middle"),
        ("{}".to_owned(), FORMS),
    ] {
        let error = P256Key::parse(&text).expect_err(&text);
        assert!(error.contains(reason), "{text}: {error}");
    }
}

/// As a device's owner writes it down: the public key in any form, the signature in DER or as two numbers.
#[test]
fn a_signature_of_a_device_is_read() {
    let made = P256Key::parse(PKCS8_PEM).expect("a key").sign(HASH).expect("signed");
    let public = hex::encode_prefixed([X, Y].concat());
    let twice = [made.signature.to_bytes().to_vec(), made.signature.to_der().as_bytes().to_vec()];
    for signature in twice.map(hex::encode_prefixed) {
        for public in [Value::from(public.clone()), jwk()] {
            let text = serde_json::json!({ "signature": signature, "publicKey": public }).to_string();
            assert_eq!(P256Signature::parse(&text), Ok(made.clone()));
        }
    }
    let whole = hex::encode_prefixed(made.signature.to_bytes());
    for (signature, public, reason) in [
        (Value::from(&whole[..whole.len() - 2]), Value::from(public.clone()), "is neither DER nor r and s"),
        (Value::from(&whole[..whole.len() - 1]), Value::from(public.clone()), "is not base64url, nor 0x"),
        (Value::from(hex::encode_prefixed([0; 64])), Value::from(public.clone()), "is neither DER nor r and s"),
        (Value::Null, Value::from(public.clone()), "is not base64url"),
        (Value::from(whole.clone()), Value::from(&public[..public.len() - 2]), "is not of a P-256 key"),
    ] {
        let text = serde_json::json!({ "signature": signature, "publicKey": public }).to_string();
        let error = P256Signature::parse(&text).expect_err(&text);
        assert!(error.contains(reason), "{text}: {error}");
    }
    assert_eq!(P256Signature::parse("{}"), Err("it has no `signature`".to_owned()));
    let mut beside = made.bytes();
    beside[127] ^= 1;
    assert_eq!(P256Signature::of_bytes(&beside), None);
}
