//! Pointers to encrypted records: batches of them that are made and proven offline, and the data pointer registry on a
//! chain.
//!
//! | module | what it holds |
//! |---|---|
//! | `content` | hashes and locators of records: CIDs and multihashes |
//! | `pointer` | a pointer as a person writes it, and its id |
//! | `rows` | lists of pointers, CSV or JSON Lines, row by row |
//! | `tree` | the Merkle tree, and the file of proofs |
//! | `batch` | a batch: a folder with its root, its list and its proofs |

mod batch;
mod content;
mod pointer;
mod rows;
mod tree;

pub use batch::{BadRow, Batch, Batched, Proof, batch};
pub use pointer::{pointer_id, pointer_json};
