//! What an interface declares.

use proc_macro2::Span;
use syn::{Ident, LitStr, Path};

use crate::{Access, Docs, Guard, Type};

/// One `interface` or `fragment` block.
#[derive(Clone, Debug)]
pub struct Interface {
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is a `fragment`: what a component brings to the contracts that are made of it.
    pub is_fragment: bool,
    /// Its name, that of an interface with the leading `I`.
    pub name: Ident,
    /// The contract that answers it (`for Counter`, or a path to it); none for a fragment, and for a contract that is
    /// only called.
    pub target: Option<Path>,
    /// The fragments that its contract is made of: `is Owned, Paused`.
    pub made_of: Vec<Path>,
    /// The same, read: see [`Interface::compose`].
    pub parts: Vec<Self>,
    /// Who may be let pass, in the order declared.
    pub guards: Vec<Guard>,
    /// `constructor`, if declared.
    pub constructor: Option<Function>,
    /// Functions in the order declared.
    pub functions: Vec<Function>,
    /// `receive`, if declared.
    pub receive: Option<Fallback>,
    /// `fallback`, if declared.
    pub fallback: Option<Fallback>,
    /// Events in the order declared.
    pub events: Vec<Event>,
    /// Errors in the order declared.
    pub errors: Vec<SolError>,
    /// Structs in the order declared.
    pub structs: Vec<Record>,
}

/// A function or constructor.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its documentation.
    pub docs: Docs,
    /// Its Solidity name.
    pub name: Ident,
    /// Its parameters.
    pub params: Vec<Param>,
    /// What it may do.
    pub mutability: Mutability,
    /// Who may call it; none is everybody.
    pub access: Option<Access>,
    /// Why it may be entered again while it runs: `reentrant "…"`.
    pub reentrant: Option<LitStr>,
    /// What it returns.
    pub returns: Vec<Param>,
    /// The method that answers it, or the name of the call's stub.
    pub method: Option<Ident>,
    /// Whether the method is handed the whole calldata too: `=> method(msg.data)`.
    pub msg_data: bool,
}

/// `receive` or `fallback`.
#[derive(Clone, Debug)]
pub struct Fallback {
    /// Its documentation.
    pub docs: Docs,
    /// Whether it takes value; `receive` always does.
    pub payable: bool,
    /// Who may call it, where its method decides that: `by "…"`.
    pub by: Option<LitStr>,
    /// The method that answers. A `receive` without one takes ether, and nothing else happens but the log of `emits`.
    pub method: Option<Ident>,
    /// The event of who paid and how much, which a `receive` logs: `=> emit Event`.
    pub emits: Option<Ident>,
    /// The word it is declared by.
    pub span: Span,
}

/// What a function may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// Reads nothing and writes nothing.
    Pure,
    /// Reads state.
    View,
    /// Writes state and takes no value.
    Nonpayable,
    /// Writes state and takes value.
    Payable,
}

impl Mutability {
    /// As a JSON ABI's `stateMutability` says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pure => "pure",
            Self::View => "view",
            Self::Nonpayable => "nonpayable",
            Self::Payable => "payable",
        }
    }

    /// Whether the function leaves state unchanged.
    pub fn is_static(self) -> bool {
        matches!(self, Self::Pure | Self::View)
    }
}

/// A parameter, return value or struct field.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its type.
    pub ty: Type,
    /// Its name, where given.
    pub name: Option<Ident>,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// Its parameters.
    pub params: Vec<EventParam>,
}

/// A parameter of an event.
#[derive(Clone, Debug)]
pub struct EventParam {
    /// Its type.
    pub ty: Type,
    /// Its name.
    pub name: Ident,
    /// Whether it is a topic.
    pub indexed: bool,
}

/// A custom error.
#[derive(Clone, Debug)]
pub struct SolError {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// Its parameters; every one has a name.
    pub params: Vec<Param>,
}

/// A struct.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// Its fields; every one has a name.
    pub fields: Vec<Param>,
}

impl Function {
    /// The name of the Rust function that makes the call: the one given by `=> name`, else the Solidity name in snake case.
    pub fn stub(&self) -> String {
        match &self.method {
            Some(method) => crate::parse::plain(method),
            None => crate::snake_case(&crate::parse::plain(&self.name)),
        }
    }
}
