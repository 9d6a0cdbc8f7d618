//! What is signed, against alloy's own types, and what of calldata is read back.

use alloy::primitives::U256;
use alloy::sol;
use alloy::sol_types::SolStruct;

use super::*;
use crate::signing::{Place, nonce};

sol! {
    struct Register {
        address subject; address custodian; uint8 dataClass; uint32 schema; uint64 hashCode; bytes32 digest;
        uint8 locatorKind; uint64 locatorCodec; bytes32 locator; uint16 encryption; bytes32 keyCommitment;
        bytes32 previous; uint256 nonce; uint48 deadline; address relayer;
    }
    struct Erase { bytes32 id; uint256 nonce; uint48 deadline; address relayer; }
    struct Refuse { bytes32 id; uint256 nonce; uint48 deadline; address relayer; }
    struct RequestAccess {
        address actor; bytes32 id; uint8 purpose; address onBehalfOf; bytes32 encryptionKey; uint256 nonce;
        uint48 deadline; address relayer;
    }
}

const PLACE: Place = Place { chain: 42_161, contract: Address::repeat_byte(9) };
const ACTOR: Address = Address::repeat_byte(5);

fn pointer() -> abi::Pointer {
    abi::Pointer {
        subject: Address::repeat_byte(1),
        custodian: Address::repeat_byte(2),
        dataClass: 8,
        schema: 1,
        hashCode: 0x12,
        digest: B256::repeat_byte(3),
        locatorKind: 2,
        locatorCodec: 0x70,
        locator: B256::repeat_byte(4),
        encryption: 6,
        keyCommitment: B256::repeat_byte(7),
        previous: B256::repeat_byte(8),
    }
}

fn request() -> Act {
    let request = abi::Request {
        id: B256::repeat_byte(1),
        purpose: 4,
        onBehalfOf: Address::repeat_byte(6),
        encryptionKey: B256::repeat_byte(7),
    };
    Act::Request { actor: ACTOR, request }
}

fn acts() -> [Act; 4] {
    [Act::Register(pointer()), Act::Erase(B256::repeat_byte(1)), Act::Refuse(pointer()), request()]
}

/// Alloy derives types and encoding of its own from the structs.
#[test]
fn digests_are_those_of_typed_data() {
    let terms =
        Terms { nonce: nonce(U256::from(7), 3).expect("small"), deadline: 55, relayer: Address::repeat_byte(8) };
    let (Terms { nonce, relayer, .. }, deadline) = (terms, U48::from(55));
    let domain = Act::DOMAIN.at(&PLACE);
    let abi::Pointer { subject, custodian, digest, locator, keyCommitment, previous, .. } = pointer();
    let register = Register {
        subject,
        custodian,
        dataClass: 8,
        schema: 1,
        hashCode: 0x12,
        digest,
        locatorKind: 2,
        locatorCodec: 0x70,
        locator,
        encryption: 6,
        keyCommitment,
        previous,
        nonce,
        deadline,
        relayer,
    };
    let ask = RequestAccess {
        actor: ACTOR,
        id: B256::repeat_byte(1),
        purpose: 4,
        onBehalfOf: Address::repeat_byte(6),
        encryptionKey: B256::repeat_byte(7),
        nonce,
        deadline,
        relayer,
    };
    let expected = [
        register.eip712_signing_hash(&domain),
        Erase { id: B256::repeat_byte(1), nonce, deadline, relayer }.eip712_signing_hash(&domain),
        Refuse { id: pointer_id(&pointer()), nonce, deadline, relayer }.eip712_signing_hash(&domain),
        ask.eip712_signing_hash(&domain),
    ];
    assert_eq!(acts().map(|act| act.digest(&PLACE, &terms)), expected);
}

#[test]
fn calldata_is_read_back_and_nothing_else_is() {
    for act in acts() {
        let data = act.encode();
        assert_eq!(Act::decode(&data), Some(act.clone()));
        assert_eq!(Act::decode(&[&data[..], &[0]].concat()), None);
        assert_eq!(Act::decode(&data[..data.len() - 1]), None);
        // A signature has no place there.
        let signed = abi::Signed { deadline: U48::from(1), ..unsigned() };
        assert_eq!(Act::decode(&act.calldata(signed)), None);
    }
    let mut dirty = request().encode().to_vec();
    dirty[4 + 32] = 1;
    assert_eq!(Act::decode(&dirty), None);
    // Another function of the contract cannot be signed.
    assert_eq!(Act::decode(&abi::eraseCall { id: B256::ZERO }.abi_encode()), None);
}

#[test]
fn acts_are_told_in_words() {
    let told = acts().map(|act| act.words(&Names::standard()));
    let (id, of) = (pointer_id(&pointer()), Address::repeat_byte);
    let one = B256::repeat_byte(1);
    assert_eq!(
        told[0],
        format!(
            "{} lets {} register the pointer {id}, to LABORATORY (8) under the schema 1, in place of {}",
            of(1),
            of(2),
            B256::repeat_byte(8)
        )
    );
    assert_eq!(told[1], format!("the pointer {one} is erased"));
    assert_eq!(told[2], format!("{} refuses the pointer {id} of {}: it is never registered", of(1), of(2)));
    assert!(told[3].starts_with(&format!("{ACTOR} asks for the key of {one} for ")), "{}", told[3]);
    let end = format!(", on behalf of {}, wrapped for {}", of(6), B256::repeat_byte(7));
    assert!(told[3].ends_with(&end), "{}", told[3]);
}
