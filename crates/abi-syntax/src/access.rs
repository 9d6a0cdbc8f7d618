//! Who may call a function.

use std::fmt;

use syn::{Ident, LitStr, Path};

use crate::{Docs, Function, Interface, Mutability, parse::plain};

/// A check that a function's declaration can ask for: `guard only(role) reverts Unauthorized => only;`.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Its documentation: whom it lets pass.
    pub docs: Docs,
    /// The word that a function's declaration has.
    pub name: Ident,
    /// What its method is given.
    pub takes: Takes,
    /// What it refuses with.
    pub refusal: Refusal,
    /// The method that checks.
    pub method: Ident,
}

/// What a guard refuses with.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// An error that the interface declares.
    Error(Ident),
    /// Solidity's `Error(string)`, which every interface has, with this reason.
    Reason(LitStr),
}

/// As documentation has it: the error's name, or the reason in quotes.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(name) => f.write_str(&plain(name)),
            Self::Reason(reason) => write!(f, "\"{}\"", reason.value()),
        }
    }
}

/// What the method of a guard is given.
#[derive(Clone, Debug)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A constant that the function names: `only(PROPOSER_ROLE)`. This is the name the guard has for it.
    Constant(Ident),
    /// The whole calldata.
    MsgData,
}

/// What a function's declaration says of its callers.
#[derive(Clone, Debug)]
pub enum Access {
    /// The guard of this name, with the constant it is given.
    Guard(Ident, Option<Path>),
    /// In words: the method itself decides.
    By(LitStr),
}

impl Interface {
    /// The guard that a function asks for.
    pub fn guard_of(&self, function: &Function) -> Option<&Guard> {
        match &function.access {
            Some(Access::Guard(word, _)) => self.all_guards().find(|guard| guard.name == *word),
            _ => None,
        }
    }

    /// Who may call a function, as documentation has it; none for a view that everybody may call.
    pub fn who_may_call(&self, function: &Function) -> Option<String> {
        match &function.access {
            None if function.mutability.is_static() => None,
            None => Some("anyone".into()),
            Some(Access::By(who)) => Some(who.value()),
            Some(Access::Guard(..)) => {
                let guard = self.guard_of(function)?;
                Some(format!("{}; others get {}", guard.passes(function)?, guard.refusal))
            }
        }
    }
}

impl Guard {
    /// Who may call `function`: the guard's documentation, with the constant in place of its parameter.
    pub(crate) fn passes(&self, function: &Function) -> Option<String> {
        let passes = self.docs.notice()?;
        let passes = passes.trim_end_matches('.');
        Some(match (&self.takes, function.constant()) {
            (Takes::Constant(name), Some(constant)) => {
                passes.replace(&format!("`{}`", plain(name)), &format!("`{constant}`"))
            }
            _ => passes.to_owned(),
        })
    }
}

impl Function {
    /// The constant that the guard is given, by its last name.
    pub fn constant(&self) -> Option<String> {
        match &self.access {
            Some(Access::Guard(_, Some(path))) => path.segments.last().map(|last| plain(&last.ident)),
            _ => None,
        }
    }

    /// Whether it can change anything.
    pub(crate) fn is_open_to_change(&self) -> bool {
        !matches!(self.mutability, Mutability::Pure | Mutability::View)
    }
}
