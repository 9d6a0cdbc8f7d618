//! What a signature of typed data covers (EIP-712), for data that comes as JSON.

use super::params::Param;
use alloy_primitives::{Address, B256, Bytes, I256, Sign, U256, keccak256};
use serde_json::{Map, Value};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

/// Deepest nesting of structs and lists: a type may hold itself.
const DEEPEST: usize = 64;
/// Most bytes that are hashed for one signature. Types that name one another make many more of them than the request has.
/// Ours: Hardhat has no such limit.
const MOST_HASHED: usize = 16 << 20;

/// The hash that is signed. An error says in a sentence what is wrong.
pub(super) fn signing_hash(data: &Value) -> Result<B256, String> {
    let types = data.get("types").and_then(Value::as_object).ok_or("\"types\" is missing")?;
    let types = Types::new(types);
    let primary = data.get("primaryType").and_then(Value::as_str).ok_or("\"primaryType\" is missing")?;
    let of = |name: &str| data.get(name).filter(|value| value.is_object()).ok_or(format!("\"{name}\" is missing"));
    let domain = types.hash_struct("EIP712Domain", of("domain")?, 0)?;
    let mut text = vec![0x19, 0x01];
    text.extend_from_slice(domain.as_slice());
    if primary != "EIP712Domain" {
        text.extend_from_slice(types.hash_struct(primary, of("message")?, 0)?.as_slice());
    }
    Ok(keccak256(text))
}

struct Types<'a> {
    declared: &'a Map<String, Value>,
    /// Of the types that were met: a list may hold a type many times.
    hashes: RefCell<BTreeMap<String, B256>>,
    /// Bytes that were hashed so far.
    hashed: Cell<usize>,
}

impl<'a> Types<'a> {
    fn new(declared: &'a Map<String, Value>) -> Self {
        Self { declared, hashes: RefCell::default(), hashed: Cell::new(0) }
    }

    /// Counts bytes that are about to be hashed.
    fn count(&self, bytes: usize) -> Result<(), String> {
        self.hashed.set(self.hashed.get().saturating_add(bytes));
        match self.hashed.get() > MOST_HASHED {
            true => Err(format!("typed data too large: more than {MOST_HASHED} bytes would be hashed")),
            false => Ok(()),
        }
    }

    /// Name and type of each member of a struct; `None` if there is no such struct.
    fn members(&self, name: &str) -> Result<Option<Vec<(&'a str, &'a str)>>, String> {
        let Some(members) = self.declared.get(name) else { return Ok(None) };
        let read = |member: &'a Value| Some((member.get("name")?.as_str()?, member.get("type")?.as_str()?));
        let list = members.as_array().and_then(|list| list.iter().map(read).collect());
        list.map(Some).ok_or_else(|| format!("type {name} is no list of members with a name and a type"))
    }

    fn struct_members(&self, name: &str) -> Result<Vec<(&'a str, &'a str)>, String> {
        self.members(name)?.ok_or_else(|| format!("type {name} is not declared"))
    }

    /// `Name(type member,…)`, followed by the structs that it refers to, in order of their names.
    fn encode_type(&self, name: &str) -> Result<String, String> {
        let mut others = self.collect(name)?;
        others.remove(name);
        let mut text = String::new();
        for name in std::iter::once(name.to_owned()).chain(others) {
            let members: Vec<_> =
                self.struct_members(&name)?.iter().map(|(member, kind)| format!("{kind} {member}")).collect();
            text.push_str(&format!("{name}({})", members.join(",")));
        }
        Ok(text)
    }

    /// A struct and all that it refers to. Not by recursion: a chain of them may be as long as a message.
    fn collect(&self, name: &str) -> Result<BTreeSet<String>, String> {
        let (mut found, mut open) = (BTreeSet::new(), vec![name.to_owned()]);
        while let Some(name) = open.pop() {
            if found.contains(&name) {
                continue;
            }
            let bases = self.struct_members(&name)?.into_iter().filter_map(|(_, kind)| kind.split('[').next());
            open.extend(bases.filter(|base| self.declared.contains_key(*base)).map(str::to_owned));
            found.insert(name);
        }
        Ok(found)
    }

    fn type_hash(&self, name: &str) -> Result<B256, String> {
        if let Some(hash) = self.hashes.borrow().get(name) {
            return Ok(*hash);
        }
        let text = self.encode_type(name)?;
        self.count(text.len())?;
        let hash = keccak256(text);
        self.hashes.borrow_mut().insert(name.to_owned(), hash);
        Ok(hash)
    }

