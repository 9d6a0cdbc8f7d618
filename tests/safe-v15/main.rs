//! The Safe of version 1.5.0 on a chain, as deployed, beside Safe 1.5.0 itself on the same chain, each behind Safe's own
//! proxy: every answer, every refusal, every event and every slot the same on both.
//!
//! What both versions do is tested by the same files, those of the other version's folder; [`version`] says what differs.

// Values are named as the Solidity fields that they fill.
#![allow(non_snake_case)]

#[path = "../safe/accessors.rs"]
mod accessors;
#[path = "../safe/attacks.rs"]
mod attacks;
#[path = "../safe/execute.rs"]
mod execute;
mod executors;
#[path = "../safe/fallback.rs"]
mod fallback;
#[path = "../safe/gas.rs"]
mod gas;
#[path = "../safe/guard.rs"]
mod guard;
mod handler;
#[path = "../safe/helpers.rs"]
mod helpers;
#[path = "../safe/low_gas.rs"]
mod low_gas;
#[path = "../safe/malformed.rs"]
mod malformed;
mod mixed;
mod module_guard;
#[path = "../safe/modules.rs"]
mod modules;
#[path = "../safe/owners.rs"]
mod owners;
mod p256;
mod payees;
mod reasons;
#[path = "../safe/refund.rs"]
mod refund;
#[path = "../safe/setup.rs"]
mod setup;
#[path = "../safe/signatures.rs"]
mod signatures;
#[path = "../safe/singleton.rs"]
mod singleton;
#[path = "../safe/stipend.rs"]
mod stipend;
#[path = "../safe/transaction.rs"]
mod transaction;
#[path = "../safe/twins.rs"]
mod twins;
mod version;
#[path = "../safe/walk/mod.rs"]
mod walk;
