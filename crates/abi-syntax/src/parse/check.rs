//! Rules that concern an interface as a whole.

use std::collections::HashMap;

use syn::{Error, Ident, Result};

use super::{access::unknown, documented, plain};
use crate::{
    Access, CONSTRUCTOR_SELECTOR, Event, Function, Interface, Mutability, Param, Refusal, Takes, TypeKind, snake_case,
};

/// The most topics an EVM log carries in addition to its signature.
const MAX_INDEXED: usize = 3;
/// The decoder counts fields in a byte, and nobody means more.
const MAX_PARAMS: usize = 32;

pub(super) fn interface(interface: &Interface) -> Result<()> {
    methods(interface)?;
    selectors(interface)?;
    let names = interface.all_events().map(|e| &e.name);
    unique(names.chain(interface.all_errors().map(|e| &e.name)).chain(interface.all_structs().map(|s| &s.name)))?;
    unique(interface.all_guards().map(|guard| &guard.name))?;
    // A fragment may use what another fragment of the same contract declares: that is known when it is composed.
    if !interface.is_fragment {
        callers(interface)?;
        emitted(interface)?;
        let errors = documented::errors(interface.all_errors().map(|error| &error.name));
        std::iter::once(interface).chain(&interface.parts).try_for_each(|part| documented::interface(part, &errors))?;
    }
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

/// What a `receive` logs is an event of who paid and how much, whose words are in the order of its parameters.
fn emitted(interface: &Interface) -> Result<()> {
    let Some(name) = interface.receive.as_ref().and_then(|receive| receive.emits.as_ref()) else { return Ok(()) };
    let Some(event) = interface.emitted_by_receive() else {
        return Err(Error::new(name.span(), format!("no event `{name}` is declared")));
    };
    match &event.params[..] {
        [from, amount] if from.ty.canonical() == "address" && amount.ty.canonical() == "uint256" => {
            if amount.indexed && !from.indexed {
                return Err(Error::new(name.span(), "only the amount is indexed: index the address, or both, or none"));
            }
            Ok(())
        }
        _ => Err(Error::new(name.span(), "`receive` logs who paid and how much: an address and a uint256")),
    }
}

/// An answered interface names a method for each function; a called one has nothing to construct or receive.
fn methods(interface: &Interface) -> Result<()> {
    if interface.target.is_some() || interface.is_fragment {
        for function in interface.functions.iter().chain(&interface.constructor) {
            if function.method.is_none() {
                let text = format!("which method answers `{}`? add `=> method`", function.name);
                return Err(Error::new(function.name.span(), text));
            }
        }
        if !interface.is_fragment {
            return Ok(());
        }
    }
    let only_answered = "only an interface that a contract answers (`interface I… for Contract`) has this";
    if let Some(constructor) = &interface.constructor {
        return Err(Error::new(constructor.name.span(), only_answered));
    }
    if let Some(fallback) = interface.receive.iter().chain(&interface.fallback).next() {
        return Err(Error::new(fallback.span, only_answered));
    }
    if interface.is_fragment {
        return Ok(());
    }
    if let Some(guard) = interface.guards.first() {
        return Err(Error::new(guard.name.span(), only_answered));
    }
    let mut stubs = HashMap::new();
    for function in &interface.functions {
        if let Some(Access::Guard(word, _)) = &function.access {
            return Err(Error::new(word.span(), unknown("")));
        }
        if function.access.is_some() || function.reentrant.is_some() {
            return Err(Error::new(function.name.span(), "the contract that answers says who may call it"));
        }
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

/// Each function's guard is there and is given what it takes; each guard's error is there.
fn callers(interface: &Interface) -> Result<()> {
    for guard in interface.all_guards() {
        let Refusal::Error(name) = &guard.refusal else { continue };
        if !interface.all_errors().any(|error| error.name == *name) {
            return Err(Error::new(name.span(), format!("the interface declares no error `{name}`")));
        }
    }
    for function in interface.all_functions() {
        let is_static = function.mutability.is_static();
        if let Some(why) = function.reentrant.as_ref().filter(|_| is_static) {
            return Err(Error::new(why.span(), "a view can always be entered again: it changes nothing"));
        }
        let Some(Access::Guard(word, constant)) = &function.access else { continue };
        let Some(guard) = interface.guard_of(function) else {
            let guards: Vec<_> = interface.all_guards().map(|guard| format!("`{}`", guard.name)).collect();
            return Err(Error::new(word.span(), unknown(&guards.join(", "))));
        };
        let text = match (&guard.takes, constant) {
            (Takes::Constant(name), None) => format!("`{word}` is given a constant: `{word}({name})`"),
            (Takes::Nothing | Takes::MsgData, Some(_)) => format!("`{word}` is given nothing"),
            _ if function.mutability == Mutability::Pure => "a pure function does not know its caller".to_owned(),
            (Takes::MsgData, None) if is_static => format!("`{word}` may write: not before a view"),
            _ => continue,
        };
        return Err(Error::new(word.span(), text));
    }
    Ok(())
}

fn selectors(interface: &Interface) -> Result<()> {
    let mut seen = HashMap::from([(CONSTRUCTOR_SELECTOR, String::from("the constructor of a Stylus contract"))]);
    // A clash is reported in the fragment that comes later, where its word can be found.
    for function in interface.all_functions() {
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
        // Rust's fields are compared in snake case, unlike Solidity's; types keep their case.
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
