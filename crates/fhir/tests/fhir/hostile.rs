//! Bytes from anywhere are answered, and no part of a document is dropped in silence.

use fhir::{Version, Vocabulary, export};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::exports::header;
use crate::support::{actor, addresses, all, coding, paths, r4, r5, read, read_bytes};

fn examples() -> Vec<Value> {
    let rule = json!({
        "id": "a",
        "extension": [{ "url": "http://example.org", "valueBoolean": true }],
        "period": { "start": "2026-01-01", "end": "2027-01-01T00:00:00Z" },
        "actor": actor("Organization/f001"),
        "action": [{ "coding": [coding("action", "access")], "text": "see" }],
        "purpose": [coding("purpose", "TREAT")],
        "provision": [{ "type": "deny", "securityLabel": [coding("label", "HIV")] }],
    });
    let mut first = rule.clone();
    first["type"] = json!("permit");
    let mut r4 = r4(first);
    r4["policy"] = json!([{ "uri": "http://example.org/policy" }]);
    let mut second = rule;
    second["provision"][0].as_object_mut().unwrap().remove("type");
    let mut r5 = r5(json!([second]));
    r5["verification"] = json!([{ "verified": true, "verificationDate": ["2026"] }]);
    r5["text"] = json!({ "status": "generated", "div": "<div/>" });
    vec![r4, r5]
}

/// The paths of all values that are not lists or objects.
fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(key, value)| leaves(value, format!("{path}.{key}"), found));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(i, value)| leaves(value, format!("{path}[{i}]"), found));
        }
        _ => found.push(path),
    }
}

fn is_within(leaf: &str, path: &str) -> bool {
    leaf.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn pointers(value: &Value, path: String, found: &mut Vec<String>) {
    found.push(path.clone());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| pointers(value, format!("{path}/{key}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, value)| pointers(value, format!("{path}/{i}"), found));
        }
        _ => {}
    }
}

/// Every element of a translated document is used or kept.
fn is_complete(document: &Value) {
    let Ok(imported) = read(document) else { return };
    let mut all = Vec::new();
    leaves(document, "Consent".into(), &mut all);
    for leaf in all {
        let used = imported.used.iter().any(|path| is_within(&leaf, path));
        let kept = imported.kept.iter().any(|kept| is_within(&leaf, &kept.path));
        assert!(used || kept, "{leaf} was dropped: {document}");
    }
}

#[test]
fn every_element_is_used_kept_or_refused() {
    for document in examples() {
        assert!(read(&document).is_ok(), "{:?}", read(&document));
        is_complete(&document);
    }
}

#[test]
fn an_unknown_member_anywhere_is_kept_with_what_is_around_it_or_refused() {
    for document in examples() {
        let mut all = Vec::new();
        pointers(&document, String::new(), &mut all);
        for pointer in all {
            let mut changed = document.clone();
            let Some(Value::Object(members)) = changed.pointer_mut(&pointer) else { continue };
            members.insert("surprise".into(), json!({ "a": 1 }));
            is_complete(&changed);
            let whole = ["/text", "/extension", "/category", "/patient", "/subject", "/scope", "/policyRule"];
            if !whole.iter().any(|part| pointer.contains(part)) {
                let path = paths(read(&changed));
                assert!(path.iter().any(|path| path.ends_with("surprise.a")), "{pointer}: {path:?}");
            }
        }
    }
}

#[test]
fn a_key_twice_is_refused() {
    let document = read_bytes(br#"{"resourceType":"Consent","status":"active","status":"inactive"}"#);
    let refused = document.unwrap_err();
    assert!(refused.to_string().contains("\"status\" twice"), "{refused}");
    let nested = read_bytes(br#"{"resourceType":"Consent","provision":{"type":"deny","type":"permit"}}"#);
    assert_eq!(paths(nested), ["Consent"]);
    let escaped = read_bytes(br#"{"resourceType":"Consent","status":"active","st\u0061tus":"draft"}"#);
    assert!(escaped.unwrap_err().to_string().contains("twice"), "the same key in other letters");
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), (r#"{"provision":"#, "}"), (r#"{"provision":["#, "]}")] {
        let depth = 100_000;
        let document =
            format!(r#"{{"resourceType":"Consent","provision":{}1{}}}"#, open.repeat(depth), close.repeat(depth));
        assert_eq!(paths(read_bytes(document.as_bytes())), ["Consent"]);
    }
    let mut rule = json!({ "type": "deny" });
    for level in 0..50 {
        rule = json!({ "type": if level % 2 == 0 { "permit" } else { "deny" }, "provision": [rule] });
    }
    let refused = paths(read(&r4(rule)));
    assert!(refused.iter().any(|path| path.ends_with("provision[0].provision[0].provision[0]")), "{refused:?}");
}

#[test]
fn numbers_of_any_size_are_numbers() {
    for number in ["1", "-1", "1e400", "123456789012345678901234567890.5"] {
        let document = format!(r#"{{"resourceType":"Consent","status":{number},"decision":"deny"}}"#);
        assert!(paths(read_bytes(document.as_bytes())).contains(&"Consent.status".to_owned()));
    }
}

fn junk() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["permit", "deny", "active", "TREAT", "Organization/f001", "2026", ""])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key = prop::sample::select(vec!["type", "provision", "actor", "coding", "code", "system", "period", "x"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4).prop_map(|members| {
                Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read_bytes(&bytes).is_err());
    }

    #[test]
    fn anything_in_place_of_any_element_is_answered(
        which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), junk in junk(),
    ) {
        let examples = examples();
        let mut document = which.get(&examples).clone();
        let mut all = Vec::new();
        pointers(&document, String::new(), &mut all);
        *document.pointer_mut(place.get::<String>(&all)).unwrap() = junk;
        is_complete(&document);
    }

    #[test]
    fn cut_documents_are_refused(cut in any::<prop::sample::Index>()) {
        let text = examples()[0].to_string();
        prop_assert!(read_bytes(&text.as_bytes()[..cut.index(text.len())]).is_err());
    }
}

#[test]
fn another_chain_is_another_account() {
    let provisions = [all("Organization/f001", false)];
    let elsewhere = fhir::Addresses::of_chain(1);
    let header = fhir::Header { addresses: &elsewhere, ..header(&elsewhere, Vocabulary::standard()) };
    let document = export(&provisions, Version::R5, &header).unwrap();
    assert_eq!(paths(read(&document)), ["Consent.provision[0].actor[0].reference"]);
    let _ = addresses();
}
