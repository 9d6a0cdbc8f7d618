//! JSON values with their members in the order in which they came.
//!
//! Of a member that comes twice `serde_json` keeps the first one's place and the last one's value. Here it stands where it
//! came last, so that the last of several spellings of a name is known.

//!
//! Reading takes time in proportion to the text, whatever its names and its nesting.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Error, Map, Number, Value};
use std::fmt;

/// How `serde_json` names a number's digits where it keeps them as they came.
const DIGITS: &str = "$serde_json::private::Number";

/// Reads one value. `serde_json` limits its nesting, to 127 levels.
pub(super) fn read(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map(|Ordered(value)| value)
}

/// A value whose objects keep the order.
struct Ordered(Value);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        OrderedVisitor.deserialize(deserializer).map(Self)
    }
}

/// Reads a value of any type.
struct OrderedVisitor;

impl<'de> DeserializeSeed<'de> for OrderedVisitor {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OrderedVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(OrderedVisitor)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            if entries.is_empty() && name == DIGITS {
                let number = members.next_value::<String>()?.parse::<Number>();
                return number.map(Value::Number).map_err(A::Error::custom);
            }
            entries.push((name, members.next_value_seed(OrderedVisitor)?));
        }
        Ok(Value::Object(last_of_each(entries)))
    }
}

/// The members of an object: of several with one name the last, where it is.
fn last_of_each(entries: Vec<(String, Value)>) -> Map<String, Value> {
    let mut backwards = Map::with_capacity(entries.len());
    for (name, value) in entries.into_iter().rev() {
        backwards.entry(name).or_insert(value);
    }
    backwards.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_those_of_serde_json() {
        for text in [
            r#"{"a":[1,{"b":null}],"c":1e400,"d":"\u0041","e":true}"#,
            "[]",
            "-0.10",
            "-0",
            "5",
            "-5",
            r#""x""#,
            " [ 1 , 2 ] ",
            "99999999999999999999",
            "{}",
        ] {
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

    /// What is measured is how much longer repeated names take than as many different ones: with a search or a shift for each
    /// repeated name it was 200 times as long here, and grew with the number of names.
    #[test]
    fn repeated_members_take_no_longer_than_others() {
        const NAMES: usize = 10_000;
        let text = |different: usize| {
            let members: Vec<_> = (0..2 * NAMES).map(|index| format!(r#""{:06}":0"#, index % different)).collect();
            format!("{{{}}}", members.join(","))
        };
        let time = |text: &str| {
            let once = || {
                let start = std::time::Instant::now();
                read(text).unwrap();
                start.elapsed()
            };
            (0..5).map(|_| once()).min().unwrap()
        };
        let (different, repeated) = (time(&text(2 * NAMES)), time(&text(NAMES)));
        assert!(repeated < 20 * different, "{repeated:?} for repeated names, {different:?} for different ones");
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(100)).is_ok());
        assert!(read(&deep(200)).unwrap_err().to_string().contains("recursion limit exceeded"));
    }
}
