//! Errors, events and structs as Rust structs with named fields.

use consilium_abi_syntax::{Event, Interface, Record, SolError, Type, TypeKind};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

use crate::rust::{at, docs, field, has_lifetime, head_words, is_generic, sol, view, with_heads};

pub(crate) fn expand(interface: &Interface) -> TokenStream {
    let structs = interface.structs.iter().map(record);
    let errors = interface.errors.iter().map(error);
    let events = interface.events.iter().map(event);
    quote!(#(#structs)* #(#errors)* #(#events)*)
}

/// The fields of a struct and the generics they need: an array or a wide value is a type parameter, bytes borrow.
struct Fields {
    names: Vec<Ident>,
    types: Vec<TokenStream>,
    generics: TokenStream,
    /// The generics where each wide value is of its own type: so that constants are found without naming any.
    own: [TokenStream; 2],
    bounds: TokenStream,
}

fn fields<'a>(fields: impl Iterator<Item = (&'a Ident, &'a Type)>) -> Fields {
    let (mut names, mut types, mut params, mut bounds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut arrays, mut arguments) = (Vec::new(), Vec::new());
    let mut borrows = false;
    for (name, ty) in fields {
        names.push(field(name));
        if is_generic(ty) {
            let (param, sol) = (format_ident!("T{}", params.len()), sol(ty));
            bounds.push(quote!(#param: ::consilium_abi::Encode<#sol>));
            types.push(quote!(#param));
            if let TypeKind::Array(_) = ty.kind {
                arrays.push(param.clone());
                arguments.push(quote!(#param));
            } else {
                arguments.push(view(ty, &quote!('a)));
            }
            params.push(param);
        } else {
            borrows |= has_lifetime(ty);
            types.push(view(ty, &quote!('a)));
        }
    }
    let lifetime = borrows.then(|| quote!('a,));
    let generics = quote!(<#lifetime #(#params),*>);
    let own = [quote!(<#lifetime #(#arrays),*>), quote!(<#lifetime #(#arguments),*>)];
    let bounds = quote!(where #(#bounds),*);
    Fields { names, types, generics, own, bounds }
}

impl Fields {
    /// The struct itself; one without fields is a unit struct.
    fn definition(&self, name: &Ident) -> TokenStream {
        let Self { names, types, generics, .. } = self;
        let body =
            if names.is_empty() { quote!(;) } else { quote!({ #(#[allow(missing_docs)] pub #names: #types,)* }) };
        let generics = (!names.is_empty()).then_some(generics);
        quote! {
            #[allow(unreachable_pub)]
            #[derive(Clone, Copy, Debug, PartialEq)]
            pub struct #name #generics #body
        }
    }
}

fn encode(name: &Ident, ty: &Type) -> TokenStream {
    let (name, sol) = (field(name), sol(ty));
    quote!(::consilium_abi::Encode::<#sol>::encode(&self.#name, to);)
}

fn error(error: &SolError) -> TokenStream {
    let named: Vec<_> = error.params.iter().filter_map(|p| Some((p.name.as_ref()?, &p.ty))).collect();
    let all = fields(named.iter().copied());
    let (name, docs, definition) = (&error.name, docs(error.docs.lines()), all.definition(&error.name));
    let Fields { generics, own: [own_generics, own], bounds, .. } = &all;
    let selector = error.selector();
    let words = head_words(error.params.iter().map(|p| &p.ty));
    let encodes = named.iter().map(|(name, ty)| encode(name, ty));
    quote! {
        #docs
        #definition

        #[allow(unreachable_pub, dead_code)]
        impl #own_generics #name #own {
            /// The first four bytes of its revert data.
            pub const SELECTOR: [u8; 4] = [#(#selector),*];
        }

        impl #generics ::core::convert::From<#name #generics> for ::consilium_abi::Revert #bounds {
            #[cold]
            fn from(error: #name #generics) -> Self {
                error.__abi_revert()
            }
        }

        #[doc(hidden)]
        impl #generics #name #generics #bounds {
            fn __abi_revert(&self) -> ::consilium_abi::Revert {
                let mut encoder = ::consilium_abi::Encoder::with_selector([#(#selector),*], #words);
                let to = &mut encoder;
                #(#encodes)*
                ::consilium_abi::Revert::from(encoder.finish())
            }
        }
    }
}

fn event(event: &Event) -> TokenStream {
    let all = fields(event.params.iter().map(|p| (&p.name, &p.ty)));
    let (name, docs, definition) = (&event.name, docs(event.docs.lines()), all.definition(&event.name));
    let Fields { generics, own: [own_generics, own], bounds, .. } = &all;
    let topic = event.topic();
    let numbers = topic.as_chunks().0.iter().rev().map(|bytes| u64::from_be_bytes(*bytes));
    let topics = 1 + event.params.iter().filter(|p| p.indexed).count();
    let words = head_words(event.params.iter().filter(|p| !p.indexed).map(|p| &p.ty));
    let indexed = event.params.iter().filter(|p| p.indexed).map(|p| match p.ty.kind {
        TypeKind::Bytes | TypeKind::String => {
            let field = field(&p.name);
            quote!(to.hashed(self.#field);)
        }
        _ => encode(&p.name, &p.ty),
    });
    let data = event.params.iter().filter(|p| !p.indexed).map(|p| encode(&p.name, &p.ty));
    quote! {
        #docs
        #definition

        impl #generics ::consilium_abi::Event for #name #generics #bounds {
            const TOPICS: usize = #topics;
            const WORDS: usize = #words;

            #[inline(always)]
            fn encoder() -> ::consilium_abi::Encoder {
                ::consilium_abi::Encoder::for_log(#(#numbers,)* Self::TOPICS)
            }

            #[inline(always)]
            #[allow(unused_variables)]
            fn topics(&self, to: &mut ::consilium_abi::Encoder) {
                #(#indexed)*
            }

            #[inline(always)]
            #[allow(unused_variables)]
            fn data(&self, to: &mut ::consilium_abi::Encoder) {
                #(#data)*
            }
        }

        #[allow(unreachable_pub, dead_code)]
        impl #own_generics #name #own {
            /// Its first topic, the hash of its signature.
            pub const TOPIC: [u8; 32] = [#(#topic),*];
        }

        #[allow(unreachable_pub, dead_code)]
        impl #generics #name #generics #bounds {
            /// Writes it to the chain's log.
            pub fn log(&self, chain: &mut impl ::consilium_abi::Chain) {
                ::consilium_abi::Event::log(self, chain);
            }
        }
    }
}

fn record(record: &Record) -> TokenStream {
    let (name, docs) = (&record.name, docs(record.docs.lines()));
    let named: Vec<_> = record.fields.iter().filter_map(|p| Some((p.name.as_ref()?, &p.ty))).collect();
    let dynamic = named.iter().any(|(_, ty)| ty.is_dynamic());
    let lifetime = named.iter().any(|(_, ty)| has_lifetime(ty)).then(|| quote!(<'a>));
    let names = named.iter().map(|(name, _)| field(name));
    let types = named.iter().map(|(_, ty)| view(ty, &quote!('a)));
    let sols = named.iter().map(|(_, ty)| sol(ty));
    let encodes = named.iter().map(|(name, ty)| encode(name, ty));
    let words = head_words(named.iter().map(|(_, ty)| *ty));
    let head = if dynamic { 1 } else { words };
    let decodes = named.iter().zip(with_heads(named.iter().map(|(_, ty)| *ty))).map(|((name, _), (at, ty))| {
        let (name, view) = (field(name), view(ty, &quote!('a)));
        quote!(#name: fields.get::<#view>(#at))
    });
    let body = quote!(#(#encodes)*);
    let body = if dynamic { quote!(to.offset(); let outer = to.begin(#words); #body to.end(outer);) } else { body };
    // The names in the bodies are this macro's own, also where the declaration came through another macro.
    quote_spanned! {at(name.span())=>
        #docs
        #[allow(unreachable_pub)]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct #name #lifetime {
            #(#[allow(missing_docs)] pub #names: #types,)*
        }

        impl #lifetime ::consilium_abi::Encode<(#(#sols,)*)> for #name #lifetime {
            fn encode(&self, to: &mut ::consilium_abi::Encoder) {
                #body
            }
        }

        impl<'a> ::consilium_abi::Decode<'a> for #name #lifetime {
            const DYNAMIC: bool = #dynamic;
            const WORDS: usize = #head;

            fn decode(data: &'a [u8], at: usize) -> Self {
                let fields = ::consilium_abi::Args::of_struct(data, at);
                Self { #(#decodes,)* }
            }
        }
    }
}
