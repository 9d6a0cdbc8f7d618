//! Members of objects, found as Go's `encoding/json` finds them: in any case, and of several the last counts.
//!
//! So are all members that have a name in a Go structure. Where keys are data (accounts, slots), they are read as such:
//! [`keyed`].

use super::param::Param;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A member; `None` if it is absent or `null`. Like Go, refuses a wrong type in any of several.
pub(super) fn member<T: Param>(object: &Map<String, Value>, name: &str) -> Result<Option<T>, String> {
    let mut last = None;
    for value in all(object, name) {
        last = if value.is_null() { None } else { Some(T::read(value.clone())?) };
    }
    Ok(last)
}

/// A member as it came; `None` if it is absent or `null`.
pub(super) fn plain<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    all(object, name).last().filter(|value| !value.is_null())
}

/// The entries of an object whose keys are data, in the keys' order. Of a key that comes twice, in other letters, the last
/// counts.
pub(super) fn keyed<K: Param + Ord, V: Param>(object: &Map<String, Value>) -> Result<Vec<(K, V)>, String> {
    let mut entries = BTreeMap::new();
    for (key, value) in object {
        entries.insert(K::read(Value::String(key.clone()))?, V::read(value.clone())?);
    }
    Ok(entries.into_iter().collect())
}

fn all<'a>(object: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
    object.iter().filter(move |(key, _)| is_named(key, name)).map(|(_, value)| value)
}

/// Whether Go takes `key` for the member `name`, which is plain ASCII.
pub(super) fn is_named(key: &str, name: &str) -> bool {
    key == name || key.chars().map(folded).eq(name.chars().map(folded))
}

fn folded(letter: char) -> char {
    match letter {
        // The only letters outside of ASCII that Unicode folds into it: the long s, and the sign for kelvin.
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::value;
    use alloy_primitives::B256;
    use serde_json::json;

    fn to(text: &str) -> Result<Option<String>, String> {
        member(value::read(text).unwrap().as_object().unwrap(), "toBlock")
    }

    /// Each line was tried on Go's decoder.
    #[test]
    fn members_are_found_as_go_finds_them() {
        for (text, found) in [
            (r#"{"toBlock":"a"}"#, Some("a")),
            (r#"{"TOBLOCK":"a"}"#, Some("a")),
            (r#"{"toBloc\u212a":"a"}"#, Some("a")),
            (r#"{"to_block":"a"}"#, None),
            (r#"{"toblock":"a","toBlock":"b"}"#, Some("b")),
            (r#"{"toBlock":"b","toblock":"a"}"#, Some("a")),
            (r#"{"toBlock":"a","toblock":"b","toBlock":"c"}"#, Some("c")),
            (r#"{"toBlock":"a","toblock":null}"#, None),
        ] {
            assert_eq!(to(text).unwrap().as_deref(), found, "{text}");
        }
        for text in [r#"{"toBlock":5,"toblock":"a"}"#, r#"{"toBlock":"a","toblock":5}"#] {
            assert!(to(text).is_err(), "{text}");
        }
    }

    #[test]
    fn of_a_key_in_two_spellings_the_last_counts() {
        let [low, high] = ["0xaa", "0xAA"].map(|end| format!("0x{}{}", "0".repeat(62), &end[2..]));
        let object = json!({ (&low): "1", (format!("0x{:064x}", 1)): "2", (&high): "3" });
        let entries: Vec<(B256, String)> = keyed(object.as_object().unwrap()).unwrap();
        assert_eq!(entries, [(B256::with_last_byte(1), "2".into()), (B256::with_last_byte(0xaa), "3".into())]);
        assert!(keyed::<B256, String>(json!({ "0x1": "2" }).as_object().unwrap()).is_err());
    }

    #[test]
    fn a_plain_member_is_the_last_one() {
        let object = json!({ "topics": [1], "Topics": [2], "address": 1, "ADDRESS": null });
        let object = object.as_object().unwrap();
        assert_eq!((plain(object, "topics"), plain(object, "address")), (Some(&json!([2])), None));
    }
}
