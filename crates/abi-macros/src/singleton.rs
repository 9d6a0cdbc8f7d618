//! A program that other people's proxies delegate to, and that lets its owner run code in their storage.
//!
//! What needs `unsafe` for this is here, so no contract and no component writes any: the SDK's delegated call and its
//! write to a chosen slot are unsafe.

use proc_macro2::TokenStream;
#[cfg(not(feature = "stylus-0-9"))]
use quote::quote;
use syn::{Ident, Result};

/// The trait `Singleton`.
#[cfg(not(feature = "stylus-0-9"))]
#[allow(clippy::unnecessary_wraps, reason = "the other SDK's refuses")]
pub(crate) fn expand(name: &Ident) -> Result<TokenStream> {
    Ok(quote! {
        impl ::consilium_abi::Singleton for #name {
            fn word_at(&self, slot: ::consilium_abi::__private::U256) -> ::consilium_abi::__private::B256 {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::StorageAccess::storage_load_bytes32(vm, slot)
            }

            fn set_word_at(&mut self, slot: ::consilium_abi::__private::U256, word: ::consilium_abi::__private::B256) {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                // SAFETY: nothing of the storage is borrowed, since the whole of it is borrowed here, and the SDK's
                // values hold no copy of a word. Which slots are free to be written is for the caller of this to know.
                unsafe { ::stylus_sdk::stylus_core::StorageAccess::storage_cache_bytes32(vm, slot, word) }
            }

            fn delegate_with_gas(
                &mut self,
                gas: u64,
                to: ::consilium_abi::__private::Address,
                data: &[u8],
            ) -> bool {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::StorageAccess::flush_cache(vm, true);
                let mut length = 0;
                // SAFETY: the pointers are to 20 bytes and to `data`, alive during the call, with the length of `data`.
                // The whole storage is borrowed, so no value that was read before is held across the call, and the
                // cache was written out and is empty. What the other code does is for the caller of this to judge.
                let failed = unsafe {
                    ::stylus_sdk::stylus_core::UnsafeCallAccess::delegate_call_contract(
                        vm, to.as_ptr(), data.as_ptr(), data.len(), gas, &mut length,
                    )
                };
                failed == 0
            }
        }
    })
}

#[cfg(feature = "stylus-0-9")]
pub(crate) fn expand(name: &Ident) -> Result<TokenStream> {
    Err(syn::Error::new(name.span(), "a singleton needs the current SDK: this contract is built with stylus-sdk 0.9"))
}
