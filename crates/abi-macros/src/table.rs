//! The dispatch table of a contract: a row and a short function for each function it answers.

use consilium_abi_syntax::{Access, Function, Guard, Interface, Mutability, Param, Takes};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Path, spanned::Spanned};

use crate::codes;
use crate::rust::{at, sol, view, with_heads};

/// A function named `__abi_find` and a constant `__ABI_CONSTRUCTOR` on the contract, which the glue uses.
pub(crate) fn expand(interface: &Interface, contract: &Path) -> TokenStream {
    let functions: Vec<_> = interface.all_functions().collect();
    let codes = codes::shared(functions.iter().copied().chain(&interface.constructor).map(codes_of));
    let names: Vec<_> = (0..functions.len()).map(|i| format_ident!("__abi_run_{i}")).collect();
    let rows = functions.iter().zip(&names).map(|(f, run)| {
        let (selector, row) = (u32::from_be_bytes(f.selector()), row(f, run, &codes));
        quote!(#selector => #row,)
    });
    let runs =
        functions.iter().zip(&names).map(|(f, run)| self::run(f, run, contract, interface.guard_of(f), &quote!()));
    let constructor = interface.constructor.as_ref().map(|f| {
        let run_name = format_ident!("__abi_run_constructor");
        let row = row(f, &run_name, &codes);
        // As the SDK's own constructors: the slot that it sets makes a second run fail.
        let guard = quote! {
            ::stylus_sdk::stylus_core::host::ConstructorGuard::check_constructor_slot(&*contract)
                .map_err(::consilium_abi::Revert::from)?;
        };
        let run = self::run(f, &run_name, contract, None, &guard);
        quote! {
            #run
            pub(crate) const __ABI_CONSTRUCTOR: ::consilium_abi::Row<#contract> = #row;
        }
    });
    let readers = interface.all_guards().filter(|guard| matches!(guard.takes, Takes::MsgData));
    let readers = readers.map(|guard| reader(guard, contract));
    quote! {
        #[doc(hidden)]
        #[allow(missing_docs)]
        impl #contract {
            /// The codes of all parameters. Each function's are a part of them.
            const __ABI_CODES: &'static [u8] = &[#(#codes),*];

            #(#readers)*
            #(#runs)*
            #constructor

            #[inline(never)]
            pub(crate) fn __abi_find(selector: u32) -> ::core::option::Option<::consilium_abi::Row<#contract>> {
                ::core::option::Option::Some(match selector {
                    #(#rows)*
                    _ => return ::core::option::Option::None,
                })
            }
        }
    }
}

fn row(function: &Function, run: &Ident, codes: &[u8]) -> TokenStream {
    let params = codes_of(function);
    let (start, length) = (codes::place(codes, &params).expect("a part of the codes"), params.len());
    let params = quote!(const { Self::__ABI_CODES.split_at(#start).1.split_at(#length).0 });
    quote!(::consilium_abi::Row { params: #params, run: Self::#run })
}

/// `consilium_abi::kind::PAYABLE`.
const PAYABLE: u8 = 102;

/// The codes of a function's parameters, behind the one that says that it takes value.
fn codes_of(function: &Function) -> Vec<u8> {
    let payable = (function.mutability == Mutability::Payable).then_some(PAYABLE);
    payable.into_iter().chain(function.params.iter().flat_map(|p| p.ty.code())).collect()
}

/// The check of a guard that reads the calldata: one function for all that it stands before.
fn reader(guard: &Guard, contract: &Path) -> TokenStream {
    let (name, method) = (reader_name(guard), &guard.method);
    let call = quote_spanned!(at(method.span())=> <#contract>::#method(contract, &args.with_selector(selector)));
    quote! {
        fn #name(
            contract: &mut #contract,
            args: &::consilium_abi::Args<'_>,
            selector: [u8; 4],
        ) -> ::core::result::Result<(), ::consilium_abi::Revert> {
            #call
        }
    }
}

fn reader_name(guard: &Guard) -> Ident {
    format_ident!("__abi_guard_{}", guard.name)
}

/// The guard's check, which comes before all else: the arguments are checked then, and not yet read.
///
/// What differs is reported at the function's word, a constant that differs at the constant.
fn check(function: &Function, guard: &Guard, contract: &Path) -> TokenStream {
    let Some(Access::Guard(word, constant)) = &function.access else { return TokenStream::new() };
    let span = at(word.span());
    if let Takes::MsgData = guard.takes {
        let (reader, selector) = (reader_name(guard), function.selector());
        return quote_spanned!(span=> <#contract>::#reader(contract, &args, [#(#selector),*]));
    }
    let mut method = guard.method.clone();
    method.set_span(method.span().located_at(span));
    let receiver = if function.mutability == Mutability::View {
        quote_spanned!(span=> &*contract)
    } else {
        quote_spanned!(span=> contract)
    };
    let argument = match (&guard.takes, constant) {
        (Takes::Constant(_), Some(constant)) => Some(quote_spanned!(constant.span()=> #constant)),
        _ => None,
    };
    quote_spanned!(span=> <#contract>::#method(#receiver, #argument))
}

/// The function that reads the arguments, calls the method and encodes what it returns.
///
/// A type that differs is reported at the declared type, a receiver that differs at the method's name.
fn run(function: &Function, name: &Ident, contract: &Path, guard: Option<&Guard>, before: &TokenStream) -> TokenStream {
    let Some(method) = &function.method else { return TokenStream::new() };
    let span = at(method.span());
    let receiver = match function.mutability {
        Mutability::Pure => None,
        Mutability::View => Some(quote_spanned!(span=> &*contract,)),
        Mutability::Nonpayable | Mutability::Payable => Some(quote_spanned!(span=> contract,)),
    };
    let msg_data = function.msg_data.then(|| {
        let selector = function.selector();
        quote!(let msg_data = args.with_selector([#(#selector),*]);)
    });
    let msg_data_arg = function.msg_data.then(|| quote_spanned!(span=> msg_data.as_slice(),));
    let args = with_heads(function.params.iter().map(|p| &p.ty)).map(|(place, ty)| {
        let view = view(ty, &quote!('_));
        quote_spanned!(at(ty.span)=> args.get::<#view>(#place))
    });
    let call = quote_spanned!(span=> <#contract>::#method(#receiver #msg_data_arg #(#args),*));
    let call = match guard {
        Some(guard) => {
            let check = check(function, guard, contract);
            quote!(#check.map(|()| #call))
        }
        None => call,
    };
    let outcome = outcome(&function.returns, method);
    quote! {
        #[allow(unused_variables)]
        fn #name(
            contract: &mut #contract,
            args: ::consilium_abi::Args<'_>,
        ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
            #msg_data
            #before
            #outcome(#call)
        }
    }
}

fn outcome(returns: &[Param], method: &Ident) -> TokenStream {
    let span = returns.first().map_or(method.span(), |first| first.ty.span);
    let types = returns.iter().map(|p| sol(&p.ty));
    quote_spanned!(span=> ::consilium_abi::Outcome::<(#(#types,)*), _>::data)
}
