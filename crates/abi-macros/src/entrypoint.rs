//! The entrypoint of a program.

use consilium_abi_syntax::{Namespace, is_singleton};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ItemStruct};

use crate::{proxied, singleton};

/// What the SDK's `#[entrypoint]` makes, but for the order at the end: the storage cache is flushed only where the call
/// succeeded. The SDK flushes it on errors too. A flush needs 2,300 gas to be left, and what a revert would flush is
/// rolled back anyway. So with less gas than that, the SDK's entrypoint loses the reason of a revert and all the gas.
///
/// Ether for a `receive` without a method is not flushed after either, since nothing is written but a log: Solidity's
/// `transfer` and `send` leave 2,300 gas to who is paid. So it comes before all else, without a storage.
///
/// With `erc7201 = "…"` the storage begins at the root of that namespace, and the contract is [`proxied`]. With `singleton`
/// it is a [`singleton`].
pub(crate) fn expand(attribute: TokenStream, input: TokenStream) -> syn::Result<TokenStream> {
    let is_singleton = is_singleton(&attribute);
    let namespace = Namespace::of_settings(attribute)?;
    let item: ItemStruct = syn::parse2(input)?;
    let (name, host, guard) = (&item.ident, host(), deny_reentrant());
    let route = match &namespace {
        Some(_) => proxied::route(name),
        None => from_slot_zero(name),
    };
    let proxied = match &namespace {
        Some(namespace) => Some(proxied::expand(&item, namespace)?),
        None if is_singleton => Some(singleton::expand(name)?),
        None => None,
    };
    Ok(quote! {
        #item

        // As the SDK's `#[entrypoint]`: nothing else of the program begins where this storage does.
        unsafe impl ::stylus_sdk::stylus_core::storage::TopLevelStorage for #name {}

        #proxied

        #[cfg(target_arch = "wasm32")]
        #[unsafe(no_mangle)]
        pub extern "C" fn user_entrypoint(len: usize) -> usize {
            use ::stylus_sdk::stylus_core::*;

            let host = #host;
            if len == 0 && #name::__ABI_TAKES_ETHER {
                #name::__abi_log_ether(&host);
                return 0;
            }
            #guard
            // Costs nothing. Activation asks for this import, and puts calls of it where memory grows.
            host.pay_for_memory_grow(0);
            let input = host.read_args(len);
            let (data, status) = match #route {
                ::core::result::Result::Ok(data) => {
                    host.flush_cache(false);
                    (data, 0)
                }
                ::core::result::Result::Err(data) => (data, 1),
            };
            host.write_result(&data);
            status
        }
    })
}

/// The SDK's own routing, which has the storage begin at slot zero.
fn from_slot_zero(name: &Ident) -> TokenStream {
    quote!(::stylus_sdk::abi::router_entrypoint::<#name, #name>(input, host.clone()))
}

#[cfg(not(feature = "stylus-0-9"))]
fn host() -> TokenStream {
    quote!(::stylus_sdk::host::VM { host: ::stylus_sdk::host::WasmVM {} })
}

#[cfg(feature = "stylus-0-9")]
fn host() -> TokenStream {
    quote!(::stylus_sdk::host::VM(::stylus_sdk::host::WasmVM {}))
}

/// Contracts on the current SDK guard themselves by state, since their calls come back into them by design.
#[cfg(not(feature = "stylus-0-9"))]
fn deny_reentrant() -> TokenStream {
    TokenStream::new()
}

#[cfg(feature = "stylus-0-9")]
fn deny_reentrant() -> TokenStream {
    quote!(if host.msg_reentrant() {
        return 1;
    })
}
