//! Parameters, fields and types.

use syn::{
    Error, Ident, LitInt, Result, Token, braced, bracketed,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream},
    token,
};

use super::{keyword, peek_word};
use crate::{EventParam, Param, Type, TypeKind, types::elementary};

pub(super) fn params(input: ParseStream<'_>) -> Result<Vec<Param>> {
    let inside;
    parenthesized!(inside in input);
    let mut all = Vec::new();
    while !inside.is_empty() {
        let ty = inside.parse::<Type>()?;
        skip_location(&inside)?;
        let name = if inside.peek(Ident::peek_any) { Some(inside.call(Ident::parse_any)?) } else { None };
        all.push(Param { ty, name });
        comma(&inside)?;
    }
    Ok(all)
}

pub(super) fn event_params(input: ParseStream<'_>) -> Result<Vec<EventParam>> {
    let inside;
    parenthesized!(inside in input);
    let mut all = Vec::new();
    while !inside.is_empty() {
        let ty = inside.parse::<Type>()?;
        let indexed = peek_word(&inside, "indexed");
        if indexed {
            keyword(&inside, "indexed")?;
        }
        if !inside.peek(Ident::peek_any) {
            return Err(Error::new(
                ty.span,
                "a parameter of an event needs a name: it is a field of the event's struct",
            ));
        }
        all.push(EventParam { ty, indexed, name: inside.call(Ident::parse_any)? });
        comma(&inside)?;
    }
    Ok(all)
}

pub(super) fn fields(input: ParseStream<'_>) -> Result<Vec<Param>> {
    let inside;
    braced!(inside in input);
    let mut all = Vec::new();
    while !inside.is_empty() {
        let ty = inside.parse()?;
        let name = Some(inside.call(Ident::parse_any)?);
        inside.parse::<Token![;]>()?;
        all.push(Param { ty, name });
    }
    Ok(all)
}

fn comma(input: ParseStream<'_>) -> Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}

/// Solidity's data locations may be written, for a declaration copied from its source; they change nothing.
fn skip_location(input: ParseStream<'_>) -> Result<()> {
    if peek_word(input, "memory") || peek_word(input, "calldata") {
        input.call(Ident::parse_any)?;
    }
    Ok(())
}

impl Parse for Type {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let word = input.call(Ident::parse_any)?;
        let span = word.span();
        let kind = elementary(&word.to_string()).unwrap_or(TypeKind::Struct(word, Vec::new()));
        if matches!(kind, TypeKind::Address) && peek_word(input, "payable") {
            keyword(input, "payable")?;
        }
        let mut ty = Self { kind, span };
        while input.peek(token::Bracket) {
            let inside;
            bracketed!(inside in input);
            let kind = if inside.is_empty() {
                TypeKind::Array(Box::new(ty))
            } else {
                let length: LitInt = inside.parse()?;
                let k = length.base10_parse::<u8>().ok().filter(|k| *k > 0);
                let k = k.ok_or_else(|| Error::new(length.span(), "a fixed array has 1 to 255 elements"))?;
                TypeKind::FixedArray(Box::new(ty), k)
            };
            ty = Self { kind, span };
        }
        Ok(ty)
    }
}
