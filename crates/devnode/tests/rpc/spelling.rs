//! Members of requests, spelled otherwise.

use serde_json::Value;

/// All members of all objects in a value: the way there, and the name. Keys that are data begin with `0x`.
pub(crate) fn members(value: &Value, way: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if !name.starts_with("0x") {
                    found.push((way.to_owned(), name.clone()));
                }
                members(value, &format!("{way}/{name}"), found);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                members(value, &format!("{way}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The same with one member under another name, or without it.
pub(crate) fn changed(params: &Value, (way, name): &(String, String), other: Option<String>) -> Value {
    let mut params = params.clone();
    let object = params.pointer_mut(way).unwrap().as_object_mut().unwrap();
    let value = object.remove(name).unwrap();
    if let Some(other) = other {
        object.insert(other, value);
    }
    params
}

/// Other spellings of a name.
pub(crate) fn spellings(name: &str) -> [String; 4] {
    let swap = |letter: char| match letter.is_ascii_lowercase() {
        true => letter.to_ascii_uppercase(),
        false => letter.to_ascii_lowercase(),
    };
    // What Go takes for letters of ASCII too.
    let folded = name.replace('k', "\u{212a}").replace('s', "\u{17f}");
    [name.to_ascii_uppercase(), name.to_ascii_lowercase(), name.chars().map(swap).collect(), folded]
}
