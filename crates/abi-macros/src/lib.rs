//! The macros of `consilium-abi`, whose documentation tells how to use them.

use proc_macro::TokenStream;

mod calls;
mod glue;
mod inline;
mod records;
mod rust;
mod table;

use consilium_abi_syntax::Interface;
use quote::quote;

/// Declares a contract's interface, or that of another contract to call. See the documentation of `consilium-abi`.
#[proc_macro]
pub fn sol_abi(input: TokenStream) -> TokenStream {
    let interfaces = match Interface::parse_all(input.into()) {
        Ok(interfaces) => interfaces,
        Err(error) => return error.into_compile_error().into(),
    };
    let expanded = interfaces.iter().map(|interface| {
        let records = records::expand(interface);
        let rest = match &interface.target {
            Some(contract) => {
                let (table, glue) = (table::expand(interface, contract), glue::expand(interface, contract));
                quote!(#table #glue)
            }
            None => calls::expand(interface),
        };
        quote!(#records #rest)
    });
    quote!(#(#expanded)*).into()
}

/// `decode!(data => (address[], uint256))`: checks `data` as calldata is checked. `Option` of the values' views, in a
/// tuple if there is more than one.
#[proc_macro]
pub fn decode(input: TokenStream) -> TokenStream {
    inline::decode(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// `encode!((address[], uint256) => targets, amount)`: Solidity's `abi.encode` as a `Vec<u8>`.
#[proc_macro]
pub fn encode(input: TokenStream) -> TokenStream {
    inline::encode(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
