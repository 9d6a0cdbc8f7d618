//! Selectors and types are those of the texts.

use alloy_primitives::keccak256;

use super::*;

const PROVISION: &str =
    "address grantee,uint256 classes,uint64 purposes,bool deny,uint48 notBefore,uint48 expiry,bytes32 document";

/// Each act's function, and the members of its type.
const TEXTS: [(&str, &str, &str); 9] = [
    ("grant(address,(address,uint256,uint64,bool,uint48,uint48,bytes32))", "Grant", "address grantor,{provision}"),
    (
        "amend(address,uint32,(address,uint256,uint64,bool,uint48,uint48,bytes32))",
        "Amend",
        "address grantor,uint32 number,{provision}",
    ),
    ("revoke(address,address,uint32)", "Revoke", "address grantor,address grantee,uint32 number"),
    ("revokeGrantee(address,address)", "RevokeGrantee", "address grantor,address grantee"),
    ("revokeAll(address)", "RevokeAll", "address grantor"),
    (
        "setRepresentative(address,address,uint256,uint64,uint48)",
        "SetRepresentative",
        "address grantor,address representative,uint256 classes,uint64 purposes,uint48 until",
    ),
    ("setRecovery(address,address)", "SetRecovery", "address grantor,address recoverer"),
    ("startRecovery(address,address)", "StartRecovery", "address grantor,address newKey"),
    ("vetoRecovery(address)", "VetoRecovery", "address grantor"),
];

fn selector(function: &str) -> [u8; 4] {
    let [a, b, c, d, ..] = keccak256(function).0;
    [a, b, c, d]
}

#[test]
fn selectors_words_and_types_are_those_of_the_texts() {
    for (function, name, members) in TEXTS {
        let (kind, words, type_hash) = known(selector(function)).expect(function);
        assert_eq!(format!("{kind:?}"), name);
        let members = members.replace("{provision}", PROVISION);
        assert_eq!(words, members.split(',').count(), "{function}");
        let text = format!("{name}({members},uint256 nonce,uint48 deadline,address relayer)");
        assert_eq!(type_hash, keccak256(&text), "{text}");
    }
}

#[test]
fn the_domain_s_hashes() {
    assert_eq!((NAME_HASH.hash(), VERSION_HASH.hash()), (keccak256(NAME), keccak256(VERSION)));
}

#[test]
fn what_is_no_act_is_refused() {
    let words = [0; 9 * 32];
    for (function, ..) in TEXTS {
        let selector = selector(function);
        let (_, count, _) = known(selector).expect(function);
        let act = |words: &[u8]| parse(&[&selector[..], words].concat()).map(|(kind, ..)| kind).ok();
        assert!(act(&words[..32 * count]).is_some());
        assert!(act(&words[..32 * count - 1]).is_none());
        assert!(act(&[&words[..32 * count], &[0]].concat()).is_none());
        let mut dirty = words;
        dirty[0] = 1;
        assert!(act(&dirty[..32 * count]).is_none());
    }
    assert!(parse(&[]).is_err() && parse(&[1, 2, 3]).is_err() && parse(&[0; 36]).is_err());
}
