use super::*;

/// Of the sha2-256 of nothing, as `ipfs` prints them.
const EMPTY: &str = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
const EMPTY_V0: &str = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn digest() -> B256 {
    DIGEST.parse().expect("a digest")
}

fn refusal(said: Said) -> String {
    said.members().expect_err("it is refused")
}

#[test]
fn a_raw_cid_says_hash_and_locator() {
    let found = Said { cid: Some(cid(EMPTY).expect("a CID")), ..Said::default() }.members().expect("enough");
    assert_eq!(found, of_bytes(digest()));
    assert_eq!(located(&found).expect("a CID").to_string(), EMPTY);
}

#[test]
fn a_multihash_is_read_in_each_form() {
    let expected = Digest { code: SHA2_256, digest: digest() };
    // 0x, then multibase: base16, base58btc.
    let base58 = multibase::encode(multibase::Base::Base58Btc, hex::decode(format!("1220{DIGEST}")).expect("hex"));
    for text in [format!("0x1220{DIGEST}"), format!("f1220{DIGEST}"), base58] {
        assert_eq!(multihash(&text), Ok(expected), "{text}");
    }
    for (text, reason) in [
        (String::new(), "`multihash` is not a multihash: write 0x1220"),
        ("0x12".into(), "`multihash` is not a multihash: "),
        (format!("0x1221{DIGEST}"), "`multihash` is not a multihash: "),
        (format!("0x1220{DIGEST}00"), "`multihash` is not a multihash: "),
        (format!("0x1120{DIGEST}"), "`multihash` is of the hash 0x11: the contract takes sha2-256 (0x12), blake3"),
        (format!("0x1214{}", &DIGEST[..40]), "`multihash` has a digest of 20 bytes: the contract takes 32"),
    ] {
        let error = multihash(&text).expect_err(&text);
        assert!(error.starts_with(reason), "{text}: {error}");
    }
}

#[test]
fn a_cid_that_the_contract_does_not_take_is_refused_with_what_to_write() {
    let v1 = Cid::try_from(EMPTY_V0).expect("a CID").into_v1().expect("a CID");
    let error = cid(EMPTY_V0).expect_err("version 0");
    assert!(error.ends_with(&format!("takes version 1: write {v1}, which is the same")), "{error}");
    assert!(cid("bafk").expect_err("cut").starts_with("`cid` is not a CID: "));
    let hash = Multihash::wrap(SHA2_256, digest().as_slice()).expect("32 bytes");
    let error = cid(&Cid::new_v1(0x0129, hash).to_string()).expect_err("dag-json");
    assert!(error.starts_with("`cid` has the codec 0x129: the contract takes raw (0x55)"), "{error}");
    let sha1 = Multihash::wrap(0x11, &[1; 20]).expect("20 bytes");
    assert!(cid(&Cid::new_v1(RAW, sha1).to_string()).expect_err("sha1").starts_with("`cid` is of the hash 0x11"));
}

/// The root of a tree of blocks has another digest than the file.
#[test]
fn the_cid_of_a_tree_needs_the_hash_of_the_record() {
    let tree = cid(&Cid::try_from(EMPTY_V0).expect("a CID").into_v1().expect("a CID").to_string()).expect("dag-pb");
    let said = Said { cid: Some(tree), ..Said::default() };
    assert!(refusal(said.clone()).ends_with("says no hash of the record: give `multihash` too"));
    let content = Digest { code: 0x1e, digest: B256::repeat_byte(7) };
    let found = Said { multihash: Some(content), ..said }.members().expect("enough");
    assert_eq!((found.hashCode, found.digest, found.locatorKind), (0x1e, content.digest, OTHER_CID));
    assert_eq!((found.locatorCodec, located(&found)), (0x70, Some(tree)));
    // Only sha2-256 is found by another digest.
    let blake3 = Cid::new_v1(RAW, Multihash::wrap(0x1e, &[8; 32]).expect("32 bytes"));
    let said = Said { multihash: Some(content), cid: Some(blake3), ..Said::default() };
    assert!(refusal(said).contains("and not by sha2-256: take the CID of the record"));
}

#[test]
fn what_is_said_twice_must_agree() {
    let whole = Said { cid: Some(cid(EMPTY).expect("a CID")), ..Said::default() };
    let zero = Some(B256::ZERO);
    let agreeing = Said {
        hash_code: Some(SHA2_256),
        digest: Some(digest()),
        kind: Some(1),
        codec: Some(RAW),
        locator: zero,
        multihash: Some(Digest { code: SHA2_256, digest: digest() }),
        ..whole.clone()
    };
    assert!(agreeing.clone().members().is_ok());
    for said in [
        Said { kind: Some(2), ..agreeing.clone() },
        Said { codec: Some(0x70), ..agreeing.clone() },
        Said { locator: Some(digest()), ..agreeing.clone() },
    ] {
        assert!(refusal(said).starts_with("`cid` is another locator than the members beside it say"));
    }
    let other = Some(Digest { code: SHA2_256, digest: B256::repeat_byte(1) });
    assert!(refusal(Said { multihash: other, ..agreeing }).starts_with("`multihash` is another hash than `hashCode`"));
    assert!(refusal(Said { digest: Some(digest()), ..whole.clone() }).contains("lacks `hashCode`"));
    assert!(refusal(Said { hash_code: Some(1), ..whole }).contains("lacks `digest`"));
    assert!(refusal(Said::default()).starts_with("it says no hash of the record: give `multihash`"));
}

/// As `rules::codes` of the contract.
#[test]
fn what_the_contract_refuses_is_refused() {
    let good = |kind, codec, locator: u8| Said {
        hash_code: Some(SHA2_256),
        digest: Some(digest()),
        kind: Some(kind),
        codec: Some(codec),
        locator: Some(B256::repeat_byte(locator)),
        ..Said::default()
    };
    for said in [good(1, 0x55, 0), good(1, 0x71, 0), good(2, 0x70, 1), good(3, 0, 1), good(4, 0, 1)] {
        assert!(said.members().is_ok());
    }
    for (said, reason) in [
        (Said { hash_code: Some(0x11), ..good(3, 0, 1) }, "`hashCode` is 0x11: the contract takes sha2-256"),
        (Said { digest: Some(B256::ZERO), ..good(3, 0, 1) }, "`digest` is zero"),
        (good(0, 0, 1), "`locatorKind` is 0: write 1 or 2 for a CID"),
        (good(5, 0, 1), "`locatorKind` is 5: write 1 or 2 for a CID"),
        (good(1, 0x55, 1), "`locator` is zero where the CID has the record's digest"),
        (good(1, 0, 0), "`locatorCodec` is 0x0: a CID's is raw (0x55)"),
        (good(2, 0x55, 0), "it lacks `locator`: 32 bytes"),
        (good(3, 0x55, 1), "`locatorCodec` belongs to a CID alone"),
        (good(4, 0, 0), "it lacks `locator`: 32 bytes"),
        (Said { kind: None, ..good(3, 0, 1) }, "it lacks `cid`: give it, or `locatorKind` and `locator`"),
    ] {
        let error = refusal(said);
        assert!(error.starts_with(reason), "{error}");
    }
}

#[test]
fn codes_are_read_by_name_and_number() {
    for text in ["sha2-256", "SHA2-256", "0x12", "18"] {
        assert_eq!(code(text, &HASHES, "hashCode"), Ok(SHA2_256), "{text}");
    }
    let error = code("sha256", &HASHES, "hashCode").expect_err("no name");
    assert!(error.starts_with("`hashCode` is not in the table: write one of sha2-256 (0x12), "), "{error}");
}
