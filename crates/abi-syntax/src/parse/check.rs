//! Rules that concern an interface as a whole.

use std::collections::HashMap;

use syn::{Error, Ident, Result};

use super::plain;
use crate::{CONSTRUCTOR_SELECTOR, Event, Function, Interface, Param, TypeKind, snake_case};

/// The most topics an EVM log carries beside its signature.
const MAX_INDEXED: usize = 3;
/// The decoder counts fields in a byte, and nobody means more.
const MAX_PARAMS: usize = 32;

pub(super) fn interface(interface: &Interface) -> Result<()> {
    methods(interface)?;
    selectors(interface)?;
    let names = interface.events.iter().map(|e| &e.name);
    unique(names.chain(interface.errors.iter().map(|e| &e.name)).chain(interface.structs.iter().map(|s| &s.name)))?;
    interface.functions.iter().chain(&interface.constructor).try_for_each(function)?;
    interface.events.iter().try_for_each(event)?;
    for error in &interface.errors {
        named(&error.params, &error.name)?;
    }
    for record in &interface.structs {
        if record.fields.is_empty() {
            return Err(Error::new(record.name.span(), "a struct has at least one field"));
        }
        named(&record.fields, &record.name)?;
    }
    Ok(())
}

/// An answered interface names a method for each function; a called one has nothing to construct or receive.
fn methods(interface: &Interface) -> Result<()> {
    if interface.target.is_some() {
        for function in interface.functions.iter().chain(&interface.constructor) {
            if function.method.is_none() {
                let text = format!("which method answers `{}`? add `=> method`", function.name);
                return Err(Error::new(function.name.span(), text));
            }
        }
        return Ok(());
    }
    let only_answered = "only an interface that a contract answers (`interface I… for Contract`) has this";
    if let Some(constructor) = &interface.constructor {
        return Err(Error::new(constructor.name.span(), only_answered));
    }
    if let Some(fallback) = interface.receive.iter().chain(&interface.fallback).next() {
        return Err(Error::new(fallback.span, only_answered));
    }
    let mut stubs = HashMap::new();
    for function in &interface.functions {
        if function.msg_data {
            return Err(Error::new(
                function.name.span(),
                "`msg.data` is for methods that answer: this only names a call",
            ));
        }
        let stub = function.stub();
        if let Some(first) = stubs.insert(stub.clone(), function.signature()) {
            let text = format!("`{first}` is called `{stub}` too: tell them apart by `=> another_name`");
            return Err(Error::new(function.name.span(), text));
        }
    }
    Ok(())
}

fn selectors(interface: &Interface) -> Result<()> {
    let mut seen = HashMap::from([(CONSTRUCTOR_SELECTOR, String::from("the constructor of a Stylus contract"))]);
    for function in &interface.functions {
        let signature = function.signature();
        if let Some(first) = seen.insert(function.selector(), signature.clone()) {
            let text = format!("`{signature}` has the selector of {first}");
            return Err(Error::new(function.name.span(), text));
        }
    }
    Ok(())
}

fn unique<'a>(names: impl Iterator<Item = &'a Ident>) -> Result<()> {
    let mut seen = HashMap::new();
    for name in names {
        // Rust's fields, unlike Solidity's, are told apart in snake case; types keep their case.
        if seen.insert(name.to_string(), ()).is_some() {
            return Err(Error::new(name.span(), format!("a second `{name}`")));
        }
    }
    Ok(())
}

fn count(params: usize, name: &Ident) -> Result<()> {
    if params > MAX_PARAMS {
        return Err(Error::new(name.span(), format!("more than {MAX_PARAMS} parameters")));
    }
    Ok(())
}

fn function(function: &Function) -> Result<()> {
    count(function.params.len(), &function.name)?;
    count(function.returns.len(), &function.name)?;
    fields(function.params.iter().filter_map(|p| p.name.as_ref()))?;
    fields(function.returns.iter().filter_map(|p| p.name.as_ref()))
}

fn event(event: &Event) -> Result<()> {
    count(event.params.len(), &event.name)?;
    fields(event.params.iter().map(|p| &p.name))?;
    for param in event.params.iter().filter(|p| p.indexed) {
        if matches!(param.ty.kind, TypeKind::Array(_) | TypeKind::FixedArray(..) | TypeKind::Struct(..)) {
            return Err(Error::new(param.ty.span, "an indexed array or struct is not supported: index its hash"));
        }
    }
    if let Some(fourth) = event.params.iter().filter(|p| p.indexed).nth(MAX_INDEXED) {
        return Err(Error::new(fourth.name.span(), "a log has room for three indexed parameters"));
    }
    Ok(())
}

fn named(params: &[Param], of: &Ident) -> Result<()> {
    count(params.len(), of)?;
    if let Some(nameless) = params.iter().find(|p| p.name.is_none()) {
        let text = format!("a parameter of `{of}` needs a name: it is a field of the struct `{of}`");
        return Err(Error::new(nameless.ty.span, text));
    }
    fields(params.iter().filter_map(|p| p.name.as_ref()))
}

fn fields<'a>(names: impl Iterator<Item = &'a Ident>) -> Result<()> {
    let mut seen = HashMap::new();
    for name in names {
        if let Some(first) = seen.insert(snake_case(&plain(name)), name) {
            return Err(Error::new(name.span(), format!("`{first}` and `{name}` are the same name in snake case")));
        }
    }
    Ok(())
}
