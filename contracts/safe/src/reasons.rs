//! The refusals that other versions do not have.

use consilium_components::safe::Gs;

/// The transaction failed, and promises neither gas nor a refund.
pub(crate) const TRANSACTION_FAILED: Gs = Gs(13);
/// The data that a contract is asked about does not have the hash.
pub(crate) const DATA_NOT_OF_HASH: Gs = Gs(27);
