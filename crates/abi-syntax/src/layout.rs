//! What lies where in a contract's storage, from its declarations.
//!
//! The rules are Solidity's, which the SDK keeps: fields in their order from slot 0, small ones side by side from the
//! low-order end of a slot, a map or a list in a slot of its own.

use std::fmt::Write;

use quote::ToTokens;
use syn::{Error, GenericArgument, ItemStruct, PathArguments, Result, Type, TypePath, spanned::Spanned};

use crate::{Namespace, keccak256, stored::Declarations};

/// The bits of a slot.
const SLOT: usize = 256;

/// The layout of a contract's storage, as lines of text: slot, byte, type, name. A field that shares a byte has its bits
/// behind the byte. Structs that are the values of maps follow, with slots of their own.
///
/// Before a storage in a namespace are its name, the slot that it begins at, from which its slots are counted, and the slots
/// outside of it.
///
/// # Errors
/// Where a type is not known.
pub(crate) fn layout(declared: &Declarations, storage: &ItemStruct, namespace: Option<&Namespace>) -> Result<String> {
    let mut layout = Layout { declared, lines: String::new(), structs: Vec::new() };
    if let Some(namespace) = namespace {
        layout.lines = located(namespace);
    }
    layout.lay_out(storage, "", &mut Place::default())?;
    let mut next = 0;
    while let Some(name) = layout.structs.get(next).cloned() {
        let _ = writeln!(layout.lines, "\nstruct {name}");
        if let Some(word) = declared.packed.get(&name) {
            layout.word(word, "", 0);
        } else if let Some(item) = declared.structs.get(&name) {
            layout.lay_out(item, "", &mut Place::default())?;
        }
        next += 1;
    }
    Ok(layout.lines)
}

/// Where a storage in a namespace is, and what of its program is outside of it.
fn located(namespace: &Namespace) -> String {
    let hex = |slot: [u8; 32]| slot.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut implementation = keccak256(b"eip1967.proxy.implementation");
    if let Some(last) = implementation.last_mut() {
        // Its last byte is not zero: no borrow.
        *last -= 1;
    }
    let constructed = keccak256(b"stylus_constructor");
    format!(
        "@custom:storage-location erc7201:{}\nroot    0x{}\noutside 0x{} the implementation (ERC-1967)\n\
         outside 0x{} whether the constructor has run (stylus-sdk)\n\n",
        namespace.id,
        hex(namespace.root()),
        hex(implementation),
        hex(constructed),
    )
}

struct Layout<'a> {
    declared: &'a Declarations,
    lines: String,
    /// The structs that maps hold, in the order they were met.
    structs: Vec<String>,
}

/// Where the next field goes.
#[derive(Default)]
struct Place {
    slot: usize,
    bit: usize,
}

impl Place {
    /// Takes a place of `bits`, in a new slot where the rest of this one is too small.
    fn take(&mut self, bits: usize) -> (usize, usize) {
        if self.bit + bits > SLOT {
            self.next_slot();
        }
        let place = (self.slot, self.bit);
        self.bit += bits;
        place
    }

    fn next_slot(&mut self) {
        if self.bit > 0 {
            self.slot += 1;
            self.bit = 0;
        }
    }
}

