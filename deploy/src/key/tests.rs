//! Keys from keystores and from nowhere. The environment is tried by the command's own tests.

use std::fs;

use super::*;

/// The test vector of the Web3 Secret Storage definition (PBKDF2).
const KEYSTORE: &str = include_str!("tests/keystore.json");

/// The vector's account.
const ACCOUNT: &str = "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b";

fn unasked() -> Result<String> {
    panic!("nobody has to be asked")
}

#[test]
fn a_keystore_opens_with_its_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let (keystore, password) = (folder.path().join("key.json"), folder.path().join("password"));
    fs::write(&keystore, KEYSTORE).expect("written");
    fs::write(&password, "testpassword\n").expect("written");

    let with_file = KeySource { keystore: Some(keystore.clone()), password_file: Some(password) };
    assert_eq!(with_file.key(1, unasked).expect("a key").address().to_string(), ACCOUNT);

    let asking = KeySource { keystore: Some(keystore), password_file: None };
    assert_eq!(asking.key(1, || Ok("testpassword".into())).expect("a key").address().to_string(), ACCOUNT);

    let error = format!("{:#}", asking.key(1, || Ok("a wrong secret".into())).expect_err("a wrong password"));
    assert!(error.contains("key.json does not open") && !error.contains("a wrong secret"), "{error}");
}

#[test]
fn a_missing_or_broken_keystore_is_said() {
    let missing = KeySource { keystore: Some("/nonexistent/key.json".into()), password_file: None };
    for error in [missing.key(1, unasked), missing.second(unasked)].map(|key| key.expect_err("no file").to_string()) {
        assert_eq!(error, "there is no keystore /nonexistent/key.json");
    }

    let folder = tempfile::tempdir().expect("a folder");
    let keystore = folder.path().join("key.json");
    fs::write(&keystore, "{}").expect("written");
    let broken = KeySource { keystore: Some(keystore), password_file: None };
    assert!(broken.key(1, || Ok(String::new())).expect_err("no keystore").to_string().contains("does not open"));
}

/// What the library would take on trust: each is refused in a sentence, and in no time.
#[test]
fn a_keystore_that_asks_for_too_much_or_gives_too_little_is_said() {
    let scrypt = |numbers: &str| {
        let start = KEYSTORE.find("\"kdfparams\"").expect("parameters");
        let end = start + KEYSTORE[start..].find('}').expect("their end") + 1;
        let parameters = format!("\"kdfparams\": {{ {numbers}, \"salt\": \"ae3c\" }}");
        format!("{}{parameters}{}", &KEYSTORE[..start], &KEYSTORE[end..]).replace("pbkdf2", "scrypt")
    };
    let work = "it asks for more memory or work than any wallet's does";
    let folder = tempfile::tempdir().expect("a folder");
    let keystore = folder.path().join("key.json");
    for (text, reason) in [
        (KEYSTORE.replace("\"dklen\": 32", "\"dklen\": 16"), "its derived key has 16 bytes, and 32 are needed"),
        (KEYSTORE.replace("6087dab2f9fdbbfaddc31a909735c1e6", "6087"), "its initial value (iv) does not have 16 bytes"),
        (KEYSTORE.replace("262144", "4294967295"), work),
        (scrypt("\"dklen\": 32, \"n\": 2147483648, \"r\": 8, \"p\": 1"), work),
        (scrypt("\"dklen\": 32, \"n\": 2, \"r\": 268435456, \"p\": 1"), work),
        (scrypt("\"dklen\": 32, \"n\": 262144, \"r\": 8, \"p\": 1000000"), work),
        (scrypt("\"dklen\": 32, \"n\": 0, \"r\": 0, \"p\": 0"), "InvalidParams"),
        ("{\"crypto\":".repeat(100_000), "it ends in the middle"),
    ] {
        fs::write(&keystore, &text).expect("written");
        let source = KeySource { keystore: Some(keystore.clone()), password_file: None };
        let error = source.key(1, || Ok("testpassword".into())).expect_err(&text).to_string();
        assert!(error.contains("key.json does not open: ") && error.contains(reason), "{error}");
    }
}

#[test]
fn the_devnodes_key_serves_on_the_devnode_alone() {
    let source = KeySource::default();
    assert_eq!(source.key(DEV_CHAIN, unasked).expect("a key").address(), nitro::DEV_ACCOUNT);
    for chain in [1, 42_161, 421_614] {
        let error = source.key(chain, unasked).expect_err("no key").to_string();
        assert_eq!(error, format!("there is no key for chain {chain}: give --keystore, or set CONSILIUM_PRIVATE_KEY"));
    }
}

#[test]
fn a_password_without_a_keystore_is_a_mistake() {
    let source = KeySource { keystore: None, password_file: Some("password".into()) };
    let error = source.key(DEV_CHAIN, unasked).expect_err("a mistake").to_string();
    assert_eq!(error, "a password file is of use only with a keystore");
}

#[test]
fn files_of_any_size_are_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let [large, keystore] = ["large", "key.json"].map(|name| folder.path().join(name));
    fs::File::create(&large).and_then(|file| file.set_len((1 << 20) + 1)).expect("written");
    fs::write(&keystore, KEYSTORE).expect("written");
    let too_large = "it has more than 1048576 bytes, which is too large: name the right file";
    let source = KeySource { keystore: Some(large.clone()), password_file: None };
    let error = format!("{:#}", source.key(1, || Ok(String::new())).expect_err("a large keystore"));
    assert!(error.ends_with(too_large), "{error}");
    let source = KeySource { keystore: Some(keystore), password_file: Some(large) };
    let error = format!("{:#}", source.key(1, unasked).expect_err("a large password file"));
    assert!(error.ends_with(too_large), "{error}");
}
