use alloy::primitives::U256;

use super::*;
use crate::signing::P256Key;

fn key() -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).expect("a key")
}

#[test]
fn a_key_signs_in_two_manners() {
    let hash = B256::repeat_byte(1);
    for (manner, ends) in [(Manner::TypedData, [27, 28]), (Manner::EthSign, [31, 32])] {
        let made = Confirmation::sign(&key(), hash, manner).expect("signed");
        assert!(ends.contains(&made.signature[64]) && made.owner == key().address());
        assert_eq!(made.check(hash), Ok(Kind::Key(manner)));
        assert!(made.check(B256::repeat_byte(2)).expect_err("another hash").contains("did not sign"));
    }
}

#[test]
fn what_another_wallet_signed_is_made_fit() {
    let (hash, key) = (B256::repeat_byte(1), key());
    let owners = [key.address()];
    for manner in [Manner::TypedData, Manner::EthSign] {
        let bytes = key.sign_hash_sync(&manner.hash(hash)).expect("signed").as_bytes();
        let mut plain = bytes;
        plain[64] -= 27;
        for bytes in [bytes, plain] {
            let made = Confirmation::made_elsewhere(&bytes, hash, &owners).expect("an owner's");
            assert_eq!(made, Confirmation::sign(&key, hash, manner).expect("signed"));
        }
    }
    let stranger = [Address::repeat_byte(3)];
    let bytes = Confirmation::sign(&key, hash, Manner::TypedData).expect("signed").signature;
    let refused = Confirmation::made_elsewhere(&bytes, hash, &stranger).expect_err("no owner's");
    assert!(refused.contains("is no owner"), "{refused}");
}

#[test]
fn what_is_no_keys_signature_is_refused() {
    let hash = B256::repeat_byte(1);
    let mut bytes = Confirmation::sign(&key(), hash, Manner::TypedData).expect("signed").signature.to_vec();
    for (end, reason) in
        [(0, "signature of the contract"), (1, "an approval"), (2, "a key on P-256"), (200, "ends with 27")]
    {
        bytes[64] = end;
        let made = Confirmation { owner: key().address(), signature: bytes.clone().into() };
        assert!(made.check(hash).expect_err("refused").contains(reason));
    }
    let short = Confirmation { owner: key().address(), signature: vec![1; 64].into() };
    assert_eq!(short.check(hash), Err("a signature has 65 bytes, and this has 64".to_owned()));
    let nothing = Confirmation { owner: key().address(), signature: [vec![0; 64], vec![27]].concat().into() };
    assert_eq!(nothing.check(hash), Err("no key made this signature".to_owned()));
}

/// A key on P-256, from a JSON Web Key.
fn device(number: u8) -> P256Key {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key.json");
    let digits = hex::encode_prefixed([number; 32]);
    std::fs::write(&path, format!("{{\"crv\": \"P-256\", \"d\": \"{digits}\"}}")).expect("written");
    P256Key::load(&path).expect("a key")
}

#[test]
fn a_key_on_p256_signs_with_193_bytes() {
    let (hash, key) = (B256::repeat_byte(1), device(5));
    let made = Confirmation::of_p256(&key.sign(hash).expect("signed"));
    assert_eq!((made.owner, made.signature.len(), made.check(hash)), (key.account(), 193, Ok(Kind::P256)));
    assert!(made.check(B256::ZERO).expect_err("another hash").contains("did not sign this transaction"));
    let other = Confirmation { owner: device(6).account(), ..made.clone() };
    assert!(other.check(hash).expect_err("another owner").contains("has the address"));
    // The other half of `s` is good too, as it is to the Safe.
    let order = U256::from_limbs([0xf3b9_cac2_fc63_2551, 0xbce6_faad_a717_9e84, u64::MAX, 0xffff_ffff_0000_0000]);
    let mut twin = made.signature.to_vec();
    let s = U256::from_be_slice(&twin[97..129]);
    twin[97..129].copy_from_slice(&(order - s).to_be_bytes::<32>());
    assert_eq!(Confirmation { signature: twin.into(), ..made.clone() }.check(hash), Ok(Kind::P256));
    for (at, reason) in [
        (0, "has the address"),
        (12, "has the address"),
        (63, "has the address"),
        (65, "did not sign"),
        (192, "is none"),
    ] {
        let mut changed = made.signature.to_vec();
        changed[at] ^= 1;
        let error = Confirmation { signature: changed.into(), ..made.clone() }.check(hash).expect_err("changed");
        assert!(error.contains(reason), "{at}: {error}");
    }
    for length in [65, 192, 194] {
        let mut changed = made.signature.to_vec();
        changed.resize(length, 0);
        let error = Confirmation { signature: changed.into(), ..made.clone() }.check(hash).expect_err("cut");
        assert_eq!(error, format!("by a key on P-256, a signature has 193 bytes, and this has {length}"));
    }
}

#[test]
fn a_contracts_signature_has_its_length_before_it() {
    let owner = Address::repeat_byte(3);
    for bytes in [&[][..], &[1, 2, 3], &[7; 200]] {
        let made = Confirmation::of_contract(owner, bytes);
        assert_eq!(made.check(B256::ZERO), Ok(Kind::Contract));
        for changed in [[&made.signature[..], &[0]].concat(), made.signature[..made.signature.len() - 1].to_vec()] {
            let changed = Confirmation { owner, signature: changed.into() };
            assert!(changed.check(B256::ZERO).expect_err("changed").contains("has another form or length"));
        }
        let other = Confirmation { owner: Address::ZERO, ..made };
        assert!(other.check(B256::ZERO).is_err());
    }
}

#[test]
fn what_belongs_to_signatures_is_behind_all_of_them() {
    let hash = B256::repeat_byte(1);
    let contract = Confirmation::of_contract(Address::repeat_byte(3), &[7; 5]).signature;
    let plain = Confirmation::sign(&key(), hash, Manner::TypedData).expect("signed").signature;
    let device = Confirmation::of_p256(&device(5).sign(hash).expect("signed")).signature;
    assert_eq!(packed(std::slice::from_ref(&contract)), contract);
    let all = packed(&[contract.clone(), plain.clone(), device.clone()]);
    let place = |at: usize| U256::from_be_slice(&all[65 * at + 32..65 * at + 64]);
    assert_eq!((place(0), place(2)), (U256::from(195), U256::from(195 + 32 + 5)));
    assert_eq!(all[65..130], plain);
    assert_eq!(all[195..], [&contract[65..], &device[65..]].concat());
}
