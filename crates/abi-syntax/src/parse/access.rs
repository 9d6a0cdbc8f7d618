//! The words behind a parameter list: what a function may do, and who may call it.

use syn::{Error, Ident, LitStr, Path, Result, Token, ext::IdentExt, parenthesized, parse::ParseStream, token};

use super::{keyword, msg_data, peek_word};
use crate::{Access, Docs, Guard, Mutability, Refusal, Takes};

/// What Solidity says in this place, and this interface does not.
const NOT_HERE: [&str; 8] = ["public", "private", "internal", "virtual", "override", "nonpayable", "constant", "guard"];

/// The words behind a parameter list.
pub(super) struct Modifiers {
    pub(super) external: bool,
    pub(super) mutability: Mutability,
    pub(super) access: Option<Access>,
    pub(super) reentrant: Option<LitStr>,
}

/// The words up to `returns`, `=>` or `;`. Any that means nothing by itself is a guard, to be looked for later.
pub(super) fn modifiers(input: ParseStream<'_>) -> Result<Modifiers> {
    let (mut external, mut mutability, mut access, mut reentrant) = (false, None, None, None);
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
            "reentrant" => {
                let why = reason(input, &word, "why it may be entered again while it runs")?;
                if reentrant.replace(why).is_some() {
                    return Err(Error::new(word.span(), "a second `reentrant`"));
                }
                continue;
            }
            "by" => {
                let who = reason(input, &word, "who may call it")?;
                one(&mut access, &word, Access::By(who))?;
                continue;
            }
            other if NOT_HERE.contains(&other) || other == "external" => {
                return Err(Error::new(word.span(), unknown("")));
            }
            _ => {
                let constant = constant(input)?;
                one(&mut access, &word, Access::Guard(word.clone(), constant))?;
                continue;
            }
        };
        if mutability.replace(found).is_some() {
            return Err(Error::new(word.span(), "a second state mutability"));
        }
    }
    Ok(Modifiers { external, mutability: mutability.unwrap_or(Mutability::Nonpayable), access, reentrant })
}

/// What may follow a parameter list, with the guards there are.
pub(super) fn unknown(guards: &str) -> String {
    let guards = if guards.is_empty() { String::new() } else { format!(": {guards}") };
    format!(
        "expected `external`, `pure`, `view`, `payable`, `returns`, `by`, `reentrant` or a guard of the interface{guards}"
    )
}

fn one(access: &mut Option<Access>, word: &Ident, found: Access) -> Result<()> {
    if access.replace(found).is_some() {
        return Err(Error::new(word.span(), "a second word on who may call: one guard decides"));
    }
    Ok(())
}

fn reason(input: ParseStream<'_>, word: &Ident, what: &str) -> Result<LitStr> {
    let text = input.parse::<LitStr>().map_err(|_| Error::new(word.span(), format!("`{word} \"…\"` says {what}")))?;
    if text.value().trim().is_empty() {
        return Err(Error::new(text.span(), format!("`{word}` says {what}")));
    }
    Ok(text)
}

fn constant(input: ParseStream<'_>) -> Result<Option<Path>> {
    if !input.peek(token::Paren) {
        return Ok(None);
    }
    let inside;
    parenthesized!(inside in input);
    let path = inside.call(Path::parse_mod_style)?;
    if inside.is_empty() { Ok(Some(path)) } else { Err(inside.error("a guard is given one constant")) }
}

/// `receive` and `fallback` have no guard: what their methods decide they say in words.
pub(super) fn in_words(access: Option<Access>) -> Result<Option<LitStr>> {
    match access {
        None => Ok(None),
        Some(Access::By(who)) => Ok(Some(who)),
        Some(Access::Guard(word, _)) => {
            Err(Error::new(word.span(), "no guard here: say `by \"…\"`, and check it in the method"))
        }
    }
}

/// `guard only(role) reverts Unauthorized => only;`, or `reverts "a reason"` for Solidity's `Error(string)`.
pub(super) fn guard(input: ParseStream<'_>, docs: Docs) -> Result<Guard> {
    let name = input.call(Ident::parse_any)?;
    let words = ["external", "pure", "view", "payable", "returns", "by", "reentrant"];
    if words.iter().chain(&NOT_HERE).any(|word| name == word) {
        return Err(Error::new(name.span(), format!("`{name}` has another meaning behind a function")));
    }
    let takes = if !input.peek(token::Paren) {
        Takes::Nothing
    } else if input.fork().call(msg_data).is_ok() {
        msg_data(input)?;
        Takes::MsgData
    } else {
        let inside;
        parenthesized!(inside in input);
        let constant = inside.call(Ident::parse_any)?;
        if !inside.is_empty() {
            return Err(inside.error("a guard takes nothing, one constant, or `msg.data`"));
        }
        Takes::Constant(constant)
    };
    if !peek_word(input, "reverts") {
        return Err(Error::new(name.span(), "which error does it refuse with? add `reverts ErrorName`"));
    }
    keyword(input, "reverts")?;
    let refusal = if input.peek(LitStr) {
        Refusal::Reason(reason(input, &name, "why it refuses")?)
    } else {
        Refusal::Error(input.call(Ident::parse_any)?)
    };
    input.parse::<Token![=>]>()?;
    let method = input.parse()?;
    input.parse::<Token![;]>()?;
    if docs.notice().is_none() {
        return Err(Error::new(
            name.span(),
            "whom does it let pass? say it in a `///` line: it is printed for each function",
        ));
    }
    Ok(Guard { docs, name, takes, refusal, method })
}
