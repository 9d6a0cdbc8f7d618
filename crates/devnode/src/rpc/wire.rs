//! JSON-RPC 2.0 messages, read with the leniency of Nitro's server and answered with ids as they came.
//!
//! Observed on a real node (golden recording, `rpc/http: …`): member names in any case, the last of repeated members
//! counts, what follows the first value is ignored, an id may be any scalar, a notification gets no answer.

use super::{error::RpcError, members::is_named};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::fmt;

/// Deepest nesting of a request; Go's JSON decoder has the same limit.
const DEEPEST: usize = 10_000;

/// What a body holds.
#[derive(Debug)]
pub(super) enum Incoming {
    /// No value at all.
    Nothing,
    /// One message.
    Single(RpcMessage),
    /// A list of messages.
    Batch(Vec<RpcMessage>),
}

/// A message as it came, whatever it is.
#[derive(Debug, Default)]
pub(super) struct RpcMessage {
    version: bool,
    /// The id as it came; `None` if there was none.
    pub(super) id: Option<Box<RawValue>>,
    method: String,
    params: Option<Box<RawValue>>,
    answer: bool,
}

/// What is to be done with a message.
#[derive(Debug)]
pub(super) enum Action<'a> {
    /// Run a method and answer.
    Call { id: &'a RawValue, method: &'a str, params: Option<&'a RawValue> },
    /// Run a method, answer nothing.
    Notification { method: &'a str, params: Option<&'a RawValue> },
    /// An answer to a question that was never asked.
    Ignore,
    /// Not a request; with its id if that is usable.
    Invalid { id: Option<&'a RawValue> },
}

impl RpcMessage {
    pub(super) fn action(&self) -> Action<'_> {
        let id = self.id.as_deref().filter(|id| !id.get().starts_with(['{', '[']));
        match (self.version, id, self.method.is_empty()) {
            (true, Some(id), false) => Action::Call { id, method: &self.method, params: self.params.as_deref() },
            (true, None, false) if self.id.is_none() => {
                Action::Notification { method: &self.method, params: self.params.as_deref() }
            }
            (true, Some(_), true) if self.params.is_none() && self.answer => Action::Ignore,
            (_, id, _) => Action::Invalid { id },
        }
    }
}

/// Reads the first JSON value of a body. An error is a parse error. Bytes that are not UTF-8 become U+FFFD, as in Go.
pub(super) fn read(body: &[u8]) -> Result<Incoming, ()> {
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let Some(first) = body.iter().find(|byte| !blank(byte)) else { return Ok(Incoming::Nothing) };
    if too_deep(body) {
        return Err(());
    }
    let body = &String::from_utf8_lossy(body);
    if *first == b'[' {
        let items: Vec<Box<RawValue>> = first_value(body)?;
        Ok(Incoming::Batch(items.iter().map(|item| message(item)).collect()))
    } else {
        let item: Box<RawValue> = first_value(body)?;
        Ok(Incoming::Single(message(&item)))
    }
}

fn first_value<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, ()> {
    serde_json::Deserializer::from_str(body).into_iter().next().and_then(Result::ok).ok_or(())
}

fn too_deep(body: &[u8]) -> bool {
    let (mut depth, mut text, mut escaped) = (0usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'{' | b'[' if !text => depth += 1,
            b'}' | b']' if !text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

fn message(item: &RawValue) -> RpcMessage {
    serde_json::from_str(item.get()).unwrap_or_default()
}

impl<'de> Deserialize<'de> for RpcMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RpcMessageVisitor;
        impl<'de> Visitor<'de> for RpcMessageVisitor {
            type Value = RpcMessage;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON-RPC message")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<RpcMessage, A::Error> {
                let mut message = RpcMessage::default();
                while let Some(name) = members.next_key::<String>()? {
                    let is = |member: &str| is_named(&name, member);
                    if is("jsonrpc") {
                        message.version = text(&members.next_value::<Box<RawValue>>()?).as_deref() == Some("2.0");
                    } else if is("id") {
                        message.id = Some(members.next_value()?);
                    } else if is("method") {
                        message.method = text(&members.next_value::<Box<RawValue>>()?).unwrap_or_default();
                    } else if is("params") {
                        message.params = Some(members.next_value()?);
                    } else if is("result") || is("error") {
                        message.answer |= members.next_value::<Box<RawValue>>()?.get() != "null";
                    } else {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(message)
            }
        }
        deserializer.deserialize_map(RpcMessageVisitor)
    }
}

fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// One answer, as text without a newline.
pub(super) fn answer(id: Option<&RawValue>, outcome: &Result<String, RpcError>) -> String {
    let id = id.map_or("null", RawValue::get);
    match outcome {
        Ok(result) => format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#),
        Err(error) => {
            let error = serde_json::to_string(error).expect("an error object is plain JSON");
            format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single(text: &str) -> RpcMessage {
        match read(text.as_bytes()) {
            Ok(Incoming::Single(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    fn call(text: &str) -> (String, String) {
        match single(text).action() {
            Action::Call { id, method, .. } => (id.get().to_owned(), method.to_owned()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn ids_come_back_as_they_were_written() {
        for id in ["0", "-1", "1.5", "1e3", "\"abc\"", "null", "true", "99999999999999999999", "\"\\ud800\""] {
            assert_eq!(call(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"m"}}"#)).0, id);
        }
    }

    #[test]
    fn members_are_found_in_any_case_and_the_last_counts() {
        assert_eq!(call(r#"{"JSONRPC":"2.0","ID":1,"METHOD":"m"}"#), ("1".into(), "m".into()));
        assert_eq!(call(r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"a","method":"b"}"#), ("2".into(), "b".into()));
        assert_eq!(call(r#"{"jsonrpc":"2.0","id":1,"method":"\u0065th"}"#).1, "eth");
    }

    #[test]
    fn what_is_no_request_is_told_apart() {
        let invalid = |text: &str| match single(text).action() {
            Action::Invalid { id } => id.map(|id| id.get().to_owned()),
            other => panic!("{text}: {other:?}"),
        };
        for text in ["null", "5", "\"x\"", "{}", r#"{"jsonrpc":"2.0","id":{},"method":"m"}"#] {
            assert_eq!(invalid(text), None, "{text}");
        }
        for text in
            [r#"{"jsonrpc":"2.0","id":1}"#, r#"{"jsonrpc":"2.0","id":1,"method":5}"#, r#"{"id":1,"method":"m"}"#]
        {
            assert_eq!(invalid(text).as_deref(), Some("1"), "{text}");
        }
        assert!(matches!(single(r#"{"jsonrpc":"2.0","method":"m"}"#).action(), Action::Notification { .. }));
        assert!(matches!(single(r#"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#).action(), Action::Ignore));
    }

    #[test]
    fn broken_bodies_are_parse_errors() {
        for text in ["{", "hello", "\u{feff}{}", "[1,"] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(deep(20_000).as_bytes()).is_err());
        assert!(read(deep(9_000).as_bytes()).is_ok());
        assert!(matches!(read(b" \t\r\n"), Ok(Incoming::Nothing)) && read(b"\x0c").is_err());
        assert!(read(b"\xff{}").is_err());
        assert!(matches!(read(b"{\"a\":\"\xff\"}"), Ok(Incoming::Single(_))));
        assert_eq!(call(r#"{"jsonrpc":"2.0","id":1,"method":"m"}x"#).1, "m");
    }
}
