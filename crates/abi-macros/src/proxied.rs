//! A contract that is behind a proxy: its storage begins at the root of a namespace, and it can replace its own code.
//!
//! What needs `unsafe` for this is here, so no contract and no component writes any: the SDK's storage begins where
//! `StorageType::new` is told, and its delegated call and its write to a chosen slot are unsafe.

use consilium_abi_syntax::Namespace;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ItemStruct, Result};

/// The root, and `Proxied`.
#[cfg(not(feature = "stylus-0-9"))]
#[allow(clippy::unnecessary_wraps, reason = "the other SDK's refuses")]
pub(crate) fn expand(item: &ItemStruct, namespace: &Namespace) -> Result<TokenStream> {
    let (name, root, at_root) = (&item.ident, namespace.root(), at_root(item));
    let about = format!("Where the storage begins: the root of the namespace `erc7201:{}`.", namespace.id);
    Ok(quote! {
        impl #name {
            #[doc = #about]
            #[allow(dead_code)]
            pub(crate) const STORAGE_ROOT: ::consilium_abi::__private::U256 =
                ::consilium_abi::__private::U256::from_be_bytes([#(#root),*]);

            #at_root
        }

        impl ::consilium_abi::Proxied for #name {
            fn stored_implementation(&self) -> ::consilium_abi::__private::B256 {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                let slot = ::consilium_abi::IMPLEMENTATION_SLOT.number();
                ::stylus_sdk::stylus_core::StorageAccess::storage_load_bytes32(vm, slot)
            }

            fn store_implementation(&mut self, implementation: ::consilium_abi::__private::Address) {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                let slot = ::consilium_abi::IMPLEMENTATION_SLOT.number();
                // SAFETY: no field of the storage is at this slot, since all are in the namespace; and nothing of the
                // storage is borrowed, since the whole of it is borrowed here.
                unsafe {
                    ::stylus_sdk::stylus_core::StorageAccess::storage_cache_bytes32(vm, slot, implementation.into_word());
                }
            }

            fn delegate(
                &mut self,
                to: ::consilium_abi::__private::Address,
                data: &[u8],
            ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
                let context = ::stylus_sdk::stylus_core::calls::Call::new_mutating(self);
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                // SAFETY: the whole storage is borrowed, so no value that was read before is held across the call, and the
                // SDK writes its cache out and clears it. What the other code does is for the caller of this to judge.
                unsafe { ::stylus_sdk::call::delegate_call(vm, context, to, data) }.map_err(Self::__abi_reverted)
            }
        }
    })
}

/// What the SDK's `StorageType::new` makes at the root, with less ink. The SDK adds each field's number to the root in 256
/// bits, at the start of every call: 180 gas for 27 fields. Slots as constants would cost more: a byte of data is 0.75 gas a
/// call. So the root is a value that the compiler does not know, and each slot differs from it in the last byte.
#[cfg(not(feature = "stylus-0-9"))]
fn at_root(item: &ItemStruct) -> TokenStream {
    let (names, types): (Vec<_>, Vec<_>) = item.fields.iter().map(|field| (&field.ident, &field.ty)).unzip();
    let (count, indices) = (names.len(), 0..names.len());
    let storage_type = quote!(::stylus_sdk::storage::StorageType);
    quote! {
        /// The slot of each field, counted from the root, and the byte in it.
        const __ABI_PLACES: [(u8, u8); #count] = ::consilium_abi::places(
            [#((<#types as #storage_type>::SLOT_BYTES, <#types as #storage_type>::REQUIRED_SLOTS)),*],
        );

        /// UNGUARDED: made once a call, so that no two values write one slot.
        #[allow(dead_code)]
        #[inline(always)]
        fn __abi_at_root(host: ::stylus_sdk::host::VM) -> Self {
            let root = ::core::hint::black_box(Self::STORAGE_ROOT);
            Self {
                // SAFETY: the fields' places do not overlap, and the storage is made once.
                #(#names: unsafe {
                    <#types as #storage_type>::new(
                        ::consilium_abi::slot(&root, const { Self::__ABI_PLACES[#indices].0 }),
                        const { Self::__ABI_PLACES[#indices].1 },
                        host.clone(),
                    )
                },)*
                __stylus_host: host,
            }
        }
    }
}

#[cfg(feature = "stylus-0-9")]
pub(crate) fn expand(item: &ItemStruct, _: &Namespace) -> Result<TokenStream> {
    Err(syn::Error::new(
        item.ident.span(),
        "a namespace needs the current SDK: this contract is built with stylus-sdk 0.9",
    ))
}

/// As the SDK's `router_entrypoint`, with the storage at the namespace's root.
pub(crate) fn route(name: &Ident) -> TokenStream {
    quote! {{
        use ::stylus_sdk::abi::Router;

        let mut storage = #name::__abi_at_root(host.clone());
        let storage = &mut storage;
        let answer = match input.split_first_chunk::<4>() {
            _ if input.is_empty() => {
                let received = <#name as Router<#name>>::receive(storage);
                received.map(|taken| taken.map(|()| ::consilium_abi::__private::Vec::new()))
            }
            ::core::option::Option::Some((selector, input)) => match u32::from_be_bytes(*selector) {
                ::stylus_sdk::abi::CONSTRUCTOR_SELECTOR => <#name as Router<#name>>::constructor(storage, input),
                selector => <#name as Router<#name>>::route(storage, selector, input),
            },
            ::core::option::Option::None => ::core::option::Option::None,
        };
        let answer = match answer {
            ::core::option::Option::None => <#name as Router<#name>>::fallback(storage, &input),
            answer => answer,
        };
        answer.unwrap_or_else(|| ::core::result::Result::Err(::consilium_abi::__private::Vec::new()))
    }}
}
