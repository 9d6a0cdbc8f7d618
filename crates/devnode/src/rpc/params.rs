//! Positional parameters and their types, refused with the words of go-ethereum.

pub(super) use super::param::Param;
use super::{
    error::RpcError,
    members::{member, plain},
    value,
};
use alloy_primitives::{Address, B256, Bytes, U256};
use serde_json::{Value, value::RawValue};

/// The parameters of a call, read from left to right. What is wrong with them as a whole is said when the method first
/// reads them, so that an unknown method is found before.
#[derive(Debug)]
pub(super) struct Params {
    values: Result<std::vec::IntoIter<Value>, RpcError>,
    index: usize,
}

impl Params {
    /// None, `null` and a list are taken.
    pub(super) fn new(params: Option<&RawValue>) -> Self {
        let values = match params.map(RawValue::get) {
            None | Some("null") => Ok(Vec::new()),
            Some(text) if text.starts_with('[') => match value::read(text) {
                Ok(Value::Array(values)) => Ok(values),
                Ok(_) => Err(RpcError::invalid_params("non-array args")),
                Err(error) => Err(RpcError::invalid_params(format!("invalid argument 0: {error}"))),
            },
            Some(_) => Err(RpcError::invalid_params("non-array args")),
        };
        Self { values: values.map(Vec::into_iter), index: 0 }
    }

    /// The next parameter, which must be there.
    pub(super) fn required<T: Param>(&mut self) -> Result<T, RpcError> {
        let index = self.index;
        let missing = || RpcError::invalid_params(format!("missing value for required argument {index}"));
        let value = self.next()?.ok_or_else(missing)?;
        T::read(value).map_err(|error| invalid(index, &error))
    }

    /// The next parameter, if it is there and not `null`.
    pub(super) fn optional<T: Param>(&mut self) -> Result<Option<T>, RpcError> {
        let index = self.index;
        match self.next()? {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::read(value).map(Some).map_err(|error| invalid(index, &error)),
        }
    }

    /// No more parameters may follow.
    pub(super) fn end(mut self) -> Result<(), RpcError> {
        let limit = self.index;
        match self.next()? {
            Some(_) => Err(RpcError::invalid_params(format!("too many arguments, want at most {limit}"))),
            None => Ok(()),
        }
    }

    /// A parameter that is still there, read ahead; `None` if it is absent or no such value.
    pub(super) fn peek<T: Param>(&self, index: usize) -> Option<T> {
        let value = self.values.as_ref().ok()?.as_slice().get(index)?;
        T::read(value.clone()).ok()
    }

    /// As [`Self::end`], after so many parameters that were read ahead.
    pub(super) fn end_after(mut self, count: usize) -> Result<(), RpcError> {
        for _ in 0..count {
            self.next()?;
        }
        self.end()
    }

    fn next(&mut self) -> Result<Option<Value>, RpcError> {
        self.index += 1;
        self.values.as_mut().map(Iterator::next).map_err(|error| error.clone())
    }
}

fn invalid(index: usize, error: &str) -> RpcError {
    RpcError::invalid_params(format!("invalid argument {index}: {error}"))
}

impl Param for Value {
    fn read(value: Value) -> Result<Self, String> {
        Ok(value)
    }
}

impl Param for bool {
    fn read(value: Value) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| unexpected(&value, "bool"))
    }
}

impl Param for String {
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(text),
            Value::Null => Ok(String::new()),
            other => Err(unexpected(&other, "string")),
        }
    }
}

impl Param for Address {
    fn read(value: Value) -> Result<Self, String> {
        fixed::<20>(&value, "common.Address").map(Self::from)
    }
}

impl Param for B256 {
    fn read(value: Value) -> Result<Self, String> {
        fixed::<32>(&value, "common.Hash").map(Self::from)
    }
}

impl Param for Bytes {
    fn read(value: Value) -> Result<Self, String> {
        let text = text(&value, "hexutil.Bytes")?;
        if text.is_empty() {
            return Ok(Self::new());
        }
        digits(text).and_then(decode).map(Self::from).map_err(|problem| wrong(&problem, "hexutil.Bytes"))
    }
}

/// A quantity that fits 64 bits.
impl Param for u64 {
    fn read(value: Value) -> Result<Self, String> {
        let text = text(&value, "hexutil.Uint64")?;
        quantity(text).map_err(|problem| wrong(&problem, "hexutil.Uint64"))
    }
}

impl Param for U256 {
    fn read(value: Value) -> Result<Self, String> {
        let text = text(&value, "*hexutil.Big")?;
        big(text).map_err(|problem| wrong(&problem, "*hexutil.Big"))
    }
}

/// A block by its number or tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Number(u64),
    Earliest,
    Latest,
    Pending,
    Safe,
    Finalized,
}