impl Layout<'_> {
    fn lay_out(&mut self, item: &ItemStruct, prefix: &str, place: &mut Place) -> Result<()> {
        for field in &item.fields {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            self.field(&field.ty, &format!("{prefix}{name}"), place)?;
        }
        Ok(())
    }

    fn field(&mut self, ty: &Type, name: &str, place: &mut Place) -> Result<()> {
        let (path, arguments) = parts(ty)?;
        let known = |bits: usize, text: String| Some((bits, text));
        let whole = match path.as_str() {
            "StorageMap" | "Map" | "Words" => known(SLOT, self.mapping(ty)?),
            "StorageVec" => known(SLOT, format!("{}[]", self.value(argument(ty, &arguments, 0)?)?)),
            "StorageBytes" => known(SLOT, "bytes".into()),
            "StorageString" => known(SLOT, "string".into()),
            _ => small(&path),
        };
        if let Some((bits, text)) = whole {
            let (slot, bit) = place.take(bits);
            self.line(slot, (bit, bits), &text, name);
            return Ok(());
        }
        match path.as_str() {
            "Word" | "Number" => self.meaning(argument(ty, &arguments, 0)?, name, place),
            "Row" => {
                let Type::Tuple(tuple) = argument(ty, &arguments, 0)? else {
                    return Err(Error::new(ty.span(), "a row is of a tuple"));
                };
                for (at, meaning) in tuple.elems.iter().enumerate() {
                    self.meaning(meaning, &format!("{name}[{at}]"), place)?;
                }
                Ok(())
            }
            _ => self.declared(ty, &path, name, place),
        }
    }

    /// A struct, an alias, or a struct of a library that is known.
    fn declared(&mut self, ty: &Type, path: &str, name: &str, place: &mut Place) -> Result<()> {
        if let Some(library) = self.declared.library(path) {
            for (field, text) in library {
                place.next_slot();
                let (slot, bit) = place.take(SLOT);
                self.line(slot, (bit, SLOT), text, &format!("{name}.{field}"));
            }
            return Ok(());
        }
        if let Some(alias) = self.declared.aliases.get(path) {
            return self.field(&alias.clone(), name, place);
        }
        if let Some(item) = self.declared.structs.get(path) {
            place.next_slot();
            self.lay_out(&item.clone(), &format!("{name}."), place)?;
            place.next_slot();
            return Ok(());
        }
        Err(Error::new(
            ty.span(),
            format!("`{path}` is not a known type of storage: declare it in the contract or in crates/components"),
        ))
    }

    /// A word by what it means.
    fn meaning(&mut self, meaning: &Type, name: &str, place: &mut Place) -> Result<()> {
        place.next_slot();
        let (slot, _) = place.take(SLOT);
        let (path, _) = parts(meaning)?;
        if let Some(word) = self.declared.packed.get(&path) {
            self.word(word, &format!("{name}."), slot);
        } else {
            let text = self.value(meaning)?;
            self.line(slot, (0, SLOT), &text, name);
        }
        Ok(())
    }

    fn word(&mut self, word: &crate::Packed, prefix: &str, slot: usize) {
        for part in &word.parts {
            self.line(slot, (part.offset, part.bits), &part.ty.source(), &format!("{prefix}{}", part.name));
        }
    }

    fn mapping(&mut self, ty: &Type) -> Result<String> {
        let (_, arguments) = parts(ty)?;
        let (key, value) = (argument(ty, &arguments, 0)?, argument(ty, &arguments, 1)?);
        Ok(format!("mapping({} => {})", self.value(key)?, self.value(value)?))
    }

    /// How Solidity calls what a map or a list holds. Structs are noted, to be laid out later.
    fn value(&mut self, ty: &Type) -> Result<String> {
        // A key that is made of several values.
        if let Type::Tuple(tuple) = ty {
            let parts: Result<Vec<_>> = tuple.elems.iter().map(|part| self.value(part)).collect();
            return Ok(format!("({})", parts?.join(", ")));
        }
        let (path, arguments) = parts(ty)?;
        match path.as_str() {
            "StorageMap" | "Map" | "Words" => return self.mapping(ty),
            "StorageVec" => return Ok(format!("{}[]", self.value(argument(ty, &arguments, 0)?)?)),
            "Word" | "Number" => return self.value(argument(ty, &arguments, 0)?),
            "Address" => return Ok("address".into()),
            "FixedBytes" => {
                let Some(GenericArgument::Const(bytes)) = arguments.first() else {
                    return Err(Error::new(ty.span(), "a length is missing"));
                };
                return Ok(format!("bytes{}", bytes.to_token_stream()));
            }
            "bool" => return Ok("bool".into()),
            _ => {}
        }
        if let Some((_, text)) = small(&path) {
            return Ok(text);
        }
        if let Some(bits) = path.strip_prefix(['U', 'u']).and_then(|bits| bits.parse::<u16>().ok()) {
            return Ok(format!("uint{bits}"));
        }
        if let Some(bits) = path.strip_prefix('B').and_then(|bits| bits.parse::<u16>().ok()) {
            return Ok(format!("bytes{}", bits / 8));
        }
        if let Some(alias) = self.declared.aliases.get(&path) {
            return self.value(&alias.clone());
        }
        let is_struct = self.declared.packed.contains_key(&path) || self.declared.structs.contains_key(&path);
        if is_struct && !self.structs.contains(&path) {
            self.structs.push(path.clone());
        }
        // Anything else is a key with a name of its own.
        Ok(path)
    }

    fn line(&mut self, slot: usize, (bit, bits): (usize, usize), ty: &str, name: &str) {
        let byte = bit / 8;
        let place = if bit % 8 == 0 && bits % 8 == 0 {
            byte.to_string()
        } else {
            format!("{byte} bits {}-{}", bit % 8, bit % 8 + bits - 1)
        };
        let _ = writeln!(self.lines, "{slot:<3} {place:<12} {ty:<40} {name}");
    }
}

