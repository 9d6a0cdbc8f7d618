//! What data earns: payments, releases, epochs that are built offline and claimed on a chain, and statements.
//!
//! | module | what it holds |
//! |---|---|
//! | `node` | the splitter on a chain, and tokens |
//! | `loss` | whether a payment would be a loss, and how much was given up |
//! | `pay` | pays in, as revenue or for the pool |
//! | `release` | pays out what payees are due |
//! | `epoch` | an epoch: a folder with its root, its list and its proofs |
//! | `publish` | publishes an epoch, or says what to propose |
//! | `claim` | brings proofs, and signs for another account |
//! | `statement` | what an account earned from what |
//! | `errors` | the contract's errors in words |

mod claim;
mod epoch;
mod errors;
mod loss;
mod node;
mod pay;
mod publish;
mod release;
mod statement;

pub use claim::{Message, Recipient, claim, claim_many, claim_signed};
pub use epoch::{Built, Epoch, Row, build};
pub use loss::Payout;
pub use node::{Splitter, amount, token_in_words};
pub use pay::{Paid, Payment, fund, pay};
pub use publish::{Published, publish};
pub use release::{Outcome, Released, payees, release};
pub use statement::{MOST_TOKENS, Statement, statement};