impl Tag {
    fn named(text: &str) -> Option<Self> {
        Some(match text {
            "earliest" => Self::Earliest,
            "latest" => Self::Latest,
            "pending" => Self::Pending,
            "safe" => Self::Safe,
            "finalized" => Self::Finalized,
            _ => return None,
        })
    }

    fn parse(text: &str, too_high: &str) -> Result<Self, String> {
        if let Some(tag) = Self::named(text) {
            return Ok(tag);
        }
        match quantity(text)? {
            number if number > i64::MAX as u64 => Err(too_high.to_owned()),
            number => Ok(Self::Number(number)),
        }
    }
}

impl Param for Tag {
    fn read(value: Value) -> Result<Self, String> {
        let text = match &value {
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        Self::parse(&text, "block number larger than int64")
    }
}

/// A block by number, tag or hash (EIP-1898).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockId {
    Tag(Tag),
    Hash(B256),
    /// An object that names no block.
    Nothing,
}

impl Param for BlockId {
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Self::Nothing),
            Value::String(text) if text.len() == 66 => {
                let bytes = digits(&text).and_then(decode)?;
                Ok(Self::Hash(B256::from_slice(&bytes)))
            }
            Value::String(text) => Tag::parse(&text, "blocknumber too high").map(Self::Tag),
            Value::Object(members) => {
                // Of the chain that is canonical, which every block here is.
                member::<bool>(&members, "requireCanonical")?;
                match (plain(&members, "blockHash"), plain(&members, "blockNumber")) {
                    (Some(_), Some(_)) => {
                        Err("cannot specify both BlockHash and BlockNumber, choose one or the other".to_owned())
                    }
                    (Some(hash), None) => B256::read(hash.clone()).map(Self::Hash),
                    (None, Some(number)) => Tag::read(number.clone()).map(Self::Tag),
                    (None, None) => Ok(Self::Nothing),
                }
            }
            other => Err(unexpected(&other, "string")),
        }
    }
}

/// Whether to give whole transactions or hashes, and the like: anything that Go's `hexutil.Uint` or a number takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count(pub(super) u64);

impl Param for Count {
    fn read(value: Value) -> Result<Self, String> {
        let text = match &value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            other => return Err(unexpected(other, "math.HexOrDecimal64")),
        };
        let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => (digits, 16),
            None => (text.as_str(), 10),
        };
        // Without a sign, which Rust would take.
        let parsed = u64::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'));
        parsed.map(Self).ok_or_else(|| format!("invalid hex or decimal integer {text:?}"))
    }
}

/// What Go says of a value of another JSON type.
pub(super) fn unexpected(value: &Value, wanted: &str) -> String {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    wrong(kind, wanted)
}

fn wrong(problem: &str, wanted: &str) -> String {
    format!("json: cannot unmarshal {problem} into Go value of type {wanted}")
}

fn text<'a>(value: &'a Value, wanted: &str) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| wrong("non-string", wanted))
}

fn fixed<const N: usize>(value: &Value, wanted: &str) -> Result<[u8; N], String> {
    let text = text(value, wanted)?;
    let digits = if text.is_empty() { "" } else { digits(text).map_err(|problem| wrong(&problem, wanted))? };
    if digits.len() % 2 == 1 {
        return Err(wrong("hex string of odd length", wanted));
    }
    if digits.len() != 2 * N {
        return Err(format!("hex string has length {}, want {} for {wanted}", digits.len(), 2 * N));
    }
    let bytes = decode(digits).map_err(|problem| wrong(&problem, wanted))?;
    Ok(bytes.try_into().expect("as long as was checked"))
}

fn digits(text: &str) -> Result<&str, String> {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).ok_or_else(|| "hex string without 0x prefix".to_owned())
}

fn decode(digits: &str) -> Result<Vec<u8>, String> {
    if digits.len() % 2 == 1 {
        return Err("hex string of odd length".to_owned());
    }
    hex::decode(digits).map_err(|_| "invalid hex string".to_owned())
}

fn number(text: &str) -> Result<&str, String> {
    if text.is_empty() {
        return Err("empty hex string".to_owned());
    }
    match digits(text)? {
        "" => Err("hex string \"0x\"".to_owned()),
        digits if digits.len() > 1 && digits.starts_with('0') => Err("hex number with leading zero digits".to_owned()),
        digits if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => Err("invalid hex string".to_owned()),
        digits => Ok(digits),
    }
}

fn quantity(text: &str) -> Result<u64, String> {
    u64::from_str_radix(number(text)?, 16).map_err(|_| "hex number > 64 bits".to_owned())
}

fn big(text: &str) -> Result<U256, String> {
    U256::from_str_radix(number(text)?, 16).map_err(|_| "hex number > 256 bits".to_owned())
}
