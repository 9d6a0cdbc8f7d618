//! The components of contracts. Each has its fragment of an interface, its storage and its rules in one module.
//!
//! A contract says `interface IName for Name is AccessControl, …`, keeps the component's storage struct in a field, and
//! implements the component's trait by saying where that field is. The trait brings the methods that the fragment names.
//!
//! | module | what it brings |
//! |---|---|
//! | [`access_control`] | roles, their holders, and guards by role |
//! | [`access_managed`] | functions restricted by an access manager |
//! | [`upgradeable`] | a contract behind a proxy, whose code the authority replaces |
//! | [`receivers`] | taking ERC-721 and ERC-1155 tokens; ERC-165 |
//! | [`nonces`] | plain nonces, and nonces by key |
//! | [`merkle`] | proofs that a leaf, or several, are in a Merkle tree |
//! | [`multicall`] | several calls in one |
//! | [`moving`] | the calls that move ether and tokens, whoever's they are |
//! | [`stored`] | what words of storage mean |
//! | [`checkpoints`] | the history of a number |
//! | [`past_votes`] | clock, past votes and supply in one call |
//! | [`words`] | maps of words, for packed structs |
//! | [`reentrancy`] | a guard against re-entrance |
//! | [`eip712`] | typed data to the hash that is signed, and the fragment that answers the domain (ERC-5267) |
//! | [`signature`] | whether a key, a contract (ERC-1271) or a verifier's key (ERC-7913) has signed a hash |
//! | [`p256`] | signatures over P-256 (ES256), by the chain's precompile |
//! | [`webauthn`] | whether a passkey agreed to a challenge (WebAuthn), its user present and verified |
//! | [`safe`] | a wallet of several owners, as every version of Safe is one |
//! | [`signer`] | signers of every kind, passkeys included: their addresses, and what they have signed |
//!
//! With the feature `stylus-0-9` there are only those that fit an older SDK: [`checkpoints`], [`past_votes`],
//! [`receivers`] and [`stored`].

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(not(feature = "stylus-0-9"))]
pub mod access_control;
#[cfg(not(feature = "stylus-0-9"))]
pub mod access_managed;
pub mod checkpoints;
#[cfg(not(feature = "stylus-0-9"))]
pub mod eip712;
#[cfg(not(feature = "stylus-0-9"))]
pub mod merkle;
#[cfg(not(feature = "stylus-0-9"))]
pub mod moving;
#[cfg(not(feature = "stylus-0-9"))]
pub mod multicall;
#[cfg(not(feature = "stylus-0-9"))]
pub mod nonces;
#[cfg(not(feature = "stylus-0-9"))]
pub mod p256;
pub mod past_votes;
pub mod receivers;
#[cfg(not(feature = "stylus-0-9"))]
pub mod reentrancy;
#[cfg(not(feature = "stylus-0-9"))]
pub mod safe;
#[cfg(not(feature = "stylus-0-9"))]
pub mod signature;
#[cfg(not(feature = "stylus-0-9"))]
pub mod signer;
pub mod stored;
#[cfg(not(feature = "stylus-0-9"))]
pub mod upgradeable;
#[cfg(not(feature = "stylus-0-9"))]
pub mod webauthn;
#[cfg(not(feature = "stylus-0-9"))]
pub mod words;

#[cfg(test)]
mod test_chain;
