//! The changes of a declaration in `abi.rs`, which says who may call a function and whether it takes ether.
//!
//! | change | what it asks |
//! |---|---|
//! | delete a guard | is each guarded function called by somebody who may not? |
//! | another role, another guard | is it called by those who may do something else? |
//! | delete `payable`, add `payable` | is each function sent ether? |

use super::edit::{self, Mutant};
use consilium_abi_syntax::{Access, Function, Interface, Mutability, Takes};
use eyre::{OptionExt, Result, WrapErr};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::ops::Range;
use syn::Item;
use syn::spanned::Spanned;

/// All mutants of the functions that the contract of this `abi.rs` answers, in the order of the text.
///
/// # Errors
/// Where the text is not Rust, or a declaration is refused.
pub(super) fn mutants(text: &str) -> Result<Vec<Mutant>> {
    let mut found = Vec::new();
    for item in syn::parse_file(text).wrap_err("not Rust")?.items {
        let Item::Macro(item) = item else { continue };
        if item.mac.path.segments.last().is_none_or(|last| last.ident != "sol_abi") {
            continue;
        }
        let mut words = Vec::new();
        collect(item.mac.tokens.clone(), &mut words);
        for interface in
            Interface::parse_all(item.mac.tokens)?.iter().filter(|one| one.target.is_some() || one.is_fragment)
        {
            for function in &interface.functions {
                Declaration { text, words: &words, interface, function, found: &mut found }.change()?;
            }
        }
    }
    edit::number(&mut found);
    Ok(found)
}

/// A word with its place.
type Word = (String, Range<usize>);

/// All words, those inside brackets too, in the order of the text. What a string says is none of them.
fn collect(tokens: TokenStream, words: &mut Vec<Word>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Ident(word) => words.push((word.to_string(), word.span().byte_range())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

struct Declaration<'a> {
    text: &'a str,
    words: &'a [Word],
    interface: &'a Interface,
    function: &'a Function,
    found: &'a mut Vec<Mutant>,
}

impl Declaration<'_> {
    fn change(&mut self) -> Result<()> {
        if let Some(Access::Guard(word, constant)) = &self.function.access {
            let range = word.span().byte_range();
            let end = constant.as_ref().map_or(Some(range.end), |constant| {
                let end = constant.span().byte_range().end;
                self.text[end..].find(')').map(|bracket| end + bracket + 1)
            });
            self.guard(range.start..end.ok_or_eyre("a guard's bracket has no end")?);
        }
        match self.function.mutability {
            Mutability::Payable => {
                let place = self.word("payable")?;
                self.edit(place, String::new(), "delete payable".to_owned());
            }
            Mutability::Nonpayable => {
                let place = self.word("external")?;
                self.edit(place, "external payable".to_owned(), "add payable".to_owned());
            }
            Mutability::Pure | Mutability::View => {}
        }
        Ok(())
    }

    /// Deletes the guard, then lets each other one take its place.
    fn guard(&mut self, place: Range<usize>) {
        let (text, interface) = (self.text, self.interface);
        let now = &text[place.clone()];
        self.edit(place.clone(), String::new(), format!("delete {now}"));
        let constants: BTreeSet<_> = interface.functions.iter().filter_map(|one| constant(text, one)).collect();
        for guard in interface.all_guards() {
            let others: Vec<_> = match guard.takes {
                // Another guard checks the same role; the same guard another role.
                Takes::Constant(_) if now.starts_with(&format!("{}(", guard.name)) => {
                    constants.iter().map(|constant| format!("{}({constant})", guard.name)).collect()
                }
                Takes::Constant(_) => {
                    constant(text, self.function).iter().map(|it| format!("{}({it})", guard.name)).collect()
                }
                Takes::Nothing | Takes::MsgData => vec![guard.name.to_string()],
            };
            for other in others.into_iter().filter(|other| other != now) {
                self.edit(place.clone(), other.clone(), format!("{other} for {now}"));
            }
        }
    }

    /// The place of a word between the function's name and its method's.
    fn word(&self, searched: &str) -> Result<Range<usize>> {
        let start = self.function.name.span().byte_range().end;
        let method = self.function.method.as_ref().ok_or_eyre("a function that is answered by no method")?;
        let end = method.span().byte_range().start;
        let mut inside = self.words.iter().filter(|(_, range)| start <= range.start && range.end <= end);
        let (_, range) = inside.find(|(word, _)| word == searched).ok_or_eyre(format!("no {searched}"))?;
        Ok(range.clone())
    }

    fn edit(&mut self, place: Range<usize>, with: String, what: String) {
        let function = self.function.signature();
        self.found.push(Mutant::new(format!("{function}: {what}"), place, with));
    }
}

/// What a function's guard is given, as it is written.
fn constant<'a>(text: &'a str, function: &Function) -> Option<&'a str> {
    match &function.access {
        Some(Access::Guard(_, Some(path))) => Some(&text[path.span().byte_range()]),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
