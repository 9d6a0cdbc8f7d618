//! Fragments of components, and contracts made of them.
//!
//! A macro sees the tokens it is given and no other crate's. So a fragment becomes a macro of its own name that hands its
//! tokens on: an interface `is A, B` calls `A!` with itself and what is still to come, `A!` adds its tokens and calls
//! [`gather`], which calls `B!`, and so on until all are there. Nothing is read from files, so a changed component is
//! compiled again as any other dependency, and a fragment that is not there is an error at its name.

use consilium_abi_syntax::{Interface, snake_case};
use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{
    Error, Ident, Path, Result, Token, braced,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{calls, glue, records, table};

/// All that one `sol_abi!` declares.
pub(crate) fn declare(input: TokenStream) -> Result<TokenStream> {
    let all = Interface::parse_all(input.clone())?;
    let alone = |interface: &&Interface| interface.is_fragment || !interface.made_of.is_empty();
    match all.iter().find(alone) {
        None => Ok(all.iter().map(expand).collect()),
        Some(one) if all.len() > 1 => {
            let text = "a fragment, and what is made of fragments, needs a `sol_abi!` of its own";
            Err(Error::new(one.name.span(), text))
        }
        Some(fragment) if fragment.is_fragment => Ok(hand_on(fragment, &input)),
        Some(made) => Ok(next(&TokenStream::new(), &made.made_of, &input)),
    }
}

/// The fragment's errors, events and structs, its ERC-165 id, and the macro that hands its tokens on.
fn hand_on(fragment: &Interface, tokens: &TokenStream) -> TokenStream {
    let name = &fragment.name;
    let macro_name = format_ident!("__abi_fragment_{name}");
    let records = records::expand(fragment);
    let (id, id_name) = (fragment.interface_id(), format_ident!("{}_INTERFACE_ID", upper(name)));
    let about = format!("The ERC-165 id of `{name}`: its functions' selectors, taken together by XOR.");
    quote! {
        #records

        #[doc = #about]
        #[allow(unreachable_pub, dead_code)]
        pub const #id_name: [u8; 4] = [#(#id),*];

        #[doc(hidden)]
        #[macro_export]
        macro_rules! #macro_name {
            ($($state:tt)*) => { ::consilium_abi::__sol_abi_compose! { { #tokens } $($state)* } };
        }
        #[doc(hidden)]
        #[allow(unreachable_pub, unused_imports)]
        pub use #macro_name as #name;
    }
}

fn upper(name: &Ident) -> String {
    snake_case(&name.to_string()).to_uppercase()
}

/// The call of the next fragment's macro, with the fragments gathered so far, those still to come, and the interface.
fn next(gathered: &TokenStream, to_come: &[Path], interface: &TokenStream) -> TokenStream {
    let Some((first, rest)) = to_come.split_first() else { return TokenStream::new() };
    quote!(#first! { { #gathered } { #(#rest),* } { #interface } })
}

/// A fragment's tokens, and what its macro was called with.
pub(crate) fn gather(input: TokenStream) -> Result<TokenStream> {
    let parser = |input: ParseStream<'_>| {
        let (fragment, gathered, to_come, interface);
        braced!(fragment in input);
        braced!(gathered in input);
        braced!(to_come in input);
        braced!(interface in input);
        let to_come = Punctuated::<Path, Token![,]>::parse_terminated_with(&to_come, Path::parse_mod_style)?;
        Ok((
            fragment.parse::<TokenStream>()?,
            gathered.parse::<TokenStream>()?,
            to_come.into_iter().collect::<Vec<_>>(),
            interface.parse::<TokenStream>()?,
        ))
    };
    let (fragment, gathered, to_come, interface) = parser.parse2(input)?;
    let gathered = quote!(#gathered { #fragment });
    if !to_come.is_empty() {
        return Ok(next(&gathered, &to_come, &interface));
    }
    let parts = gathered.into_iter().filter_map(|tree| match tree {
        TokenTree::Group(group) => Some(Interface::parse_all(group.stream())),
        _ => None,
    });
    let parts = parts.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    let all = Interface::parse_all(interface)?;
    all.into_iter().map(|interface| Ok(expand(&interface.compose(Vec::clone(&parts))?))).collect()
}

fn expand(interface: &Interface) -> TokenStream {
    let records = records::expand(interface);
    let rest = match &interface.target {
        Some(contract) => {
            let (table, glue) = (table::expand(interface, contract), glue::expand(interface, contract));
            quote!(#table #glue)
        }
        None => calls::expand(interface),
    };
    quote!(#records #rest)
}
