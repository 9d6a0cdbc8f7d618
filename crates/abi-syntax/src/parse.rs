//! From tokens to items. Every refusal points at the word that is wrong.

use proc_macro2::Span;
use syn::{
    Attribute, Error, Expr, ExprLit, Ident, Lit, Meta, Path, Result, Token, braced,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
    token,
};

use crate::{Docs, Event, Fallback, Function, Interface, Mutability, Record, SolError};

mod access;
mod check;
mod documented;
mod params;
mod resolve;

use access::{Modifiers, modifiers};
use params::{event_params, fields, params};

/// The identifier without Rust's `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

impl Interface {
    /// Parses every interface of one `sol_abi!`, and checks each. One that is made of fragments is checked when they
    /// are known: see [`Interface::compose`].
    pub fn parse_all(tokens: proc_macro2::TokenStream) -> Result<Vec<Self>> {
        let parser = |input: ParseStream<'_>| {
            let mut all: Vec<Self> = Vec::new();
            while !input.is_empty() {
                all.push(input.parse()?);
            }
            Ok(all)
        };
        let mut all: Vec<Self> = parser.parse2(tokens)?;
        for interface in all.iter_mut().filter(|interface| interface.made_of.is_empty()) {
            finish(interface)?;
        }
        Ok(all)
    }
}

/// What needs the whole: types that are structs, names and selectors.
pub(crate) fn finish(interface: &mut Interface) -> Result<()> {
    resolve::structs(interface)?;
    check::interface(interface)
}

impl Parse for Interface {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let docs = docs(input)?;
        let kind = input.call(Ident::parse_any)?;
        let is_fragment = kind == "fragment";
        if !is_fragment && kind != "interface" {
            return Err(Error::new(kind.span(), "expected `interface` or `fragment`"));
        }
        let name = input.call(Ident::parse_any)?;
        let target = if input.peek(Token![for]) {
            let word = input.parse::<Token![for]>()?;
            if is_fragment {
                return Err(Error::new_spanned(word, "a fragment is for every contract that is made of it"));
            }
            Some(input.parse()?)
        } else {
            None
        };
        let made_of = made_of(input, target.is_some())?;
        let body;
        braced!(body in input);
        let mut interface = Self {
            docs,
            is_fragment,
            name,
            target,
            made_of,
            parts: Vec::new(),
            guards: Vec::new(),
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
        Ok(interface)
    }
}

/// `is Owned, Paused` behind the contract's name.
fn made_of(input: ParseStream<'_>, is_answered: bool) -> Result<Vec<Path>> {
    if !peek_word(input, "is") {
        return Ok(Vec::new());
    }
    let word = keyword(input, "is")?;
    if !is_answered {
        return Err(Error::new(
            word,
            "only an interface that a contract answers (`for Contract`) is made of fragments",
        ));
    }
    let paths = Punctuated::<Path, Token![,]>::parse_separated_nonempty_with(input, Path::parse_mod_style)?;
    Ok(paths.into_iter().collect())
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
            "guard" => self.guards.push(access::guard(input, docs)?),
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
                let what =
                    "expected `function`, `event`, `error`, `struct`, `guard`, `constructor`, `receive` or `fallback`";
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
fn docs(input: ParseStream<'_>) -> Result<Docs> {
    let mut lines = Vec::new();
    for attribute in input.call(Attribute::parse_outer)? {
        match &attribute.meta {
            Meta::NameValue(pair) if attribute.path().is_ident("doc") => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                    let (value, span) = (text.value(), text.span());
                    lines.push((value.strip_prefix(' ').unwrap_or(&value).trim_end().to_string(), span));
                }
                other => return Err(Error::new_spanned(other, "expected a doc comment")),
            },
            _ => return Err(Error::new_spanned(attribute, "only doc comments stand before an item")),
        }
    }
    Docs::parse(lines)
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

fn function(input: ParseStream<'_>, docs: Docs, constructor: Option<Ident>) -> Result<Function> {
    let is_constructor = constructor.is_some();
    let name = match constructor {
        Some(word) => word,
        None => input.call(Ident::parse_any)?,
    };
    let params = params(input)?;
    let Modifiers { external, mutability, access, reentrant } = modifiers(input)?;
    if is_constructor && (external || mutability.is_static() || access.is_some() || reentrant.is_some()) {
        return Err(Error::new(name.span(), "a constructor is `payable` or nothing"));
    }
    if !is_constructor && !external {
        return Err(Error::new(name.span(), "functions of an interface are `external`"));
    }
    let returns = if peek_word(input, "returns") {
        let word = keyword(input, "returns")?;
        let returns = params::params(input)?;
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
    Ok(Function { docs, name, params, mutability, access, reentrant, returns, method, msg_data })
}

fn fallback(input: ParseStream<'_>, docs: Docs, word: &Ident) -> Result<Fallback> {
    let inside;
    parenthesized!(inside in input);
    if !inside.is_empty() {
        return Err(inside.error("takes no parameters here: its method gets the calldata"));
    }
    let Modifiers { external, mutability, access, reentrant } = modifiers(input)?;
    let by = access::in_words(access)?;
    if let Some(why) = reentrant {
        return Err(Error::new(why.span(), "only a function says `reentrant`"));
    }
    let payable = mutability == Mutability::Payable;
    if !external || mutability.is_static() {
        return Err(Error::new(word.span(), "must be `external`, or `external payable`"));
    }
    if word == "receive" && !payable {
        return Err(Error::new(word.span(), "`receive` takes value: it must be `payable`"));
    }
    let mut method = method(input)?;
    let mut emits = None;
    if method.as_ref().is_some_and(|word| word == "emit") && input.peek(Ident) {
        (method, emits) = (None, Some(input.parse::<Ident>()?));
    }
    if let (Some(event), true) = (&emits, word != "receive" || by.is_some()) {
        return Err(Error::new(event.span(), "only a `receive` that anybody calls logs by itself: name a method"));
    }
    if method.is_none() && (word != "receive" || by.is_some()) {
        return Err(Error::new(word.span(), "which method answers it? add `=> method`"));
    }
    input.parse::<Token![;]>()?;
    Ok(Fallback { docs, payable, by, method, emits, span: word.span() })
}

fn peek_word(input: ParseStream<'_>, word: &str) -> bool {
    input.fork().call(Ident::parse_any).is_ok_and(|found| found == word)
}
