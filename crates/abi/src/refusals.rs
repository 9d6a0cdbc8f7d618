//! What does not compile. Each block is an example for `rustdoc`, and fails with the error named.
//!
//! The compiler points at the word that is wrong: in the declaration where a type differs, at the method's name where the
//! receiver does.

mod fragments;
mod guards;
mod methods;
mod types;
mod words;
