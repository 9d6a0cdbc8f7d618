//! A contract's interface and the fragments of the components that it is made of.

use syn::{Error, Ident, Path, Result};

use crate::{Event, Function, Guard, Interface, Record, SolError, parse};

impl Interface {
    /// Takes the fragments along that `is` names, in that order, and checks the whole.
    pub fn compose(mut self, parts: Vec<Self>) -> Result<Self> {
        for (path, part) in self.made_of.iter().zip(&parts) {
            if !part.is_fragment {
                return Err(Error::new_spanned(path, format!("`{}` is not a `fragment`", part.name)));
            }
        }
        self.parts = parts;
        parse::finish(&mut self)?;
        Ok(self)
    }

    /// Itself, then the fragments it is made of.
    fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.parts)
    }

    /// Its functions, and its fragments'.
    pub fn all_functions(&self) -> impl Iterator<Item = &Function> {
        self.all().flat_map(|part| &part.functions)
    }

    /// Its events, and its fragments'.
    pub fn all_events(&self) -> impl Iterator<Item = &Event> {
        self.all().flat_map(|part| &part.events)
    }

    /// Its errors, and its fragments'.
    pub fn all_errors(&self) -> impl Iterator<Item = &SolError> {
        self.all().flat_map(|part| &part.errors)
    }

    /// Its structs, and its fragments'.
    pub fn all_structs(&self) -> impl Iterator<Item = &Record> {
        self.all().flat_map(|part| &part.structs)
    }

    /// Its guards, and its fragments'.
    pub fn all_guards(&self) -> impl Iterator<Item = &Guard> {
        self.all().flat_map(|part| &part.guards)
    }

    /// The event that its `receive` logs by itself, if it does: of an address and a `uint256`, what is indexed first.
    pub fn emitted_by_receive(&self) -> Option<&Event> {
        let name = self.receive.as_ref()?.emits.as_ref()?;
        self.all_events().find(|event| event.name == *name)
    }

    /// The ERC-165 id: all its own functions' selectors, taken together by XOR. As in Solidity, fragments do not count.
    pub fn interface_id(&self) -> [u8; 4] {
        self.functions.iter().fold([0; 4], |id, function| {
            let selector = function.selector();
            std::array::from_fn(|i| id[i] ^ selector[i])
        })
    }
}

/// The last name of a path, which is the fragment's.
pub(crate) fn last(path: &Path) -> Option<&Ident> {
    path.segments.last().map(|last| &last.ident)
}
