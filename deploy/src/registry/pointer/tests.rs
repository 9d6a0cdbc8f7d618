use super::*;

/// What every pointer needs, found by an Arweave id.
fn whole() -> Value {
    json!({
        "subject": "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf",
        "custodian": Address::repeat_byte(2),
        "data-class": "LABORATORY",
        "Data_Class ".trim(): null,
        "schema": 7,
        "hash code": "keccak-256",
        "digest": B256::repeat_byte(3),
        "locatorKind": 3,
        "locator": B256::repeat_byte(4),
        "encryption": "2",
        "keyCommitment": B256::repeat_byte(5),
    })
}

fn read(value: Value) -> Result<Pointer, String> {
    Draft::of_json(&value.to_string())?.pointer(&Names::standard())
}

fn with(name: &str, value: Value) -> Value {
    let mut whole = whole();
    whole[name] = value;
    whole
}

#[test]
fn a_pointer_is_read_and_written_again() {
    let found = read(whole()).expect("whole");
    assert_eq!((found.dataClass, found.schema, found.hashCode, found.encryption), (8, 7, 0x1b, 2));
    assert_eq!((found.locatorKind, found.locatorCodec, found.previous), (3, 0, B256::ZERO));
    assert_eq!(read(pointer_json(&found)), Ok(found.clone()));
    assert_eq!(read(serde_json::from_str(&listed(&found)).expect("a list")), Ok(found.clone()));
    // The CID is told, and read again.
    let raw = Pointer { locatorKind: 1, locatorCodec: 0x55, locator: B256::ZERO, ..found };
    assert!(pointer_json(&raw)["cid"].as_str().expect("a CID").starts_with("bafkr"));
    assert_eq!(read(pointer_json(&raw)), Ok(raw));
}

#[test]
fn what_is_wrong_is_said_by_member() {
    let zero = json!(B256::ZERO);
    for (value, reason) in [
        (json!(7), "it is not a pointer: write an object"),
        (json!([1, 2]), "a list of 2 values is not a pointer: write its 12 members"),
        (with("colour", json!(1)), "`colour` is not a member of a pointer: write subject, custodian, "),
        (with("dataClass", json!(8)), "`dataClass` is there twice: delete one"),
        (with("schema", json!([1])), "`schema` is neither a text nor a number"),
        (with("schema", json!(1.5)), "`schema` is not a number that fits"),
        (with("schema", json!("+1")), "`schema` is not a number that fits"),
        (with("schema", json!(1_u64 << 32)), "`schema` is not a number that fits"),
        (with("schema", json!(0)), "`schema` is 0: the contract's numbers count from 1"),
        (with("schema", json!(null)), "it lacks `schema`"),
        (with("encryption", json!(65_536)), "`encryption` is not a number that fits"),
        (with("encryption", json!(0)), "`encryption` is 0"),
        (with("keyCommitment", zero), "`keyCommitment` is zero: give the salted hash"),
        (with("keyCommitment", json!("05")), "`keyCommitment` is not 32 bytes: write 0x"),
        (with("previous", json!("0x05")), "`previous` is not 32 bytes"),
        (with("data-class", json!("BLOOD")), "`dataClass`: there is no class \"BLOOD\""),
        (with("subject", json!(Address::ZERO)), "`subject` is the zero address, which is nobody's"),
        (
            with("subject", json!("0x7E5F4552091A69125d5DfCb7b8C2659029395BdF")),
            "`subject`: the checksum of the address is wrong",
        ),
        (with("cid", json!("x")), "`cid` is not a CID: "),
    ] {
        let error = read(value.clone()).expect_err("refused");
        assert!(error.starts_with(reason), "{value}: {error}");
    }
}
