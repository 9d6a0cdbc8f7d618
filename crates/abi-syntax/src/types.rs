//! Solidity's types.

use proc_macro2::Span;
use syn::Ident;

/// A type where it was written.
#[derive(Clone, Debug)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// The first word of it, where errors point.
    pub span: Span,
}

/// The types that a declaration may use.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `uint8` to `uint256`: the width in bits.
    Uint(u16),
    /// `int8` to `int256`: the width in bits.
    Int(u16),
    /// `address`, also written `address payable`.
    Address,
    /// `bool`.
    Bool,
    /// `bytes1` to `bytes32`: the width in bytes.
    FixedBytes(u8),
    /// `bytes`.
    Bytes,
    /// `string`.
    String,
    /// `T[]`.
    Array(Box<Type>),
    /// `T[k]`.
    FixedArray(Box<Type>, u8),
    /// A struct that the interface declares, and its fields' types, known once the interface is read whole.
    Struct(Ident, Vec<Type>),
}

impl Type {
    /// The type as a signature spells it: a struct is the tuple of its fields.
    pub fn canonical(&self) -> String {
        match &self.kind {
            TypeKind::Uint(bits) => format!("uint{bits}"),
            TypeKind::Int(bits) => format!("int{bits}"),
            TypeKind::Address => "address".into(),
            TypeKind::Bool => "bool".into(),
            TypeKind::FixedBytes(n) => format!("bytes{n}"),
            TypeKind::Bytes => "bytes".into(),
            TypeKind::String => "string".into(),
            TypeKind::Array(of) => format!("{}[]", of.canonical()),
            TypeKind::FixedArray(of, k) => format!("{}[{k}]", of.canonical()),
            TypeKind::Struct(_, fields) => {
                format!("({})", fields.iter().map(Type::canonical).collect::<Vec<_>>().join(","))
            }
        }
    }

    /// The type as Solidity's source spells it: a struct is its name.
    pub fn source(&self) -> String {
        match &self.kind {
            TypeKind::Array(of) => format!("{}[]", of.source()),
            TypeKind::FixedArray(of, k) => format!("{}[{k}]", of.source()),
            TypeKind::Struct(name, _) => name.to_string(),
            _ => self.canonical(),
        }
    }

    /// Whether an offset points at its encoding.
    pub fn is_dynamic(&self) -> bool {
        match &self.kind {
            TypeKind::Bytes | TypeKind::String | TypeKind::Array(_) => true,
            TypeKind::FixedArray(of, _) => of.is_dynamic(),
            TypeKind::Struct(_, fields) => fields.iter().any(Type::is_dynamic),
            _ => false,
        }
    }

    /// Whether Solidity's source needs a data location (`memory`, `calldata`) for it.
    pub fn is_reference(&self) -> bool {
        matches!(
            self.kind,
            TypeKind::Bytes | TypeKind::String | TypeKind::Array(_) | TypeKind::FixedArray(..) | TypeKind::Struct(..)
        )
    }

    /// The number of 32-byte words it takes in the head of an encoding.
    pub fn head_words(&self) -> usize {
        if self.is_dynamic() {
            return 1;
        }
        match &self.kind {
            TypeKind::FixedArray(of, k) => of.head_words() * usize::from(*k),
            TypeKind::Struct(_, fields) => fields.iter().map(Type::head_words).sum(),
            _ => 1,
        }
    }

    /// The code by which the decoder knows the type; `consilium_abi::kind` documents it.
    pub fn code(&self) -> Vec<u8> {
        const FOLLOW: u8 = 101;
        let mut code = match &self.kind {
            TypeKind::Uint(bits) => vec![(bits / 8 - 1) as u8],
            TypeKind::Int(bits) => vec![32 + (bits / 8 - 1) as u8],
            TypeKind::FixedBytes(n) => vec![64 + n - 1],
            TypeKind::Address => vec![20 - 1],
            TypeKind::Bool => vec![96],
            TypeKind::Bytes | TypeKind::String => vec![97],
            TypeKind::Array(of) => [vec![98], of.code_with_length()].concat(),
            TypeKind::FixedArray(of, k) => [vec![99, *k], of.code_with_length()].concat(),
            TypeKind::Struct(_, fields) => {
                [vec![100, fields.len() as u8], fields.iter().flat_map(Type::code).collect()].concat()
            }
        };
        if self.is_dynamic() && matches!(self.kind, TypeKind::FixedArray(..) | TypeKind::Struct(..)) {
            code.insert(0, FOLLOW);
        }
        code
    }

    fn code_with_length(&self) -> Vec<u8> {
        let mut code = self.code();
        code.insert(0, u8::try_from(code.len()).expect("a type of fewer than 256 parts"));
        code
    }
}

/// The elementary type of this name, if there is one; `uint` and `int` are refused, as they hide their width.
pub(crate) fn elementary(name: &str) -> Option<TypeKind> {
    let number = |digits: &str| (!digits.starts_with('0')).then(|| digits.parse::<u16>().ok()).flatten();
    let width = |digits: &str| number(digits).filter(|bits| bits % 8 == 0 && (8..=256).contains(bits));
    match name {
        "address" => Some(TypeKind::Address),
        "bool" => Some(TypeKind::Bool),
        "bytes" => Some(TypeKind::Bytes),
        "string" => Some(TypeKind::String),
        _ => {
            if let Some(digits) = name.strip_prefix("uint") {
                width(digits).map(TypeKind::Uint)
            } else if let Some(digits) = name.strip_prefix("int") {
                width(digits).map(TypeKind::Int)
            } else if let Some(digits) = name.strip_prefix("bytes") {
                number(digits).filter(|n| (1..=32).contains(n)).map(|n| TypeKind::FixedBytes(n as u8))
            } else {
                None
            }
        }
    }
}
