//! Pointers to encrypted records: batches of them that are made and proven offline, and the data pointer registry on a
//! chain.
//!
//! | module | what it holds |
//! |---|---|
//! | `content` | hashes and locators of records: CIDs and multihashes |
//! | `pointer` | a pointer as a person writes it, and its id |
//! | `batch` | a batch: a folder with its root, its list and its proofs |
//! | `keys` | keys of records, and how they are wrapped for who asked (HPKE) |
//! | `node` | the registry on a chain |
//! | `act` | the acts that can be signed: see [`crate::signing`] |
//! | `relay` | brings signed acts to the registry |
//! | `pointers` | registers, publishes, makes individual, refuses and erases |
//! | `access` | asks for keys, delivers, declines and opens them |
//! | `many` | asks for the keys of many records at once |
//! | `offices` | admits and removes custodians, and decides about schemas |
//! | `custody` | hands a pointer over to another custodian |
//! | `showing` | a pointer in words |
//! | `errors` | the contract's errors in words |

mod access;
mod act;
mod batch;
mod content;
mod custody;
mod errors;
mod keys;
mod many;
mod node;
mod offices;
mod pointer;
mod pointers;
mod relay;
mod showing;

pub use crate::contract::Sent;
pub use access::{
    Request, decline, deliver, mark_overdue, may_deliver, may_request, open, open_request, permits, request, requests,
    wrap,
};
pub use act::{Act, Signed};
pub use batch::{Batch, Batched, Proof, batch};
pub use content::{cid_of, located_by, of_bytes};
pub use custody::{accept, offer, withdraw};
pub use keys::{Asked, EncryptionKey, RecordKey, WrappedKey};
pub use many::{Listed, Unless, read_requests, request_many};
pub use node::Registry;
pub use offices::{Draft, activate_schema, admit, deprecate_schema, propose_schema, remove, supersede_schema};
#[cfg(test)]
pub(crate) use pointer::Pointers;
pub use pointer::{pointer_id, pointer_json};
pub use pointers::{clear_manifest, erase, individualize, publish, read_pointer, refuse, register};
pub use relay::{Outcome, relay, relay_together};
pub use showing::{Shown, show};
