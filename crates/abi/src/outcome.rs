//! What a method may return.

use alloc::vec::Vec;

use crate::{Revert, encode::Encode, encode_with_prefix, sol::SolType};

/// Return data that is encoded already, in place of the declared values. The method answers for its being right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded(pub Vec<u8>);

/// What a method may return that answers a function with the return types `S`, a tuple of Solidity types: the values,
/// return data encoded already, or a `Result` of either. `Form` tells the three apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "the method returns `{Self}`, its declaration `{S}`",
    label = "declared to return `{S}`, or a `Result` of it with `Revert`"
)]
pub trait Outcome<S, Form> {
    /// The return data, or the revert data.
    fn data(self) -> Result<Vec<u8>, Revert>;
}

/// The form of plain values.
#[derive(Debug)]
pub struct Plain;

/// The form of [`Encoded`].
#[derive(Debug)]
pub struct Raw;

/// The form of a `Result`.
#[derive(Debug)]
pub struct Fallible<Form>(Form);

impl Outcome<(), Plain> for () {
    fn data(self) -> Result<Vec<u8>, Revert> {
        Ok(Vec::new())
    }
}

impl<S: SolType, V: Encode<S>> Outcome<(S,), Plain> for V {
    fn data(self) -> Result<Vec<u8>, Revert> {
        Ok(encode_with_prefix::<(S,)>(&[], &(self,)))
    }
}

impl<S> Outcome<S, Raw> for Encoded {
    fn data(self) -> Result<Vec<u8>, Revert> {
        Ok(self.0)
    }
}

impl<S, Form, V: Outcome<S, Form>> Outcome<S, Fallible<Form>> for Result<V, Revert> {
    fn data(self) -> Result<Vec<u8>, Revert> {
        self.and_then(V::data)
    }
}

macro_rules! tuples {
    ($($sol:ident $value:ident),*) => {
        #[allow(non_camel_case_types)]
        impl<$($sol: SolType, $value: Encode<$sol>),*> Outcome<($($sol,)*), Plain> for ($($value,)*) {
            fn data(self) -> Result<Vec<u8>, Revert> {
                Ok(encode_with_prefix::<($($sol,)*)>(&[], &self))
            }
        }
    };
}

tuples!(A a, B b);
tuples!(A a, B b, C c);
tuples!(A a, B b, C c, D d);
tuples!(A a, B b, C c, D d, E e);
tuples!(A a, B b, C c, D d, E e, F f);
tuples!(A a, B b, C c, D d, E e, F f, G g);
tuples!(A a, B b, C c, D d, E e, F f, G g, H h);
tuples!(A a, B b, C c, D d, E e, F f, G g, H h, I i);
tuples!(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j);
tuples!(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k);
tuples!(A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k, L l);
