//! The program that a custodian of health records runs beside its store, as an example of how the consent and the data
//! pointer registry are used together. It is small, and it works: the tests send a record from one end to the other.
//!
//! | module | what it does |
//! |---|---|
//! | `cipher` | encrypts a record (AES-256-GCM) |
//! | `vault` | keeps ciphertexts under their CIDs, keys, and answers to requests, in a folder |
//! | `custodian` | stores and registers records; answers requests, declines them, and erases |
//! | `server` | hands out ciphertexts and wrapped keys by HTTP: both are of use to nobody else |
//! | `requester` | the other side: fetches, opens and decrypts |
//!
//! What it shows:
//!
//! - **The chain has no data.** It has the hash of the ciphertext, and a commitment to its key.
//! - **The consent is asked twice**: by the registry when somebody asks, and by the gateway before it answers. What was
//!   revoked between the two is declined (`declineKey`).
//! - **The key travels wrapped** for the key of who asked (HPKE), and bound to the request. It is handed out only after
//!   the registry has recorded the answer.
//! - **Erasing destroys the key first.** The ciphertext that somebody copied is noise then.
//!
//! What a real gateway has besides: a store with backups and a way to erase keys from them, a key management service in
//! place of files, monitoring of overdue requests, and tests of its own store.

mod cipher;
mod custodian;
mod requester;
mod server;
mod vault;

pub use custodian::{Custodian, Deed, Kept};
pub use requester::fetch;
pub use server::serve;
pub use vault::Vault;
