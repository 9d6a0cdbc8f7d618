//! What documentation names must be there.

use std::collections::HashSet;

use syn::{Error, Ident, Result};

use super::plain;
use crate::{Docs, Interface, Param, docs::Tag};

/// Checks the tags of everything that an interface declares itself.
pub(super) fn interface(interface: &Interface, errors: &HashSet<String>) -> Result<()> {
    only(&interface.docs, &[Tag::Title, Tag::Author], &[], &[])?;
    for function in interface.functions.iter().chain(&interface.constructor) {
        only(&function.docs, &[Tag::Return], &names(&function.params), &function.returns)?;
        reverts(&function.docs, errors)?;
    }
    for fallback in interface.receive.iter().chain(&interface.fallback) {
        only(&fallback.docs, &[], &[], &[])?;
        reverts(&fallback.docs, errors)?;
    }
    for event in &interface.events {
        let names: Vec<_> = event.params.iter().map(|param| plain(&param.name)).collect();
        only(&event.docs, &[], &names, &[])?;
    }
    for error in &interface.errors {
        only(&error.docs, &[], &names(&error.params), &[])?;
    }
    let records = interface.structs.iter().map(|record| &record.docs);
    records.chain(interface.guards.iter().map(|guard| &guard.docs)).try_for_each(|docs| only(docs, &[], &[], &[]))
}

fn names(params: &[Param]) -> Vec<String> {
    params.iter().filter_map(|param| param.name.as_ref()).map(plain).collect()
}

/// Which tags solc takes in a place, and that they fit what is declared.
fn only(docs: &Docs, allowed: &[Tag], params: &[String], returns: &[Param]) -> Result<()> {
    let (mut described, mut returned) = (HashSet::new(), 0);
    for block in docs.blocks() {
        let refused = match &block.tag {
            Tag::Notice | Tag::Dev | Tag::Custom(_) => None,
            Tag::Param(name) if !params.contains(name) => Some(format!("no parameter is called `{name}`")),
            Tag::Param(name) if !described.insert(name) => Some(format!("`{name}` is documented twice")),
            Tag::Param(_) => None,
            Tag::Return => {
                let name = returns.get(returned).map(|value| value.name.as_ref().map(plain));
                returned += 1;
                match name {
                    None => Some("more is documented than is returned".to_owned()),
                    Some(Some(name)) if block.text().split_whitespace().next() != Some(&name) => {
                        Some(format!("the value is called `{name}`: `@return {name} …`"))
                    }
                    Some(_) => None,
                }
            }
            tag if allowed.contains(tag) => None,
            _ => Some("this tag has no meaning here".to_owned()),
        };
        if let Some(text) = refused {
            return Err(Error::new(block.span, text));
        }
    }
    Ok(())
}

/// `@custom:reverts` names one error of the interface, or a panic, and then says when; or it says in words, beginning
/// small, what is passed on.
fn reverts(docs: &Docs, errors: &HashSet<String>) -> Result<()> {
    for block in docs.blocks().iter().filter(|block| block.tag == Tag::Custom("reverts".into())) {
        let text = block.text();
        let word = text.split_whitespace().next().unwrap_or_default();
        let is_name = word.starts_with(|c: char| c.is_ascii_uppercase());
        if is_name && word.ends_with(',') {
            return Err(Error::new(block.span, "one error a line, each behind its own `@custom:reverts`"));
        }
        let name = word.trim_end_matches(['.', ':', ';']);
        let is_panic = name.strip_prefix("Panic(0x").is_some_and(|rest| rest.ends_with(')'));
        if is_name && !is_panic && !errors.contains(name) {
            return Err(Error::new(block.span, format!("the interface declares no error `{name}`")));
        }
    }
    Ok(())
}

/// The names of errors.
pub(super) fn errors<'a>(names: impl Iterator<Item = &'a Ident>) -> HashSet<String> {
    names.map(plain).collect()
}
