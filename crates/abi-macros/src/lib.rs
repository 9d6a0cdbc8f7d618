//! The macros of `consilium-abi`, whose documentation tells how to use them.

use proc_macro::TokenStream;

mod calls;
mod codes;
mod compose;
mod entrypoint;
mod glue;
mod inline;
mod packed;
mod proxied;
mod records;
mod rust;
mod singleton;
mod table;

/// Declares a contract's interface, a component's fragment of one, or the interface of another contract to call. See the
/// documentation of `consilium-abi`.
#[proc_macro]
pub fn sol_abi(input: TokenStream) -> TokenStream {
    compose::declare(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// What the macros of fragments hand their tokens to; not for use by hand.
#[doc(hidden)]
#[proc_macro]
pub fn __sol_abi_compose(input: TokenStream) -> TokenStream {
    compose::gather(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a contract's storage its program's entrypoint. In place of the SDK's: one that keeps the reason of a revert where
/// little gas is left. With `erc7201 = "consilium.storage.Name"` the storage begins at that namespace's root, for a contract
/// behind a proxy. With `singleton` it is a program that proxies delegate to which keep its address in their slot 0.
#[proc_macro_attribute]
pub fn entrypoint(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entrypoint::expand(attribute.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
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

/// `packed! { struct Core { address proposer; uint48 start; } }`: a struct that is one word of storage, with `pack`, `unpack`
/// and `LAYOUT`. The first field is in the low-order bytes, as Solidity has it.
#[proc_macro]
pub fn packed(input: TokenStream) -> TokenStream {
    packed::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
