//! Execution of messages, without a chain around it.

mod calls;
#[allow(dead_code, reason = "each test program uses a part")]
#[path = "../common/mod.rs"]
mod common;
mod fuzz;
mod hostile;
mod programs;
mod support;
mod transactions;
#[allow(dead_code, reason = "each test program uses a part")]
#[path = "../common/wallet.rs"]
mod wallet;
