//! Lists inside a request: what is warm from the start, and delegations.

use crate::rpc::{
    members::member,
    params::{Param, unexpected},
};
use alloy::eips::{
    eip2930::{AccessList, AccessListItem},
    eip7702::{Authorization, SignedAuthorization},
};
use alloy_primitives::B256;
use serde_json::{Map, Value};

/// Delegations, each with its signature (EIP-7702).
#[derive(Debug)]
pub(super) struct Authorizations(pub(super) Vec<SignedAuthorization>);

impl Param for AccessList {
    fn read(value: Value) -> Result<Self, String> {
        items(value, "types.AccessList", "types.AccessTuple", |members| {
            let required = |name: &str| missing(name, "AccessTuple");
            Ok(AccessListItem {
                address: member(members, "address")?.ok_or_else(|| required("address"))?,
                storage_keys: member::<Hashes>(members, "storageKeys")?.ok_or_else(|| required("storageKeys"))?.0,
            })
        })
        .map(Self)
    }
}

impl Param for Authorizations {
    fn read(value: Value) -> Result<Self, String> {
        const EACH: &str = "types.SetCodeAuthorization";
        items(value, "[]types.SetCodeAuthorization", EACH, |members| {
            let required = |name: &str| missing(name, "SetCodeAuthorization");
            let chain_id = member(members, "chainId")?.ok_or_else(|| required("chainId"))?;
            let address = member(members, "address")?.ok_or_else(|| required("address"))?;
            let nonce = member(members, "nonce")?.ok_or_else(|| required("nonce"))?;
            // Of a parity that is longer than a byte, Go keeps the last one.
            let parity = member::<u64>(members, "yParity")?.ok_or_else(|| required("yParity"))? as u8;
            let r = member(members, "r")?.ok_or_else(|| required("r"))?;
            let s = member(members, "s")?.ok_or_else(|| required("s"))?;
            let authorization = Authorization { chain_id, address, nonce };
            Ok(SignedAuthorization::new_unchecked(authorization, parity, r, s))
        })
        .map(Self)
    }
}

/// Hashes, of slots or of blobs.
pub(super) struct Hashes(pub(super) Vec<B256>);

impl Param for Hashes {
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Array(slots) => slots.into_iter().map(B256::read).collect::<Result<_, _>>().map(Self),
            other => Err(unexpected(&other, "[]common.Hash")),
        }
    }
}

/// Reads a list of objects. An item that is `null` lacks its first member.
fn items<T>(
    value: Value,
    list: &str,
    each: &str,
    read: impl Fn(&Map<String, Value>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let Value::Array(values) = value else { return Err(unexpected(&value, list)) };
    let read = |value: Value| match value {
        Value::Object(members) => read(&members),
        Value::Null => read(&Map::new()),
        other => Err(unexpected(&other, each)),
    };
    values.into_iter().map(read).collect()
}

fn missing(name: &str, structure: &str) -> String {
    format!("missing required field '{name}' for {structure}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::{Address, U256};
    use serde_json::json;

    #[test]
    fn members_come_in_any_case() {
        let (address, slot) = (Address::with_last_byte(1), B256::with_last_byte(2));
        let list = AccessList::read(json!([{ "ADDRESS": address, "storagekeys": [slot] }])).unwrap();
        assert_eq!(list.0, [AccessListItem { address, storage_keys: vec![slot] }]);
        let signed =
            json!({ "CHAINID": "0x1", "Address": address, "NONCE": "0x2", "yparity": "0x1", "R": "0x3", "S": "0x4" });
        let Authorizations(list) = Authorizations::read(json!([signed])).unwrap();
        let authorization = Authorization { chain_id: U256::ONE, address, nonce: 2 };
        assert_eq!(list, [SignedAuthorization::new_unchecked(authorization, 1, U256::from(3), U256::from(4))]);
    }

    #[test]
    fn what_is_missing_is_named_as_go_names_it() {
        let address = Address::ZERO;
        for (json, says) in [
            (json!([{}]), "missing required field 'address' for AccessTuple"),
            (json!([null]), "missing required field 'address' for AccessTuple"),
            (json!([{ "address": address }]), "missing required field 'storageKeys' for AccessTuple"),
            (
                json!([{ "address": address, "storageKeys": null }]),
                "missing required field 'storageKeys' for AccessTuple",
            ),
            (json!({}), "json: cannot unmarshal object into Go value of type types.AccessList"),
            (json!([5]), "json: cannot unmarshal number into Go value of type types.AccessTuple"),
        ] {
            assert_eq!(AccessList::read(json.clone()).unwrap_err(), says, "{json}");
        }
        let says = "missing required field 'chainId' for SetCodeAuthorization";
        assert_eq!(Authorizations::read(json!([{ "nonce": "0x1" }])).unwrap_err(), says);
    }
}
