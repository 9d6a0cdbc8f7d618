//! From tokens to items. Every refusal points at the word that is wrong.

use proc_macro2::Span;
use syn::{
    Attribute, Error, Expr, ExprLit, Ident, Lit, LitInt, Meta, Result, Token, braced, bracketed,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream, Parser},
    token,
};

use crate::{
    Event, EventParam, Fallback, Function, Interface, Mutability, Param, Record, SolError, Type, TypeKind,
    types::elementary,
};

mod check;
mod resolve;

/// The identifier without Rust's `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

impl Interface {
    /// Parses every interface of one `sol_abi!`, and checks each.
    pub fn parse_all(tokens: proc_macro2::TokenStream) -> Result<Vec<Self>> {
        let parser = |input: ParseStream<'_>| {
            let mut all = Vec::new();
            while !input.is_empty() {
                all.push(input.parse()?);
            }
            Ok(all)
        };
        parser.parse2(tokens)
    }
}

impl Parse for Interface {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let docs = docs(input)?;
        keyword(input, "interface")?;
        let name = input.call(Ident::parse_any)?;
        let target = if input.peek(Token![for]) {
            input.parse::<Token![for]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        let body;
        braced!(body in input);
        let mut interface = Self {
            docs,
            name,
            target,
            constructor: None,
            functions: Vec::new(),
            receive: None,
            fallback: None,
            events: Vec::new(),
            errors: Vec::new(),
            structs: Vec::new(),
        };
        while !body.is_empty() {
            interface.item(&body)?;
        }
        resolve::structs(&mut interface)?;
        check::interface(&interface)?;
        Ok(interface)
    }
}

impl Interface {
    fn item(&mut self, input: ParseStream<'_>) -> Result<()> {
        let docs = docs(input)?;
        let word = input.call(Ident::parse_any)?;
        match word.to_string().as_str() {
            "function" => self.functions.push(function(input, docs, None)?),
            "constructor" => {
                once(&word, self.constructor.is_some())?;
                self.constructor = Some(function(input, docs, Some(word))?);
            }
            "receive" => {
                once(&word, self.receive.is_some())?;
                self.receive = Some(fallback(input, docs, &word)?);
            }
            "fallback" => {
                once(&word, self.fallback.is_some())?;
                self.fallback = Some(fallback(input, docs, &word)?);
            }
            "event" => {
                let name = input.call(Ident::parse_any)?;
                let params = event_params(input)?;
                input.parse::<Token![;]>()?;
                self.events.push(Event { docs, name, params });
            }
            "error" => {
                let name = input.call(Ident::parse_any)?;
                let params = params(input)?;
                input.parse::<Token![;]>()?;
                self.errors.push(SolError { docs, name, params });
            }
            "struct" => {
                let name = input.call(Ident::parse_any)?;
                let fields = fields(input)?;
                self.structs.push(Record { docs, name, fields });
            }
            _ => {
                let what = "expected `function`, `event`, `error`, `struct`, `constructor`, `receive` or `fallback`";
                return Err(Error::new(word.span(), what));
            }
        }
        Ok(())
    }
}

fn once(word: &Ident, there: bool) -> Result<()> {
    if there { Err(Error::new(word.span(), format!("a second `{word}`"))) } else { Ok(()) }
}

fn keyword(input: ParseStream<'_>, word: &str) -> Result<Span> {
    let ident = input.call(Ident::parse_any)?;
    if ident == word { Ok(ident.span()) } else { Err(Error::new(ident.span(), format!("expected `{word}`"))) }
}

/// The lines of `///` before an item. No other attribute has a meaning here.
fn docs(input: ParseStream<'_>) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for attribute in input.call(Attribute::parse_outer)? {
        match &attribute.meta {
            Meta::NameValue(pair) if attribute.path().is_ident("doc") => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                    let text = text.value();
                    lines.push(text.strip_prefix(' ').unwrap_or(&text).trim_end().to_string());
                }
                other => return Err(Error::new_spanned(other, "expected a doc comment")),
            },
            _ => return Err(Error::new_spanned(attribute, "only doc comments stand before an item")),
        }
    }
    Ok(lines)
}

