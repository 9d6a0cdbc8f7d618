//! Files of signed acts: written once, read as they are, and refused if anything in them was changed.

use consilium_bindings::Consent as abi;
use serde_json::Value;

use super::*;
use crate::consent::Act;

type Signed = super::Signed<Act>;

const NOW: u64 = 1_800_000_000;

fn key() -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).expect("a key")
}

fn unsigned() -> Signed {
    let act = Act::Revoke(abi::revokeCall { grantor: key().address(), grantee: Address::repeat_byte(2), number: 1 });
    let place = Place { chain: 42_161, contract: Address::repeat_byte(9) };
    let terms = Terms { nonce: U256::ZERO, deadline: NOW + 60, relayer: Address::ZERO };
    Signed::new(&act, place, terms, &Names::standard()).expect("an act")
}

fn signed() -> Signed {
    unsigned().sign(&key()).expect("signed")
}

#[test]
fn a_file_is_written_once_and_read_as_it_is() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("act.json");
    signed().write_new(&path)?;
    assert_eq!(Signed::load(&path)?, signed());
    let error = unsigned().write_new(&path).expect_err("it is there").to_string();
    assert!(error.ends_with("act.json is there already: name another file, or move it away"), "{error}");
    assert_eq!(Signed::load(&path)?, signed());
    assert_eq!(folder.path().read_dir()?.count(), 1, "nothing else is left");
    // A link to nowhere is something, too.
    #[cfg(unix)]
    {
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("nowhere"), &link)?;
        assert!(signed().write_new(&link).is_err());
    }
    Ok(())
}

#[test]
fn a_signature_is_good_until_its_deadline() -> Result<()> {
    assert_eq!(signed().check(NOW)?, Proven::Signed);
    assert_eq!(signed().check(NOW + 60)?, Proven::Signed);
    let error = signed().check(NOW + 61).expect_err("over").to_string();
    assert_eq!(error, "its signature was good until 2027-01-15T08:01:00Z: let it be signed again");
    assert!(unsigned().check(NOW).expect_err("unsigned").to_string().starts_with("nobody has signed it"));
    // A wallet that is a contract may take any signature.
    let other = Signed { signer: Some(Address::repeat_byte(5).into_array().into()), ..signed() };
    assert_eq!(other.check(NOW)?, Proven::OnChain);
    Ok(())
}

/// Every member, one after the other.
#[test]
fn a_file_that_was_changed_is_refused() -> Result<()> {
    let whole = serde_json::to_value(signed())?;
    for name in whole.as_object().expect("an object").keys() {
        for value in [Value::from("0x01"), Value::from(3), Value::Null, Value::from(vec!["x"])] {
            // For people: no program reads it.
            if name == "says" && value.is_array() {
                continue;
            }
            let mut changed = whole.clone();
            changed[name] = value.clone();
            // Who signed does not follow from the digest: the check says it.
            let refused = Signed::parse(&changed.to_string());
            let is_other = ["signer", "signature"].contains(&name.as_str()) && value == "0x01";
            match refused {
                Err(reason) => assert!(!reason.is_empty() && !is_other, "{name}"),
                Ok(found) if is_other => {
                    assert_ne!(found.check(NOW).ok(), Some(Proven::Signed), "{name}");
                }
                Ok(_) => panic!("{name} = {value} is taken"),
            }
        }
        let mut less = whole.clone();
        less.as_object_mut().expect("an object").remove(name);
        let is_optional = ["signer", "signature"].contains(&name.as_str());
        let error = Signed::parse(&less.to_string()).expect_err(name);
        assert!(is_optional || error == format!("it has no `{name}`"), "{error}");
    }
    for (from, to) in [("\"chainId\":42161", "\"chainId\":1"), ("\"nonce\":\"0x0\"", "\"nonce\":\"0x1\"")] {
        let text = whole.to_string();
        assert!(text.contains(from), "{text}");
        let error = Signed::parse(&text.replace(from, to)).expect_err(to);
        assert_eq!(error, "its digest is not that of its act: something in it was changed, so let it be signed again");
    }
    Ok(())
}

#[test]
fn it_tells_what_is_signed_and_not_what_the_file_says() {
    let lying = Signed { says: vec!["a gift".to_owned()], ..signed() };
    let told = lying.summary(&Names::standard());
    assert!(!told.contains("gift"), "{told}");
    assert!(told.starts_with(&format!("{} revokes provision 1 for ", key().address())), "{told}");
    assert!(told.ends_with(&format!("signed by {}", key().address())), "{told}");
}

/// The account of a passkey is the last 20 bytes of the hash of its key.
#[test]
fn a_passkey_has_an_account() {
    let bytes = [3; 64];
    let passkey = Signed { signer: Some(bytes.into()), signature: Some(Bytes::new()), ..signed() };
    assert_eq!(passkey.account(), Some(Address::from_slice(&keccak256(bytes)[12..])));
    assert_eq!(
        passkey.check(NOW).expect_err("no assertion").to_string(),
        "its signature is not a passkey's: let it be signed again"
    );
}
