//! A row of which nothing was checked.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use alloy::primitives::{Address, B256};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Kind;
use crate::files;
use crate::signing::address;

/// A text for each of the kind's fields that the row has.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'a, K> {
    texts: Vec<Option<Cow<'a, str>>>,
    kind: PhantomData<K>,
}

/// The place of a field, however its words are joined: `dataClass`, `data-class`, `data_class`, `DataClass`.
pub(super) fn field<K: Kind>(name: &str) -> Option<usize> {
    let plain = |name: &str| name.replace(['-', '_', ' '], "").to_ascii_lowercase();
    let name = plain(name);
    K::FIELDS.iter().position(|field| plain(field) == name)
}

/// What to write where a name is not a field's.
pub(super) fn unknown<K: Kind>(name: &str) -> String {
    let name = crate::shown::shortened(name, 40);
    format!("`{name}` is not a member of a {}: write {}", K::NAME, K::FIELDS.join(", "))
}

/// What to say where a field is missing.
pub(crate) fn lacks(name: &str) -> String {
    format!("it lacks `{name}`")
}

/// What to say where a field is there twice.
pub(super) fn twice(name: &str) -> String {
    format!("`{name}` is there twice: delete one")
}

/// What is wrong with the JSON of one line: its number is said already.
fn in_a_line(error: &serde_json::Error) -> String {
    files::json(error).replace("line 1, ", "")
}

/// The members of an object of JSON in their order, also those whose names are the same. Their values are not read.
pub(crate) struct Members(pub(crate) Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

impl<K: Kind> Default for Draft<'_, K> {
    fn default() -> Self {
        Self { texts: vec![None; K::FIELDS.len()], kind: PhantomData }
    }
}

impl<'a, K: Kind> Draft<'a, K> {
    /// Adds a text; an empty one says nothing. Refuses a second one.
    pub(super) fn set(&mut self, place: usize, text: impl Into<Cow<'a, str>>) -> Result<(), String> {
        let text = text.into();
        let Some(slot) = self.texts.get_mut(place) else { return Err("it has too many members".to_owned()) };
        if text.is_empty() {
            return Ok(());
        }
        match slot.replace(text) {
            None => Ok(()),
            Some(_) => Err(twice(K::FIELDS.get(place).unwrap_or(&""))),
        }
    }

    /// Sets a field, whatever it was.
    pub(crate) fn name(&mut self, name: &str, text: String) {
        if let Some(slot) = field::<K>(name).and_then(|place| self.texts.get_mut(place)) {
            *slot = Some(text.into());
        }
    }

    /// A row of JSON: an object of members, or the members of a bare list in their order.
    pub(crate) fn of_json(text: &str) -> Result<Draft<'static, K>, String> {
        let mut draft = Draft::default();
        let read = |error: serde_json::Error| in_a_line(&error);
        match text.trim_ascii_start().as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text).map_err(read)?;
                for (number, (name, value)) in members.iter().enumerate() {
                    let place = field::<K>(name).ok_or_else(|| unknown::<K>(name))?;
                    // Programs differ in which of the two they take.
                    if members.iter().take(number).any(|(other, _)| other == name) {
                        return Err(twice(name));
                    }
                    draft.set(place, word::<K>(place, serde_json::from_str(value.get()).map_err(read)?)?)?;
                }
            }
            _ => match serde_json::from_str(text).map_err(read)? {
                Value::Array(values) if values.len() == K::MEMBERS => {
                    for (place, value) in values.into_iter().enumerate() {
                        draft.set(place, word::<K>(place, value)?)?;
                    }
                }
                Value::Array(values) => {
                    return Err(format!(
                        "a list of {} values is not a {}: write its {} members in their order, or an object",
                        values.len(),
                        K::NAME,
                        K::MEMBERS
                    ));
                }
                _ => return Err(format!("it is not a {}: write an object with its members", K::NAME)),
            },
        }
        Ok(draft)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let place = K::FIELDS.iter().position(|field| *field == name)?;
        self.texts.get(place)?.as_deref()
    }

    pub(crate) fn needed(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| lacks(name))
    }

    pub(crate) fn account(&self, name: &str) -> Result<Address, String> {
        let found = address(self.needed(name)?).map_err(|reason| format!("`{name}`: {reason}"))?;
        if found.is_zero() { Err(format!("`{name}` is the zero address, which is nobody's")) } else { Ok(found) }
    }

    pub(crate) fn word(&self, name: &str) -> Result<Option<B256>, String> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let word = text.strip_prefix("0x").and_then(|digits| digits.parse().ok());
        Ok(Some(word.ok_or_else(|| format!("`{name}` is not 32 bytes: write 0x and 64 hexadecimal digits"))?))
    }

    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, String> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        Ok(Some(number.ok_or_else(|| format!("`{name}` is not a number that fits: write it in digits"))?))
    }
}

fn word<K: Kind>(place: usize, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null => Ok(String::new()),
        _ => Err(format!("`{}` is neither a text nor a number", K::FIELDS.get(place).unwrap_or(&""))),
    }
}
