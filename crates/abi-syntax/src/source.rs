//! Finds declarations in a Rust source file.

use syn::{Item, Result};

use crate::Interface;

/// All interfaces that the `sol_abi!` of a Rust source declare, in order.
pub fn interfaces_in(source: &str) -> Result<Vec<Interface>> {
    let mut all = Vec::new();
    for item in syn::parse_file(source)?.items {
        if let Item::Macro(item) = item
            && item.mac.path.segments.last().is_some_and(|last| last.ident == "sol_abi")
        {
            all.extend(Interface::parse_all(item.mac.tokens)?);
        }
    }
    Ok(all)
}
