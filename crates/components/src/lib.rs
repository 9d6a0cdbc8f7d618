//! What contracts are made of. A component has its fragment of an interface, its storage and its rules in one module.
//!
//! A contract says `interface IName for Name is AccessControl, …`, keeps the component's storage struct in a field, and
//! implements the component's trait by saying where that field is. The trait brings the methods that the fragment names.
//!
//! | module | what it brings |
//! |---|---|
//! | [`access_control`] | roles, their holders, and guards by role |
//! | [`receivers`] | taking ERC-721 and ERC-1155 tokens; ERC-165 |
//! | [`eip712`] | typed data to the hash that is signed, and the fragment that tells the domain (ERC-5267) |
//! | [`signature`] | whether an account, with code or without, has signed a hash |

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod access_control;
pub mod eip712;
pub mod receivers;
pub mod signature;