    fn hash_struct(&self, name: &str, value: &Value, depth: usize) -> Result<B256, String> {
        if depth > DEEPEST {
            return Err(format!("type {name} is nested too deep"));
        }
        let object = value.as_object().ok_or_else(|| format!("want an object for type {name}"))?;
        let mut text = self.type_hash(name)?.to_vec();
        let members = self.struct_members(name)?;
        self.count(32 * members.len())?;
        for (member, kind) in members {
            let value = object.get(member).ok_or_else(|| format!("{name} lacks member {member:?}"))?;
            let word = self.encode(kind, value, depth).map_err(|problem| format!("{name}.{member}: {problem}"))?;
            text.extend_from_slice(word.as_slice());
        }
        Ok(keccak256(text))
    }

    fn encode(&self, kind: &str, value: &Value, depth: usize) -> Result<B256, String> {
        if let Some((base, length)) = kind.strip_suffix(']').and_then(|kind| kind.rsplit_once('[')) {
            let list = value.as_array().ok_or_else(|| format!("want a list for type {kind}"))?;
            if !length.is_empty() && length.parse() != Ok(list.len()) {
                return Err(format!("want {length} items for type {kind}, have {}", list.len()));
            }
            if depth > DEEPEST {
                return Err(format!("type {kind} is nested too deep"));
            }
            let words: Result<Vec<_>, _> = list.iter().map(|item| self.encode(base, item, depth + 1)).collect();
            return Ok(keccak256(words?.concat()));
        }
        if self.declared.contains_key(kind) {
            return self.hash_struct(kind, value, depth + 1);
        }
        atom(kind, value)
    }
}

fn atom(kind: &str, value: &Value) -> Result<B256, String> {
    let bytes = |value: &Value| Bytes::read(value.clone());
    match kind {
        "string" => value.as_str().map(keccak256).ok_or_else(|| "want a string".into()),
        "bytes" => bytes(value).map(keccak256),
        "bool" => value.as_bool().map(|yes| B256::with_last_byte(yes.into())).ok_or_else(|| "want a bool".into()),
        "address" => Address::read(value.clone()).map(|address| address.into_word()),
        _ => {
            let width = |prefix: &str| kind.strip_prefix(prefix)?.parse::<usize>().ok();
            if let Some(size) = width("bytes").filter(|size| (1..=32).contains(size)) {
                let bytes = bytes(value)?;
                if bytes.len() != size {
                    return Err(format!("want {size} bytes, have {}", bytes.len()));
                }
                return Ok(B256::right_padding_from(&bytes));
            }
            let integer = |bits: &usize| (8..=256).contains(bits) && bits.is_multiple_of(8);
            if let Some(bits) = width("uint").filter(integer) {
                let number = unsigned(value).filter(|number| number.bit_len() <= bits);
                return number.map(B256::from).ok_or_else(|| format!("want a number of {bits} bits"));
            }
            if let Some(bits) = width("int").filter(integer) {
                let number = signed(value)
                    .filter(|number| number.asr(bits - 1).is_zero() || number.asr(bits - 1) == I256::MINUS_ONE);
                return number
                    .map(|number| B256::from(number.into_raw()))
                    .ok_or_else(|| format!("want a number of {bits} bits"));
            }
            Err(format!("type {kind} is not declared"))
        }
    }
}

/// A number as such, or as decimal or hexadecimal text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn unsigned(value: &Value) -> Option<U256> {
    magnitude(&text(value)?)
}

/// Digits and nothing else: no sign, no separator, at least one.
fn magnitude(text: &str) -> Option<U256> {
    let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |digits| (digits, 16));
    let plain = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    plain.then(|| U256::from_str_radix(digits, radix.into()).ok())?
}

