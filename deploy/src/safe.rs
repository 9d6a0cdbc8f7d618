//! Transactions of a Safe as files that its owners pass on: one proposes, enough of them sign, anybody executes.
//!
//! It works with every Safe whose hashes are those of [`VERSIONS`], whoever made its singleton.
//!
//! | module | what it holds |
//! |---|---|
//! | `transaction` | what is signed, and its hashes (EIP-712) |
//! | `signature` | an owner's signature: of a key, on either curve, or of a contract |
//! | `proposal` | the file, and its check without a node |
//! | `node` | a Safe on a chain: owners, threshold, nonce, approvals |
//! | `p256` | owners with keys on P-256: not where they could never sign |
//! | `arguments` | decodes what others wrote, within a limit |
//! | `known`, `words` | what a transaction does, in words |
//! | `standing` | who signed and who is missing, in the file and on the chain |
//! | `execute` | simulates and sends |
//! | `reasons` | why a Safe refuses, in words |
//! | `deployments` | addresses in the shape of `@safe-global/safe-deployments` |

mod arguments;
mod deployments;
mod execute;
mod known;
mod node;
mod p256;
mod proposal;
mod reasons;
mod signature;
mod standing;
mod transaction;
mod words;

pub use deployments::{Listed, listed};
pub use execute::{Executed, approve, execute};
pub use known::Names;
pub use node::{Safe, State};
pub use proposal::{Facts, Proposal};
pub use signature::{Confirmation, Kind, Manner};
pub use standing::{Stage, Standing};
pub use transaction::{Hashes, Operation, Transaction, calldata, keys};
pub(crate) use words::call_only;

/// The versions whose hashes, signatures, events and refusals these are.
pub const VERSIONS: [&str; 2] = ["1.4.1", "1.5.0"];
