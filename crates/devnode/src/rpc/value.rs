//! JSON values with their members in the order in which they came.
//!
//! Of a member that comes twice `serde_json` keeps the first one's place and the last one's value. Here it stands where it
//! came last, so that the last of several spellings of a name is known.

use serde::{
    Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::{Error, Map, Value, value::RawValue};
use std::fmt;

/// Deepest nesting of parameters, as `serde_json` has it.
const DEEPEST: usize = 128;

/// Reads one value.
pub(super) fn read(text: &str) -> Result<Value, Error> {
    nested(text, 0)
}

fn nested(text: &str, depth: usize) -> Result<Value, Error> {
    if depth >= DEEPEST {
        return Err(Error::custom("recursion limit exceeded"));
    }
    match text.trim_start().as_bytes().first() {
        Some(b'{') => serde_json::Deserializer::from_str(text).deserialize_map(ObjectVisitor(depth)).map(Value::Object),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            items.into_iter().map(|item| nested(item.get(), depth + 1)).collect()
        }
        _ => serde_json::from_str(text),
    }
}

/// Reads an object at a depth.
struct ObjectVisitor(usize);

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = members.next_entry::<String, &RawValue>()? {
            let value = nested(value.get(), self.0 + 1).map_err(A::Error::custom)?;
            object.shift_remove(&name);
            object.insert(name, value);
        }
        Ok(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_those_of_serde_json() {
        for text in
            [r#"{"a":[1,{"b":null}],"c":1e400,"d":"\u0041"}"#, "[]", " [ 1 , 2 ] ", "99999999999999999999", "{}"]
        {
            assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
        for text in ["{", "[1,]", r#"{"a" 1}"#, "", "nul"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_repeated_member_stands_where_it_came_last() {
        let names = |text: &str| read(text).unwrap().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(r#"{"a":1,"A":2,"a":3}"#), ["A", "a"]);
        assert_eq!(read(r#"{"x":{"a":1,"a":2}}"#).unwrap(), json!({ "x": { "a": 2 } }));
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(100)).is_ok());
        assert!(read(&deep(200)).unwrap_err().to_string().contains("recursion limit exceeded"));
    }
}
