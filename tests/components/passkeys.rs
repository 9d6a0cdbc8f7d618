//! Signatures over P-256 and assertions of passkeys: ours beside OpenZeppelin's `P256` and `WebAuthn`.
//!
//! `differences.rs` has the whole list of what differs.

mod assertions;
mod authenticator;
mod damage;
mod differences;
mod gas;
pub(crate) mod key;
mod wycheproof;
