//! Reading RLP as strictly as Go's decoder does, with its words: a client of Nitro sees these texts when it sends a
//! malformed transaction (golden recording, `rpc/raw: encoding: …`).

use alloy_primitives::{Address, U512};
use std::ops::Range;

/// What is wrong with the bytes. The texts are those of go-ethereum's `rlp` package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RlpError {
    /// The bytes as a whole are broken.
    #[error("rlp: {0}")]
    Broken(&'static str),
    /// A value is not what its type asks for.
    #[error("rlp: {problem} for {kind}{}", context(.root, .path))]
    Value {
        /// What is wrong with it.
        problem: &'static str,
        /// Go's name of the type.
        kind: &'static str,
        /// Go's name of the transaction type that is being read.
        root: &'static str,
        /// Where in it, such as `.AccessList[0].Address`; empty for the transaction itself.
        path: String,
    },
}

fn context(root: &str, path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(", decoding into ({root}){path}") }
}

/// What went wrong with one item, before it is known where.
type Problem = &'static str;

const EXPECTED_LIST: Problem = "expected input list";
const EXPECTED_STRING: Problem = "expected input string or byte";
const TOO_LONG: Problem = "input string too long";
const TOO_SHORT: Problem = "input string too short";
const NOT_CANONICAL_INTEGER: Problem = "non-canonical integer (leading zero bytes)";
const NOT_CANONICAL_SIZE: Problem = "non-canonical size information";

enum Fault {
    End,
    Broken(&'static str),
    Problem(Problem),
}

#[derive(Debug)]
struct Item {
    list: bool,
    content: Range<usize>,
}

/// A reader of one list of `bytes`.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    end: usize,
    /// Outside of any list the rest of the input is the limit.
    top: bool,
    root: &'static str,
    path: String,
}

impl<'a> Reader<'a> {
    /// Opens the one list that `bytes` from `start` on must be, as Go's type `root`.
    pub(super) fn open(bytes: &'a [u8], start: usize, root: &'static str) -> Result<Self, RlpError> {
        let mut outer = Self { bytes, position: start, end: bytes.len(), top: true, root, path: String::new() };
        let item = outer.item().and_then(list).map_err(|fault| outer.error(fault, root, ""))?;
        if outer.position != bytes.len() {
            return Err(RlpError::Broken("input contains more than one value"));
        }
        Ok(Self { position: item.start, end: item.end, top: false, ..outer })
    }