fn signed(value: &Value) -> Option<I256> {
    let text = text(value)?;
    match text.strip_prefix('-') {
        Some(text) => I256::checked_from_sign_and_abs(Sign::Negative, magnitude(text)?),
        None => I256::checked_from_sign_and_abs(Sign::Positive, magnitude(&text)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::b256;
    use serde_json::json;

    fn mail() -> Value {
        json!({
            "types": {
                "EIP712Domain": [
                    { "name": "name", "type": "string" }, { "name": "version", "type": "string" },
                    { "name": "chainId", "type": "uint256" }, { "name": "verifyingContract", "type": "address" },
                ],
                "Person": [{ "name": "name", "type": "string" }, { "name": "wallet", "type": "address" }],
                "Mail": [
                    { "name": "from", "type": "Person" }, { "name": "to", "type": "Person" },
                    { "name": "contents", "type": "string" },
                ],
            },
            "primaryType": "Mail",
            "domain": {
                "name": "Ether Mail", "version": "1", "chainId": 1,
                "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
            },
            "message": {
                "from": { "name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
                "to": { "name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
                "contents": "Hello, Bob!",
            },
        })
    }

    /// The example of EIP-712.
    #[test]
    fn the_example_of_the_standard_has_its_hash() {
        let hash = b256!("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
        assert_eq!(signing_hash(&mail()), Ok(hash));
    }

    #[test]
    fn what_does_not_fit_its_type_is_named() {
        let with = |pointer: &str, value: Value| {
            let mut data = mail();
            *data.pointer_mut(pointer).unwrap() = value;
            signing_hash(&data).unwrap_err()
        };
        assert_eq!(with("/primaryType", json!("Letter")), "type Letter is not declared");
        assert_eq!(with("/message", json!(null)), "\"message\" is missing");
        assert_eq!(with("/message/to", json!({ "name": "Bob" })), "Mail.to: Person lacks member \"wallet\"");
        assert_eq!(with("/message/contents", json!(7)), "Mail.contents: want a string");
        assert_eq!(with("/types/Mail/2/type", json!("uint7")), "Mail.contents: type uint7 is not declared");
        assert_eq!(with("/types/Mail/2/type", json!("int8")), "Mail.contents: want a number of 8 bits");
        assert_eq!(with("/types/Mail", json!(5)), "type Mail is no list of members with a name and a type");
        let mut endless = mail();
        endless["types"]["Person"][0]["type"] = json!("Person");
        let mut person = json!({});
        for _ in 0..100 {
            person = json!({ "name": person, "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" });
        }
        endless["message"]["from"] = person;
        assert!(signing_hash(&endless).unwrap_err().ends_with("is nested too deep"));
    }

    #[test]
    fn a_chain_of_types_may_be_as_long_as_a_message() {
        let mut types = mail()["types"].take();
        for index in 0..100_000 {
            types[format!("T{index}")] = json!([{ "name": "next", "type": format!("T{}[]", (index + 1) % 100_000) }]);
        }
        let data =
            json!({ "types": types, "primaryType": "T0", "domain": mail()["domain"], "message": { "next": [] } });
        assert!(signing_hash(&data).is_ok());
    }

    /// Each type's text is made once, however many values there are of it.
    #[test]
    fn a_list_costs_no_more_than_its_items() {
        let mut data = mail();
        data["types"]["Mail"] = json!([{ "name": "list", "type": "Person[]" }]);
        data["types"]["Person"] =
            (0..10).map(|index| json!({ "name": format!("m{index}"), "type": "Mail[]" })).collect();
        let person: Map<String, Value> = (0..10).map(|index| (format!("m{index}"), json!([]))).collect();
        data["message"] = json!({ "list": vec![Value::Object(person); 50] });
        let types = Types::new(data["types"].as_object().unwrap());
        let value = &data["message"];
        let hash = types.hash_struct("Mail", value, 0).unwrap();
        assert_eq!(types.hashes.borrow().keys().collect::<Vec<_>>(), ["Mail", "Person"]);
        let fresh = Types::new(types.declared);
        assert_eq!(fresh.type_hash("Person"), Ok(keccak256(fresh.encode_type("Person").unwrap())));
        assert_eq!(fresh.hash_struct("Mail", value, 0), Ok(hash));
    }

    #[test]
    fn numbers_are_read_in_every_form_and_not_cut() {
        let word = |kind: &str, value: Value| atom(kind, &value).ok().map(|word| U256::from_be_bytes(word.0));
        for value in [json!(255), json!("255"), json!("0xff")] {
            assert_eq!(word("uint8", value), Some(U256::from(255)));
        }
        assert_eq!(word("uint8", json!(256)), None);
        assert_eq!(word("int8", json!(-128)), Some(U256::MAX - U256::from(127)));
        assert_eq!([word("int8", json!(-129)), word("int8", json!(128))], [None, None]);
        assert_eq!(word("bytes4", json!("0x01020304")), Some(U256::from(0x01020304) << 224));
        assert_eq!(word("bytes4", json!("0x010203")), None);
        for no_number in ["", "0x", "+1", "1_0", "0x1_0", "--1", "1 "] {
            assert_eq!(
                [word("uint256", json!(no_number)), word("int256", json!(no_number))],
                [None, None],
                "{no_number:?}"
            );
        }
        assert_eq!(word("uint256", json!("-1")), None);
        assert_eq!(word("int256", json!("-0x1")), Some(U256::MAX));
    }

    #[test]
    fn types_that_name_one_another_are_hashed_so_far_and_no_further() {
        let data = |count: usize| {
            let mut types = json!({ "EIP712Domain": [] });
            for index in 0..count {
                types[format!("T{index}")] = json!([{ "name": "next", "type": format!("T{}[]", (index + 1) % count) }]);
            }
            let members = (0..count).map(|index| json!({ "name": format!("m{index}"), "type": format!("T{index}") }));
            types["All"] = members.collect();
            let message: Map<_, _> = (0..count).map(|index| (format!("m{index}"), json!({ "next": [] }))).collect();
            json!({ "types": types, "primaryType": "All", "domain": {}, "message": message })
        };
        assert!(signing_hash(&data(100)).is_ok());
        assert!(signing_hash(&data(1_200)).unwrap_err().contains("typed data too large"));
    }
}
