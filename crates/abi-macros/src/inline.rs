//! Encoding and decoding by hand, with the types written as Solidity writes them.

use consilium_abi_syntax::{Type, TypeKind};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Error, Expr, Result, Token, parenthesized,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::rust::{codes, head_words, sol, view, with_heads};

fn types(input: ParseStream<'_>) -> Result<Vec<Type>> {
    let inside;
    parenthesized!(inside in input);
    let types: Vec<Type> = Punctuated::<Type, Token![,]>::parse_terminated(&inside)?.into_iter().collect();
    match types.iter().find(|ty| !is_known(ty)) {
        Some(unknown) => Err(Error::new(unknown.span, "not an elementary Solidity type, nor an array of one")),
        None => Ok(types),
    }
}

fn is_known(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Array(of) | TypeKind::FixedArray(of, _) => is_known(of),
        TypeKind::Struct(..) => false,
        _ => true,
    }
}

pub(crate) fn decode(input: TokenStream) -> Result<TokenStream> {
    let parser = |input: ParseStream<'_>| {
        let data: Expr = input.parse()?;
        input.parse::<Token![=>]>()?;
        Ok((data, types(input)?))
    };
    let (data, types) = parser.parse2(input)?;
    let codes = codes(types.iter());
    let reads: Vec<_> = with_heads(types.iter())
        .map(|(at, ty)| {
            let view = view(ty, &quote!('_));
            quote!(args.get::<#view>(#at))
        })
        .collect();
    let values = if let [one] = reads.as_slice() { one.clone() } else { quote!((#(#reads),*)) };
    Ok(quote! {{
        let data: &[u8] = #data;
        let args = ::consilium_abi::Args::new(data);
        if ::consilium_abi::check(#codes, data) {
            ::core::option::Option::Some(#values)
        } else {
            ::core::option::Option::None
        }
    }})
}

pub(crate) fn encode(input: TokenStream) -> Result<TokenStream> {
    let parser = |input: ParseStream<'_>| {
        let types = types(input)?;
        let arrow = input.parse::<Token![=>]>()?;
        let values = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
        if values.len() != types.len() {
            let text = format!("{} types, and {} values", types.len(), values.len());
            return Err(Error::new_spanned(arrow, text));
        }
        Ok((types, values))
    };
    let (types, values) = parser.parse2(input)?;
    let words = head_words(types.iter());
    let encodes = types.iter().zip(&values).map(|(ty, value)| {
        let sol = sol(ty);
        quote!(::consilium_abi::Encode::<#sol>::encode(&(#value), &mut encoder);)
    });
    Ok(quote! {{
        let mut encoder = ::consilium_abi::Encoder::new(&[], #words);
        #(#encodes)*
        encoder.finish()
    }})
}