    /// Where the next item begins.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn u64(&mut self, field: &'static str) -> Result<u64, RlpError> {
        let value = self.string().and_then(|content| integer(&self.bytes[content], 8));
        let value = value.map_err(|fault| self.error(fault, "uint64", field))?;
        Ok(value.to())
    }

    /// An integer of Go's type `kind` with at most `limit` bytes.
    pub(super) fn integer(&mut self, field: &'static str, kind: &'static str, limit: usize) -> Result<U512, RlpError> {
        let value = self.string().and_then(|content| integer(&self.bytes[content], limit));
        value.map_err(|fault| self.error(fault, kind, field))
    }

    pub(super) fn data(&mut self, field: &'static str) -> Result<Range<usize>, RlpError> {
        self.string().map_err(|fault| self.error(fault, "[]uint8", field))
    }

    /// An address, or nothing.
    pub(super) fn optional_address(&mut self, field: &'static str) -> Result<Option<Address>, RlpError> {
        if self.position < self.end && self.bytes[self.position] == 0x80 {
            self.position += 1;
            return Ok(None);
        }
        self.address(field).map(Some)
    }

    pub(super) fn address(&mut self, field: &'static str) -> Result<Address, RlpError> {
        self.fixed::<20>(field, "common.Address").map(Address::from)
    }

    pub(super) fn fixed<const N: usize>(
        &mut self,
        field: &'static str,
        kind: &'static str,
    ) -> Result<[u8; N], RlpError> {
        let content = self.string().and_then(|content| match content.len() {
            length if length < N => Err(Fault::Problem(TOO_SHORT)),
            length if length > N => Err(Fault::Problem(TOO_LONG)),
            _ => Ok(content),
        });
        let content = content.map_err(|fault| self.error(fault, kind, field))?;
        Ok(self.bytes[content].try_into().expect("as long as was checked"))
    }

    /// A list of Go's type `kind`, each item read by `read`.
    pub(super) fn list<T>(
        &mut self,
        field: &'static str,
        kind: &'static str,
        mut read: impl FnMut(&mut Self) -> Result<T, RlpError>,
    ) -> Result<Vec<T>, RlpError> {
        let content = self.item().and_then(list).map_err(|fault| self.error(fault, kind, field))?;
        let mut inner = self.inside(content, field.to_owned());
        let mut items = Vec::new();
        while inner.position < inner.end {
            inner.path = format!("{}{field}[{}]", self.path, items.len());
            items.push(read(&mut inner)?);
        }
        Ok(items)
    }

    /// A struct of Go's type `kind` as the next item.
    pub(super) fn structure<T>(
        &mut self,
        kind: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, RlpError>,
    ) -> Result<T, RlpError> {
        let content = self.item().and_then(list).map_err(|fault| self.error(fault, kind, ""))?;
        let mut inner = self.inside(content, String::new());
        inner.path.clone_from(&self.path);
        let value = read(&mut inner)?;
        inner.finish(kind)?;
        Ok(value)
    }

    /// Nothing may follow in this list.
    pub(super) fn finish(&self, kind: &'static str) -> Result<(), RlpError> {
        if self.position == self.end {
            return Ok(());
        }
        Err(self.error(Fault::Problem("input list has too many elements"), kind, ""))
    }

    fn inside(&self, content: Range<usize>, path: String) -> Self {
        Self { bytes: self.bytes, position: content.start, end: content.end, top: false, root: self.root, path }
    }

    fn error(&self, fault: Fault, kind: &'static str, field: &str) -> RlpError {
        let path = || format!("{}{field}", self.path);
        match fault {
            Fault::Broken(text) => RlpError::Broken(text),
            Fault::Problem(problem) => RlpError::Value { problem, kind, root: self.root, path: path() },
            Fault::End if self.path.is_empty() => {
                RlpError::Value { problem: "too few elements", kind: self.root, root: self.root, path: String::new() }
            }
            Fault::End => RlpError::Value { problem: "too few elements", kind, root: self.root, path: path() },
        }
    }

    fn string(&mut self) -> Result<Range<usize>, Fault> {
        let item = self.item()?;
        if item.list { Err(Fault::Problem(EXPECTED_STRING)) } else { Ok(item.content) }
    }

    fn item(&mut self) -> Result<Item, Fault> {
        let start = self.position;
        if start >= self.end {
            return Err(Fault::End);
        }
        let first = self.bytes[start];
        let (list, header, length) = match first {
            0x00..=0x7f => (false, 0, 1),
            0x80..=0xb7 => (false, 1, usize::from(first - 0x80)),
            0xb8..=0xbf => (false, 1 + usize::from(first - 0xb7), self.size(start + 1, usize::from(first - 0xb7))?),
            0xc0..=0xf7 => (true, 1, usize::from(first - 0xc0)),
            0xf8..=0xff => (true, 1 + usize::from(first - 0xf7), self.size(start + 1, usize::from(first - 0xf7))?),
        };
        let content = start + header;
        if length > self.end.saturating_sub(content) {
            return Err(Fault::Broken(if self.top {
                "value size exceeds available input length"
            } else {
                "element is larger than containing list"
            }));
        }
        if !list && header == 1 && length == 1 && self.bytes[content] < 0x80 {
            return Err(Fault::Problem(NOT_CANONICAL_SIZE));
        }
        self.position = content + length;
        Ok(Item { list, content: content..content + length })
    }

    fn size(&self, start: usize, width: usize) -> Result<usize, Fault> {
        let digits = self.bytes.get(start..start + width).filter(|_| start + width <= self.end);
        let digits = digits.ok_or(Fault::Broken("value size exceeds available input length"))?;
        let size = digits.iter().fold(0u64, |size, digit| size << 8 | u64::from(*digit));
        if digits[0] == 0 || size < 56 {
            return Err(Fault::Problem(NOT_CANONICAL_SIZE));
        }
        // Longer than memory is longer than the input, which is what the caller compares with.
        Ok(usize::try_from(size).unwrap_or(usize::MAX).min(usize::MAX / 2))
    }
}

fn list(item: Item) -> Result<Range<usize>, Fault> {
    if item.list { Ok(item.content) } else { Err(Fault::Problem(EXPECTED_LIST)) }
}

fn integer(digits: &[u8], limit: usize) -> Result<U512, Fault> {
    if digits.len() > limit {
        return Err(Fault::Problem(TOO_LONG));
    }
    if digits.first() == Some(&0) {
        return Err(Fault::Problem(NOT_CANONICAL_INTEGER));
    }
    Ok(U512::from_be_slice(digits))
}
