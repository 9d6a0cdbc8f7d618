//! The dispatch table of a contract: a row and a short function for each function it answers.

use consilium_abi_syntax::{Function, Interface, Mutability, Param};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Path};

use crate::rust::{sol, view, with_heads};

/// Constants named `__ABI_TABLE` and `__ABI_CONSTRUCTOR` on the contract, which the glue uses.
pub(crate) fn expand(interface: &Interface, contract: &Path) -> TokenStream {
    let count = interface.functions.len();
    let names: Vec<_> = (0..count).map(|i| format_ident!("__abi_run_{i}")).collect();
    let rows = interface.functions.iter().zip(&names).map(|(f, run)| row(f, run));
    let runs = interface.functions.iter().zip(&names).map(|(f, run)| self::run(f, run, contract, &quote!()));
    let constructor = interface.constructor.as_ref().map(|f| {
        let run_name = format_ident!("__abi_run_constructor");
        let row = row(f, &run_name);
        // As the SDK's own constructors: the slot that it sets makes a second run fail.
        let guard = quote! {
            ::stylus_sdk::stylus_core::host::ConstructorGuard::check_constructor_slot(&*contract)
                .map_err(::consilium_abi::Revert::from)?;
        };
        let run = self::run(f, &run_name, contract, &guard);
        quote! {
            #run
            pub(crate) const __ABI_CONSTRUCTOR: ::consilium_abi::Row<#contract> = #row;
        }
    });
    quote! {
        #[doc(hidden)]
        #[allow(missing_docs)]
        impl #contract {
            #(#runs)*
            #constructor
            pub(crate) const __ABI_TABLE: &'static ::consilium_abi::Table<#contract> = &[#(#rows),*];
        }
    }
}

fn row(function: &Function, run: &Ident) -> TokenStream {
    let selector = u32::from_be_bytes(function.selector());
    let payable = (function.mutability == Mutability::Payable).then(|| quote!(::consilium_abi::kind::PAYABLE,));
    let params = function.params.iter().flat_map(|p| p.ty.code());
    quote!(::consilium_abi::Row { selector: #selector, params: &[#payable #(#params),*], run: Self::#run })
}

/// The function that reads the arguments, calls the method and encodes what it returns.
///
/// A type that differs is reported at the declared type, a receiver that differs at the method's name.
fn run(function: &Function, name: &Ident, contract: &Path, before: &TokenStream) -> TokenStream {
    let Some(method) = &function.method else { return TokenStream::new() };
    let span = method.span();
    let receiver = match function.mutability {
        Mutability::Pure => None,
        Mutability::View => Some(quote_spanned!(span=> &*contract,)),
        Mutability::Nonpayable | Mutability::Payable => Some(quote_spanned!(span=> contract,)),
    };
    let (msg_data, msg_data_arg) = if function.msg_data {
        let selector = function.selector();
        (
            quote!(let msg_data = args.with_selector([#(#selector),*]);),
            Some(quote_spanned!(span=> msg_data.as_slice(),)),
        )
    } else {
        Default::default()
    };
    let args = with_heads(function.params.iter().map(|p| &p.ty)).map(|(at, ty)| {
        let view = view(ty, &quote!('_));
        quote_spanned!(ty.span=> args.get::<#view>(#at))
    });
    let call = quote_spanned!(span=> <#contract>::#method(#receiver #msg_data_arg #(#args),*));
    let outcome = outcome(&function.returns, method);
    quote! {
        #[allow(unused_variables)]
        fn #name(
            contract: &mut #contract,
            args: ::consilium_abi::Args<'_>,
        ) -> ::core::result::Result<::consilium_abi::__private::Vec<u8>, ::consilium_abi::Revert> {
            #before
            #msg_data
            #outcome(#call)
        }
    }
}

fn outcome(returns: &[Param], method: &Ident) -> TokenStream {
    let span = returns.first().map_or(method.span(), |first| first.ty.span);
    let types = returns.iter().map(|p| sol(&p.ty));
    quote_spanned!(span=> ::consilium_abi::Outcome::<(#(#types,)*), _>::data)
}