/// The words after a parameter list, up to `returns`, `=>` or `;`.
fn modifiers(input: ParseStream<'_>) -> Result<(bool, Mutability)> {
    let (mut external, mut mutability) = (false, None);
    while input.peek(Ident::peek_any) && !peek_word(input, "returns") {
        let word = input.call(Ident::parse_any)?;
        let found = match word.to_string().as_str() {
            "external" if !external => {
                external = true;
                continue;
            }
            "pure" => Mutability::Pure,
            "view" => Mutability::View,
            "payable" => Mutability::Payable,
            _ => return Err(Error::new(word.span(), "expected `external`, `pure`, `view`, `payable` or `returns`")),
        };
        if mutability.replace(found).is_some() {
            return Err(Error::new(word.span(), "a second state mutability"));
        }
    }
    Ok((external, mutability.unwrap_or(Mutability::Nonpayable)))
}

fn method(input: ParseStream<'_>) -> Result<Option<Ident>> {
    if input.peek(Token![=>]) {
        input.parse::<Token![=>]>()?;
        return Ok(Some(input.parse()?));
    }
    Ok(None)
}

/// `(msg.data)` behind the name of a method.
fn msg_data(input: ParseStream<'_>) -> Result<bool> {
    if !input.peek(token::Paren) {
        return Ok(false);
    }
    let inside;
    parenthesized!(inside in input);
    keyword(&inside, "msg")?;
    inside.parse::<Token![.]>()?;
    keyword(&inside, "data")?;
    if inside.is_empty() { Ok(true) } else { Err(inside.error("only `msg.data` can stand here")) }
}

fn function(input: ParseStream<'_>, docs: Vec<String>, constructor: Option<Ident>) -> Result<Function> {
    let is_constructor = constructor.is_some();
    let name = match constructor {
        Some(word) => word,
        None => input.call(Ident::parse_any)?,
    };
    let params = params(input)?;
    let (external, mutability) = modifiers(input)?;
    if is_constructor && (external || mutability.is_static()) {
        return Err(Error::new(name.span(), "a constructor is `payable` or nothing"));
    }
    if !is_constructor && !external {
        return Err(Error::new(name.span(), "functions of an interface are `external`"));
    }
    let returns = if peek_word(input, "returns") {
        let word = keyword(input, "returns")?;
        let returns = self::params(input)?;
        if returns.is_empty() || is_constructor {
            return Err(Error::new(word, "`returns` of nothing: leave it out"));
        }
        returns
    } else {
        Vec::new()
    };
    let method = method(input)?;
    let msg_data = method.is_some() && msg_data(input)?;
    if msg_data && is_constructor {
        return Err(Error::new(name.span(), "a constructor has no `msg.data`: its selector is the deployer's"));
    }
    input.parse::<Token![;]>()?;
    Ok(Function { docs, name, params, mutability, returns, method, msg_data })
}

fn fallback(input: ParseStream<'_>, docs: Vec<String>, word: &Ident) -> Result<Fallback> {
    let inside;
    parenthesized!(inside in input);
    if !inside.is_empty() {
        return Err(inside.error("takes no parameters here: its method gets the calldata"));
    }
    let (external, mutability) = modifiers(input)?;
    let payable = mutability == Mutability::Payable;
    if !external || mutability.is_static() {
        return Err(Error::new(word.span(), "must be `external`, or `external payable`"));
    }
    if word == "receive" && !payable {
        return Err(Error::new(word.span(), "`receive` takes value: it must be `payable`"));
    }
    let Some(method) = method(input)? else {
        return Err(input.error("expected `=> method`"));
    };
    input.parse::<Token![;]>()?;
    Ok(Fallback { docs, payable, method, span: word.span() })
}

fn params(input: ParseStream<'_>) -> Result<Vec<Param>> {
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

fn event_params(input: ParseStream<'_>) -> Result<Vec<EventParam>> {
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

fn fields(input: ParseStream<'_>) -> Result<Vec<Param>> {
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

fn peek_word(input: ParseStream<'_>, word: &str) -> bool {
    input.fork().call(Ident::parse_any).is_ok_and(|found| found == word)
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
