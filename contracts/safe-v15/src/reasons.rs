//! The refusals that other versions do not have.

use consilium_components::safe::Gs;

/// What belongs to a P-256 signature ends beyond the end.
pub(crate) const P256_SIGNATURE_BEYOND: Gs = Gs(27);
/// The key on P-256 has another address, or has not signed.
pub(crate) const P256_SIGNATURE_WRONG: Gs = Gs(28);
/// The module guard does not say that it is one (ERC-165).
pub(crate) const NO_MODULE_GUARD: Gs = Gs(301);
