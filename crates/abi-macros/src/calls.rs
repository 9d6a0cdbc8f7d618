//! Typed calls to another contract.

use consilium_abi_syntax::{Function, Interface, Mutability, Type, TypeKind};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::rust::{codes, docs, field, head_words, ident, is_generic, sol, view, with_heads};

pub(crate) fn expand(interface: &Interface) -> TokenStream {
    let (name, docs) = (&interface.name, docs(interface.docs.lines()));
    let stubs = interface.functions.iter().map(stub);
    quote! {
        #docs
        #[allow(unreachable_pub, dead_code)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct #name {
            address: ::consilium_abi::__private::Address,
        }

        #[allow(unreachable_pub, dead_code, clippy::too_many_arguments)]
        impl #name {
            /// The contract at `address`, which is believed to answer this interface.
            pub const fn at(address: ::consilium_abi::__private::Address) -> Self {
                Self { address }
            }

            #(#stubs)*
        }
    }
}

fn stub(function: &Function) -> TokenStream {
    let docs = docs(function.docs.lines());
    let name = ident(&function.stub(), function.method.as_ref().unwrap_or(&function.name).span());
    let selector = function.selector();
    let params = &function.params;
    let words = head_words(params.iter().map(|p| &p.ty));
    let names: Vec<_> = params
        .iter()
        .enumerate()
        .map(|(i, p)| p.name.as_ref().map_or_else(|| format_ident!("arg{i}"), field))
        .collect();
    let types = params.iter().map(|p| {
        if is_generic(&p.ty) {
            let sol = sol(&p.ty);
            quote!(impl ::consilium_abi::Encode<#sol>)
        } else {
            view(&p.ty, &quote!('_))
        }
    });
    let sols = params.iter().map(|p| sol(&p.ty));
    let returns = codes(function.returns.iter().map(|p| &p.ty));
    let owned: Vec<_> = function.returns.iter().map(|p| owned(&p.ty)).collect();
    let reads = with_heads(function.returns.iter().map(|p| &p.ty)).map(|(at, ty)| {
        let view = view(ty, &quote!('_));
        own(ty, &quote!(__returned.get::<#view>(#at)))
    });
    let (output, values) = match owned.as_slice() {
        [one] => (quote!(#one), quote!(#(#reads)*)),
        many => (quote!((#(#many),*)), quote!((#(#reads),*))),
    };
    let (chain, value, call) = match function.mutability {
        Mutability::Pure | Mutability::View => (
            quote!(&impl ::consilium_abi::Chain),
            None,
            quote!(::consilium_abi::static_call_checked(__chain, &self.address, &__data, #returns)),
        ),
        Mutability::Nonpayable => (
            quote!(&mut impl ::consilium_abi::Chain),
            None,
            quote!(::consilium_abi::call_checked(
                __chain, &self.address, ::consilium_abi::__private::U256::ZERO, &__data, #returns
            )),
        ),
        Mutability::Payable => (
            quote!(&mut impl ::consilium_abi::Chain),
            Some(quote!(__value: ::consilium_abi::__private::U256,)),
            quote!(::consilium_abi::call_checked(__chain, &self.address, __value, &__data, #returns)),
        ),
    };
    quote! {
        #docs
        pub fn #name(
            self,
            __chain: #chain,
            #value
            #(#names: #types,)*
        ) -> ::core::result::Result<#output, ::consilium_abi::Revert> {
            let mut __to = ::consilium_abi::Encoder::with_selector([#(#selector),*], #words);
            #(::consilium_abi::Encode::<#sols>::encode(&#names, &mut __to);)*
            let __data = __to.finish();
            let __data = #call?;
            #[allow(unused_variables)]
            let __returned = ::consilium_abi::Args::new(&__data);
            ::core::result::Result::Ok(#values)
        }
    }
}

/// The type of a returned value: it outlives the return data.
fn owned(ty: &Type) -> TokenStream {
    match &ty.kind {
        TypeKind::Bytes | TypeKind::String => quote!(::consilium_abi::__private::Vec<u8>),
        TypeKind::Array(of) => {
            let of = owned(of);
            quote!(::consilium_abi::__private::Vec<#of>)
        }
        TypeKind::FixedArray(of, k) => {
            let (of, k) = (owned(of), usize::from(*k));
            quote!([#of; #k])
        }
        _ => view(ty, &quote!('static)),
    }
}

/// The expression that copies a view of the type.
fn own(ty: &Type, view: &TokenStream) -> TokenStream {
    match &ty.kind {
        TypeKind::Bytes | TypeKind::String => quote!(#view.to_vec()),
        TypeKind::Array(of) => {
            let of = own(of, &quote!(item));
            quote!(#view.iter().map(|item| #of).collect())
        }
        TypeKind::FixedArray(of, _) => {
            let of = own(of, &quote!(item));
            quote!(#view.map(|item| #of))
        }
        _ => view.clone(),
    }
}
