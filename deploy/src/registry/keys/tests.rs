use super::*;

const ASKED: Asked =
    Asked { chain: 42_161, registry: Address::repeat_byte(1), id: B256::repeat_byte(2), request: B256::repeat_byte(3) };

#[test]
fn a_wrapped_key_opens_for_its_requester_and_its_request_alone() {
    let (key, other) = (EncryptionKey::random(), EncryptionKey::random());
    let record = RecordKey::random().expect("random");
    let wrapped = record.wrap(key.public(), &ASKED).expect("wrapped");
    assert!(wrapped.open(&key).is_ok_and(|opened| opened == record));
    assert_eq!(wrapped.asked(), ASKED);
    // Each time another ciphertext.
    assert_ne!(record.wrap(key.public(), &ASKED).expect("wrapped").hash(), wrapped.hash());
    let refused = |wrapped: &WrappedKey, key: &EncryptionKey| {
        let error = wrapped.open(key).err().expect("refused").to_string();
        assert!(
            error.starts_with("the wrapped key does not open: it is for another key or another request"),
            "{error}"
        );
    };
    refused(&wrapped, &other);
    for changed in [
        WrappedKey { chain_id: 1, ..wrapped.clone() },
        WrappedKey { registry: Address::ZERO, ..wrapped.clone() },
        WrappedKey { id: B256::ZERO, ..wrapped.clone() },
        WrappedKey { request_id: B256::ZERO, ..wrapped.clone() },
        WrappedKey { encapsulated_key: other.public(), ..wrapped.clone() },
        WrappedKey { encapsulated_key: B256::ZERO, ..wrapped.clone() },
        WrappedKey { ciphertext: wrapped.ciphertext[1..].to_vec().into(), ..wrapped.clone() },
        WrappedKey { ciphertext: Bytes::new(), ..wrapped.clone() },
    ] {
        refused(&changed, &key);
    }
}

/// Points of small order would make a key that everybody knows.
#[test]
fn a_public_key_that_wraps_nothing_is_refused() {
    let mut one = B256::ZERO;
    one[0] = 1;
    for public in [B256::ZERO, one] {
        let error = RecordKey::random().expect("random").wrap(public, &ASKED).expect_err("refused").to_string();
        assert!(error.ends_with(" is not a public key of X25519: the request cannot be answered"), "{error}");
    }
}

#[test]
fn the_commitment_hides_the_key_by_its_salt() {
    let key = B256::repeat_byte(1);
    let record = RecordKey::new(key, B256::repeat_byte(2));
    assert_eq!(record.commitment(), keccak256([[2; 32], [1; 32]].concat()));
    assert_ne!(record.commitment(), RecordKey::new(key, B256::repeat_byte(3)).commitment());
}

#[test]
fn keys_are_kept_in_files_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let (pair, record) = (EncryptionKey::random(), RecordKey::random().expect("random"));
    let wrapped = record.wrap(pair.public(), &ASKED).expect("wrapped");
    pair.write_new(&path("pair")).expect("written");
    record.write_new(&path("record")).expect("written");
    wrapped.write_new(&path("wrapped")).expect("written");
    assert_eq!(EncryptionKey::load(&path("pair")).map(|found| found.public()).expect("read"), pair.public());
    assert!(RecordKey::load(&path("record")).is_ok_and(|found| found == record));
    assert_eq!(WrappedKey::load(&path("wrapped")).expect("read"), wrapped);
    #[cfg(unix)]
    for name in ["pair", "record"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path(name)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    // What is there is not written over, and one kind is not taken for another.
    let error = pair.write_new(&path("record")).expect_err("there").to_string();
    assert!(error.ends_with(" is there already: name another file, or move it away"), "{error}");
    assert!(EncryptionKey::load(&path("record")).is_err() && RecordKey::load(&path("pair")).is_err());
    let other = std::fs::read_to_string(path("record")).expect("read").replace(RECORD_KEY, "another");
    std::fs::write(path("other"), other).expect("written");
    let error = RecordKey::load(&path("other")).err().expect("another format").to_string();
    assert!(error.contains("its format is not \"consilium record key 1\": name the right file"), "{error}");
    // A pair that is none would lose the answer.
    let text = std::fs::read_to_string(path("pair")).expect("read");
    let text = text.replace(&pair.public().to_string(), &EncryptionKey::random().public().to_string());
    std::fs::write(path("mixed"), text).expect("written");
    let error = EncryptionKey::load(&path("mixed")).err().expect("mixed").to_string();
    assert!(error.contains("its keys do not belong together"), "{error}");
}
