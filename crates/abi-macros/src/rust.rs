//! Solidity's types and names as Rust tokens.

use consilium_abi_syntax::{Type, TypeKind, snake_case};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, ext::IdentExt};

/// The type of an argument or field: views where the value is dynamic, with the lifetime given.
pub(crate) fn view(ty: &Type, lifetime: &TokenStream) -> TokenStream {
    match &ty.kind {
        TypeKind::Uint(bits) => unsigned(*bits),
        TypeKind::Int(bits) => signed(*bits),
        TypeKind::Address => quote!(::consilium_abi::__private::Address),
        TypeKind::Bool => quote!(::core::primitive::bool),
        TypeKind::FixedBytes(n) => {
            let n = usize::from(*n);
            quote!(::consilium_abi::__private::FixedBytes<#n>)
        }
        TypeKind::Bytes | TypeKind::String => quote!(&#lifetime [::core::primitive::u8]),
        TypeKind::Array(of) => {
            let of = view(of, lifetime);
            quote!(::consilium_abi::List<#lifetime, #of>)
        }
        TypeKind::FixedArray(of, k) => {
            let (of, k) = (view(of, lifetime), usize::from(*k));
            quote!([#of; #k])
        }
        TypeKind::Struct(name, _) if has_lifetime(ty) => quote!(#name<#lifetime>),
        TypeKind::Struct(name, _) => quote!(#name),
    }
}

/// Whether the Rust type borrows from the data it is read from.
pub(crate) fn has_lifetime(ty: &Type) -> bool {
    ty.is_dynamic()
}

/// Whether a value that is only encoded as this type may have another Rust type: a `Vec` or a slice for an array; a
/// reference, which saves a copy, or a smaller number for a value that is wider than a register.
pub(crate) fn is_generic(ty: &Type) -> bool {
    match ty.kind {
        TypeKind::Array(_) => true,
        TypeKind::Uint(bits) | TypeKind::Int(bits) => bits > 128,
        TypeKind::FixedBytes(n) => n == 32,
        TypeKind::Address => true,
        _ => false,
    }
}

fn unsigned(bits: u16) -> TokenStream {
    match bits {
        // Fewer than 8 bits are a part of a byte in `packed!`.
        1..=8 => quote!(::core::primitive::u8),
        16 => quote!(::core::primitive::u16),
        24..=32 => quote!(::core::primitive::u32),
        40..=64 => quote!(::core::primitive::u64),
        72..=128 => quote!(::core::primitive::u128),
        _ => quote!(::consilium_abi::__private::U256),
    }
}

fn signed(bits: u16) -> TokenStream {
    match bits {
        8 => quote!(::core::primitive::i8),
        16 => quote!(::core::primitive::i16),
        24..=32 => quote!(::core::primitive::i32),
        40..=64 => quote!(::core::primitive::i64),
        72..=128 => quote!(::core::primitive::i128),
        _ => quote!(::consilium_abi::__private::I256),
    }
}

/// The type of `consilium_abi::sol`; every token of it points at the declared type.
pub(crate) fn sol(ty: &Type) -> TokenStream {
    let span = ty.span;
    match &ty.kind {
        TypeKind::Uint(bits) => {
            let bits = usize::from(*bits);
            quote_spanned!(span=> ::consilium_abi::sol::Uint<#bits>)
        }
        TypeKind::Int(bits) => {
            let bits = usize::from(*bits);
            quote_spanned!(span=> ::consilium_abi::sol::Int<#bits>)
        }
        TypeKind::Address => quote_spanned!(span=> ::consilium_abi::sol::Address),
        TypeKind::Bool => quote_spanned!(span=> ::consilium_abi::sol::Bool),
        TypeKind::FixedBytes(n) => {
            let n = usize::from(*n);
            quote_spanned!(span=> ::consilium_abi::sol::FixedBytes<#n>)
        }
        TypeKind::Bytes => quote_spanned!(span=> ::consilium_abi::sol::Bytes),
        TypeKind::String => quote_spanned!(span=> ::consilium_abi::sol::String),
        TypeKind::Array(of) => {
            let of = sol(of);
            quote_spanned!(span=> ::consilium_abi::sol::Array<#of>)
        }
        TypeKind::FixedArray(of, k) => {
            let (of, k) = (sol(of), usize::from(*k));
            quote_spanned!(span=> ::consilium_abi::sol::FixedArray<#of, #k>)
        }
        TypeKind::Struct(_, fields) => {
            let fields = fields.iter().map(sol);
            quote_spanned!(span=> (#(#fields,)*))
        }
    }
}

/// The codes of types for the decoder, as the elements of an array.
pub(crate) fn codes<'a>(types: impl Iterator<Item = &'a Type>) -> TokenStream {
    let codes = types.flat_map(Type::code);
    quote!(&[#(#codes),*])
}

/// The number of words that the heads of these types take together.
pub(crate) fn head_words<'a>(types: impl Iterator<Item = &'a Type>) -> usize {
    types.map(Type::head_words).sum()
}

/// Each type with the word of the heads at which its own begins.
pub(crate) fn with_heads<'a>(types: impl Iterator<Item = &'a Type>) -> impl Iterator<Item = (usize, &'a Type)> {
    types.scan(0, |next, ty| {
        let at = *next;
        *next += ty.head_words();
        Some((at, ty))
    })
}

/// The place of a word, for code with variables of the macro's own: they are found whichever macro the word has come
/// through, where a fragment's words have come from another than the contract's.
pub(crate) fn at(word: Span) -> Span {
    word.resolved_at(Span::call_site())
}

/// A Solidity name as that of a Rust field or variable.
pub(crate) fn field(name: &Ident) -> Ident {
    ident(&snake_case(&name.unraw().to_string()), name.span())
}

/// An identifier that may be one of Rust's keywords.
pub(crate) fn ident(name: &str, span: Span) -> Ident {
    match name {
        // These few cannot be written raw.
        "self" | "super" | "crate" | "_" | "" => Ident::new(&format!("{name}_"), span),
        _ if syn::parse_str::<Ident>(name).is_ok() => Ident::new(name, span),
        _ => Ident::new_raw(name, span),
    }
}

/// Documentation as attributes.
pub(crate) fn docs(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| format!(" {line}"));
    quote!(#(#[doc = #lines])*)
}
