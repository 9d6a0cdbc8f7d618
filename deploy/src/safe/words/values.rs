//! Arguments in words.

use alloy::hex;
use alloy::json_abi::{Function, Param};
use alloy_dyn_abi::{DynSolValue, JsonAbiExt as _};

use super::DEEPEST;
use crate::safe::known::{self, Known, short};

/// The most characters of a text.
const LONGEST: usize = 200;

/// How bytes are told that are no call.
type Raw = fn(&[u8]) -> String;

/// A name and its arguments: `transfer(to: 0x…, value: 5)`. Bytes are told whole: somebody signs them.
pub(super) fn call(function: &Function, values: &[DynSolValue]) -> String {
    within(&function.name, &function.inputs, values, DEEPEST, |bytes| hex::encode_prefixed(bytes))
}

/// An error and its arguments. Nobody signs them, so bytes are cut.
pub(in crate::safe) fn error(name: &str, inputs: &[Param], values: &[DynSolValue]) -> String {
    within(name, inputs, values, DEEPEST, short)
}

fn within(name: &str, inputs: &[Param], values: &[DynSolValue], depth: usize, raw: Raw) -> String {
    let told = inputs.iter().zip(values).map(|(input, value)| {
        let value = shown(value, depth, raw);
        if input.name.is_empty() { value } else { format!("{}: {value}", input.name) }
    });
    format!("{name}({})", told.collect::<Vec<_>>().join(", "))
}

/// A value. No element of a list is left out: it may be the one that matters.
fn shown(value: &DynSolValue, depth: usize, raw: Raw) -> String {
    let list = |values: &[DynSolValue]| {
        let each = values.iter().map(|value| shown(value, depth, raw));
        each.collect::<Vec<_>>().join(", ")
    };
    match value {
        DynSolValue::Bool(value) => value.to_string(),
        DynSolValue::Int(value, _) => value.to_string(),
        DynSolValue::Uint(value, _) => value.to_string(),
        DynSolValue::FixedBytes(word, size) => hex::encode_prefixed(word.get(..*size).unwrap_or(word.as_slice())),
        DynSolValue::Address(address) => address.to_string(),
        DynSolValue::Function(function) => function.to_string(),
        DynSolValue::Bytes(bytes) => match usual(bytes).filter(|_| depth > 0) {
            Some((known, values)) => within(&known.function.name, &known.function.inputs, &values, depth - 1, raw),
            None => raw(bytes),
        },
        DynSolValue::String(text) => crate::shown::shortened(&format!("{text:?}"), LONGEST),
        DynSolValue::Array(values) | DynSolValue::FixedArray(values) => format!("[{}]", list(values)),
        DynSolValue::Tuple(values) => format!("({})", list(values)),
    }
}

/// The known function that bytes begin with, and its arguments where they can be read: what a timelock or an access
/// manager passes on. More bytes may follow, and the encoding may be unusual.
pub(super) fn inner(bytes: &[u8]) -> Option<(Known, Option<Vec<DynSolValue>>)> {
    let (selector, arguments) = bytes.split_first_chunk::<4>()?;
    let known = known::function(*selector, None)?;
    Some((known, known.function.abi_decode_input(arguments).ok()))
}

/// Bytes that are a known function's calldata to the last one, in the usual encoding: its words are all of them.
fn usual(bytes: &[u8]) -> Option<(Known, Vec<DynSolValue>)> {
    let (known, values) = inner(bytes)?;
    let values = values?;
    let is_whole = known.function.abi_encode_input(&values).is_ok_and(|again| again == bytes);
    is_whole.then_some((known, values))
}

/// All bytes among values.
pub(super) fn bytes_in<'a>(values: &'a [DynSolValue], found: &mut Vec<&'a [u8]>) {
    for value in values {
        match value {
            DynSolValue::Bytes(bytes) => found.push(bytes),
            DynSolValue::Array(values) | DynSolValue::FixedArray(values) | DynSolValue::Tuple(values) => {
                bytes_in(values, found);
            }
            _ => {}
        }
    }
}