/// The bits and the name of a value that shares its slot with others.
fn small(path: &str) -> Option<(usize, String)> {
    let kind = path.strip_prefix("Storage")?;
    match kind {
        "Address" => return Some((160, "address".into())),
        "Bool" => return Some((8, "bool".into())),
        _ => {}
    }
    let bits = |prefix: char| kind.strip_prefix(prefix).and_then(|bits| bits.parse::<usize>().ok());
    if let Some(bits) = bits('U') {
        return Some((bits, format!("uint{bits}")));
    }
    if let Some(bits) = bits('I') {
        return Some((bits, format!("int{bits}")));
    }
    bits('B').map(|bits| (bits, format!("bytes{}", bits / 8)))
}

/// The last word of a type's path, and its arguments.
fn parts(ty: &Type) -> Result<(String, Vec<GenericArgument>)> {
    let Type::Path(TypePath { path, .. }) = ty else {
        return Err(Error::new(ty.span(), "expected a type with a name"));
    };
    let Some(last) = path.segments.last() else { return Err(Error::new(ty.span(), "expected a type with a name")) };
    let arguments = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().cloned().collect(),
        _ => Vec::new(),
    };
    Ok((last.ident.to_string(), arguments))
}

fn argument<'a>(ty: &Type, arguments: &'a [GenericArgument], at: usize) -> Result<&'a Type> {
    match arguments.get(at) {
        Some(GenericArgument::Type(argument)) => Ok(argument),
        _ => Err(Error::new(ty.span(), "a type argument is missing")),
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn a_storage_in_a_namespace_begins_at_its_root() -> Result<()> {
        let item: ItemStruct = parse_quote! {
            #[entrypoint(erc7201 = "example.main")]
            #[storage]
            pub struct Main { x: StorageU64, owner: StorageAddress, y: StorageU256 }
        };
        let namespace = Namespace::of_storage(&item)?;
        let text = layout(&Declarations::default(), &item, namespace.as_ref())?;
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["@custom:storage-location", "erc7201:example.main"]);
        assert_eq!(lines[1], ["root", "0x183a6125c38840424c4a85fa12bab2ab606c4b6d0e7cc73c0c06ba5300eab500"]);
        // The standard's slot.
        assert_eq!(lines[2][1], "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");
        assert_eq!(lines[5..], [["0", "0", "uint64", "x"], ["0", "8", "address", "owner"], ["1", "0", "uint256", "y"]]);
        Ok(())
    }
}
