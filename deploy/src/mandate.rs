//! Mandates on a chain: what holders may spend and owe, paying, reporting, and having missed dates logged.
//!
//! | module | what it holds |
//! |---|---|
//! | `node` | the contract on a chain, and what it says of its holders |
//! | `act` | what holders do, or the call that a Safe's owners sign; and logging what is overdue |
//! | `errors` | the contract's errors in words |

mod act;
mod errors;
mod node;

pub use act::{Acted, Call, Caller, Missed, Payment, Report, overdue, report, spend};
pub use node::{Held, Mandates, Purse};
