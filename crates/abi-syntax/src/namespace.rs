//! ERC-7201: where a storage begins that has a name.
//!
//! A contract that is behind a proxy keeps all its storage in a namespace. Nothing that another program writes from slot 0
//! on, before or after an upgrade, can then fall onto it.

use proc_macro2::TokenStream;
use syn::{
    Error, Ident, ItemStruct, LitStr, Meta, Result, Token,
    parse::{Parse, ParseStream},
};

use crate::keccak256;

mod word {
    syn::custom_keyword!(erc7201);
}

/// Whether the settings of `#[entrypoint]` are those of a program that other people's proxies delegate to:
/// `#[entrypoint(singleton)]`. Its storage begins at slot 0, as that of a contract without settings.
pub fn is_singleton(settings: &TokenStream) -> bool {
    syn::parse2::<Ident>(settings.clone()).is_ok_and(|word| word == "singleton")
}

/// The name of a namespace: `#[entrypoint(erc7201 = "consilium.storage.Name")]`.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// The name, without `erc7201:`.
    pub id: String,
}

impl Namespace {
    /// The settings of `#[entrypoint]`: none, or a namespace.
    ///
    /// # Errors
    /// Where they are something else, or the name cannot be one.
    pub fn of_settings(settings: TokenStream) -> Result<Option<Self>> {
        if settings.is_empty() || is_singleton(&settings) { Ok(None) } else { syn::parse2(settings).map(Some) }
    }

    /// The namespace of a contract's storage struct, if it has one.
    ///
    /// # Errors
    /// As [`Self::of_settings`].
    pub(crate) fn of_storage(item: &ItemStruct) -> Result<Option<Self>> {
        let entrypoint = item.attrs.iter().find(|found| found.path().is_ident("entrypoint"));
        match entrypoint.map(|attribute| &attribute.meta) {
            Some(Meta::List(list)) => Self::of_settings(list.tokens.clone()),
            _ => Ok(None),
        }
    }

    /// The slot where the storage begins: keccak256(abi.encode(uint256(keccak256(id)) - 1)) & ~0xff.
    pub fn root(&self) -> [u8; 32] {
        let mut number = keccak256(self.id.as_bytes());
        // Less one: borrow from the left while a byte is zero.
        for byte in number.iter_mut().rev() {
            let borrows = *byte == 0;
            *byte = byte.wrapping_sub(1);
            if !borrows {
                break;
            }
        }
        let mut root = keccak256(&number);
        if let Some(last) = root.last_mut() {
            *last = 0;
        }
        root
    }
}

impl Parse for Namespace {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        input.parse::<word::erc7201>()?;
        input.parse::<Token![=]>()?;
        let text: LitStr = input.parse()?;
        let id = text.value();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::new(text.span(), "a namespace is named by letters, digits and signs, without spaces"));
        }
        Ok(Self { id })
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The standard's own example.
    #[test]
    fn the_root_of_the_standard_s_example() {
        let namespace = Namespace { id: "example.main".into() };
        assert_eq!(hex(&namespace.root()), "183a6125c38840424c4a85fa12bab2ab606c4b6d0e7cc73c0c06ba5300eab500");
    }

    #[test]
    fn settings_are_none_or_a_name() -> Result<()> {
        assert!(Namespace::of_settings(quote!())?.is_none());
        assert!(Namespace::of_settings(quote!(singleton))?.is_none());
        assert!(is_singleton(&quote!(singleton)) && !is_singleton(&quote!()) && !is_singleton(&quote!(singletons)));
        let named = Namespace::of_settings(quote!(erc7201 = "consilium.storage.Name"))?;
        assert_eq!(named.map(|namespace| namespace.id).as_deref(), Some("consilium.storage.Name"));
        for wrong in
            [quote!(erc7201), quote!(erc7201 = 7), quote!(erc7201 = ""), quote!(erc7201 = "a b"), quote!(id = "a")]
        {
            assert!(Namespace::of_settings(wrong.clone()).is_err(), "{wrong}");
        }
        Ok(())
    }
}
