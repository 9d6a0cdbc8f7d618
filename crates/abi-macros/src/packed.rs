//! Several fields in one word of storage.

use consilium_abi_syntax::{Type, TypeKind};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Error, Ident, Result, Token, Visibility, braced,
    parse::{ParseStream, Parser},
};

use crate::rust::{field, view};

/// A storage slot.
const WORD: usize = 32;

struct Field {
    attributes: Vec<Attribute>,
    ty: Type,
    name: Ident,
    bytes: usize,
}

/// The struct, its way into a word and back, and its layout.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream> {
    let parser = |input: ParseStream<'_>| {
        let mut all = TokenStream::new();
        while !input.is_empty() {
            all.extend(one(input)?);
        }
        Ok(all)
    };
    parser.parse2(input)
}

fn one(input: ParseStream<'_>) -> Result<TokenStream> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    let body;
    braced!(body in input);
    let (mut fields, mut used) = (Vec::new(), 0);
    while !body.is_empty() {
        let field = parse_field(&body)?;
        used += field.bytes;
        if used > WORD {
            let text = format!("a word has 32 bytes: with `{}` the fields take {used}", field.name);
            return Err(Error::new(field.name.span(), text));
        }
        fields.push(field);
    }
    if fields.is_empty() {
        return Err(Error::new(name.span(), "a word of no fields"));
    }
    Ok(expand_struct(&attributes, &visibility, &name, &fields))
}

fn parse_field(body: ParseStream<'_>) -> Result<Field> {
    let attributes = body.call(Attribute::parse_outer)?;
    let ty: Type = body.parse()?;
    let bytes = match ty.kind {
        TypeKind::Address => 20,
        TypeKind::Bool => 1,
        TypeKind::Uint(bits) => usize::from(bits / 8),
        TypeKind::FixedBytes(n) => usize::from(n),
        _ => return Err(Error::new(ty.span, "only `address`, `bool`, `uintN` and `bytesN` are packed")),
    };
    let name: Ident = body.parse()?;
    body.parse::<Token![;]>()?;
    Ok(Field { attributes, ty, name, bytes })
}

fn expand_struct(attributes: &[Attribute], visibility: &Visibility, name: &Ident, fields: &[Field]) -> TokenStream {
    let (mut members, mut packs, mut unpacks, mut layout) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut offset = 0;
    for Field { attributes, ty, name, bytes } in fields {
        let (member, rust) = (field(name), view(ty, &quote!('static)));
        // As Solidity: the first field is in the low-order bytes, which come last.
        let (begin, end) = (WORD - offset - bytes, WORD - offset);
        members.push(quote!(#(#attributes)* #visibility #member: #rust,));
        packs.push(quote!(::consilium_abi::Field::write(&self.#member, &mut word[#begin..#end]);));
        unpacks.push(quote!(#member: ::consilium_abi::Field::read(&word[#begin..#end]),));
        let (text, solidity) = (name.to_string(), ty.source());
        layout.push(quote!((#text, #solidity, #offset)));
        offset += bytes;
    }
    let count = fields.len();
    quote! {
        #(#attributes)*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #visibility struct #name {
            #(#members)*
        }

        #[allow(dead_code)]
        impl #name {
            /// Each field, its Solidity type, and the byte at which it begins, counted from the low-order end: as in
            /// `solc`'s storage layout.
            #visibility const LAYOUT: [(&'static str, &'static str, usize); #count] = [#(#layout),*];

            /// The word. A number that is wider than its field is a bug: the program stops.
            #visibility fn pack(&self) -> ::consilium_abi::__private::B256 {
                let mut word = ::consilium_abi::__private::B256::ZERO;
                #(#packs)*
                word
            }

            /// The fields of a word that `pack` made.
            #visibility fn unpack(word: ::consilium_abi::__private::B256) -> Self {
                Self { #(#unpacks)* }
            }
        }
    }
}
