//! The declarations of `packed!`: structs whose fields share one word of storage.

use syn::{
    Attribute, Error, Ident, Result, Token, Visibility, braced,
    ext::IdentExt,
    parse::{Parse, ParseStream},
};

use crate::{Type, TypeKind};

/// The bits of a storage slot.
const WORD: usize = 256;

/// A struct in one word.
#[derive(Debug)]
pub struct Packed {
    /// Its documentation, and what else is on it.
    pub attributes: Vec<Attribute>,
    /// Who sees it and its fields.
    pub visibility: Visibility,
    /// Its name.
    pub name: Ident,
    /// Its fields, in the order of the word, from the low-order end.
    pub parts: Vec<Part>,
}

/// A field of a word.
#[derive(Debug)]
pub struct Part {
    /// Its documentation, and what else is on it.
    pub attributes: Vec<Attribute>,
    /// Its type. In a shared byte also `uint1` to `uint7`, which Solidity does not have.
    pub ty: Type,
    /// Its name.
    pub name: Ident,
    /// The bit at which it begins, counted from the low-order end.
    pub offset: usize,
    /// How many bits it has.
    pub bits: usize,
    /// It is one of the fields of a byte.
    pub shares_byte: bool,
}

impl Parse for Packed {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        input.parse::<Token![struct]>()?;
        let name: Ident = input.parse()?;
        let body;
        braced!(body in input);
        let mut word = Self { attributes, visibility, name, parts: Vec::new() };
        let mut offset = 0;
        while !body.is_empty() {
            if body.fork().call(Ident::parse_any).is_ok_and(|first| first == "byte") {
                word.byte(&body, offset)?;
                offset += 8;
            } else {
                let attributes = body.call(Attribute::parse_outer)?;
                let ty: Type = body.parse()?;
                let bits = bits(&ty)?;
                word.part(attributes, ty, &body, (offset, bits, false))?;
                offset += bits;
            }
            within(offset, WORD, word.parts.last(), "a word has 32 bytes")?;
        }
        if word.parts.is_empty() {
            return Err(Error::new(word.name.span(), "a word of no fields"));
        }
        Ok(word)
    }
}

impl Packed {
    /// `byte { uint7 share; bool hasClock; }`: fields that share a byte, from its low-order bit.
    fn byte(&mut self, body: ParseStream<'_>, begin: usize) -> Result<()> {
        let word = body.call(Ident::parse_any)?;
        let fields;
        braced!(fields in body);
        if fields.is_empty() {
            return Err(Error::new(word.span(), "a byte of no fields"));
        }
        let mut offset = begin;
        while !fields.is_empty() {
            let attributes = fields.call(Attribute::parse_outer)?;
            let (ty, bits) = narrow(&fields)?;
            self.part(attributes, ty, &fields, (offset, bits, true))?;
            offset += bits;
            within(offset - begin, 8, self.parts.last(), "a byte has 8 bits")?;
        }
        Ok(())
    }

    fn part(
        &mut self,
        attributes: Vec<Attribute>,
        ty: Type,
        input: ParseStream<'_>,
        (offset, bits, shares_byte): (usize, usize, bool),
    ) -> Result<()> {
        let name = input.parse()?;
        input.parse::<Token![;]>()?;
        self.parts.push(Part { attributes, ty, name, offset, bits, shares_byte });
        Ok(())
    }
}

/// Refuses fields that need more bits than there are.
fn within(used: usize, limit: usize, last: Option<&Part>, reason: &str) -> Result<()> {
    match last {
        Some(last) if used > limit => {
            let (used, unit) = if limit == WORD { (used / 8, "") } else { (used, " bits") };
            Err(Error::new(last.name.span(), format!("{reason}: with `{}` the fields take {used}{unit}", last.name)))
        }
        _ => Ok(()),
    }
}

/// The bits of a field of whole bytes.
fn bits(ty: &Type) -> Result<usize> {
    match ty.kind {
        TypeKind::Address => Ok(160),
        TypeKind::Bool => Ok(8),
        TypeKind::Uint(bits) => Ok(usize::from(bits)),
        TypeKind::FixedBytes(n) => Ok(8 * usize::from(n)),
        _ => Err(Error::new(ty.span, "only `address`, `bool`, `uintN` and `bytesN` are packed")),
    }
}

/// The type of a field that shares a byte: `bool`, or `uint1` to `uint7`.
fn narrow(input: ParseStream<'_>) -> Result<(Type, usize)> {
    let name = input.call(Ident::parse_any)?;
    let (text, span) = (name.to_string(), name.span());
    if text == "bool" {
        return Ok((Type { kind: TypeKind::Bool, span }, 1));
    }
    match text.strip_prefix("uint").and_then(|bits| bits.parse().ok()) {
        Some(bits @ 1..=7) => Ok((Type { kind: TypeKind::Uint(bits), span }, usize::from(bits))),
        _ => Err(Error::new(span, "in a shared byte there are `bool` and `uint1` to `uint7`")),
    }
}
