//! The ABI as its specification has it: values, their encodings, and ways to damage those. Tests compare with it.
//!
//! The decoder is written after the text of the ABI specification and of what `solc` generates from it: plain, not fast,
//! and in another manner than the crate's, with all room checked before anything is read.

use consilium_abi_syntax::{Type, TypeKind};

pub mod cases;
pub mod lists;

/// A decoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Anything of one word.
    Word([u8; 32]),
    /// `bytes` or `string`.
    Bytes(Vec<u8>),
    /// The members of an array, a struct or a parameter list.
    Many(Vec<Value>),
}

/// Parses a list of types: `(uint48, address[])`.
pub fn types(text: &str) -> Vec<Type> {
    types_with("", text.trim_start_matches('(').trim_end_matches(')'))
}

/// Parses types that may be structs, which are declared in Solidity.
pub fn types_with(structs: &str, list: &str) -> Vec<Type> {
    let text = format!("interface I {{ {structs} function f({list}) external; }}");
    let interfaces = consilium_abi_syntax::Interface::parse_all(text.parse().unwrap()).unwrap();
    interfaces[0].functions[0].params.iter().map(|param| param.ty.clone()).collect()
}

/// The codes of the types.
pub fn codes(types: &[Type]) -> Vec<u8> {
    types.iter().flat_map(Type::code).collect()
}

/// What `solc`'s decoder makes of `data`; nothing where it reverts.
pub fn decode(types: &[Type], data: &[u8]) -> Option<Vec<Value>> {
    tuple(types.iter(), data, 0)
}

fn tuple<'a>(types: impl Iterator<Item = &'a Type> + Clone, data: &[u8], start: u128) -> Option<Vec<Value>> {
    let size: u128 = types.clone().map(|ty| 32 * ty.head_words() as u128).sum();
    if start + size > data.len() as u128 {
        return None;
    }
    let mut head = start;
    types
        .map(|ty| {
            let value = member(ty, data, start, head);
            head += 32 * ty.head_words() as u128;
            value
        })
        .collect()
}

/// The value whose head is at `head` in a tuple or array that starts at `start`.
fn member(ty: &Type, data: &[u8], start: u128, head: u128) -> Option<Value> {
    if !ty.is_dynamic() {
        return content(ty, data, head);
    }
    content(ty, data, start + offset(data, head)?)
}

/// A number that `solc` takes for an offset or a length.
fn offset(data: &[u8], at: u128) -> Option<u128> {
    let number = word(data, at)?;
    if number[..24].iter().any(|byte| *byte != 0) {
        return None;
    }
    Some(u64::from_be_bytes(number[24..].try_into().unwrap()).into())
}

fn word(data: &[u8], at: u128) -> Option<[u8; 32]> {
    let at = usize::try_from(at).ok()?;
    data.get(at..at.checked_add(32)?)?.try_into().ok()
}

fn content(ty: &Type, data: &[u8], at: u128) -> Option<Value> {
    match &ty.kind {
        TypeKind::Bytes | TypeKind::String => {
            let length = offset(data, at)?;
            if at + 32 + length > data.len() as u128 {
                return None;
            }
            let first = (at + 32) as usize;
            Some(Value::Bytes(data[first..first + length as usize].to_vec()))
        }
        TypeKind::Array(of) => {
            let length = offset(data, at)?;
            let stride = 32 * of.head_words() as u128;
            if at + 32 + length * stride > data.len() as u128 {
                return None;
            }
            let start = at + 32;
            let members = (0..length).map(|i| member(of, data, start, start + i * stride));
            members.collect::<Option<_>>().map(Value::Many)
        }
        TypeKind::FixedArray(of, k) => tuple((0..*k).map(|_| &**of), data, at).map(Value::Many),
        TypeKind::Struct(_, fields) => tuple(fields.iter(), data, at).map(Value::Many),
        elementary => {
            let word = word(data, at)?;
            is_clean(elementary, &word).then_some(Value::Word(word))
        }
    }
}

fn is_clean(kind: &TypeKind, word: &[u8; 32]) -> bool {
    let zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
    match kind {
        TypeKind::Uint(bits) => zero(&word[..32 - usize::from(*bits) / 8]),
        TypeKind::Int(bits) => {
            let first = 32 - usize::from(*bits) / 8;
            let negative = word[first] & 0x80 != 0;
            word[..first].iter().all(|byte| *byte == if negative { 0xff } else { 0 })
        }
        TypeKind::Address => zero(&word[..12]),
        TypeKind::Bool => zero(&word[..31]) && word[31] <= 1,
        TypeKind::FixedBytes(n) => zero(&word[usize::from(*n)..]),
        _ => unreachable!("not of one word"),
    }
}

/// The canonical encoding of values: the inverse of [`decode`].
pub fn encode(types: &[Type], values: &[Value]) -> Vec<u8> {
    let (mut heads, mut tails) = (Vec::new(), Vec::new());
    let size: usize = types.iter().map(|ty| 32 * ty.head_words()).sum();
    for (ty, value) in types.iter().zip(values) {
        let content = encode_content(ty, value);
        if ty.is_dynamic() {
            heads.extend([0; 24]);
            heads.extend(((size + tails.len()) as u64).to_be_bytes());
            tails.extend(content);
        } else {
            heads.extend(content);
        }
    }
    heads.extend(tails);
    heads
}

fn encode_content(ty: &Type, value: &Value) -> Vec<u8> {
    let counted = |n: usize| [vec![0; 24], (n as u64).to_be_bytes().to_vec()].concat();
    match (&ty.kind, value) {
        (TypeKind::Array(of), Value::Many(members)) => {
            let types = vec![(**of).clone(); members.len()];
            [counted(members.len()), encode(&types, members)].concat()
        }
        (TypeKind::FixedArray(of, k), Value::Many(members)) => encode(&vec![(**of).clone(); (*k).into()], members),
        (TypeKind::Struct(_, fields), Value::Many(members)) => encode(fields, members),
        (_, Value::Word(word)) => word.to_vec(),
        (_, Value::Bytes(bytes)) => {
            let padding = bytes.len().next_multiple_of(32) - bytes.len();
            [counted(bytes.len()), bytes.clone(), vec![0; padding]].concat()
        }
        _ => unreachable!("a value of another type"),
    }
}
