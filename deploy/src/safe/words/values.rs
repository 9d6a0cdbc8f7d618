//! Arguments in words.

use alloy::hex;
use alloy::json_abi::{Function, Param};
use alloy_dyn_abi::{DynSolValue, JsonAbiExt as _};

use super::DEEPEST;
use crate::safe::arguments::{Budget, Unread};
use crate::safe::known::{self, Known, short};

/// The most characters of a text.
const LONGEST: usize = 200;

/// How bytes are told that are no call.
type Raw = fn(&[u8]) -> String;

/// A name and its arguments: `transfer(to: 0x…, value: 5)`. Bytes are told whole: somebody signs them.
pub(super) fn call(function: &Function, values: &[DynSolValue], budget: &Budget) -> String {
    let raw: Raw = |bytes| hex::encode_prefixed(bytes);
    Shower { raw, budget }.named(&function.name, &function.inputs, values, DEEPEST)
}

/// An error and its arguments. Nobody signs them, so bytes are cut.
pub(in crate::safe) fn error(name: &str, inputs: &[Param], values: &[DynSolValue], budget: &Budget) -> String {
    Shower { raw: short, budget }.named(name, inputs, values, DEEPEST)
}

/// Writes values.
struct Shower<'a> {
    raw: Raw,
    budget: &'a Budget,
}

impl Shower<'_> {
    fn named(&self, name: &str, inputs: &[Param], values: &[DynSolValue], depth: usize) -> String {
        let told = inputs.iter().zip(values).map(|(input, value)| {
            let value = self.shown(value, depth);
            if input.name.is_empty() { value } else { format!("{}: {value}", input.name) }
        });
        format!("{name}({})", told.collect::<Vec<_>>().join(", "))
    }

    /// A value. No element of a list is left out: it may be the one that matters.
    fn shown(&self, value: &DynSolValue, depth: usize) -> String {
        let list = |values: &[DynSolValue]| {
            let each = values.iter().map(|value| self.shown(value, depth));
            each.collect::<Vec<_>>().join(", ")
        };
        match value {
            DynSolValue::Bool(value) => value.to_string(),
            DynSolValue::Int(value, _) => value.to_string(),
            DynSolValue::Uint(value, _) => value.to_string(),
            DynSolValue::FixedBytes(word, size) => hex::encode_prefixed(word.get(..*size).unwrap_or(word.as_slice())),
            DynSolValue::Address(address) => address.to_string(),
            DynSolValue::Function(function) => function.to_string(),
            DynSolValue::Bytes(bytes) if depth == 0 => (self.raw)(bytes),
            DynSolValue::Bytes(bytes) => match usual(bytes, self.budget) {
                Some((known, values)) => self.named(&known.function.name, &known.function.inputs, &values, depth - 1),
                None => (self.raw)(bytes),
            },
            DynSolValue::String(text) => crate::shown::shortened(&format!("{text:?}"), LONGEST),
            DynSolValue::Array(values) | DynSolValue::FixedArray(values) => format!("[{}]", list(values)),
            DynSolValue::Tuple(values) => format!("({})", list(values)),
        }
    }
}

/// The known function that bytes begin with, and its arguments where they can be read: what a timelock or an access
/// manager passes on. More bytes may follow, and the encoding may be unusual.
pub(super) fn inner(bytes: &[u8], budget: &Budget) -> Option<(Known, Result<Vec<DynSolValue>, Unread>)> {
    let (selector, arguments) = bytes.split_first_chunk::<4>()?;
    let known = known::function(*selector, None)?;
    Some((known, budget.decode(known.function, &known.function.inputs, arguments)))
}

/// Bytes that are a known function's calldata to the last one, in the usual encoding: its words are all of them.
fn usual(bytes: &[u8], budget: &Budget) -> Option<(Known, Vec<DynSolValue>)> {
    let (known, values) = inner(bytes, budget)?;
    let values = values.ok()?;
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
