//! What joins a contract to the SDK: its `Router`, which `#[entrypoint]` calls, and `Chain`, by which it calls and logs.

use consilium_abi_syntax::{Event, Fallback, Interface};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;

use crate::rust::at;

pub(crate) fn expand(interface: &Interface, contract: &Path) -> TokenStream {
    let constructor = match &interface.constructor {
        Some(_) => {
            quote!(::core::option::Option::Some(Self::__ABI_CONSTRUCTOR.call(storage, input, Self::__abi_has_value)))
        }
        None => quote!(::core::option::Option::None),
    };
    let log_ether = interface.emitted_by_receive().map(log_ether);
    let takes_ether = interface.receive.as_ref().is_some_and(|receive| receive.method.is_none());
    let receive = answer(interface.receive.as_ref(), contract, &quote!());
    let fallback = answer(interface.fallback.as_ref(), contract, &quote!(input));
    let chain = chain(contract);
    let host = log_host();
    quote! {
        impl ::stylus_sdk::abi::Router<#contract> for #contract {
            type Storage = #contract;

            #[inline(always)]
            fn route(storage: &mut Self, selector: u32, input: &[u8]) -> ::core::option::Option<::stylus_sdk::ArbResult> {
                ::consilium_abi::dispatch(Self::__abi_find, storage, selector, input, Self::__abi_has_value)
            }

            #[inline(always)]
            fn receive(
                storage: &mut Self,
            ) -> ::core::option::Option<::core::result::Result<(), ::consilium_abi::__private::Vec<u8>>> {
                #receive
            }

            #[inline(always)]
            fn fallback(storage: &mut Self, input: &[u8]) -> ::core::option::Option<::stylus_sdk::ArbResult> {
                #fallback
            }

            #[inline(always)]
            fn constructor(storage: &mut Self, input: &[u8]) -> ::core::option::Option<::stylus_sdk::ArbResult> {
                #constructor
            }
        }

        impl ::consilium_abi::Answers for #contract {
            fn answer(
                &mut self,
                calldata: &[u8],
            ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
                ::consilium_abi::answer(Self::__abi_find, self, calldata, Self::__abi_has_value)
            }
        }

        #[doc(hidden)]
        impl #contract {
            /// Ether that comes without calldata is taken, and nothing else happens: see `entrypoint.rs`.
            pub(crate) const __ABI_TAKES_ETHER: bool = #takes_ether;

            /// Logs it, where its declaration says so.
            #[inline(always)]
            #[allow(unused_variables)]
            pub(crate) fn __abi_log_ether(vm: &(impl #host)) {
                #log_ether
            }

            fn __abi_has_value(&self) -> bool {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::MessageAccess::msg_value(vm) != ::consilium_abi::__private::U256::ZERO
            }
        }

        #chain
    }
}

/// What the SDK's hosts have that tell who calls with how much, and write logs.
#[cfg(not(feature = "stylus-0-9"))]
fn log_host() -> TokenStream {
    quote!(::stylus_sdk::stylus_core::MessageAccess + ::stylus_sdk::stylus_core::RawLogAccess)
}

#[cfg(feature = "stylus-0-9")]
fn log_host() -> TokenStream {
    quote!(::stylus_sdk::stylus_core::MessageAccess + ::stylus_sdk::stylus_core::LogAccess)
}

