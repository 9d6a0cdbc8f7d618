//! Several fields in one word of storage.

use consilium_abi_syntax::{Packed, Part, TypeKind, snake_case};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{
    Result,
    parse::{ParseStream, Parser},
};

use crate::rust::{field, view};

/// A storage slot.
const WORD: usize = 32;

/// The struct, its way into a word and back, its layout, and a test of that.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream> {
    let parser = |input: ParseStream<'_>| {
        let mut all = TokenStream::new();
        while !input.is_empty() {
            all.extend(expand_struct(&input.parse()?));
        }
        Ok(all)
    };
    parser.parse2(input)
}

fn expand_struct(word: &Packed) -> TokenStream {
    let Packed { attributes, visibility, name, parts } = word;
    let (mut members, mut reads, mut layout, mut proofs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        let (member, rust, attributes) = (field(&part.name), view(&part.ty, &quote!('static)), &part.attributes);
        members.push(quote!(#(#attributes)* #visibility #member: #rust,));
        let value = read(part);
        reads.push(quote!(#member: #value,));
        let (text, solidity, offset) = (part.name.to_string(), part.ty.source(), part.offset / 8);
        layout.push(quote!((#text, #solidity, #offset)));
        // A boolean of a whole byte is zero or one.
        let bits = if matches!(part.ty.kind, TypeKind::Bool) { 1 } else { part.bits };
        let offset = part.offset;
        proofs.push(quote! {
            let all = ::consilium_abi::__private::U256::MAX >> (256 - #bits) << #offset;
            let word = ::consilium_abi::__private::B256::new(all.to_be_bytes());
            let read = #name::unpack(word);
            assert_eq!(read, #name { #member: read.#member, ..#name::default() }, "{} is alone in its bits", #text);
            assert_eq!(read.pack(), word, "{} has bits {} to {}", #text, #offset, #offset + #bits - 1);
        });
    }
    let (writes, count) = (writes(parts), parts.len());
    let test = format_ident!("{}_is_laid_out_as_declared", snake_case(&name.to_string()));
    quote! {
        #(#attributes)*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
                #writes
                word
            }

            /// The fields of a word that `pack` made.
            #visibility fn unpack(word: ::consilium_abi::__private::B256) -> Self {
                Self { #(#reads)* }
            }
        }

        #[cfg(test)]
        #[test]
        // A struct of one field.
        #[allow(clippy::needless_update)]
        fn #test() {
            #(#proofs)*
        }
    }
}

/// The expression that reads a field.
fn read(part: &Part) -> TokenStream {
    let (begin, end) = (part.begin(), part.end());
    if !part.shares_byte {
        return quote!(::consilium_abi::Field::read(&word[#begin..#end]));
    }
    let (shift, mask) = (shift(part), mask(part));
    match part.bits {
        1 => quote!(word[#begin] & (#mask << #shift) != 0),
        _ => quote!(word[#begin] >> #shift & #mask),
    }
}

/// The statements that write all fields. Fields that share a byte are written at once.
fn writes(parts: &[Part]) -> TokenStream {
    let mut all = TokenStream::new();
    for group in parts.chunk_by(|a, b| a.shares_byte && b.shares_byte && a.begin() == b.begin()) {
        let (begin, end) = (group[0].begin(), group[0].end());
        if !group[0].shares_byte {
            let member = field(&group[0].name);
            all.extend(quote!(::consilium_abi::Field::write(&self.#member, &mut word[#begin..#end]);));
            continue;
        }
        let bits = group.iter().map(|part| {
            let (member, shift, mask) = (field(&part.name), shift(part), mask(part));
            if part.bits > 1 {
                all.extend(quote!(assert!(self.#member <= #mask, "a number is wider than its field");));
            }
            quote!(::core::primitive::u8::from(self.#member) << #shift)
        });
        let bits: Vec<_> = bits.collect();
        all.extend(quote!(word[#begin] = #(#bits)|*;));
    }
    all
}

/// Where the field begins in the byte that it shares.
fn shift(part: &Part) -> Literal {
    Literal::usize_unsuffixed(part.offset % 8)
}

fn mask(part: &Part) -> Literal {
    Literal::u8_suffixed(u8::MAX >> (8 - part.bits))
}

/// Where fields lie in the word's bytes, which begin with the high-order one.
trait InWord {
    fn begin(&self) -> usize;
    fn end(&self) -> usize;
}

impl InWord for Part {
    fn begin(&self) -> usize {
        WORD - (self.offset + self.bits).div_ceil(8)
    }

    fn end(&self) -> usize {
        WORD - self.offset / 8
    }
}