/// Logs an event of who paid and how much.
fn log_ether(event: &Event) -> TokenStream {
    let (topic, topics) = (event.topic(), 1 + event.params.iter().filter(|p| p.indexed).count());
    let numbers = topic.as_chunks().0.iter().map(|bytes| u64::from_be_bytes(*bytes));
    quote! {
        let event = ::consilium_abi::ether_event(#(#numbers,)* vm.msg_sender(), vm.msg_value());
        vm.emit_log(event.as_flattened(), #topics);
    }
}

fn answer(function: Option<&Fallback>, contract: &Path, input: &TokenStream) -> TokenStream {
    let Some(function) = function else { return quote!(::core::option::Option::None) };
    let Some(method) = &function.method else {
        return quote! {
            <#contract>::__abi_log_ether(::stylus_sdk::stylus_core::HostAccess::vm(storage));
            ::core::option::Option::Some(::core::result::Result::Ok(()))
        };
    };
    let call = quote_spanned!(at(method.span())=> <#contract>::#method(storage, #input));
    let refuse = (!function.payable).then(|| {
        quote! {
            if storage.__abi_has_value() {
                return ::core::option::Option::Some(::core::result::Result::Err(::consilium_abi::__private::Vec::new()));
            }
        }
    });
    quote! {
        #refuse
        ::core::option::Option::Some(#call.map_err(|revert| ::consilium_abi::__private::Vec::from(revert)))
    }
}

/// Neither SDK has a safe function that reads a part of the return data, so these make the host calls themselves.
fn calls_with_gas() -> TokenStream {
    let host = quote!(::stylus_sdk::stylus_core::UnsafeCallAccess);
    let static_call = quote! {
        // SAFETY: the pointers are to 20 bytes and to `data`, alive during the call, with the length of `data`. A static
        // call changes no storage, so no value in the cache becomes stale; what was written is flushed.
        unsafe { #host::static_call_contract(vm, to.as_ptr(), data.as_ptr(), data.len(), gas, &mut length) }
    };
    let call = quote! {
        let value = ::consilium_abi::__private::B256::from(value);
        // SAFETY: as above, and to the 32 bytes of `value`. The cache is empty: what the call changes is read again.
        unsafe { #host::call_contract(vm, to.as_ptr(), data.as_ptr(), data.len(), value.as_ptr(), gas, &mut length) }
    };
    let (static_call, call) = (
        call_with_gas(&quote!(static_call_with_gas), &quote!(&self), None, &static_call),
        call_with_gas(
            &quote!(call_with_gas),
            &quote!(&mut self),
            Some(quote!(value: ::consilium_abi::__private::U256,)),
            &call,
        ),
    );
    quote!(#static_call #call)
}

fn call_with_gas(
    name: &TokenStream,
    this: &TokenStream,
    value: Option<TokenStream>,
    call: &TokenStream,
) -> TokenStream {
    let clear = value.is_some();
    quote! {
        fn #name(
            #this,
            gas: u64,
            to: ::consilium_abi::__private::Address,
            #value
            data: &[u8],
            most: usize,
        ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
            let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
            ::stylus_sdk::stylus_core::StorageAccess::flush_cache(vm, #clear);
            let mut length = 0;
            let failed = { #call };
            let most = ::core::option::Option::Some(most);
            let answer = ::stylus_sdk::stylus_core::CalldataAccess::read_return_data(vm, 0, most);
            if failed == 0 {
                ::core::result::Result::Ok(answer)
            } else {
                ::core::result::Result::Err(::consilium_abi::Revert::from(answer))
            }
        }
    }
}

#[cfg(not(feature = "stylus-0-9"))]
fn chain(contract: &Path) -> TokenStream {
    let calls_with_gas = calls_with_gas();
    quote! {
        impl ::consilium_abi::Chain for #contract {
            fn call(
                &mut self,
                to: ::consilium_abi::__private::Address,
                value: ::consilium_abi::__private::U256,
                data: &[u8],
            ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
                let context = ::stylus_sdk::stylus_core::calls::Call::new_payable(self, value);
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::call::call(vm, context, to, data).map_err(Self::__abi_reverted)
            }

            fn static_call(
                &self,
                to: ::consilium_abi::__private::Address,
                data: &[u8],
            ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
                let context = ::stylus_sdk::stylus_core::calls::Call::new();
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::call::static_call(vm, context, to, data).map_err(Self::__abi_reverted)
            }

            #calls_with_gas

            fn has_code(&self, account: ::consilium_abi::__private::Address) -> bool {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::AccountAccess::code_size(vm, account) > 0
            }

            fn emit(&mut self, data: &[u8], topics: usize) {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::RawLogAccess::emit_log(vm, data, topics);
            }
        }

        #[doc(hidden)]
        impl #contract {
            pub(crate) fn __abi_reverted(error: ::stylus_sdk::stylus_core::calls::errors::Error) -> ::consilium_abi::Revert {
                match error {
                    ::stylus_sdk::stylus_core::calls::errors::Error::Revert(data) => ::consilium_abi::Revert::from(data),
                    _ => ::consilium_abi::Revert::empty(),
                }
            }
        }
    }
}

/// As above for stylus-sdk 0.9, without its feature `reentrant`.
#[cfg(feature = "stylus-0-9")]
fn chain(contract: &Path) -> TokenStream {
    let calls_with_gas = calls_with_gas();
    quote! {
        impl ::consilium_abi::Chain for #contract {
            fn call(
                &mut self,
                to: ::consilium_abi::__private::Address,
                value: ::consilium_abi::__private::U256,
                data: &[u8],
            ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
                let context = ::stylus_sdk::stylus_core::calls::context::Call::new().value(value);
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::calls::CallAccess::call(vm, &context, to, data).map_err(Self::__abi_reverted)
            }

            fn static_call(
                &self,
                to: ::consilium_abi::__private::Address,
                data: &[u8],
            ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
                let context = ::stylus_sdk::stylus_core::calls::context::Call::new();
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::calls::CallAccess::static_call(vm, &context, to, data)
                    .map_err(Self::__abi_reverted)
            }

            #calls_with_gas

            fn has_code(&self, account: ::consilium_abi::__private::Address) -> bool {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::AccountAccess::code_size(vm, account) > 0
            }

            fn emit(&mut self, data: &[u8], topics: usize) {
                let vm = ::stylus_sdk::stylus_core::HostAccess::vm(self);
                ::stylus_sdk::stylus_core::LogAccess::emit_log(vm, data, topics);
            }
        }

        #[doc(hidden)]
        impl #contract {
            /// The entrypoint of this SDK calls this for every contract. There are no overrides to check.
            #[allow(missing_docs)]
            pub const fn __stylus_assert_overrides() {}

            pub(crate) fn __abi_reverted(error: ::stylus_sdk::stylus_core::calls::errors::Error) -> ::consilium_abi::Revert {
                match error {
                    ::stylus_sdk::stylus_core::calls::errors::Error::Revert(data) => ::consilium_abi::Revert::from(data),
                    _ => ::consilium_abi::Revert::empty(),
                }
            }
        }
    }
}
